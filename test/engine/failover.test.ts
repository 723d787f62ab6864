// The failover list is law: one node after the other, the next when the one before is verified, now or earlier.
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Problem } from '../../src/model/problem.ts'
import { task } from '../../src/task/task.ts'
import { carry, dryRun } from '../kit/carry.ts'
import { memoryCluster } from '../kit/memory-cluster.ts'
import { held, outline, play, step } from '../kit/outlines.ts'
import { act, keep, theShelf } from '../kit/things.ts'

const order = ['node1', 'node2', 'node3']
const first = step('First', keep, { args: { key: 'a', value: '1' } })
const last = step('Last', act, { args: { set: 'b' } })

const failover = (hosts: readonly string[], nodes: Parameters<typeof play>[1] = [first, last]) =>
  outline(order, play(hosts, nodes, { strategy: 'failover', allHosts: order }))

describe('the order', () => {
  it('is all steps of one node, then the next node, under the failover list', async () => {
    const { deeds } = await carry(failover(order), memoryCluster())
    expect(deeds).toEqual(order.flatMap(host => [`${host}: set a 1`, `${host}: set b done`]))
  })

  it('is one step on all hosts, then the next step, in a linear play', async () => {
    const { deeds } = await carry(outline(order, play(order, [first, last])), memoryCluster())
    expect(deeds.slice(0, 3).sort()).toEqual(order.map(host => `${host}: set a 1`))
    expect(deeds.slice(3).sort()).toEqual(order.map(host => `${host}: set b done`))
  })

  it('of plays is as written; nothing of a later one begins after a failure in one that follows the list', async () => {
    const cluster = memoryCluster()
    cluster.node('node2').meddle = script => (script.startsWith('set a') ? { exitCode: 1 } : undefined)
    const plan = outline(
      order,
      play(order, [first], { strategy: 'failover' }),
      play(['node1'], [step('Later', keep, { args: { key: 'later', value: '1' } })]),
    )
    const run = await carry(plan, cluster)
    expect(run.deeds).toEqual(['node1: set a 1', 'node2: set a 1'])
    expect(run.of('run-ended')[0]?.counts).toMatchObject({ changed: 1, failed: 1, 'not-reached': 2 })
  })
})

describe('a failure on one node', () => {
  it('keeps the next from beginning', async () => {
    const cluster = memoryCluster()
    cluster.node('node2').meddle = script => (script.startsWith('set b') ? { exitCode: 1 } : undefined)
    const run = await carry(failover(order), cluster)
    expect(run.exitCode).toBe(1)
    expect(run.outcomes).toEqual({
      'first@node1': 'changed',
      'last@node1': 'changed',
      'first@node2': 'changed',
      'last@node2': 'failed',
    })
  })
})

describe('a node out of turn', () => {
  it('is refused, with the step that is open and the order', async () => {
    const cluster = memoryCluster()
    const run = await carry(failover(['node3']), cluster)
    expect(run).toMatchObject({ exitCode: 1, deeds: [], outcomes: { 'first@node3': 'failed' } })
    expect(run.problem('first@node3')).toEqual({
      code: 'out-of-turn',
      summary: 'node3 is not the next: node1 comes first and is not verified',
      host: 'node3',
      step: 'test/first@node3',
      span: expect.anything(),
      seen: 'test/first@node1: it is due',
      wanted: 'every step of "Test" verified on node1, by this run or one before',
      state: 'nothing was done on node3',
      help: 'the order is node1 → node2 → node3: finish node1 first',
    })
  })

  it('is refused in a dry run too', async () => {
    const run = await dryRun(failover(['node2']), memoryCluster())
    expect(run.problem('first@node2').code).toBe('out-of-turn')
  })

  it('is not let pass by ignore_errors', async () => {
    const run = await carry(failover(['node2'], [{ ...first, ignoreErrors: true }, last]), memoryCluster())
    expect(run).toMatchObject({ exitCode: 1, deeds: [] })
  })

  it('has its turn once those before it are verified by an earlier run', async () => {
    const cluster = memoryCluster()
    await carry(failover(['node1']), cluster)
    expect(await carry(failover(['node2']), cluster)).toMatchObject({
      exitCode: 0,
      outcomes: { 'last@node2': 'changed' },
    })
  })

  it('loses it again when something moves on a node before it', async () => {
    const cluster = memoryCluster()
    await carry(failover(['node1', 'node2']), cluster)
    cluster.node('node1').things.set('a', 'moved')
    const run = await carry(failover(['node3']), cluster)
    expect(run.problem('first@node3')).toMatchObject({ code: 'out-of-turn', seen: 'test/first@node1: it is due' })
  })

  it('is refused where something stands in the way of a node before it, and is told what', async () => {
    const stuck = task({
      name: 'stuck',
      summary: 'Find something in the way',
      args: z.object({}),
      async check({ world }) {
        throw new Problem({ code: 'in-the-way', summary: `a stone lies on ${world.host}` })
      },
      async apply() {},
    })
    const run = await carry(failover(['node2'], [first, step('Stuck', stuck)]), memoryCluster())
    expect(run.problem('first@node2').code).toBe('out-of-turn')
    const cluster = memoryCluster()
    cluster.node('node1').things.set('a', '1')
    const later = await carry(failover(['node2'], [first, step('Stuck', stuck)]), cluster)
    expect(later.problem('first@node2')).toMatchObject({
      code: 'out-of-turn',
      seen: 'test/stuck@node1: a stone lies on node1',
    })
  })

  it('is refused where a node before it cannot be asked', async () => {
    const cluster = memoryCluster()
    await carry(failover(['node1']), cluster)
    cluster.node('node1').isUp = false
    const run = await carry(failover(['node2']), cluster)
    expect(run).toMatchObject({ exitCode: 6, deeds: [] })
    expect(run.problem('first@node2').code).toBe('host-unreachable')
  })

  it('does not matter where nothing is due: who only looks needs no turn', async () => {
    const cluster = memoryCluster()
    cluster.node('node3').things.set('a', '1')
    expect(await carry(failover(['node3'], [first]), cluster)).toMatchObject({
      exitCode: 0,
      outcomes: { 'first@node3': 'same' },
    })
  })

  it('counts steps that are not selected: a node is verified as a whole', async () => {
    const cluster = memoryCluster()
    const onlyFirst = failover(order, [first, { ...last, isSelected: () => false }])
    const run = await carry(onlyFirst, cluster)
    expect(run.outcomes).toEqual({ 'first@node1': 'changed', 'first@node2': 'failed' })
    expect(run.problem('first@node2')).toMatchObject({
      code: 'out-of-turn',
      seen: expect.stringContaining('test/last@node1'),
    })
  })

  it('asks only what applies: a step that is skipped on a node is not open there', async () => {
    const cluster = memoryCluster()
    const notOnFirst = step('Not on the first', keep, {
      args: { key: 'c', value: '1' },
      when: ['not first', host => host !== 'node1'],
    })
    expect(await carry(failover(order, [notOnFirst, first]), cluster)).toMatchObject({ exitCode: 0 })
  })

  it('does not believe what nobody has seen on a volume', async () => {
    const cluster = memoryCluster()
    const away = step('Away', keep, { args: { key: 'shelf/book', value: '' } })
    const run = await carry(failover(['node2'], [held(theShelf, away), first]), cluster)
    expect(run.deeds).toEqual([])
    expect(run.problem('away@node2')).toMatchObject({
      code: 'out-of-turn',
      seen: 'test/away@node1: what it rests on was seen by nobody yet',
    })
  })
})
