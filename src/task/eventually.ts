// Waiting for something on a node, with an end.
import { setTimeout as sleep } from 'node:timers/promises'

const shortestPauseMs = 20
const longestPauseMs = 400

/**
 * Asks again and again until the answer is yes.
 *
 * @param withinMs Longest wait; 0 asks once.
 * @param until Ends it early, with an `AbortError`.
 * @returns Milliseconds until the first yes; `undefined` when the time has passed without one.
 */
export const eventually = async (
  ask: () => Promise<boolean>,
  withinMs: number,
  until?: AbortSignal,
): Promise<number | undefined> => {
  const started = performance.now()
  for (let pauseMs = shortestPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    if (await ask()) return Math.round(performance.now() - started)
    if (performance.now() - started >= withinMs) return undefined
    await sleep(pauseMs, undefined, until && { signal: until })
  }
}
