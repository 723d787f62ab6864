// Steps are looked at before their turn; what was seen early counts only while nothing has changed.
import { describe, expect, it } from 'vitest'
import { createLookAhead, type Sight } from '../../src/engine/look-ahead.ts'
import { type ExitCode, exitCodes, Problem } from '../../src/model/problem.ts'
import type { WithHolds } from '../../src/plan/outline.ts'
import { change, differs, same } from '../../src/task/answers.ts'
import { entry, output, self } from '../../src/task/kinds/index.ts'
import type { Ref } from '../../src/task/resource.ts'
import type { Task } from '../../src/task/task.ts'
import { carry, dryRun } from '../kit/carry.ts'
import { memoryCluster } from '../kit/memory-cluster.ts'
import { held, outline, play, step } from '../kit/outlines.ts'
import { act, keep, theShelf, thing } from '../kit/things.ts'

const one = ['node1']

const things = (count: number) => Array.from({ length: count }, (_, n) => `t${n + 1}`)
const keepAll = (keys: readonly string[]) => keys.map(key => step(`Keep ${key}`, keep, { args: { key, value: 'on' } }))
const whole = (cluster: ReturnType<typeof memoryCluster>, keys: readonly string[]) => {
  for (const key of keys) cluster.node('node1').things.set(key, 'on')
}
const seen = (commands: readonly string[]) => commands.filter(line => line.includes('see '))

describe('a finished node', () => {
  it('is asked about all steps before the first of them is done, once each', async () => {
    const cluster = memoryCluster(one)
    const keys = things(12)
    whole(cluster, keys)
    const { log } = await carry(outline(one, play(one, keepAll(keys))), cluster)
    expect(seen(cluster.commands)).toEqual(keys.map(key => `node1: see ${key}`))
    const firstEnd = log.findIndex(line => line.startsWith('event step-ended'))
    expect(seen(log.slice(0, firstEnd))).toHaveLength(keys.length)
  })

  it('is asked about the steps of the plays to come, and about those of a hold that needs not be taken', async () => {
    const cluster = memoryCluster(one)
    const keys = things(4)
    whole(cluster, keys)
    const [a, b, c, d] = keepAll(keys) as [ReturnType<typeof step>, ...ReturnType<typeof step>[]]
    const plays = [play(one, [a, held(theShelf, b as never)]), play(one, [c as never, d as never])]
    const { log } = await dryRun(outline(one, ...plays), cluster)
    const secondPlay = log.lastIndexOf('event play-started')
    expect(seen(log.slice(0, secondPlay)).sort()).toEqual(keys.map(key => `node1: see ${key}`))
  })
})

describe('a step that was carried out', () => {
  it('is looked at again while the next one is looked at already', async () => {
    const cluster = memoryCluster(one)
    cluster.node('node1').things.set('b', 'on')
    const { log } = await carry(outline(one, play(one, keepAll(['a', 'b']))), cluster)
    const done = log.findIndex(line => line.includes('set a on'))
    const next = log.findIndex((line, at) => at > done && line.includes('see b'))
    const end = log.findIndex(line => line.startsWith('event step-ended'))
    expect([done, next, end].every(at => at >= 0) && next < end).toBe(true)
  })
})

describe('a look under which the connection is lost', () => {
  const problem = (code: string, exit: ExitCode) => new Problem({ code, summary: code, exit })
  const lost = () => Promise.reject(problem('connection-lost', exitCodes.unknown))
  const gone = () => Promise.reject(problem('host-unreachable', exitCodes.unreachable))

  const carryWith = async (answers: readonly (() => Promise<never>)[]) => {
    const cluster = memoryCluster(one)
    let isDone = false
    const left = [...answers]
    cluster.node('node1').meddle = script => {
      if (script === 'set a on') isDone = true
      return isDone && script === 'see a' ? left.shift()?.() : undefined
    }
    const { events } = await carry(outline(one, play(one, keepAll(['a']))), cluster)
    return events.findLast(event => event.type === 'step-ended')
  }

  it('is made again over a new one', async () => {
    expect(await carryWith([lost])).toMatchObject({ outcome: 'changed' })
  })

  it('leaves unknown what was done, where there is no new one', async () => {
    expect(await carryWith([lost, gone])).toMatchObject({ outcome: 'unknown', problem: { code: 'connection-lost' } })
  })
})

describe('what a step asked for before', () => {
  const names = (...keys: readonly string[]) => keys.map(key => ({ kind: 'file', key }))

  it.each([
    ['is asked for again at once', names('/other'), names('/a', '/b', '/c')],
    ['is not where it was asked for behind a thing that is another now', names('/b'), names('/a', '/b')],
    ['is where it was to be changed too', names('/a', '/c'), names('/a', '/c')],
  ])('%s', (_, changed, again) => {
    const ahead = createLookAhead(() => 0)
    for (const host of ['node1', 'node2']) ahead.asked('test/x', host, names('/a', '/b', '/c'))
    ahead.changed('node1', changed)
    expect(ahead.askedBy('test/x', 'node1')).toEqual(again)
    expect(ahead.askedBy('test/x', 'node2')).toEqual(names('/a', '/b', '/c'))
  })
})

describe('what was seen early', () => {
  it('does not count after a change: a step sees what the one before it has made', async () => {
    const cluster = memoryCluster(one)
    const both: Task = {
      ...keep,
      async apply({ $ }) {
        await $`set a on`
        await $`set b on` // told nobody
      },
    }
    const steps = [
      step('A', both, { args: { key: 'a', value: 'on' } }),
      step('B', keep, { args: { key: 'b', value: 'on' } }),
    ]
    const { events } = await carry(outline(one, play(one, steps)), cluster)
    const ends = events.flatMap(event => (event.type === 'step-ended' ? [[event.step, event.outcome]] : []))
    expect(ends).toEqual([
      ['test/a', 'changed'],
      ['test/b', 'same'],
    ])
  })

  it('does not count after an act on another node', async () => {
    const cluster = memoryCluster(['node1', 'node2'])
    cluster.node('node1').meddle = script => {
      if (script === 'set bell rung') cluster.node('node2').things.set('lamp', 'broken')
      return undefined
    }
    cluster.node('node2').things.set('lamp', 'on')
    const steps = [
      step('Ring', act, { args: { set: 'bell', to: 'rung' }, selected: one }),
      step('Lamp', keep, { args: { key: 'lamp', value: 'on' }, selected: ['node2'] }),
    ]
    const { events } = await carry(outline(cluster.order, play(cluster.order, steps)), cluster)
    expect(seen(cluster.commands).slice(0, 2)).toEqual(['node2: see lamp', 'node2: see lamp'])
    expect(events.findLast(event => event.type === 'step-ended')).toMatchObject({ host: 'node2', outcome: 'changed' })
  })

  it('that could not be seen is looked at again by the step, and told there', async () => {
    const cluster = memoryCluster(one)
    let times = 0
    cluster.node('node1').meddle = script => {
      if (script !== 'see b') return undefined
      times += 1
      return times === 1 ? { exitCode: 1, stderr: 'not yet' } : undefined
    }
    const { events } = await carry(outline(one, play(one, keepAll(['a', 'b']))), cluster)
    expect(events.filter(event => event.type === 'step-ended' && event.outcome !== 'changed')).toEqual([])
  })

  it('is not told to anybody: each step is checked once, in its turn', async () => {
    const cluster = memoryCluster(one)
    const { events } = await dryRun(outline(one, play(one, keepAll(things(3)))), cluster)
    const told = events.flatMap(event => ('step' in event ? [`${event.type} ${event.step}`] : []))
    expect(told).toEqual(
      [1, 2, 3].flatMap(n => ['step-started', 'step-checked', 'step-ended'].map(type => `${type} test/keep-t${n}`)),
    )
  })

  it('is seen once by a check that asks twice: what it sees is of one moment', async () => {
    const cluster = memoryCluster(one)
    const asksTwice: Task = {
      ...keep,
      async check({ world }) {
        const [first, second] = [await world.look(thing('lamp')), await world.look(thing('lamp'))]
        return first === second ? same('it stays') : differs(change(thing('lamp'), first, 'on'))
      },
    }
    let times = 0
    cluster.node('node1').meddle = script => (script === 'see lamp' ? { stdout: `${++times}` } : undefined)
    const steps = [
      step('First', keep, { args: { key: 'a', value: '' } }),
      step('Asks twice', asksTwice, { args: { key: 'lamp', value: 'on' } }),
    ]
    const { events } = await dryRun(outline(one, play(one, steps)), cluster)
    expect(events.findLast(event => event.type === 'step-ended')).toMatchObject({ outcome: 'same' })
    expect(times).toBe(1)
  })
})

describe('looks that were made early', () => {
  const ref = thing('a')
  const at: Sight = { home: 'node1', host: 'node1', by: 'test/a' }
  const counted = () => {
    let count = 0
    return async () => `${++count}`
  }

  it('serve each step that asked for them once', async () => {
    const ahead = createLookAhead(() => 0)
    const look = counted()
    await Promise.all([ahead.early(ref, at, look), ahead.early(ref, { ...at, by: 'test/b' }, look)])
    expect(await ahead.now(ref, at, look)).toBe('1')
    expect(await ahead.now(ref, at, look)).toBe('2')
    expect(await ahead.now(ref, { ...at, by: 'test/b' }, look)).toBe('1')
    expect(await ahead.now(ref, { ...at, by: 'test/c' }, look)).toBe('3')
  })

  it.each<[string, (ahead: ReturnType<typeof createLookAhead>) => void, Sight, string]>([
    ['stay when another host changes', ahead => ahead.changed('node2'), at, '1'],
    ['go when their host changes', ahead => ahead.changed('node1'), at, '2'],
    ['go when all may have changed', ahead => ahead.changedAll(), at, '2'],
    [
      'of what hosts share go when any of them changes',
      ahead => ahead.changed('node2'),
      { ...at, home: 'volume' },
      '2',
    ],
  ])('%s', async (_, change, sight, expected) => {
    const ahead = createLookAhead(() => 0)
    const look = counted()
    await ahead.early(ref, sight, look)
    change(ahead)
    expect(await ahead.now(ref, sight, look)).toBe(expected)
  })

  it('go after a while, since others work on the node too', async () => {
    let now = 0
    const ahead = createLookAhead(() => now)
    const look = counted()
    await ahead.early(ref, at, look)
    now = 5000
    expect(await ahead.now(ref, at, look)).toBe('2')
  })

  it('are not made of what may take long: its step makes them', async () => {
    const ahead = createLookAhead(() => 0)
    const look = counted()
    await expect(ahead.early(output('find / -name core'), at, look)).rejects.toThrow('waits for its step')
    expect(await ahead.now(output('find / -name core'), at, look)).toBe('1')
  })

  it('end with the next step that was due when it was seen last, and take no account of those that were not', async () => {
    const ahead = createLookAhead(() => 0)
    const keys = things(8)
    const way = keys.map(key => ({ step: step(key, keep), holds: [], isRescue: false }))
    const looked: string[] = []
    const goOn = async (from: number) => {
      looked.length = 0
      const look = async ({ step: { name } }: WithHolds) => {
        looked.push(name)
        return name === 't5'
      }
      ahead.goOn({ host: 'node1', way, from, isReady: () => true, look })
      return [...looked]
    }
    expect(await goOn(0)).toEqual(keys)
    ahead.changed('node1')
    expect(await goOn(1)).toEqual(['t2', 't3', 't4', 't5'])
    expect(ahead.isDue('test/t5', 'node1')).toBe(true)
    ahead.changed('node1')
    ahead.isDone('test/t5', 'node1')
    expect(await goOn(5)).toEqual(['t6', 't7', 't8'])
  })

  it('go where they were not made over the shell that the change was made over', async () => {
    const ahead = createLookAhead(() => 0)
    const [look, ask] = [counted(), counted()]
    const ofDirectory: Ref = { kind: entry('cn=x').kind, key: 'cn=x', resource: entry('cn=x').resource as never }
    await ahead.early(ref, at, look)
    await ahead.early(ofDirectory, { ...at, home: 'directory' }, ask)
    ahead.seenBehind('node1')
    expect(await ahead.now(ref, at, look)).toBe('1')
    expect(await ahead.now(ofDirectory, { ...at, home: 'directory' }, ask)).toBe('2')
  })

  it('are remembered by what was asked until their step has ended', () => {
    const ahead = createLookAhead(() => 0)
    ahead.asked('test/a', 'node1', [thing('a'), thing('b')])
    ahead.changed('node1')
    expect(ahead.askedBy('test/a', 'node1').map(({ key }) => key)).toEqual(['a', 'b'])
    ahead.asked('test/a', 'node1', [thing('c')])
    expect(ahead.askedBy('test/a', 'node1').map(({ key }) => key)).toEqual(['c'])
    ahead.ended('test/a', 'node1')
    expect(ahead.askedBy('test/a', 'node1')).toEqual([])
  })

  it('of what no change touches stay', async () => {
    const ahead = createLookAhead(() => 0)
    const look = counted()
    const lasting: Ref = { kind: 'self', key: 'user', resource: self('user').resource as never }
    await ahead.early(lasting, at, look)
    ahead.changed('node1')
    expect(await ahead.now(lasting, at, look)).toBe('1')
  })

  it('reach less far after a change, and further with each step that brings none', () => {
    const ahead = createLookAhead(() => 0)
    const way = things(100).map(key => ({ step: step(key, keep), holds: [], isRescue: false }))
    const looked: string[] = []
    const goOn = (from: number) =>
      ahead.goOn({
        host: 'node1',
        way,
        from,
        isReady: () => true,
        look: async ({ step: { name } }) => {
          looked.push(name)
          return undefined
        },
      })
    goOn(0)
    expect(looked).toHaveLength(32)
    ahead.changed('node1')
    const reached = [1, 2, 3, 4].map(from => {
      looked.length = 0
      goOn(from)
      return looked.length
    })
    expect(reached).toEqual([1, 2, 3, 5])
  })
})
