// A pattern that somebody else wrote, tried for a limited time: one with nested repetitions can take years.
import { createContext, Script } from 'node:vm'

/** Longest time for one text. A pattern that is no trap takes less than a thousandth of it. */
const longestMs = 1000

/** Only the timer of `vm` can end a regular expression that does not come to its end. */
const context = createContext({ work: undefined as unknown })
const script = new Script('work()')

/** A pattern did not come to its end in time. */
export class TooSlow extends Error {}

/**
 * Carries out what tries a pattern; it must change nothing, since it may end anywhere.
 *
 * @throws {TooSlow} after a second.
 */
export const withinTime = <Result>(work: () => Result, timeoutMs = longestMs): Result => {
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
