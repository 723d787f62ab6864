// Limits of time that hold on a busy machine too, and still fail when something takes many times as long as it should.
import { spawnSync } from 'node:child_process'

/** What it takes to start a shell on a machine that has nothing else to do. */
const quietMs = 5

const tries = 9

/** A limit for a quiet machine, longer by as much as it takes longer now to start a program. */
export const atThisPace = (ms: number): number => ms * Math.max(1, startMs() / quietMs)

const startMs = (): number => {
  const times = Array.from({ length: tries }, () => {
    const before = performance.now()
    spawnSync('sh', ['-c', ':'])
    return performance.now() - before
  })
  return times.sort((one, other) => one - other)[Math.floor(tries / 2)] ?? quietMs
}
