// A lab as it stands, in as many small facts as can be told: what comes after must have left each of them as it was.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync, readlinkSync, type Stats } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Lab, labDirectory } from '../../../lab/index.ts'
import { familyOf, type Machine, machinesOf, processesOf, read } from './machines.ts'

/** Facts by the name of what they are about, such as `node1 file /etc/hosts`. */
export type Fingerprint = ReadonlyMap<string, string>

/** What a login may leave; nothing else may differ. Access times are not among the facts. */
export const exceptions: readonly RegExp[] = [
  / file \/var\/log\/(wtmp|btmp|lastlog)$/, // who logged in, when
  / file \/run\/utmp$/, // who is logged in
]

/** Waits first until the sessions of a command that has ended have left the nodes. */
export const fingerprint = async (lab: Lab): Promise<Fingerprint> => {
  await withoutSessions(lab)
  // What was written to a mounted disk before reaches it now, and not between this look and the next.
  execFileSync('sync')
  const facts = new Map<string, string>()
  for (const machine of machinesOf(lab)) {
    const tell = (kind: string, key: string, value: string) => facts.set(`${machine.name} ${kind} ${key}`, value)
    for (const [path, place, stats] of filesOf(lab, machine)) tell('file', path, fileFact(place, stats))
    for (const mount of read(`/proc/${machine.pid}/mounts`).trim().split('\n')) tell('mount', mount, 'there')
    for (const pid of processesOf(lab, machine)) tell('process', `${pid}`, processFact(pid))
    tell('addresses', '', read(`/proc/${machine.pid}/net/fib_trie`))
    tell('listeners', '', listeners(machine))
  }
  for (const [path, value] of sharedFiles(lab)) facts.set(`disk ${path}`, value)
  facts.set('directory', JSON.stringify(await labDirectory(lab.dir)))
  return facts
}

/** What comes into a node from outside is not a child of anything on it. */
export const withoutSessions = async (lab: Lab): Promise<void> => {
  const isFree = (machine: Machine) => {
    const inside = new Set(familyOf(machine.pid))
    return processesOf(lab, machine).every(pid => inside.has(pid))
  }
  for (const end = Date.now() + 5_000; Date.now() < end; await sleep(20)) if (machinesOf(lab).every(isFree)) return
}

/** What a run that does nothing leaves all the same: the empty place of its lock. A dry run leaves not even that. */
const lockTraces: readonly RegExp[] = [/ file \/var\/lib(\/run(\/(locks|holds|begun)(\/[^/]+)?)?)?:/]

/** The differences that no lock leaves. */
export const deedsAmong = (found: readonly string[]): readonly string[] =>
  found.filter(difference => !lockTraces.some(trace => trace.test(difference)))

/** Names of the facts that are not as they were, each with what it was and is. */
export const differences = (before: Fingerprint, after: Fingerprint): readonly string[] =>
  [...new Set([...before.keys(), ...after.keys()])]
    .filter(name => before.get(name) !== after.get(name) && !exceptions.some(exception => exception.test(name)))
    .sort()
    .map(name => `${name}: ${before.get(name) ?? 'not there'} → ${after.get(name) ?? 'not there'}`)

/** The lab's own directory, as its daemon sees it: the file systems below it are mounted for the daemon alone. */
const filesDirectory = (lab: Lab): string => `/proc/${lab.pid}/root${lab.dir}/files`

/**
 * Everything that is the node's own: what it has written over the machine's files, and its volatile file systems.
 *
 * What it shares with the machine is not walked: a write to it lands in the first of these.
 */
export const filesOf = (lab: Lab, { name, pid }: Machine): readonly Found[] => [
  ...walk(`${filesDirectory(lab)}/nodes/${name}/files`, '/'),
  ...['/run', '/dev'].flatMap(path => walk(`/proc/${pid}/root${path}`, path)),
]

/** The disk as it lies, unmounted; without a block device, the files that stand for it. */
const sharedFiles = (lab: Lab): readonly Fact[] =>
  readdirSync(filesDirectory(lab))
    .filter(name => name === 'shared' || name.endsWith('.img'))
    .flatMap(name => walk(`${filesDirectory(lab)}/${name}`, name))
    .map(([path, place, stats]) => [path, fileFact(place, stats)])

type Fact = readonly [path: string, value: string]

/** As it is called there, and where it lies for us. */
export type Found = readonly [path: string, place: string, stats: Stats]

const walk = (place: string, path: string): readonly Found[] => {
  const stats = lstatSync(place)
  const below = stats.isDirectory() && path !== '/dev/pts' ? readdirSync(place).sort() : []
  return [
    [path, place, stats],
    ...below.flatMap(name => walk(`${place}/${name}`, `${path.replace(/\/$/, '')}/${name}`)),
  ]
}

/** Larger files are told by size and times, save for the disk. */
const largest = 64 * 1024

const fileFact = (place: string, stats: Stats): string => {
  const { mode, uid, gid, size, rdev, mtimeMs } = stats
  const facts = [mode.toString(8), uid, gid, stats.isDirectory() ? '' : size, rdev, mtimeMs]
  if (stats.isSymbolicLink()) facts.push(readlinkSync(place))
  if (stats.isFile() && (size <= largest || place.endsWith('.img')))
    facts.push(createHash('sha256').update(readFileSync(place)).digest('hex').slice(0, 16))
  return facts.join(' ')
}

/** Number and start tell one process from the next; fields 22 and 2 of /proc/PID/stat. */
const processFact = (pid: number): string => {
  const stat = read(`/proc/${pid}/stat`)
  const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return `${read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim()} since ${afterName[19]}`
}

const listeners = ({ pid }: Machine): string =>
  read(`/proc/${pid}/net/tcp`)
    .split('\n')
    .filter(line => line.trim().split(/\s+/)[3] === '0A')
    .map(line => line.trim().split(/\s+/)[1])
    .sort()
    .join()
