// The way into a node before the command, as the user that logged in: nsenter, or a changed root.
import { readdirSync, readFileSync } from 'node:fs'
import { searchPath } from './node-script.ts'
import { marking, markOfProcess } from './plain/processes.ts'
import { attempt } from './programs.ts'

export type Account = { readonly name: string; readonly uid: number; readonly gid: number; readonly home: string }

type Way = {
  /** What ends as the command ends, and stays outside until then. */
  readonly outside: readonly string[]
  /** What goes before the command where there is no terminal inside: one has to come between the two. */
  readonly inside: readonly string[]
}

/** The way onto the node whose first process is `pid`. */
export const wayOnto = (pid: number, account?: Account): Way => {
  const become = account && account.uid !== 0 ? asAccount(account) : []
  if (!isPlain(pid)) return { outside: [...namespacesOf(pid), ...become], inside: [] }
  const root = ['chroot', `/proc/${pid}/root`]
  return { outside: ['timeout', '--foreground', '0'], inside: [...marking(markOfProcess(pid)), ...root, ...become] }
}

/** What stands before a command, so that it runs on the node. */
export const entering = (pid: number): readonly string[] => Object.values(wayOnto(pid)).flat()

const namespacesOf = (pid: number) => ['nsenter', '-t', `${pid}`, '-m', '-n', '-u', '-i', '-p', '-r', '-w', '--']

/** Whether a node has nothing but another root: then what runs there bears a mark. */
const isPlain = (pid: number): boolean => ![markOfProcess('self'), ''].includes(markOfProcess(pid))

const asAccount = ({ uid, gid, home }: Account): readonly string[] => [
  ...['setpriv', '--reuid', `${uid}`, '--regid', `${gid}`, '--init-groups'],
  ...['sh', '-c', 'cd -- "$0" 2>/dev/null || cd /; exec "$@"', home],
]

/** Carries a command out as root, with the environment of a daemon. @returns Its exit status. */
export const runOn = async (pid: number, argv: readonly string[], input?: string): Promise<number> => {
  const clean = ['env', '-i', `PATH=${searchPath}`, 'HOME=/root', 'LANG=C', ...argv]
  return (await attempt([...entering(pid), ...clean], input)).status
}

/** Looks an account up in the node's own /etc/passwd. */
export const accountOn = (pid: number, name: string): Account | undefined => {
  const found = readFileSync(`/proc/${pid}/root/etc/passwd`, 'utf8')
    .split('\n')
    .map(entry => entry.split(':'))
    .find(entry => entry[0] === name)
  if (!found) return undefined
  const [, , uid, gid, , home] = found
  return { name, uid: Number(uid), gid: Number(gid), home: home || '/' }
}

/** Children of a process, oldest first. */
export const childrenOf = (pid: number): readonly number[] => {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

/** Processes of a group, without its leader. */
export const groupOf = (leader: number): readonly number[] =>
  readdirSync('/proc')
    .map(Number)
    .filter(pid => pid > 0 && pid !== leader && groupNumber(pid) === leader)

/** Fifth field of /proc/PID/stat; the second one may hold spaces and ends with the last `)`. */
const groupNumber = (pid: number): number => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2])
  } catch {
    return 0
  }
}
