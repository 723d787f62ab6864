// The way into a node: nsenter before the command, as the user that logged in.
import { readFileSync } from 'node:fs'

export type Account = { readonly name: string; readonly uid: number; readonly gid: number; readonly home: string }

/**
 * Before a command, so that it runs on the node whose first process is `pid`.
 *
 * A process group of its own, so that signals reach all of the command, and `nsenter` stays to tell its exit status.
 */
export const entering = (pid: number, account?: Account): readonly string[] => [
  ...['nsenter', '-t', `${pid}`, '-m', '-n', '-u', '-i', '-p', '-r', '-w', '--'],
  ...(account && account.uid !== 0 ? asAccount(account) : []),
]

const asAccount = ({ uid, gid, home }: Account): readonly string[] => [
  ...['setpriv', '--reuid', `${uid}`, '--regid', `${gid}`, '--init-groups'],
  ...['sh', '-c', 'cd -- "$0" 2>/dev/null || cd /; exec "$@"', home],
]

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
