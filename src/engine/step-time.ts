// The time that a playbook gives a step: what waits here ends with it, and what goes on by itself on the node is left alone.
import { exitCodes, Problem } from '../model/problem.ts'
import type { OutlineStep } from '../plan/outline.ts'
import type { Context } from './context.ts'

type OnHost = {
  readonly step: Pick<OutlineStep, 'name' | 'task' | 'timeoutMs'>
  readonly host: string
  readonly context: Pick<Context, 'now'>
}

export type TimeLeft = {
  /**
   * Milliseconds; nothing where the playbook sets no time.
   *
   * @throws {Problem} `step-timeout` where it is over: nothing more is begun.
   */
  left(): number | undefined
}

export type StepTime = TimeLeft & {
  /** Aborted with the problem when the time is over. */
  readonly over: AbortSignal
  /** The same work, and not waited for any longer. @throws {Problem} `step-timeout`. */
  within<Value>(work: Promise<Value>): Promise<Value>
  stop(): void
}

/** A timer of Node cannot be set for longer: it would end at once. */
const longestMs = 2 ** 31 - 1

/** Counted from now on. */
export const timeFor = (on: OnHost, over?: AbortSignal): TimeLeft => {
  const { timeoutMs } = on.step
  const until = timeoutMs === undefined ? undefined : on.context.now() + timeoutMs
  return {
    left() {
      over?.throwIfAborted()
      // It is the timer that says that the time is over: until then a command has a moment.
      return until === undefined ? undefined : Math.max(1, until - on.context.now())
    },
  }
}

/** The same, and it rings when it is over. */
export const startTime = (on: OnHost): StepTime => {
  const { timeoutMs } = on.step
  const alarm = new AbortController()
  const { signal: over } = alarm
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => alarm.abort(tooLong(on, timeoutMs)), Math.min(timeoutMs, longestMs))
  return {
    ...timeFor(on, over),
    over,
    within: work => (timeoutMs === undefined ? work : orOver(work, over)),
    stop: () => clearTimeout(timer),
  }
}

const orOver = async <Value>(work: Promise<Value>, over: AbortSignal): Promise<Value> => {
  const ring = new AbortController()
  const late = new Promise<never>((_, reject) => {
    const tell = () => reject(over.reason)
    if (over.aborted) tell()
    else over.addEventListener('abort', tell, { once: true, signal: ring.signal })
  })
  try {
    return await Promise.race([late, work])
  } finally {
    ring.abort()
    // Whichever comes second has nobody who listens.
    work.catch(() => {})
  }
}

const tooLong = ({ step: { name, task }, host }: OnHost, timeoutMs: number): Problem => {
  const told = {
    code: 'step-timeout',
    summary: `${name} on ${host} took longer than ${timeoutMs / 1000} s`,
    host,
    wanted: `an end within ${timeoutMs / 1000} s`,
  }
  if (task.lasting)
    return new Problem({
      ...told,
      state: 'what it set going may go on there',
      help: `look at ${host}; the next run watches what goes on to its end`,
      exit: exitCodes.unknown,
    })
  return new Problem({
    ...told,
    state: task.onlyWaits ? 'it only waited: nothing was changed' : 'what it had done by then stays',
    help: 'see what it waits for; a step takes a longer `timeout:`',
  })
}
