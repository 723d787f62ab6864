// What lies on the controller: there is one of it for all nodes, in a run, in a dry run, and for a plan.
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { findDrifts } from '../../src/engine/preconditions.ts'
import { change, differs, same } from '../../src/task/answers.ts'
import { resource } from '../../src/task/resource.ts'
import { type Task, task } from '../../src/task/task.ts'
import { carry, dryRun } from '../kit/carry.ts'
import { memoryCluster } from '../kit/memory-cluster.ts'
import { outline, play, step } from '../kit/outlines.ts'

const copy = resource<string>({
  kind: 'copy-here',
  schema: z.string(),
  ofController: true,
  read: ($, key) => $`see ${key}`,
  parse: ({ stdout }) => stdout,
})

const bring: Task = task({
  name: 'bring',
  summary: 'Have a copy here',
  args: z.object({}),
  async check({ world }) {
    const seen = await world.look(copy('log'))
    return seen === 'new' ? same('it is here') : differs(change(copy('log'), seen, 'new'))
  },
  async apply({ controller, changes: [{ key, after }] }) {
    await controller`set ${key} ${after}`
  },
})

const order = ['node1', 'node2']
const both = outline(order, play(order, [step('bring', bring)]))

describe('a thing of the controller', () => {
  it('is made once, and on no node', async () => {
    const cluster = memoryCluster(order)
    const run = await carry(both, cluster, { forks: 1 })
    expect(run.outcomes).toEqual({ 'bring@node1': 'changed', 'bring@node2': 'same' })
    expect(run.deeds).toEqual(['this controller: set log new'])
  })

  it('is promised to all nodes in a dry run, which leaves it as it is', async () => {
    const cluster = memoryCluster(order)
    const run = await dryRun(both, cluster, { forks: 1 })
    expect(run.outcomes).toEqual({ 'bring@node1': 'would-change', 'bring@node2': 'same' })
    expect([run.deeds, cluster.controller.things.size]).toEqual([[], 0])
  })

  it('is looked at there again before a plan is carried out', async () => {
    const cluster = memoryCluster(order)
    const { events } = await dryRun(both, cluster, { forks: 1 })
    const looks = events.flatMap(event => (event.type === 'step-checked' ? event.looks : []))
    const body = { steps: [{ step: 'site/bring', host: 'node1', looks }], cluster: 'msgr1' } as never // all that is asked
    const drifts = () => findDrifts(body, { nodes: cluster.nodes, mask: value => value })
    expect(await drifts()).toEqual([])
    cluster.controller.things.set('log', 'other')
    expect((await drifts()).length).toBe(1)
  })
})
