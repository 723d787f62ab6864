// What Ctrl-C means: the first finishes the step at hand, gives back what is held, and stops; the second stops at once.
import { exitCodes } from '../model/problem.ts'

export type Signals = { isStopping(): boolean; stop(): void }

/**
 * @param tell Hears of the first signal.
 * @param leave Says how things stand when the second one ends all at once.
 */
export const watchSignals = (tell: (signal: string) => void, leave: () => void): Signals => {
  let isStopping = false
  const hear = (signal: NodeJS.Signals) => {
    if (isStopping) {
      leave()
      process.exit(exitCodes.interrupted)
    }
    isStopping = true
    tell(signal)
  }
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const name of names) process.on(name, hear)
  return {
    isStopping: () => isStopping,
    stop: () => {
      for (const name of names) process.off(name, hear)
    },
  }
}
