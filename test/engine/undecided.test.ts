// A dry run cannot tell what a step before will give: it shows both branches, and what may change is unknown from there.
import { expect, it } from 'vitest'
import { evaluateCondition } from '../../src/template/render.ts'
import { compileCondition } from '../../src/template/template.ts'
import { restKnownAfter } from '../../src/template/values.ts'
import { dryRun } from '../kit/carry.ts'
import { memoryCluster } from '../kit/memory-cluster.ts'
import { outline, play, somewhere, step } from '../kit/outlines.ts'
import { keep } from '../kit/things.ts'

const one = ['node1']
const because = '`version.stdout` is known once test/version@node1 is done'
const lampOn = { key: 'lamp', value: 'on' }

it('a step that may be due shows what it would change, and what rests on it cannot be told', async () => {
  const undecided = { prepare: () => ({ type: 'undecided', because, args: { value: lampOn } }) as const }
  const steps = [step('Perhaps', keep, undecided), step('After', keep, { args: { key: 'lamp', value: 'off' } })]
  const { outcomes, ended } = await dryRun(outline(one, play(one, steps)), memoryCluster(one))
  expect(outcomes).toEqual({ 'perhaps@node1': 'unknown', 'after@node1': 'unknown' })
  expect(ended('perhaps@node1')).toMatchObject({
    because: `${because}; if due, it would make these changes`,
    changes: [{ key: 'lamp', before: '', after: 'on' }],
  })
  expect(ended('after@node1')).toMatchObject({ because: expect.stringContaining('test/perhaps@node1') })
})

it('a step whose arguments cannot be told says only why', async () => {
  const undecided = { prepare: () => ({ type: 'undecided', because }) as const }
  const { ended } = await dryRun(outline(one, play(one, [step('Perhaps', keep, undecided)])), memoryCluster(one))
  expect(ended('perhaps@node1')).toMatchObject({ outcome: 'unknown', because, changes: [] })
})

it.each([
  ['what can be told before is used', 'version.changed', true],
  ['what need not be known is not asked for', 'version.changed or version.stdout == "1"', true],
])('%s', (_, condition, expected) => {
  const { template } = compileCondition(condition, somewhere)
  const version = { changed: true, [restKnownAfter]: 'test/version@node1' }
  expect(evaluateCondition(template, { version })).toBe(expected)
})

it('what only the step itself gives is no undefined variable', () => {
  const { template } = compileCondition('version.stdout == "1"', somewhere)
  const version = { changed: true, [restKnownAfter]: 'test/version@node1' }
  expect(() => evaluateCondition(template, { version })).toThrow(because)
})
