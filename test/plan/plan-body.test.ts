// The body of a plan: the same for the same world, whatever the order in which answers came.
import { describe, expect, it } from 'vitest'
import { planHead } from '../../src/cli/plan-head.ts'
import type { PlanBody } from '../../src/model/plan-file.ts'
import { planBody } from '../../src/plan/plan-body.ts'
import { plannedWork, sealPlan } from '../../src/plan/plan-file.ts'
import { foldAll, planOf, planText } from '../../src/report/index.ts'
import { verdictOf } from '../../src/report/review/verdict.ts'
import { digest } from '../../src/text/canonical.ts'
import pause from '../../tasks/pause.ts'
import { type MemoryCluster, memoryCluster } from '../kit/memory-cluster.ts'
import { held, outline, play, step } from '../kit/outlines.ts'
import { foundBy } from '../kit/plans.ts'
import { act, keep, theShelf } from '../kit/things.ts'

const order = ['node1', 'node2']
const lamp = step('Lamp', keep, { args: { key: 'lamp', value: 'on' }, notify: ['Bell'] })
const bell = step('Bell', keep, { args: { key: 'bell', value: 'rung' } })
const job = outline(
  order,
  play(order, [lamp, step('Once', act, { args: { set: 'b', rests: ['lamp'] } })], { handlers: [bell] }),
)

const bodyOf = async (cluster: MemoryCluster) => planBody(await foundBy(job, cluster))

const sealed = (body: PlanBody) =>
  sealPlan(body, { tool: '1', created: '2026-11-28T00:00:00Z', validUntil: '2026-11-29T00:00:00Z', secretPrints: [] })

describe('the body of a plan', () => {
  it('has each step in the order of the outline, with what it would change and what that rests on', async () => {
    const { steps } = await bodyOf(memoryCluster(order))
    expect(steps.map(({ step, host, outcome }) => `${step}@${host} ${outcome}`)).toEqual([
      'test/lamp@node1 would-change',
      'test/lamp@node2 would-change',
      'test/once@node1 would-change',
      'test/once@node2 would-change',
      'test/bell@node1 would-change',
      'test/bell@node2 would-change',
    ])
    expect(steps[0]).toMatchObject({
      evidence: 'exact',
      changes: [{ kind: 'thing', key: 'lamp', before: '', after: 'on' }],
      looks: [{ host: 'node1', kind: 'thing', key: 'lamp', value: '', origin: { type: 'world' } }],
      undoable: false,
    })
    expect(steps[2]?.looks).toMatchObject([
      { key: 'lamp', value: 'on', origin: { type: 'promise', by: 'test/lamp@node1' } },
    ])
  })

  it.each([
    [
      'nothing else is due',
      'on',
      [],
      'nothing to change',
      { same: 1, unknown: 0, waits: 1 },
      '0 of 2 steps would change something',
    ],
    [
      'one change is',
      '',
      ['test/lamp@node1'],
      '1 would change · 1 cannot be undone (▲)',
      { 'would-change': 1, waits: 1 },
      '1 of 2 steps would change something',
    ],
  ])('counts a wait as no change, where %s', async (_, lampIs, work, told, counts, head) => {
    const cluster = memoryCluster(['node1'])
    cluster.node('node1').things.set('lamp', lampIs)
    const waiting = outline(['node1'], play(['node1'], [step('Wait', pause, { args: { seconds: 60 } }), lamp]))
    const found = await foundBy(waiting, cluster)
    const body = planBody(found)
    expect(plannedWork(body)).toEqual(work)
    expect(planHead(sealed(body))[1]).toContain(head)
    expect(body.steps[0]).toMatchObject({ outcome: 'unknown', onlyWaits: true, undoable: true })
    expect(found.events.findLast(event => event.type === 'run-ended')).toMatchObject({ counts })
    const plan = planOf(foldAll(found.events))
    expect(plan && planText(plan, { colour: false, diff: false }).replaceAll(/ {2,}/g, ' · ')).toContain(told)
    expect(verdictOf(body).warnings).toEqual([])
  })

  it('leaves out a handler that nothing asks for', async () => {
    const cluster = memoryCluster(order)
    for (const host of order) cluster.node(host).things.set('lamp', 'on')
    const { steps } = await bodyOf(cluster)
    expect(steps.map(({ step }) => step)).not.toContain('test/bell')
  })

  it('is the same for the same world, and another for another', async () => {
    const before = digest(await bodyOf(memoryCluster(order)))
    expect(digest(await bodyOf(memoryCluster(order)))).toBe(before)
    const moved = memoryCluster(order)
    moved.node('node2').things.set('lamp', 'broken')
    expect(digest(await bodyOf(moved))).not.toBe(before)
  })

  it('does not hang on who answered first', async () => {
    const slow = memoryCluster(order)
    slow.node('node1').meddle = async () => {
      await new Promise(resolve => setTimeout(resolve, 20))
      return undefined as never
    }
    const found = await foundBy(job, memoryCluster(order))
    const later = await foundBy(job, slow)
    expect(later.events.map(({ type }) => type)).not.toEqual(found.events.map(event => `${event.type}`).toReversed())
    expect(digest(planBody(later))).toBe(digest(planBody(found)))
    expect(digest(planBody({ ...found, hostKeys: new Map([...found.hostKeys].toReversed()) }))).toBe(
      digest(planBody(found)),
    )
  })

  it('names the volume that is held around a step among what the step rests on', async () => {
    const inside = outline(
      order,
      play(order, [held(theShelf, step('Book', keep, { args: { key: 'shelf/book', value: 'there' } }))]),
    )
    const { steps } = planBody(await foundBy(inside, memoryCluster(order)))
    expect(steps[0]?.looks).toMatchObject([
      { kind: 'shelf-id', value: 'shelf-1', origin: { type: 'world' } },
      { kind: 'thing', key: 'shelf/book', origin: { type: 'presumed' } },
    ])
  })
})
