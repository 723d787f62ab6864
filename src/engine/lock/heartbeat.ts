// While a run goes on, each of its locks says so: now and then, beside the work, and never in its way.
import { beatScript, type LockPlace, readAnswer } from './scripts.ts'

export type Beating = {
  readonly places: readonly string[]
  at(place: string): Promise<LockPlace>
  readonly token: string
  readonly everyMs?: number
}

/**
 * @param onLost Hears of the first place where the lock is another's, or nobody's.
 * @returns Call it to end; nothing is heard after that.
 */
export const keepBeating = (
  { places, at, token, everyMs = 15_000 }: Beating,
  onLost: (place: string) => void,
): (() => void) => {
  const inTurn = new Set<string>()
  const beside = new Set<string>()
  let isOver = false

  const beat = async (place: string): Promise<void> => {
    // The one before waits behind a long command: then one goes over a channel of its own.
    const isBehind = inTurn.has(place)
    const under = isBehind ? beside : inTurn
    if (under.has(place)) return
    under.add(place)
    try {
      const { run, directory } = await at(place)
      const { stdout } = await run(beatScript(directory, token), { beside: isBehind })
      if (isOver || readAnswer(stdout, place).type !== 'lost') return
      isOver = true
      onLost(place)
    } catch {
      // That a node cannot be reached now is for the steps to find out; its lock lies there all the same.
    } finally {
      under.delete(place)
    }
  }

  const timer = setInterval(() => {
    if (!isOver) for (const place of places) void beat(place)
  }, everyMs).unref()
  return () => {
    isOver = true
    clearInterval(timer)
  }
}
