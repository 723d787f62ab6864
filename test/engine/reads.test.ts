// A play that only looks: what differs is a finding, all are told, and nothing is taken, written or changed.
import { describe, expect, it } from 'vitest'
import { carry, dryRun } from '../kit/carry.ts'
import { memoryCluster } from '../kit/memory-cluster.ts'
import { held, outline, play, step } from '../kit/outlines.ts'
import { act, keep, theShelf } from '../kit/things.ts'

const order = ['node1', 'node2']
const lamp = step('lamp', keep, { args: { key: 'lamp', value: 'on' } })
const door = step('door', keep, { args: { key: 'door', value: 'shut' } })
const reads = { reads: true }

describe('a play that only looks', () => {
  it('tells all findings of all nodes, and ends with 1', async () => {
    const cluster = memoryCluster(order)
    cluster.node('node1').things.set('door', 'shut')
    const before = cluster.picture()
    const run = await carry(outline(order, play(order, [lamp, door], reads)), cluster)
    expect(run.exitCode).toBe(1)
    expect(run.outcomes).toEqual({
      'lamp@node1': 'failed',
      'lamp@node2': 'failed',
      'door@node1': 'same',
      'door@node2': 'failed',
    })
    expect(run.problem('lamp@node2')).toMatchObject({
      code: 'not-as-it-should-be',
      seen: expect.stringContaining('lamp'),
      state: 'nothing was changed: this play only looks',
    })
    expect(run.deeds).toEqual([])
    expect(cluster.picture()).toBe(before)
  })

  it('ends with 0 where all is as it should be', async () => {
    const cluster = memoryCluster(order)
    for (const name of order) cluster.node(name).things.set('lamp', 'on')
    expect((await carry(outline(order, play(order, [lamp], reads)), cluster)).exitCode).toBe(0)
  })

  it('goes on in the next play after a finding', async () => {
    const cluster = memoryCluster(order)
    const plays = [play(order, [lamp], reads), play(order, [door], reads)]
    const run = await carry(outline(order, ...plays), cluster)
    expect(Object.keys(run.outcomes)).toEqual(['lamp@node1', 'lamp@node2', 'door@node1', 'door@node2'])
  })

  it('is held against what differs in a dry run too', async () => {
    const run = await dryRun(outline(order, play(order, [lamp], reads)), memoryCluster(order))
    expect([run.exitCode, run.outcomes]).toEqual([1, { 'lamp@node1': 'failed', 'lamp@node2': 'failed' }])
  })

  it('takes no hold, and writes no receipt', async () => {
    const cluster = memoryCluster(order)
    const inside = step('inside', keep, { args: { key: 'shelf/book', value: 'there' } })
    const done = step('done', act, { args: { set: 'work' } })
    const run = await carry(outline(order, play(['node1'], [held(theShelf, inside), done], reads)), cluster)
    expect(run.outcomes).toEqual({ 'inside@node1': 'failed', 'done@node1': 'failed' })
    expect([run.deeds, cluster.keptReceipts('node1')]).toEqual([[], []])
  })

  it('finds nothing wrong with what stands by its receipt, and renews none', async () => {
    const cluster = memoryCluster(order)
    const done = step('done', act, { args: { set: 'work' } })
    await carry(outline(order, play(['node1'], [done])), cluster)
    const before = cluster.picture()
    const run = await carry(outline(order, play(['node1'], [done], reads)), cluster)
    expect([run.exitCode, run.outcomes]).toEqual([0, { 'done@node1': 'same' }])
    expect(cluster.picture()).toBe(before)
  })
})
