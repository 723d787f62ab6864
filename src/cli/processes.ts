// Whether a process of this machine is still the one that it was: by its number and by when it began.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/**
 * Tells this machine from another of the same name; a container is a machine of its own.
 *
 * @source machine-id(5); pid_namespaces(7)
 */
export const machineId = (): string =>
  [readIfThere('/etc/machine-id') || hostname(), linkIfThere('/proc/self/ns/pid')].filter(Boolean).join(' ')

/**
 * When a process began, in words that no later process of this machine repeats.
 *
 * @returns Nothing where it cannot be told.
 * @source proc_pid_stat(5), field 22: clock ticks since boot; without /proc, ps(1) tells the date.
 */
export const startOf = (pid: number): string | undefined => {
  const stat = readIfThere(`/proc/${pid}/stat`)
  // The name of the program stands in parentheses and may hold blanks.
  const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  if (ticks !== undefined) return `${readIfThere('/proc/sys/kernel/random/boot_id')} ${ticks}`
  if (existsSync('/proc/self/stat')) return undefined
  return spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() || undefined
}

/** A process of which only the number can be seen counts as the one that is meant: nobody takes over from a living run. */
export const isRunning = (pid: number, started: string): boolean => {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: it is there, and another user's.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false
  }
  return [undefined, started].includes(startOf(pid))
}

const readIfThere = (path: string): string => {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return ''
  }
}

const linkIfThere = (path: string): string => {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}
