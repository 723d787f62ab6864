// What the nodes of a cluster share: any of them may tell it, its promise counts on all of them, others can be looked at.
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { change, differs, same } from '../../src/task/answers.ts'
import { resource } from '../../src/task/resource.ts'
import { type Task, task } from '../../src/task/task.ts'
import { carry, dryRun } from '../kit/carry.ts'
import { memoryCluster } from '../kit/memory-cluster.ts'
import { outline, play, step } from '../kit/outlines.ts'
import { keep, thing } from '../kit/things.ts'

/** Where something runs, as each node of the cluster tells it; an empty text says nothing. */
const runner = resource<string>({
  kind: 'runner',
  schema: z.string(),
  ofCluster: { isSilent: value => value === '' },
  read: ($, key) => $`see ${key}`,
  parse: ({ stdout }) => stdout,
  covers: (_, { kind, key }) => (kind === 'thing' && key === 'load' ? { type: 'unknown' } : undefined),
})

/** Brings it to the node at hand, and every node knows. */
const bring = (cluster: ReturnType<typeof memoryCluster>): Task =>
  task({
    name: 'bring',
    summary: 'Have it run here',
    args: z.object({}),
    async check({ world }) {
      const seen = await world.look(runner('runs'))
      if (seen === world.host) return same(`it runs on ${seen}`)
      return differs({ ...change(runner('runs'), seen, world.host), meanwhile: 'nobody is served' })
    },
    async apply({ world }) {
      for (const name of cluster.order) cluster.node(name).things.set('runs', world.host)
      return { seen: await world.at('node3').look(thing('load')) }
    },
    tell: result => `told by node3: ${JSON.stringify(result)}`,
  })

const order = ['node1', 'node2', 'node3']

const onAll = (cluster: ReturnType<typeof memoryCluster>) =>
  outline(order, play(order, [step('bring', bring(cluster))], { strategy: 'failover' }))

describe('a thing of the cluster', () => {
  it('is told by another node where the one at hand says nothing', async () => {
    const cluster = memoryCluster(order)
    cluster.node('node3').things.set('runs', 'node1')
    const { events, ...run } = await dryRun(outline(order, play(['node1'], [step('bring', bring(cluster))])), cluster)
    expect(run.outcomes).toEqual({ 'bring@node1': 'same' })
    const looks = events.flatMap(event => (event.type === 'step-checked' ? event.looks : []))
    expect(looks).toEqual([expect.objectContaining({ host: 'node3', home: 'the cluster', value: 'node1' })])
  })

  it('is not told by a node that cannot be asked, nor does that node stand in the way', async () => {
    const cluster = memoryCluster(order)
    cluster.node('node2').isUp = false
    cluster.node('node3').things.set('runs', 'node1')
    const run = await dryRun(outline(order, play(['node1'], [step('bring', bring(cluster))])), cluster)
    expect(run.outcomes).toEqual({ 'bring@node1': 'same' })
  })

  it('is promised to every node, and what goes along with it is known on none', async () => {
    const cluster = memoryCluster(order)
    const steps = [step('bring', bring(cluster)), step('load', keep, { args: { key: 'load', value: '1' } })]
    const run = await dryRun(outline(order, play(order, steps, { strategy: 'failover' })), cluster)
    expect(order.map(host => run.ended(`bring@${host}`).changes)).toEqual(
      order.map((host, index) => [
        {
          kind: 'runner',
          key: 'runs',
          before: order[index - 1] ?? '',
          after: host,
          meanwhile: 'nobody is served',
        },
      ]),
    )
    expect(order.map(host => run.ended(`load@${host}`).outcome)).toEqual(['unknown', 'unknown', 'unknown'])
  })

  it('lets a step look at other nodes, and tells what came of it', async () => {
    const cluster = memoryCluster(order)
    cluster.node('node3').things.set('load', '7')
    const run = await carry(onAll(cluster), cluster)
    expect(run.ended('bring@node2')).toMatchObject({ outcome: 'changed', told: 'told by node3: {"seen":"7"}' })
  })

  it('leaves no receipt: the nodes can be asked again', async () => {
    const cluster = memoryCluster(order)
    for (const name of order) cluster.node(name).things.set('runs', 'node1')
    await carry(outline(order, play(['node1'], [step('bring', bring(cluster))])), cluster)
    expect(cluster.keptReceipts('node1')).toEqual([])
  })
})
