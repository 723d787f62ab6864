// The wait before the kill: longer than a normal stop, and all waits together shorter than the unload timeout.
import { Problem } from '#task'
import type { ScriptSettings } from './settings.ts'

type Waits = Pick<ScriptSettings, 'stop_wait' | 'kill_wait'>

type Measured = {
  /** Of the cluster resource; what is not set is not held against it. */
  readonly unloadTimeoutSeconds?: number | undefined
  /** The longest stop of an agent in the agents' test; unknown where none was made. */
  readonly stopMs?: number | undefined
}

/** What the manual's sample waits. */
const sampleSeconds = 8

/**
 * A wait that leaves a stop twice the time that it took, and no less than the manual's.
 *
 * @throws {Problem} `wait-too-long` where the unload timeout leaves no room for it.
 */
export const proposeStopWait = (stopMs: number, { kill_wait, unloadTimeoutSeconds }: Proposing): number => {
  const stop_wait = twice(stopMs)
  assertWaits({ stop_wait, kill_wait }, { stopMs, unloadTimeoutSeconds })
  return stop_wait
}

const twice = (stopMs: number): number => Math.max(sampleSeconds, Math.ceil((2 * stopMs) / 1000))

type Proposing = Pick<Waits, 'kill_wait'> & Pick<Measured, 'unloadTimeoutSeconds'>

/** @throws {Problem} `wait-too-short`, `wait-too-long`. */
export const assertWaits = (waits: Waits, { unloadTimeoutSeconds, stopMs }: Measured): void => {
  const { stop_wait, kill_wait } = waits
  if (stopMs !== undefined && stop_wait * 1000 <= stopMs) throw tooShort(waits, stopMs)
  // Once for the stop, once after TERM, once after KILL.
  const whole = stop_wait + 2 * kill_wait
  if (unloadTimeoutSeconds !== undefined && whole >= unloadTimeoutSeconds)
    throw tooLong(waits, { whole, unloadTimeoutSeconds })
}

const tooShort = ({ stop_wait }: Waits, stopMs: number): Problem =>
  new Problem({
    code: 'wait-too-short',
    summary: 'The unload script would kill an agent that is still stopping as it should',
    seen: `stop_wait: ${stop_wait}, and a stop took ${(stopMs / 1000).toFixed(1)} s in the agents’ test`,
    wanted: `more than ${(stopMs / 1000).toFixed(1)} s; proposed: ${twice(stopMs)}`,
    help: `write \`stop_wait: ${twice(stopMs)}\`, below \`cluster_scripts:\` where the playbook takes it from there`,
  })

const tooLong = (
  { stop_wait, kill_wait }: Waits,
  { whole, unloadTimeoutSeconds }: { whole: number; unloadTimeoutSeconds: number },
): Problem =>
  new Problem({
    code: 'wait-too-long',
    summary: 'The unload script would be cut off by its timeout, and leave the resource comatose',
    seen: `${whole} seconds of waiting: stop_wait ${stop_wait}, then kill_wait ${kill_wait} after TERM and after KILL`,
    wanted: `less than the unload timeout of ${unloadTimeoutSeconds} seconds, with time left for the unmount`,
    help: 'shorten `stop_wait` or `kill_wait`, or raise the unload timeout of the cluster resource',
  })
