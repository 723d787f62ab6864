// The processes of a node without namespaces: the kernel hands a mark on to all that descends from its first one. Only
// what bears the mark is ever ended, or shown to the node.
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import { basename } from 'node:path'
import { must } from '../programs.ts'

/**
 * The mark of a node: a limit of real time, which nothing else sets to such a number.
 *
 * It outlives a change of user and of root, anybody may read it of any process, and nobody on a node can take it off.
 *
 * @param files Where the lab keeps its files: so what a lab left that died is found by its directory alone.
 */
export const markOf = (files: string, index: number): string => `${markOfLab(files)}${`${index}`.padStart(2, '0')}`

/** The marks of all nodes of a lab, as a pattern for `ending`. */
export const marksOf = (files: string): string => `${markOfLab(files)}[0-9][0-9]`

const markOfLab = (files: string): string =>
  `9${`${createHash('sha256').update(files).digest().readUIntBE(0, 5)}`.padStart(13, '0')}`

/** What goes before a program, so that it bears a mark, and can do no more than in a container without privileges. */
export const marking = (mark: string): readonly string[] => [
  ...['setpriv', '--inh-caps', '-all', '--bounding-set', tooFar.map(right => `-${right}`).join(','), '--'],
  ...['prlimit', `--rttime=${mark}`, '--'],
]

const tooFar = 'sys_admin net_admin sys_boot sys_time sys_module sys_rawio sys_ptrace sys_resource'.split(' ')

/** Ends all that bears the mark that $1 is a pattern of, and waits until it is gone; what nobody reaps is gone. */
export const ending = `
while :; do
  left=
  for limits in $(grep -lsE "^Max realtime timeout +$1 " /proc/[0-9]*/limits); do
    pid=\${limits%/limits}
    grep -qsE '^State:[[:space:]]*[ZX]' "$pid/status" || { kill -KILL "\${pid#/proc/}" 2>/dev/null; left=1; }
  done
  [ -n "$left" ] || exit 0
  sleep 0.01
done`

export const endMarked = (marks: string): Promise<string> => must(['sh', '-c', ending, 'sh', marks])

/** Of what the kernel tells; empty when it has ended. */
export const read = (path: string): string => {
  try {
    return fs.readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

/** The limit that may be a mark. */
export const markOfProcess = (pid: number | string): string =>
  /^Max realtime timeout +(\S+)/m.exec(read(`/proc/${pid}/limits`))?.[1] ?? ''

const numbersIn = (directory: string): readonly string[] => fs.readdirSync(directory).filter(name => /^\d+$/.test(name))

/** Since when the processes of the machine are known to bear no mark: who got none in this time gets none. */
let strangers: ReadonlyMap<string, number> = new Map()

const settledMs = 3_000

/** The living processes of all nodes, by their mark: one look for all. */
export const bearers = (): ReadonlyMap<string, readonly string[]> => {
  const now = Date.now()
  const found = new Map<string, string[]>()
  const others = new Map<string, number>()
  for (const pid of numbersIn('/proc')) {
    const since = strangers.get(pid) ?? now
    const mark = now - since > settledMs ? '' : markOfProcess(pid)
    if (mark.length !== 16) others.set(pid, since)
    else if (!/\) [ZX] /.test(read(`/proc/${pid}/stat`))) found.set(mark, [...(found.get(mark) ?? []), pid])
  }
  strangers = others
  return found
}

/** Whether one of them stands in a directory or has something of it open; one of another user, which nobody may ask, may. */
export const isBusy = (mark: string, directory: string): boolean =>
  (bearers().get(mark) ?? []).some(pid =>
    (placesOf(pid) ?? [directory]).some(path => `${path}/`.startsWith(`${directory}/`)),
  )

const placesOf = (pid: string): readonly string[] | undefined => {
  try {
    const open = fs.readdirSync(`/proc/${pid}/fd`).map(fd => `fd/${fd}`)
    return ['cwd', ...open].map(name => fs.readlinkSync(`/proc/${pid}/${name}`))
  } catch {
    return fs.existsSync(`/proc/${pid}`) ? undefined : []
  }
}

/** Writes into a node's own /proc what the kernel says of its processes. @returns Whether one has gone since. */
export const showProcesses = (pids: readonly string[], root: string): boolean => {
  const gone = numbersIn(`${root}/proc`).filter(pid => !pids.includes(pid))
  for (const pid of gone) fs.rmSync(`${root}/proc/${pid}`, { recursive: true })
  for (const pid of pids) show(pid, `${root}/proc/${pid}`)
  return gone.length > 0
}

const show = (pid: string, place: string): void => {
  const owner = fs.statSync(`/proc/${pid}`, { throwIfNoEntry: false })
  if (!owner) return
  const command = read(`/proc/${pid}/cmdline`)
  const name = nameOf(read(`/proc/${pid}/comm`).trim(), command)
  fs.mkdirSync(place, { recursive: true })
  fs.chownSync(place, owner.uid, owner.gid)
  put(`${place}/cmdline`, command)
  put(`${place}/status`, read(`/proc/${pid}/status`))
  put(`${place}/comm`, `${name}\n`)
  put(
    `${place}/stat`,
    read(`/proc/${pid}/stat`).replace(/\(.*\)/, () => `(${name})`),
  )
}

/** Newer releases of Node.js name their main thread; and who names itself writes into a file that is not the kernel's. */
const nameOf = (name: string, command: string): string =>
  name.endsWith('MainThread') ? basename(command.split('\0')[0] ?? '') : name

/** At one stroke: nobody reads half of it. */
export const put = (path: string, text: string): void => {
  if (read(path) === text) return
  fs.writeFileSync(`${path}.new`, text, 'latin1')
  fs.renameSync(`${path}.new`, path)
}
