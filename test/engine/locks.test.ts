// One run at a time on a cluster: all its places are taken before the first step, and given back whatever happens.
import { describe, expect, it } from 'vitest'
import type { Owner } from '../../src/model/lock.ts'
import { Problem } from '../../src/model/problem.ts'
import { type CarryOptions, carry, dryRun, ownerOf } from '../kit/carry.ts'
import { type MemoryCluster, memoryCluster } from '../kit/memory-cluster.ts'
import { held, outline, play, step } from '../kit/outlines.ts'
import { keep, theShelf } from '../kit/things.ts'

const lamp = step('Lamp', keep, { args: { key: 'lamp', value: 'on' } })
const book = step('Book', keep, { args: { key: 'shelf/book', value: 'read' } })

const onAll = (cluster: MemoryCluster) => outline(cluster.order, play(cluster.order, [lamp]))

const directory = '/var/lib/run/locks/test-cluster'

const lock = (cluster: MemoryCluster, place: string, owner: Owner) => {
  if (place === 'this controller') cluster.controller.owners.set('/site/locks', JSON.stringify(owner))
  else cluster.node(place).owners.set(directory, JSON.stringify(owner))
}

/** Where a lock lies now, with its run. */
const locks = (cluster: MemoryCluster): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [cluster.controller, ...cluster.order.map(cluster.node)].flatMap(({ name, owners }) => {
      const owner = owners.get(name === 'this controller' ? '/site/locks' : directory)
      return owner === undefined ? [] : [[name, (JSON.parse(owner) as Owner).run]]
    }),
  )

const other = ownerOf('test-cluster', 'other', { machine: 'there', user: 'bob', controller: 'attic' })
const dead = ownerOf('test-cluster', 'dead')
const alive = ownerOf('test-cluster', 'alive', { pid: process.pid })

describe('a run', () => {
  it('has every place of the cluster while its steps go on, and none afterwards', async () => {
    const cluster = memoryCluster()
    let [during, atEnd] = [{}, {}]
    const run = await carry(outline(cluster.order, play(['node1'], [lamp])), cluster, {
      onEvent: ({ type }) => {
        if (type === 'step-intended') during = locks(cluster)
        if (type === 'run-ended') atEnd = locks(cluster)
      },
    })
    const own = run.of('run-started')[0]?.run
    expect(during).toEqual({ 'this controller': own, node1: own, node2: own, node3: own })
    expect(atEnd).toEqual({})
  })

  it('says where the lock could not be given back', async () => {
    const cluster = memoryCluster()
    const run = await carry(onAll(cluster), cluster, {
      onEvent({ type }) {
        if (type === 'step-ended') cluster.node('node2').isUp = false
      },
    })
    expect(run.of('notice').map(({ text }) => text)).toContain('the lock could not be given back (node2)')
  })

  it('sends nothing to a node before all of them are its own', async () => {
    const cluster = memoryCluster()
    const { log } = await carry(onAll(cluster), cluster)
    expect(log.slice(0, log.indexOf('event cluster-locked')).filter(line => line.startsWith('node'))).toEqual([])
  })

  it.each<[string, CarryOptions]>([
    ['a step has failed', {}],
    ['it was interrupted', { isStopping: () => true }],
  ])('gives the cluster back when %s', async (_, options) => {
    const cluster = memoryCluster()
    cluster.node('node1').meddle = script => (script.startsWith('set') ? { exitCode: 1 } : undefined)
    const { exitCode } = await carry(onAll(cluster), cluster, options)
    expect(exitCode).not.toBe(0)
    expect(locks(cluster)).toEqual({})
  })

  it.each(['run-started', 'play-started'])('gives the cluster back when %s cannot be written', async which => {
    const cluster = memoryCluster()
    const run = carry(onAll(cluster), cluster, {
      onEvent: ({ type }) => {
        if (type === which || type === 'run-ended') throw new Error('no space left on device')
      },
    })
    await expect(run).rejects.toThrow('no space left')
    expect(locks(cluster)).toEqual({})
  })

  it('goes on without the lock of a node that cannot be reached, and says so', async () => {
    const cluster = memoryCluster()
    cluster.node('node3').isUp = false
    const run = await carry(outline(cluster.order, play(['node1'], [lamp])), cluster)
    expect(run.exitCode).toBe(0)
    expect(run.of('notice').map(({ text }) => text)).toEqual([
      'node3 could not be locked: nothing keeps another run away from it',
    ])
  })

  it('does nothing on a node that cannot keep a lock', async () => {
    const cluster = memoryCluster(['node1'])
    cluster.node('node1').meddle = script =>
      script.includes('# lock take') ? { stdout: 'lock failed mkdir: no space left' } : undefined
    const run = await carry(onAll(cluster), cluster)
    expect(run).toMatchObject({ exitCode: 1, deeds: [] })
    expect(run.of('run-ended')[0]?.problem).toMatchObject({ code: 'lock-not-taken', seen: 'mkdir: no space left' })
  })
})

describe('another run that has', () => {
  it.each(['this controller', 'node1', 'node2', 'node3'])('%s keeps a run from the whole cluster', async place => {
    const cluster = memoryCluster()
    lock(cluster, place, alive)
    const run = await carry(onAll(cluster), cluster)
    expect(run).toMatchObject({ exitCode: 4, deeds: [], outcomes: {} })
    expect(run.of('run-ended')[0]?.problem).toMatchObject({
      code: 'locked',
      summary: 'Run alive has the cluster test-cluster',
      seen: `${place}: ada@desk since 2026-11-23T06:12:00.000Z, last heartbeat 1s ago: run playbook alive`,
      state: 'nothing was touched',
    })
    // What this run had taken by then it has given back.
    expect(locks(cluster)).toEqual({ [place]: 'alive' })
  })

  it('the controller is met before anything connects', async () => {
    const cluster = memoryCluster()
    lock(cluster, 'this controller', alive)
    expect((await carry(onAll(cluster), cluster)).of('host-connected')).toEqual([])
  })

  it('all nodes is told once, in the order of the nodes', async () => {
    const cluster = memoryCluster()
    for (const node of ['node3', 'node1']) lock(cluster, node, alive)
    const run = await carry(onAll(cluster), cluster)
    expect(run.of('run-ended')[0]?.problem?.seen).toMatch(/^node1, node3: ada@desk[^\n]+$/)
  })

  it('some of them only for a moment, since it began at once, does not keep the one that has the first node', async () => {
    const cluster = memoryCluster()
    lock(cluster, 'node2', other)
    setTimeout(() => cluster.node('node2').owners.delete(directory), 300)
    const run = await carry(onAll(cluster), cluster)
    expect(run.exitCode).toBe(0)
    expect(locks(cluster)).toEqual({})
  })
})

describe('a lock that says of nobody that it is theirs', () => {
  it.each(['this controller', 'node2'])(
    'is looked at once more, on %s: its owner may be about to write it',
    async place => {
      const cluster = memoryCluster()
      const { owners } = place === 'this controller' ? cluster.controller : cluster.node(place)
      const where = place === 'this controller' ? '/site/locks' : directory
      owners.set(where, '')
      setTimeout(() => owners.delete(where), 100)
      expect((await carry(onAll(cluster), cluster)).exitCode).toBe(0)
      owners.set(where, '')
      const refused = await carry(onAll(cluster), cluster)
      expect(refused.of('run-ended')[0]?.problem?.summary).toContain('its lock does not say who')
    },
  )
})

describe('a dead run', () => {
  it('of this controller is taken over from, and that is told', async () => {
    const cluster = memoryCluster()
    for (const place of ['this controller', 'node1', 'node3']) lock(cluster, place, dead)
    const run = await carry(onAll(cluster), cluster)
    expect(run.exitCode).toBe(0)
    expect(run.of('notice').map(({ text }) => text)).toEqual([
      'run dead of ada@desk is dead; its lock is taken over (this controller, node1, node3)',
    ])
    expect(locks(cluster)).toEqual({})
  })

  it('of another controller is left to a person, who is told how to go on', async () => {
    const cluster = memoryCluster()
    lock(cluster, 'node2', other)
    cluster.node('node2').silentForS = 600
    const run = await carry(onAll(cluster), cluster)
    expect(run).toMatchObject({ exitCode: 4, deeds: [] })
    expect(run.of('run-ended')[0]?.problem).toMatchObject({
      summary: 'Run other has the cluster test-cluster, and seems dead',
      seen: 'node2: bob@attic since 2026-11-23T06:12:00.000Z, last heartbeat 10m ago: run playbook other',
      help: 'make sure that it does not go on (ask bob@attic, process 4711), then: run lock break',
    })
    expect(locks(cluster)).toEqual({ node2: 'other' })
  })
})

describe('a dry run', () => {
  it('takes no lock, and tells whose it saw', async () => {
    const cluster = memoryCluster()
    for (const node of ['node3', 'node1']) lock(cluster, node, other)
    const before = cluster.picture()
    const run = await dryRun(onAll(cluster), cluster)
    expect(run.exitCode).toBe(0)
    expect(run.of('notice').map(({ text }) => text)).toEqual([
      'run other of bob@attic has the cluster (node1, node3): what is seen here may move',
    ])
    expect(cluster.picture()).toBe(before)
  })
})

describe('a lock that somebody has broken', () => {
  it('ends the run after the step at hand: the cluster is not its own any more', async () => {
    const cluster = memoryCluster(['node1', 'node2'])
    cluster.node('node1').meddle = script => {
      if (!script.startsWith('set')) return undefined
      cluster.node('node2').owners.clear()
      cluster.node('node1').things.set('lamp', 'on')
      return new Promise(resolve => setTimeout(() => resolve({}), 100))
    }
    const run = await carry(onAll(cluster), cluster, { locking: { beatMs: 10 }, forks: 1 })
    expect(run.exitCode).toBe(1)
    expect(run.outcomes).toEqual({ 'lamp@node1': 'changed' })
    expect(run.of('run-ended')[0]?.problem).toMatchObject({ code: 'lock-lost', seen: 'no lock of this run (node2)' })
    expect(locks(cluster)).toEqual({})
  })
})

describe('what a run left', () => {
  const mark = '/var/lib/run/holds/test-cluster/shelf'
  const onNode1 = (cluster: MemoryCluster, ...steps: Parameters<typeof held>[1][]) =>
    outline(cluster.order, play(['node1'], [held(theShelf, ...steps)]))

  it('is marked with its name while it is held', async () => {
    const cluster = memoryCluster()
    let during: string | undefined
    const run = await carry(onNode1(cluster, book), cluster, {
      onEvent: ({ type }) => {
        if (type === 'hold-acquired') during = cluster.node('node1').owners.get(mark)
      },
    })
    expect(JSON.parse(during ?? '{}')).toMatchObject({ run: run.of('run-started')[0]?.run })
    expect(cluster.node('node1').owners.has(mark)).toBe(false)
  })

  it('is marked on the node after the journal has that it is wanted, and before it is taken', async () => {
    const cluster = memoryCluster()
    const seen: string[] = []
    const note = (what: string) =>
      seen.push(`${what}: ${cluster.node('node1').owners.has(mark) ? 'marked' : 'no mark'}`)
    cluster.node('node1').meddle = script => (script === 'fetch' ? void note('taken') : undefined)
    await carry(onNode1(cluster, book), cluster, { onEvent: ({ type }) => type === 'hold-intended' && note(type) })
    expect(seen).toEqual(['hold-intended: no mark', 'taken: marked'])
  })

  it('is nothing where no mark can be written: it is not taken, and the journal has nothing open', async () => {
    const cluster = memoryCluster()
    const owners = cluster.node('node1').owners
    const set = owners.set.bind(owners)
    owners.set = (path, text) => {
      if (path.includes('/holds/')) throw new Problem({ code: 'connection-lost', summary: 'lost', exit: 7 })
      return set(path, text)
    }
    const run = await carry(onNode1(cluster, book), cluster)
    expect(run.deeds).toEqual([])
    expect(run.log.filter(line => line.includes('event hold-'))).toEqual([
      'event hold-intended node1',
      'event hold-released node1',
    ])
    expect(run.problem('book@node1').state).toBe('the shelf was not taken on node1')
  })

  it.each([
    ['is given back by the next run that comes there', dead.token, false],
    ['stays where somebody else has taken it since', other.token, true],
    ['stays where its mark is gone', undefined, true],
  ])('%s', async (_, token, stays) => {
    const cluster = memoryCluster()
    await carry(onNode1(cluster, book), cluster)
    cluster.node('node1').hasShelf = true
    if (token !== undefined) cluster.node('node1').owners.set(mark, JSON.stringify({ ...dead, token }))
    const run = await carry(onNode1(cluster, book), cluster, { leftHeld: () => [dead.token] })
    expect(run.exitCode).toBe(0)
    expect(cluster.node('node1').hasShelf).toBe(stays)
  })

  it('cannot be given back: then no other node goes on, in a linear play neither', async () => {
    const cluster = memoryCluster(['node1', 'node2'])
    cluster.node('node1').meddle = script => (script === 'return' ? {} : undefined)
    const run = await carry(outline(cluster.order, play(cluster.order, [held(theShelf, book), lamp])), cluster)
    expect(run.exitCode).toBe(1)
    expect(run.deeds.filter(deed => deed.startsWith('node2') || deed.includes('lamp'))).toEqual([])
  })
})

it('what a hold sends is in the journal, as what a step sends is', async () => {
  const cluster = memoryCluster()
  const run = await carry(outline(cluster.order, play(['node1'], [held(theShelf, book)])), cluster)
  expect(run.of('command').map(event => [('hold' in event && event.hold) || '-', event.script])).toEqual([
    ['shelf', 'fetch'],
    ['-', 'set shelf/book read'],
    ['shelf', 'return'],
  ])
})
