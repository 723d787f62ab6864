// What is said of a run that was stopped at once: no more than may be so.
import { expect, it } from 'vitest'
import { stoppedAtOnce } from '../../src/cli/stopped.ts'
import type { EventBody } from '../../src/model/events.ts'

const held = [{ hold: 'partition', host: 'node1', state: 'acquired' }] as const
const ended = (outcome: 'unknown' | 'not-reached'): EventBody => ({
  ...{ type: 'step-ended', step: 'slow/long', host: 'node1', outcome, because: '', changes: [], ms: 1 },
})

it.each([
  [
    'a step at work, and a hold',
    held,
    'unknown',
    'How the step at hand ends is not known. What was held may still be held.',
  ],
  ['a step at work', [], 'unknown', 'How the step at hand ends is not known.'],
  ['a look, and a hold', held, 'not-reached', 'No step was being carried out. What was held may still be held.'],
  ['a look', [], 'not-reached', 'No step was being carried out.'],
] as const)('%s', (_, holds, outcome, words) => {
  expect(stoppedAtOnce({ holds }, [ended(outcome)])).toBe(`Stopped at once. ${words}`)
})
