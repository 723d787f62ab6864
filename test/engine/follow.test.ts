// A run that follows a plan makes the plan's changes, or stops before it touches what is not as planned.
import { describe, expect, it } from 'vitest'
import { findDrifts } from '../../src/engine/preconditions.ts'
import type { PlanFile } from '../../src/model/plan-file.ts'
import { carry } from '../kit/carry.ts'
import { type MemoryCluster, memoryCluster } from '../kit/memory-cluster.ts'
import { held, outline, play, step } from '../kit/outlines.ts'
import { asIs, following, planFor } from '../kit/plans.ts'
import { act, keep, theShelf } from '../kit/things.ts'

const order = ['node1', 'node2']
const lamp = step('Lamp', keep, { args: { key: 'lamp', value: 'on' } })
const door = step('Door', keep, { args: { key: 'door', value: 'shut' } })
const book = step('Book', keep, { args: { key: 'shelf/book', value: 'there' } })
const once = step('Once', act, { args: { set: 'b', rests: ['lamp'] } })
const job = outline(order, play(order, [lamp, door, held(theShelf, book), once]))

const planned = async (ready: (cluster: MemoryCluster) => void = () => {}) => {
  const cluster = memoryCluster(order)
  ready(cluster)
  return { cluster, plan: await planFor(job, cluster) }
}

/** Runs the job held to a plan, after the world has moved. */
const runAfter = async (plan: PlanFile, cluster: MemoryCluster) => carry(job, cluster, following(plan))

describe('a run that follows a plan', () => {
  it('makes its changes, and names it', async () => {
    const { cluster, plan } = await planned()
    const run = await runAfter(plan, cluster)
    expect(run.exitCode).toBe(0)
    expect(run.of('run-started')[0]?.plan).toBe(plan.digest)
    expect(run.outcomes).toMatchObject({ 'lamp@node1': 'changed', 'book@node1': 'changed', 'once@node2': 'changed' })
  })

  it('with nothing to do does nothing', async () => {
    const { cluster } = await planned()
    await carry(job, cluster)
    const run = await runAfter(await planFor(job, cluster), cluster)
    expect(run).toMatchObject({ exitCode: 0, deeds: [] })
  })

  it.each([
    ['is another value now', 'dim', '~ thing lamp: dim → on'],
    ['is as wanted already', 'on', 'nothing to do: it is as wanted already'],
  ])('stops where what was to be changed %s', async (_what, now, seen) => {
    const { cluster, plan } = await planned()
    cluster.node('node2').things.set('lamp', now)
    const run = await runAfter(plan, cluster)
    expect(run.exitCode).toBe(3)
    const problem = run.problem('lamp@node2')
    expect(problem).toMatchObject({ code: 'plan-drift', host: 'node2', step: 'test/lamp@node2', exit: 3 })
    expect(problem).toMatchObject({ seen, wanted: '~ thing lamp: "" → on' })
    expect(problem.then).toBe('run plan test -o plan.json')
    expect(run.deeds.filter(deed => deed.startsWith('node2'))).toEqual([])
  })

  it('stops where what was in order is due now', async () => {
    const { cluster, plan } = await planned(({ node }) => node('node1').things.set('door', 'shut'))
    cluster.node('node1').things.set('door', 'open')
    const run = await runAfter(plan, cluster)
    expect(run.problem('door@node1')).toMatchObject({ code: 'plan-drift', wanted: 'same: door is shut' })
    expect(run.deeds).not.toContain('node1: set door shut')
  })

  it('begins nothing more anywhere after it has stopped, and gives back what it holds', async () => {
    const { cluster, plan } = await planned()
    cluster.shelf.set('shelf/book', 'burnt')
    const run = await runAfter(plan, cluster)
    expect(run).toMatchObject({ exitCode: 3, outcomes: { 'book@node1': 'failed' } })
    expect(run.of('step-started').map(({ step }) => step)).not.toContain('test/once')
    expect(run.deeds.at(-1)).toBe('node1: return')
    expect(cluster.node('node1').hasShelf).toBe(false)
  })

  it('stops at a step that the plan does not know', async () => {
    const { cluster, plan } = await planned()
    const steps = plan.body.steps.filter(({ step }) => step !== 'test/door')
    const run = await runAfter({ ...plan, body: { ...plan.body, steps } }, cluster)
    expect(run.problem('door@node1')).toMatchObject({ code: 'plan-drift', wanted: 'no such step' })
    expect(run.deeds.filter(deed => deed.includes('door'))).toEqual([])
  })

  it('holds nothing against a step that could not be told', async () => {
    const { cluster, plan } = await planned()
    const steps = plan.body.steps.map(each =>
      each.step === 'test/lamp' ? { ...each, outcome: 'unknown' as const, changes: [] } : each,
    )
    expect((await runAfter({ ...plan, body: { ...plan.body, steps } }, cluster)).exitCode).toBe(0)
  })

  it('stops where a condition leaves out what was to be done', async () => {
    const cluster = memoryCluster(order)
    const plan = await planFor(job, cluster)
    const skipped = { ...lamp, prepare: () => ({ type: 'skipped', because: 'when: is_night' }) as const }
    const run = await carry(outline(order, play(order, [skipped])), cluster, following(plan))
    expect(run.problem('lamp@node1')).toMatchObject({ code: 'plan-drift', seen: 'skipped' })
  })

  it('has not done its work where a step that was to change something was never come to', async () => {
    const cluster = memoryCluster(order)
    const plan = await planFor(job, cluster)
    const run = await carry(outline(order, play(order, [lamp])), cluster, following(plan))
    expect(run.exitCode).toBe(3)
    expect(run.of('run-ended')[0]?.problem).toMatchObject({ code: 'plan-drift', seen: 'nothing asks for it now' })
  })
})

describe('the preconditions of a plan', () => {
  const drifts = async (plan: PlanFile, cluster: MemoryCluster) =>
    (await findDrifts(plan.body, { nodes: cluster.nodes, mask: asIs })).map(({ fields }) => fields)

  it('hold in a world that stands still', async () => {
    const { cluster, plan } = await planned()
    expect(await drifts(plan, cluster)).toEqual([])
  })

  it('are told with then and now, all that moved, on all hosts', async () => {
    const { cluster, plan } = await planned()
    cluster.node('node1').things.set('lamp', 'dim')
    cluster.node('node2').things.set('door', 'open')
    expect(await drifts(plan, cluster)).toMatchObject([
      { code: 'precondition-moved', host: 'node1', step: 'test/lamp@node1', seen: 'dim (now)', exit: 3 },
      { code: 'precondition-moved', host: 'node2', step: 'test/door@node2', seen: 'open (now)', exit: 3 },
    ])
  })

  it('are only looked at, each thing once', async () => {
    const { cluster, plan } = await planned()
    const before = cluster.picture()
    cluster.commands.length = 0
    await drifts(plan, cluster)
    expect([...cluster.commands].sort()).toEqual(
      order.flatMap(host => [`${host}: see door`, `${host}: see lamp`, `${host}: shelf`]).sort(),
    )
    expect(cluster.picture()).toBe(before)
  })

  it('are which volume is held, though nobody can see what is on it', async () => {
    const { cluster, plan } = await planned()
    cluster.shelfId = 'shelf-2'
    expect(await drifts(plan, cluster)).toMatchObject([
      { host: 'node1', seen: 'shelf-2 (now)', wanted: 'shelf-1 (then)' },
      { host: 'node2', seen: 'shelf-2 (now)', wanted: 'shelf-1 (then)' },
    ])
  })

  it('are the receipts that it rests on', async () => {
    const { cluster } = await planned()
    await carry(job, cluster)
    const plan = await planFor(job, cluster)
    expect(await drifts(plan, cluster)).toEqual([])
    cluster.node('node2').receipts.clear()
    const found = await drifts(plan, cluster)
    expect(found.map(({ step }) => step)).toEqual(expect.arrayContaining(['test/once@node2']))
    expect(found.every(({ host }) => host === 'node2' || host === 'node1')).toBe(true)
    expect(found[0]?.seen).toMatch(/^the receipt of run run-\d+ does not say so any more \(now\)$/)
  })

  it('that cannot be looked at have moved', async () => {
    const { cluster, plan } = await planned()
    cluster.node('node1').meddle = script =>
      script.startsWith('see lamp') ? { exitCode: 5, stderr: 'broken' } : undefined
    expect(await drifts(plan, cluster)).toMatchObject([{ host: 'node1', step: 'test/lamp@node1', exit: 3 }])
  })

  it('of a node that cannot be reached are not known, which is no drift', async () => {
    const { cluster, plan } = await planned()
    cluster.node('node2').isUp = false
    await expect(drifts(plan, cluster)).rejects.toMatchObject({ code: 'host-unreachable', exit: 6 })
  })
})
