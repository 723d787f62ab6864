// A node whose connection was lost is called again for a while: what goes on there tells how it ends.
import { setTimeout as sleep } from 'node:timers/promises'
import { isOutOfReach } from '../../model/problem.ts'

/** How long is waited before each call, in milliseconds. */
export const patience = [0, 500, 1000, 2000, 4000, 8000]

/** @throws what the last call threw, or what no other call would mend. */
export const patiently = async <Value>(call: () => Promise<Value>): Promise<Value> => {
  let last: unknown
  for (const wait of patience) {
    await sleep(wait)
    try {
      return await call()
    } catch (error) {
      if (!isOutOfReach(error)) throw error
      last = error
    }
  }
  throw last
}
