// The wait before the kill: longer than a stop, all together shorter than the timeout.
import { describe, expect, it } from 'vitest'
import type { Problem } from '../../../../src/model/problem.ts'
import { assertWaits, proposeStopWait } from '../../../../tasks/lib/cluster-scripts/waits.ts'

const told = (work: () => unknown): string => {
  try {
    return String(work())
  } catch (error) {
    return (error as Problem).code
  }
}

describe('what is proposed', () => {
  it.each([
    ['the manual’s 8 seconds for a quick stop', 1200, 600, '8'],
    ['twice the time of a slow one', 12_300, 600, '25'],
    ['nothing where the timeout leaves no room', 12_300, 31, 'wait-too-long'],
    ['the most that the timeout leaves', 12_300, 32, '25'],
  ])('%s', (_, stopMs, unloadTimeoutSeconds, answer) =>
    expect(told(() => proposeStopWait(stopMs, { kill_wait: 3, unloadTimeoutSeconds }))).toBe(answer),
  )
})

describe('a wait that a site has chosen', () => {
  it.each([
    ['as long as a stop took', 5, 5000, 600, 'wait-too-short'],
    ['a little longer', 5, 4999, 600, 'undefined'],
    ['with no stop measured', 5, undefined, 600, 'undefined'],
    ['that ends with the timeout', 5, undefined, 11, 'wait-too-long'],
    ['that ends before the timeout', 5, undefined, 12, 'undefined'],
  ])('%s', (_, stop_wait, stopMs, unloadTimeoutSeconds, answer) =>
    expect(told(() => assertWaits({ stop_wait, kill_wait: 3 }, { stopMs, unloadTimeoutSeconds }))).toBe(answer),
  )

  it('is told with what was measured, and what to write instead', () => {
    expect.assertions(1)
    try {
      assertWaits({ stop_wait: 5, kill_wait: 3 }, { stopMs: 12_300, unloadTimeoutSeconds: 600 })
    } catch (error) {
      expect((error as Problem).fields).toEqual({
        code: 'wait-too-short',
        summary: 'The unload script would kill an agent that is still stopping as it should',
        seen: 'stop_wait: 5, and a stop took 12.3 s in the agents’ test',
        wanted: 'more than 12.3 s; proposed: 25',
        help: 'write `stop_wait: 25`, below `cluster_scripts:` where the playbook takes it from there',
      })
    }
  })
})
