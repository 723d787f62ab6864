// Unmounts what is mounted at a path; by force what is being written would be lost, so whoever still uses it is named.
import { eventually, type HostDollar, type Problem } from '#task'

/** A program that has just ended may have its files open for a moment. */
export const endingMs = 3000

/** @param busy The problem where it stays in use, with whoever uses it, or what `umount` says. */
export const unmount = async ($: HostDollar, at: string, busy: (users: string) => Problem): Promise<void> => {
  let said = ''
  const isDone = async () => {
    const { exitCode, stderr } = await $({ nothrow: true })`umount ${at}`
    said = stderr.trim()
    return exitCode === 0
  }
  if ((await eventually(isDone, endingMs)) === undefined) throw busy((await usersOf($, at)) || said)
}

/** Number and name of each process that has something open below a path, a line each. */
export const usersOf = async ($: HostDollar, at: string): Promise<string> => {
  const { stdout } = await $({
    nothrow: true,
  })`for p in /proc/[0-9]*; do for l in "$p"/cwd "$p"/root "$p"/exe "$p"/fd/*; do t=$(readlink "$l" 2>/dev/null) || continue; case $t in ${at}|${at}/*) read -r s <"$p/stat"; echo "$s" | cut -d' ' -f1,2; break;; esac; done; done; :`
  return stdout.trim()
}
