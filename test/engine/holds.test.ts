// A hold: taken by one node when a step needs it, after every node was asked; given back whatever happens.
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Problem } from '../../src/model/problem.ts'
import { same } from '../../src/task/answers.ts'
import { type HoldState, hold } from '../../src/task/hold.ts'
import { task } from '../../src/task/task.ts'
import { type CarryOptions, carry, dryRun } from '../kit/carry.ts'
import { connectionLost, type MemoryCluster, memoryCluster } from '../kit/memory-cluster.ts'
import { held, outline, play, step } from '../kit/outlines.ts'
import { act, keep, shelf, theShelf, thing } from '../kit/things.ts'

const book = step('Book', keep, { args: { key: 'shelf/book', value: 'read' } })

const onNode1 = (cluster: MemoryCluster, ...steps: Parameters<typeof held>[1][]) =>
  outline(cluster.order, play(['node1'], [held(theShelf, ...steps)]))

const free: HoldState = { held: false, because: 'nobody holds it' }

const holdEvents = (log: readonly string[]) => log.filter(line => line.includes('event hold-'))

describe('a hold', () => {
  it('is taken when a step is due, after all were asked; the step looks again, and then it is given back', async () => {
    const cluster = memoryCluster()
    const { log, exitCode } = await carry(onNode1(cluster, book), cluster)
    expect(exitCode).toBe(0)
    const from = log.indexOf('event step-started book@node1')
    expect(log.slice(from)).toEqual([
      'event step-started book@node1',
      // Nobody sees the shelf yet: it is presumed untouched, and no command is sent.
      'event step-checked book@node1',
      'node1: shelf',
      'node2: shelf',
      'node3: shelf',
      'event hold-intended node1',
      'node1: fetch',
      'event command node1',
      // Asked once more, of all: somebody else may have taken it in between.
      'node1: shelf',
      'node2: shelf',
      'node3: shelf',
      'event hold-acquired node1',
      'node1: see shelf/book',
      'event step-checked book@node1',
      'event step-intended book@node1',
      'node1: set shelf/book read',
      'event command book@node1',
      'node1: see shelf/book',
      'event step-checked book@node1',
      'event receipt-written',
      'event step-ended book@node1',
      'node1: return',
      'event command node1',
      'node1: shelf',
      'event hold-released node1',
      'event run-ended',
    ])
    expect(cluster.shelf.get('shelf/book')).toBe('read')
  })

  it('is refused for the same reason each time, whichever node answers first', async () => {
    const late = hold({
      ...theShelf,
      args: z.any(),
      async look({ world: { host } }) {
        if (host === 'node2') await new Promise(resolve => setTimeout(resolve, 20))
        throw new Problem({ code: `fault-of-${host}`, summary: `a fault of ${host}` })
      },
    })
    const cluster = memoryCluster()
    const others = hold({
      ...late,
      args: z.any(),
      look: async asked => (asked.world.host === 'node1' ? free : late.look(asked)),
    })
    const run = await dryRun(outline(cluster.order, play(['node1'], [held(others, book)])), cluster)
    expect(run.problem('book@node1').code).toBe('fault-of-node2')
  })

  it('is refused in a dry run as in a run, where the node could not take it now', async () => {
    const obstacle = new Problem({ code: 'no-ladder', summary: 'nobody reaches it' })
    const high = hold({
      ...theShelf,
      args: z.any(),
      look: async () => ({ held: false, because: 'up there', obstacle }),
    })
    const way = () => outline(['node1'], play(['node1'], [held(high, book)]))
    for (const end of [await dryRun(way(), memoryCluster()), await carry(way(), memoryCluster())])
      expect(end.problem('book@node1')).toMatchObject({ code: 'no-ladder', host: 'node1' })
  })

  it('is not taken where nothing is due, and nobody is asked', async () => {
    const cluster = memoryCluster()
    await carry(onNode1(cluster, book), cluster)
    cluster.node('node3').isUp = false
    const second = await carry(onNode1(cluster, book), cluster)
    expect(second).toMatchObject({ exitCode: 0, outcomes: { 'book@node1': 'same' }, deeds: [] })
    expect(second.ended('book@node1').evidence).toBe('attested')
    expect(holdEvents(second.log)).toEqual([])
  })

  it('is taken once for all the steps inside', async () => {
    const cluster = memoryCluster()
    const other = step('Other', keep, { args: { key: 'shelf/other', value: '1' } })
    const { deeds } = await carry(onNode1(cluster, book, other), cluster)
    expect(deeds).toEqual(['node1: fetch', 'node1: set shelf/book read', 'node1: set shelf/other 1', 'node1: return'])
  })

  it('is taken before a presumption is believed: what nobody vouches for is looked at', async () => {
    const cluster = memoryCluster()
    cluster.shelf.set('shelf/book', 'read')
    const away = step('Away', keep, { args: { key: 'shelf/book', value: '' } })
    const run = await carry(onNode1(cluster, away), cluster)
    expect(run.outcomes).toEqual({ 'away@node1': 'changed' })
    expect(cluster.shelf.get('shelf/book')).toBe('')
  })

  it('is given back after a failure', async () => {
    const cluster = memoryCluster()
    cluster.node('node1').meddle = script => (script.startsWith('set') ? { exitCode: 1 } : undefined)
    const run = await carry(onNode1(cluster, book), cluster)
    expect(run).toMatchObject({ exitCode: 1, outcomes: { 'book@node1': 'failed' } })
    expect(run.deeds).toEqual(['node1: fetch', 'node1: set shelf/book read', 'node1: return'])
  })

  it('is not taken any more once the run is to stop', async () => {
    const cluster = memoryCluster()
    let isStopping = false
    const run = await carry(onNode1(cluster, book), cluster, {
      isStopping: () => isStopping,
      onEvent: ({ type }) => {
        isStopping ||= type === 'step-started'
      },
    })
    expect(run).toMatchObject({ exitCode: 130, outcomes: { 'book@node1': 'not-reached' }, deeds: [] })
  })

  it('is given back after an interrupt', async () => {
    const cluster = memoryCluster()
    let isStopping = false
    const other = step('Other', keep, { args: { key: 'shelf/other', value: '1' } })
    const run = await carry(onNode1(cluster, book, other), cluster, {
      isStopping: () => isStopping,
      onEvent: ({ type }) => {
        isStopping ||= type === 'step-intended'
      },
    })
    expect(run.exitCode).toBe(130)
    expect(run.deeds).toEqual(['node1: fetch', 'node1: set shelf/book read', 'node1: return'])
  })

  it('is given back when the run itself breaks, such as by a journal that cannot be written', async () => {
    const cluster = memoryCluster()
    let isFull = false
    const run = carry(onNode1(cluster, book), cluster, {
      onEvent: ({ type }) => {
        isFull ||= type === 'step-intended'
        if (isFull) throw new Error('no space left on device')
      },
    })
    await expect(run).rejects.toThrow('no space left')
    expect(cluster.node('node1').hasShelf).toBe(false)
    expect(cluster.commands).not.toContain('node1: set shelf/book read')
  })

  it('is given back when taking it went wrong half-way', async () => {
    const cluster = memoryCluster()
    const { fetched } = { fetched: { ...theShelf } }
    fetched.acquire = async ({ $ }) => {
      await $`fetch`
      await $`set address 1`
    }
    cluster.node('node1').meddle = script => (script.startsWith('set address') ? { exitCode: 2 } : undefined)
    const run = await carry(outline(cluster.order, play(['node1'], [held(fetched, book)])), cluster)
    expect(run).toMatchObject({ exitCode: 1, outcomes: { 'book@node1': 'failed' } })
    expect(cluster.node('node1').hasShelf).toBe(false)
    expect(run.deeds).toEqual(['node1: fetch', 'node1: set address 1', 'node1: return'])
  })

  it('stays with the node where it was told to, and says so', async () => {
    const cluster = memoryCluster()
    const run = await carry(onNode1(cluster, book), cluster, { keepHolds: true })
    expect(holdEvents(run.log).at(-1)).toBe('event hold-kept node1')
    expect(cluster.node('node1').hasShelf).toBe(true)
  })

  it('that another node takes at the same time is given back before anything is done', async () => {
    const cluster = memoryCluster()
    cluster.node('node1').meddle = script => {
      if (script === 'fetch') cluster.node('node2').hasShelf = true
      return undefined
    }
    const run = await carry(onNode1(cluster, book), cluster)
    expect(run.problem('book@node1').code).toBe('held-by-another-node')
    expect(run.deeds).not.toContain('node1: set shelf/book read')
    expect(cluster.node('node1').hasShelf).toBe(false)
  })

  it('that the first node has already is foretold as given back, before the next node asks', async () => {
    const order = ['node1', 'node2']
    const both = outline(order, play(order, [held(theShelf, book)], { strategy: 'failover' }))
    const cluster = memoryCluster(order)
    cluster.node('node1').hasShelf = true
    const foretold = await dryRun(both, cluster)
    expect(foretold).toMatchObject({ exitCode: 0, deeds: [] })
    expect(foretold.outcomes).toEqual({ 'book@node1': 'would-change', 'book@node2': 'same' })
  })

  it('that the node has already is told, not taken twice, and given back', async () => {
    const cluster = memoryCluster()
    cluster.node('node1').hasShelf = true
    const run = await carry(onNode1(cluster, book), cluster)
    expect(run.of('notice').map(({ text }) => text)).toEqual(['node1 holds the shelf already: the shelf is here'])
    expect(run.deeds).toEqual(['node1: set shelf/book read', 'node1: return'])
  })

  it('that is there only in part is completed before a step goes on', async () => {
    const cluster = memoryCluster(['node1'])
    cluster.node('node1').things.set('address', '1')
    const twofold = twofoldHold()
    const run = await carry(outline(cluster.order, play(['node1'], [held(twofold, book)])), cluster)
    expect(run).toMatchObject({ exitCode: 0, outcomes: { 'book@node1': 'changed' } })
    expect(cluster.shelf.get('shelf/book')).toBe('read')
    expect(cluster.node('node1').things.has('shelf/book')).toBe(false)
  })

  it('goes from node to node, and no two have it at once', async () => {
    const cluster = memoryCluster()
    const steps = [held(theShelf, step('Act', act, { args: { set: 'done' } }))]
    let most = 0
    const run = await carry(outline(cluster.order, play(cluster.order, steps)), cluster, {
      onEvent: () => {
        most = Math.max(most, cluster.order.filter(host => cluster.node(host).hasShelf).length)
      },
    })
    expect(run.exitCode).toBe(0)
    expect(most).toBe(1)
    expect(run.deeds).toEqual(
      cluster.order.flatMap(host => [`${host}: fetch`, `${host}: set done done`, `${host}: return`]),
    )
  })
})

/** A hold of two things: the shelf, and an address. */
const twofoldHold = () =>
  hold({
    name: 'shelf',
    summary: 'Hold the shelf and its address',
    args: z.object({}),
    provides: theShelf.provides,
    async look({ world }): Promise<HoldState> {
      const parts = [(await world.look(shelf('shelf'))) === 'here', (await world.look(thing('address'))) === '1']
      return { held: parts.includes(true), isWhole: !parts.includes(false), because: JSON.stringify(parts) }
    },
    async acquire({ $ }) {
      await $`fetch`
      await $`set address 1`
    },
    async release({ $ }) {
      await $`return`
      await $`set address ''`
    },
  })

describe('what blocks a hold', () => {
  const refusal = async (cluster: MemoryCluster, options: CarryOptions = {}) => {
    const run = await carry(onNode1(cluster, book), cluster, options)
    expect(run.deeds).toEqual([])
    return { run, problem: run.problem('book@node1') }
  }

  it('another node that holds it, also one that this run does not touch', async () => {
    const cluster = memoryCluster()
    cluster.node('node3').hasShelf = true
    const { run, problem } = await refusal(cluster)
    expect(run.exitCode).toBe(1)
    expect(problem).toEqual({
      code: 'held-by-another-node',
      summary: 'node1 cannot take the shelf: node3 holds it',
      host: 'node1',
      step: 'test/book@node1',
      span: expect.anything(),
      seen: 'node3: the shelf is here',
      wanted: 'no other node of the failover list holds it',
      state: 'the shelf was not taken on node1',
      help: 'find out who uses it on node3, and release it there',
    })
  })

  it('a node that cannot be asked', async () => {
    const cluster = memoryCluster()
    cluster.node('node3').isUp = false
    const { run, problem } = await refusal(cluster)
    expect(run.exitCode).toBe(6)
    expect(problem).toEqual({
      code: 'holder-unknown',
      summary: 'node3 cannot be asked whether it holds the shelf, so node1 may not take it',
      host: 'node1',
      step: 'test/book@node1',
      span: expect.anything(),
      seen: 'node3 cannot be reached',
      wanted: 'an answer from every node of the failover list',
      state: 'the shelf was not taken on node1',
      help: 'bring node3 up, or make sure that it is off or holds nothing and say so: --assume-released node3 --reason "…"',
      exit: 6,
    })
  })

  it('a node whose connection goes away while it is asked', async () => {
    const cluster = memoryCluster()
    cluster.node('node2').meddle = script => {
      if (script === 'shelf') throw connectionLost('node2')
      return undefined
    }
    const { run, problem } = await refusal(cluster)
    expect(problem).toMatchObject({ code: 'holder-unknown', seen: 'The connection to node2 was lost' })
    // Nothing was sent that could have changed anything, so the outcome is known.
    expect(run).toMatchObject({ exitCode: 6, outcomes: { 'book@node1': 'failed' } })
  })

  it('a node that stands in the way is named, and not the one that asks', async () => {
    const cluster = memoryCluster()
    const strict = { ...theShelf }
    strict.look = async context => {
      if (context.world.host === 'node2') throw new Problem({ code: 'wrong-shelf', summary: 'Another shelf is there' })
      return theShelf.look(context)
    }
    const run = await carry(outline(cluster.order, play(['node1'], [held(strict, book)])), cluster)
    expect(run.problem('book@node1')).toMatchObject({ code: 'wrong-shelf', host: 'node2', step: 'test/book@node1' })
  })

  it('is not let pass by ignore_errors', async () => {
    const cluster = memoryCluster()
    cluster.node('node3').hasShelf = true
    const ignoring = { ...book, ignoreErrors: true }
    const run = await carry(onNode1(cluster, ignoring), cluster)
    expect(run).toMatchObject({ exitCode: 1, deeds: [] })
  })
})

describe('a node that cannot be asked, and of which a person says that it holds nothing', () => {
  const assumeReleased = new Map([['node3', 'its power is off']])

  it('is taken at this word, which is written down', async () => {
    const cluster = memoryCluster()
    cluster.node('node3').isUp = false
    const run = await carry(onNode1(cluster, book), cluster, { assumeReleased })
    expect(run).toMatchObject({ exitCode: 0, outcomes: { 'book@node1': 'changed' } })
    expect(run.of('released-assumed')).toMatchObject([{ host: 'node3', reason: 'its power is off' }])
    expect(run.log.indexOf('event released-assumed node3')).toBeLessThan(run.log.indexOf('node1: fetch'))
  })

  it('is asked all the same where it answers, and its answer counts', async () => {
    const cluster = memoryCluster()
    cluster.node('node3').hasShelf = true
    const run = await carry(onNode1(cluster, book), cluster, { assumeReleased })
    expect(run.problem('book@node1').code).toBe('held-by-another-node')
    expect(run.of('released-assumed')).toEqual([])
  })

  it('says nothing about another node', async () => {
    const cluster = memoryCluster()
    cluster.node('node2').isUp = false
    const run = await carry(onNode1(cluster, book), cluster, { assumeReleased })
    expect(run.problem('book@node1').code).toBe('holder-unknown')
  })
})

describe('a hold that is not proved', () => {
  it.each([
    ['taken', 'fetch', 'hold-not-taken', 'node1 holds it'],
    ['given back', 'return', 'hold-not-released', 'node1 holds it no more'],
  ])('when it was %s stops everything that comes after', async (_, command, code, wanted) => {
    const cluster = memoryCluster()
    cluster.node('node1').meddle = script => (script === command ? {} : undefined)
    const steps = [held(theShelf, book), step('After', keep, { args: { key: 'after', value: '1' } })]
    const run = await carry(outline(cluster.order, play(cluster.order, steps, { strategy: 'failover' })), cluster)
    expect(run.exitCode).toBe(1)
    expect(run.of('run-ended')[0]?.problem).toMatchObject({ code, wanted, host: 'node1' })
    expect(run.deeds.join()).not.toContain('after')
    expect(run.deeds.join()).not.toContain('node2')
  })
})

describe('a dry run', () => {
  it('asks every node and takes nothing', async () => {
    const cluster = memoryCluster()
    const before = cluster.picture()
    const run = await dryRun(onNode1(cluster, book), cluster)
    expect(run).toMatchObject({ exitCode: 0, deeds: [], outcomes: { 'book@node1': 'would-change' } })
    expect(run.ended('book@node1').evidence).toBe('predicted')
    expect(run.log.filter(line => line.endsWith(': shelf'))).toEqual(
      expect.arrayContaining(cluster.order.map(host => `${host}: shelf`)),
    )
    expect(holdEvents(run.log)).toEqual([])
    expect(cluster.picture()).toBe(before)
  })

  it('foretells that the hold would be refused', async () => {
    const cluster = memoryCluster()
    cluster.node('node2').hasShelf = true
    const run = await dryRun(onNode1(cluster, book), cluster)
    expect(run.problem('book@node1').code).toBe('held-by-another-node')
    expect(run.exitCode).toBe(1)
  })
})

describe('a step inside a hold that looks at the node itself', () => {
  it('sees the node, without the hold', async () => {
    const cluster = memoryCluster()
    const looking = task({
      name: 'look',
      summary: 'Look at one thing of the node',
      args: z.object({}),
      check: async ({ world }) => same(`it is ${await world.look(thing('lamp'))}`),
      apply: async () => {},
    })
    cluster.node('node1').things.set('lamp', 'on')
    const run = await carry(onNode1(cluster, step('Look', looking)), cluster)
    expect(run.ended('look@node1')).toMatchObject({ because: 'it is on', evidence: 'exact' })
    expect(run.deeds).toEqual([])
  })
})
