// A trap of a pattern is ended, and what only waited for a busy machine is not taken for one.
import { describe, expect, it } from 'vitest'
import { TooSlow, withinTime } from '../../src/text/bounded.ts'

const trap = () => /^(a+)+$/.test(`${'a'.repeat(40)}!`)

/** Time goes by, and nobody works. */
const wait = (ms: number) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)

describe('a pattern', () => {
  it('gives what it finds', () => {
    expect(withinTime(() => 'abc'.match(/b/)?.index)).toBe(1)
  })

  it('that is a trap is ended', () => {
    expect(() => withinTime(trap, 100)).toThrow(TooSlow)
  })

  it('is tried again where the time went by without work', () => {
    let tries = 0
    const work = () => {
      tries += 1
      if (tries < 3) wait(10_000)
      return tries
    }
    expect(withinTime(work, 50)).toBe(3)
  })

  it('throws what it throws', () => {
    expect(() => withinTime(() => JSON.parse('{'))).toThrow(SyntaxError)
  })
})
