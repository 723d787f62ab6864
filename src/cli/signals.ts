// What Ctrl-C means: the first finishes the step at hand, gives back what is held, and stops; the second stops at once.
import { exitCodes } from '../model/problem.ts'

export type Signals = { isStopping(): boolean; stop(): void }

/** One keystroke may come twice: from the terminal, and from the program that started this one, such as `npx`. */
const sameKeystrokeMs = 300

/**
 * @param tell Hears of the first signal.
 * @param leave Writes down how things stand when the second one ends all at once.
 */
export const watchSignals = (
  tell: (signal: string) => void,
  leave: (signal: string) => void,
  now: () => number = () => performance.now(),
): Signals => {
  let first: { readonly signal: NodeJS.Signals; readonly at: number } | undefined
  const hear = (signal: NodeJS.Signals) => {
    if (!first) {
      first = { signal, at: now() }
      return tell(signal)
    }
    if (!isSecond(signal, first.signal) || now() - first.at < sameKeystrokeMs) return
    leave(signal)
    process.exit(exitCodes.interrupted)
  }
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const name of names) process.on(name, hear)
  return {
    isStopping: () => first !== undefined,
    stop: () => {
      for (const name of names) process.off(name, hear)
    },
  }
}

/** A terminal that closes says so several times, and whoever ends its session sends SIGTERM after it. */
const isSecond = (signal: NodeJS.Signals, first: NodeJS.Signals): boolean =>
  signal === 'SIGINT' || (signal === 'SIGTERM' && first !== 'SIGHUP')
