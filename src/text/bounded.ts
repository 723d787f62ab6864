// A pattern that somebody else wrote, tried for a limited time: one with nested repetitions can take years.
import { createContext, Script } from 'node:vm'

/** Longest work for one text. A pattern that is no trap takes less than a thousandth of it. */
const longestMs = 1000

/** Only the timer of `vm` can end a regular expression that does not come to its end. Few commands try one. */
const workbench = () => ({ context: createContext({ work: undefined as unknown }), script: new Script('work()') })

let made: ReturnType<typeof workbench> | undefined

/** A pattern did not come to its end in time. */
export class TooSlow extends Error {}

/**
 * Carries out what tries a pattern; it must change nothing, since it may end anywhere and begin anew.
 *
 * The clock of the wall ends it, and the work that was done meanwhile tells whether that was fair: on a machine that is
 * busy, or was asleep, time goes by without work.
 *
 * @throws {TooSlow} after a second of work.
 */
export const withinTime = <Result>(work: () => Result, timeoutMs = longestMs): Result => {
  for (const begun = workMs(); ; ) {
    try {
      return onTheClock(work, timeoutMs)
    } catch (error) {
      if (!(error instanceof TooSlow) || workMs() - begun >= timeoutMs * mostlyWork) throw error
    }
  }
}

/** What this process has worked so far. */
const workMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** The two clocks do not tick alike. */
const mostlyWork = 0.8

const onTheClock = <Result>(work: () => Result, timeoutMs: number): Result => {
  made ??= workbench()
  const { context, script } = made
  context.work = work
  try {
    return script.runInContext(context, { timeout: timeoutMs }) as Result // what `work` gives
  } catch (error) {
    if (isTimeout(error)) throw new TooSlow(`a pattern took more than ${timeoutMs} ms`)
    throw error
  } finally {
    context.work = undefined
  }
}

/** It comes from the other context, so it is no `Error` of this one. */
const isTimeout = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
