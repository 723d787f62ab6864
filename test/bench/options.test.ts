// What `npm run bench` makes of its command line.
import { describe, expect, it } from 'vitest'
import { readOptions } from '../../bench/options.ts'

describe('the options of the measurement', () => {
  it.each([
    { typed: '', sizes: [3, 10], rounds: 5, sshd: false, writes: true },
    { typed: '--nodes 2,32 --rounds 9 --sshd', sizes: [2, 32], rounds: 9, sshd: true, writes: true },
    { typed: '--keep', sizes: [3, 10], rounds: 5, sshd: false, writes: false },
    { typed: '--quick', sizes: [2], rounds: 1, sshd: false, writes: false },
    { typed: '--quick --nodes 4 --rounds 2', sizes: [4], rounds: 2, sshd: false, writes: false },
  ])('reads "$typed"', ({ typed, ...options }) => {
    expect(readOptions(typed.split(' ').filter(Boolean))).toEqual(options)
  })

  it.each([
    { typed: '--nodes 1', because: 'a cluster has 2 to 32 nodes' },
    { typed: '--nodes 3,', because: 'a cluster has 2 to 32 nodes' },
    { typed: '--rounds 0', because: 'there are 1 to 1000 rounds' },
    { typed: '--rounds many', because: 'there are 1 to 1000 rounds' },
    { typed: '--node 3', because: "Unknown option '--node'" },
  ])('refuses "$typed" and tells how it is used', ({ typed, because }) => {
    expect(() => readOptions(typed.split(' '))).toThrow(because)
    expect(() => readOptions(typed.split(' '))).toThrow('npm run bench --')
  })
})
