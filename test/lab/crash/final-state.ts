// What a run leaves behind it, without what differs between two runs that went the same way: times, numbers, names of runs.
import { createHash } from 'node:crypto'
import { readFileSync, readlinkSync, type Stats } from 'node:fs'
import { labDirectory } from '../../../lab/index.ts'
import type { Receipt } from '../../../src/model/receipt.ts'
import { type Fingerprint, type Found, filesOf, withoutSessions } from '../e2e/fingerprint.ts'
import { machinesOf, processesOf, read } from '../e2e/machines.ts'
import type { Site } from '../e2e/site.ts'
import { countFile } from './counted.ts'

/** Facts by the name of what they are about. */
export const finalState = async (site: Site): Promise<Fingerprint> => {
  const { lab } = site
  await withoutSessions(lab)
  const facts = new Map<string, string>()
  for (const machine of machinesOf(lab)) {
    const tell = (kind: string, key: string, value: string) => facts.set(`${machine.name} ${kind} ${key}`, value)
    for (const found of filesOf(lab, machine)) for (const fact of factsOf(machine.name, found)) facts.set(...fact)
    for (const mount of read(`/proc/${machine.pid}/mounts`).trim().split('\n')) tell('mount', mount, 'there')
    for (const pid of processesOf(lab, machine)) {
      const line = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim()
      tell('process', line, 'runs')
    }
    tell('addresses', '', read(`/proc/${machine.pid}/net/fib_trie`))
  }
  const [first] = lab.nodes
  if (first) facts.set('partition', await site.on(first.name, lookAtPartition(lab.device)))
  facts.set('directory', JSON.stringify(await labDirectory(lab.dir)))
  return facts
}

const factsOf = (node: string, [path, place, stats]: Found): readonly (readonly [string, string])[] => {
  if (leftOut.some(one => one.test(path))) return []
  const receipt = path.startsWith('/var/lib/run/receipts/') && stats.isFile() ? receiptIn(place) : undefined
  const attested = receipt?.attests ?? []
  return [
    ...(receipt && !isOfAct(receipt) ? [] : [[`${node} file ${path}`, factOf(path, place, stats)] as const]),
    ...attested.map(({ kind, key, value }) => [`attested ${kind} ${key}`, JSON.stringify(value)] as const),
  ]
}

const receiptIn = (place: string): Receipt => JSON.parse(readFileSync(place, 'utf8')) as Receipt // as the product wrote it

/** One that only vouches for what lies on the partition is written where that was seen: a resume may see it elsewhere. */
const isOfAct = ({ rests }: Receipt): boolean => rests.length > 1

/**
 * Mounted once more, read-only and without replaying anything: names, owners, modes and what is in the files.
 *
 * An agent writes into its database that it was started, and a test of the agents that was broken off is done again: how
 * often is not compared.
 */
const lookAtPartition = (device: string): string => `
  mkdir -p /run/looked-at && mount -o ro ${device} /run/looked-at && cd /run/looked-at || exit 1
  find . ! -path './lost+found*' -exec stat -c '%A %u %g %n' {} + | sort -k4
  find . -type f ! -path '*/log/*' | sort | while read -r file; do
    case $file in *.db) sort -u "$file" ;; *) cat "$file" ;; esac | cksum | sed "s|$| $file|"
  done
  cd / && umount /run/looked-at && rmdir /run/looked-at`

const leftOut: readonly RegExp[] = [
  new RegExp(`^${countFile}$`), // looked at by itself
  /^\/var\/log\/(wtmp|btmp|lastlog)$/, // who logged in, when
  /^\/run\/utmp$/, // who is logged in
  /^\/dev\/pts/, // terminals, by number
  /^\/var\/lib\/run\/kept\//, // named by the run
]

const factOf = (path: string, place: string, stats: Stats): string => {
  const { mode, uid, gid } = stats
  const facts: (string | number)[] = [mode.toString(8), uid, gid]
  if (stats.isSymbolicLink()) facts.push(readlinkSync(place))
  if (stats.isFile())
    facts.push(
      createHash('sha256')
        .update(timeless(path, readFileSync(place, 'utf8')))
        .digest('hex')
        .slice(0, 16),
    )
  return facts.join(' ')
}

/**
 * A log is told by being there; of a receipt, what it proves and what that rests on; times that were measured differ, and
 * so does how often an agent was started.
 */
const timeless = (path: string, text: string): string => {
  if (path.startsWith('/var/opt/novell/log/') || path.startsWith('/var/log/')) return 'a log'
  if (path.endsWith('.db')) return [...new Set(text.split('\n'))].join('\n')
  if (!path.startsWith('/var/lib/run/receipts/')) return text
  const { step, settings, rests } = JSON.parse(text) as Receipt // as the product wrote it
  return JSON.stringify({ step, settings, rests })
}
