// What `npm run bench` makes of its command line.
import { describe, expect, it } from 'vitest'
import { partNames, readOptions } from '../../bench/options.ts'

const whole = {
  parts: [...partNames],
  sizes: undefined,
  rounds: undefined,
  isQuick: false,
  isAlone: false,
  writes: true,
}

describe('the options of the measurement', () => {
  it.each([
    { typed: '', options: {} },
    { typed: 'upload start', options: { parts: ['start', 'upload'] } },
    { typed: 'beside --nodes 2,100 --rounds 9', options: { parts: ['beside'], sizes: [2, 100], rounds: 9 } },
    { typed: '--alone', options: { isAlone: true, writes: false } },
    { typed: '--keep', options: { writes: false } },
    { typed: '--quick', options: { isQuick: true, writes: false } },
  ])('reads "$typed"', ({ typed, options }) => {
    expect(readOptions(typed.split(' ').filter(Boolean))).toEqual({ ...whole, ...options })
  })

  it.each([
    { typed: 'besides', because: 'there is no part besides' },
    { typed: '--nodes 1', because: 'there are 2 to 100 hosts' },
    { typed: '--nodes 3,', because: 'there are 2 to 100 hosts' },
    { typed: '--rounds 0', because: 'there are 1 to 1000 rounds' },
    { typed: '--rounds many', because: 'there are 1 to 1000 rounds' },
    { typed: '--node 3', because: "Unknown option '--node'" },
  ])('refuses "$typed" and tells how it is used', ({ typed, because }) => {
    expect(() => readOptions(typed.split(' '))).toThrow(because)
    expect(() => readOptions(typed.split(' '))).toThrow('npm run bench --')
  })
})
