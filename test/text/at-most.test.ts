// So many at a time, each in its turn, whatever becomes of the others.
import { expect, it } from 'vitest'
import { atMost } from '../../src/text/at-most.ts'

it('carries out so many at a time, in order, also where some fail', async () => {
  const limited = atMost(3)
  const begun: number[] = []
  let [busy, most] = [0, 0]
  const work = (n: number) => async () => {
    begun.push(n)
    busy += 1
    most = Math.max(most, busy)
    await new Promise(resolve => setTimeout(resolve, n % 4))
    busy -= 1
    if (n % 5 === 0) throw new Error(`${n}`)
    return n
  }
  const all = Array.from({ length: 40 }, (_, n) => n)
  const ended = await Promise.allSettled(all.map(n => limited(work(n))))
  expect(begun).toEqual(all)
  expect(most).toBe(3)
  expect(ended.map(({ status }) => status === 'rejected')).toEqual(all.map(n => n % 5 === 0))
})
