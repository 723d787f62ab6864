// Work of which only so much is under way at the same time; the rest waits in its order.

/** @returns Carries out what it is given, now or when another has ended. */
export const atMost = (limit: number) => {
  let busy = 0
  const waiting: (() => void)[] = []
  return async <Value>(work: () => Promise<Value>): Promise<Value> => {
    if (busy >= limit) await new Promise<void>(resolve => waiting.push(resolve))
    else busy += 1
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      // The place is handed on, so nobody who comes meanwhile takes it.
      if (next) next()
      else busy -= 1
    }
  }
}
