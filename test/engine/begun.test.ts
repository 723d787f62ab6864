// An act that was begun and whose end nobody saw: it is marked on its node, and no foreign program is begun twice.
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { due, same } from '../../src/task/answers.ts'
import { task } from '../../src/task/task.ts'
import { carry, dryRun } from '../kit/carry.ts'
import { connectionLost, type MemoryCluster, memoryCluster } from '../kit/memory-cluster.ts'
import { held, outline, play, step } from '../kit/outlines.ts'
import { act, keep, theShelf } from '../kit/things.ts'

const one = ['node1']
const again = new Set(['test/act@node1'])
const onNode1 = (...nodes: Parameters<typeof play>[1]) => outline(one, play(one, nodes))
const anAct = step('Act', act, { args: { set: 'done' } })

/** The connection is lost in the middle of a command, which is carried out all the same, or not. */
const lose = (cluster: MemoryCluster, command: string) => {
  cluster.node('node1').meddle = script => {
    if (script !== command) return undefined
    cluster.node('node1').meddle = undefined
    throw connectionLost('node1')
  }
}

const cutOff = async (...nodes: Parameters<typeof play>[1]) => {
  const cluster = memoryCluster(one)
  lose(cluster, 'set done done')
  const first = await carry(onNode1(...nodes), cluster)
  expect(first.exitCode).toBe(7)
  expect([...cluster.node('node1').marks.keys()]).toEqual(['/var/lib/run/begun/test-cluster/test.act'])
  return { cluster, first }
}

describe('an act', () => {
  it('is marked on its node before it begins, and not any more once its end is known', async () => {
    const cluster = memoryCluster(one)
    let marked = 0
    cluster.node('node1').meddle = script => {
      if (script === 'set done done') marked = cluster.node('node1').marks.size
      return undefined
    }
    expect((await carry(onNode1(anAct), cluster)).exitCode).toBe(0)
    expect([marked, cluster.node('node1').marks.size]).toEqual([1, 0])
  })

  it('has no mark any more when it failed', async () => {
    const cluster = memoryCluster(one)
    cluster.node('node1').meddle = script => (script === 'set done done' ? { exitCode: 1 } : undefined)
    expect((await carry(onNode1(anAct), cluster)).exitCode).toBe(1)
    expect(cluster.node('node1').marks.size).toBe(0)
  })

  it('of a foreign program is not begun again, also not by another workstation, without the word of a person', async () => {
    const { cluster, first } = await cutOff(anAct)
    const second = await carry(onNode1(anAct), cluster)
    expect(second).toMatchObject({ exitCode: 7, deeds: [] })
    expect(second.problem('act@node1')).toMatchObject({
      code: 'end-unknown',
      seen: expect.stringContaining(`begun by run ${first.of('run-started')[0]?.run}`),
      help: expect.stringMatching(/--again test\/act@node1 .*\n--done test\/act@node1 /),
    })
    expect((await dryRun(onNode1(anAct), cluster)).problem('act@node1').code).toBe('end-unknown')
    expect(cluster.node('node1').marks.size).toBe(1)
    expect((await carry(onNode1(anAct), cluster, { again })).outcomes).toEqual({ 'act@node1': 'changed' })
    expect(cluster.node('node1').marks.size).toBe(0)
    expect(await carry(onNode1(anAct), cluster)).toMatchObject({ exitCode: 0, deeds: [] })
  })

  it('that a person found done is taken as done, with a receipt', async () => {
    const { cluster } = await cutOff(anAct)
    const { deeds, ended } = await carry(onNode1(anAct), cluster, { takenAsDone: again })
    expect(deeds).toEqual([])
    expect(ended('act@node1')).toMatchObject({ outcome: 'same', because: expect.stringContaining('a person says') })
    expect(cluster.keptReceipts('node1')).toHaveLength(1)
    expect(cluster.node('node1').marks.size).toBe(0)
    expect(await carry(onNode1(anAct), cluster)).toMatchObject({ exitCode: 0, deeds: [] })
  })

  it('that can be done over is, and knows that it was begun before', async () => {
    const heard: boolean[] = []
    const test = task({
      name: 'try',
      summary: 'Try something',
      args: z.object({}),
      async check({ proof, wasBegun }) {
        heard.push(wasBegun)
        const { stands, because } = await proof.stands()
        return stands ? same(because) : due(because)
      },
      async apply({ $, wasBegun }) {
        heard.push(wasBegun)
        await $`set done done`
      },
    })
    const { cluster } = await cutOff(step('Act', test))
    heard.splice(0)
    expect((await carry(onNode1(step('Act', test)), cluster)).outcomes).toEqual({ 'act@node1': 'changed' })
    expect(heard).toEqual([true, true, false])
    expect(cluster.node('node1').marks.size).toBe(0)
  })

  it('keeps the node after it from its turn', async () => {
    const cluster = memoryCluster(['node1', 'node2'])
    lose(cluster, 'set done done')
    const both = (hosts: readonly string[]) =>
      outline(cluster.order, play(hosts, [anAct], { strategy: 'failover', allHosts: cluster.order }))
    await carry(both(['node1']), cluster)
    const second = await carry(both(['node2']), cluster)
    expect(second.problem('act@node2')).toMatchObject({
      code: 'out-of-turn',
      seen: expect.stringContaining('began it, and nobody has seen its end'),
    })
  })

  it('keeps what is held around it, also when a later run holds it for something else', async () => {
    const book = step('Book', keep, { args: { key: 'shelf/book', value: 'read' } })
    const { cluster, first } = await cutOff(held(theShelf, anAct, book))
    expect(first.of('hold-failed').map(({ problem }) => problem.code)).toEqual(['hold-in-use'])
    expect(cluster.node('node1').hasShelf).toBe(true)
    const second = await carry(onNode1(held(theShelf, book)), cluster)
    expect(second).toMatchObject({ exitCode: 7, outcomes: { 'book@node1': 'changed' } })
    expect(cluster.node('node1').hasShelf).toBe(true)
    const third = await carry(onNode1(held(theShelf, anAct, book)), cluster, { again })
    expect(third.exitCode).toBe(0)
    expect(cluster.node('node1').hasShelf).toBe(false)
  })
})
