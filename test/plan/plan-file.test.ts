// A plan as a file: read back as it was written, and refused when a single byte is another.
import { describe, expect, it } from 'vitest'
import { Problem } from '../../src/model/problem.ts'
import { expiryOf, readPlan, sealPlan, writePlan } from '../../src/plan/plan-file.ts'
import { memoryCluster } from '../kit/memory-cluster.ts'
import { outline, play, step } from '../kit/outlines.ts'
import { planFor, seal } from '../kit/plans.ts'
import { keep } from '../kit/things.ts'

const one = ['node1']
const lamp = outline(one, play(one, [step('Lamp', keep, { args: { key: 'lamp', value: 'on “ä” 💡\n' } })]))
const plan = await planFor(lamp, memoryCluster(one))
const text = writePlan(plan)

const refusal = (of: string): Problem => {
  try {
    readPlan(of, 'plan.json')
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
  throw new Error('it was taken')
}

describe('a plan', () => {
  it('comes back as it was written', () => {
    expect(readPlan(text, 'plan.json')).toEqual(plan)
    expect(writePlan(readPlan(text, 'plan.json'))).toBe(text)
  })

  it('has a digest over everything else in it', () => {
    const { digest, ...sealed } = plan
    const fields = Object.keys(sealed)
    expect(fields).toEqual(expect.arrayContaining(['version', 'tool', 'created', 'validUntil', 'secretPrints', 'body']))
    const others = [
      sealPlan(plan.body, { ...seal, validUntil: '2027-11-24T06:00:00.000Z' }),
      sealPlan(plan.body, { ...seal, tool: '0.0.1' }),
      sealPlan(plan.body, { ...seal, secretPrints: [{ name: 'a', print: 'b' }] }),
      sealPlan({ ...plan.body, lab: false }, seal),
    ]
    expect(new Set([digest, ...others.map(other => other.digest)]).size).toBe(5)
  })

  it('is refused with exit status 3, whichever byte is another', () => {
    const bytes = Buffer.from(text)
    const taken: number[] = []
    for (const at of bytes.keys()) {
      const altered = Buffer.from(bytes)
      altered[at] = (bytes[at] ?? 0) ^ 1
      try {
        readPlan(altered.toString(), 'plan.json')
        taken.push(at)
      } catch (error) {
        expect(error).toMatchObject({ exit: 3 })
      }
    }
    expect(taken).toEqual([])
  })

  it.each([
    ['a byte that is missing at the end', text.slice(0, -1)],
    ['a byte too many', `${text} `],
    ['a line break in the middle', text.replace(',', ',\n')],
    [
      'the same values in another order',
      `${JSON.stringify(JSON.parse(text), Object.keys(plan).sort().toReversed())}\n`,
    ],
    ['a field that was added', text.replace('"tool":"0.0.0"', '"tool":"0.0.0","x":1')],
    ['a field that is there twice', text.replace('"tool":"0.0.0"', '"tool":"0.0.0","tool":"0.0.0"')],
  ])('is refused with %s', (_what, altered) => {
    expect(altered).not.toBe(text)
    expect(refusal(altered)).toMatchObject({ exit: 3 })
  })

  it.each([
    ['', 'plan-unreadable'],
    ['null', 'plan-unreadable'],
    ['[]', 'plan-version'],
    ['{"version":2}', 'plan-version'],
    ['{"version":1}', 'plan-unreadable'],
    ['{"version":1,"body":{"steps":[null]}}', 'plan-unreadable'],
  ])('that is %j is told as %s', (text, code) => {
    expect(refusal(text)).toMatchObject({ code, exit: 3 })
  })

  it('that was altered tells both digests', () => {
    const { seen, wanted, state } = refusal(text.replace('"after":"on', '"after":"of')).fields
    expect(seen).toMatch(/^digest [0-9a-f]{64}$/)
    expect(wanted).toBe(`digest ${plan.digest}, which the plan names`)
    expect(state).toBe('nothing was touched')
  })
})

describe('the time of a plan', () => {
  it.each([
    ['2026-11-23T06:00:00.000Z', undefined],
    ['2026-11-24T06:00:00.000Z', undefined],
    ['2026-11-24T06:00:00.001Z', 'plan-expired'],
  ])('at %s: %s', (now, code) => {
    expect(expiryOf(plan, new Date(now))?.code).toBe(code)
  })
})
