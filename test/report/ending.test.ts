// How a step ended, in one line: what it did, and of an act what is left of it.
import { expect, it } from 'vitest'
import type { Change } from '../../src/model/change.ts'
import type { Json } from '../../src/model/json.ts'
import { endingOf } from '../../src/report/ending.ts'

const file = (key: string, after: Json): Change => ({ kind: 'file', key, before: { type: 'absent' }, after })
const act = (before: string, after: string): Change => ({ kind: 'act', key: 'install/agents-test', before, after })

it.each<[string, readonly Change[], string]>([
  ['what it changed', [file('/a', {}), act('none', 'done')], '+ file /a'],
  ['an act that left nothing else', [act('none', 'done')], 'done; its receipt says so from now on'],
  ['an act that is taken back', [act('done', 'none')], 'its receipt is taken away'],
  ['nothing at all', [], 'it was due'],
])('tells %s', (_, changes, told) => {
  const ended = { outcome: 'changed', because: 'it was due', changes } as const
  expect(endingOf({ type: 'step-ended', step: 'a', host: 'node1', ...ended } as never)).toBe(told)
})
