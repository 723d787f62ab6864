// The way back of a run: in reverse, only from what the run left, only as far as there is a way.
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { undoOutline } from '../../src/engine/undo.ts'
import { notKnownYet } from '../../src/model/change.ts'
import type { RunEvent } from '../../src/model/events.ts'
import { Problem } from '../../src/model/problem.ts'
import type { Outline, OutlineNode } from '../../src/plan/outline.ts'
import { change, due, same } from '../../src/task/answers.ts'
import { type Task, task } from '../../src/task/task.ts'
import { type Carried, carry, dryRun } from '../kit/carry.ts'
import { type MemoryCluster, memoryCluster } from '../kit/memory-cluster.ts'
import { held, outline, play, step } from '../kit/outlines.ts'
import { act, keep, theShelf, thing } from '../kit/things.ts'

/** Keeps a thing, and gives it back the value that it had. */
const keepBack: Task = {
  ...keep,
  async undo({ $, changes }) {
    for (const { key, before } of changes) await $`set ${key} ${String(before)}`
  },
}

const keeping = (key: string, value: string, name = key) => step(name, keepBack, { args: { key, value } })

/** A foreign program: what it makes is known when it is done, and nobody knows how to take it back. */
const program: Task = task({
  name: 'program',
  summary: 'Install a program',
  args: z.object({}),
  opaque: true,
  async check({ world, proof }) {
    const seen = await world.look(thing('program'))
    const proved = await proof.stands()
    return seen === '' || !proved.stands
      ? due('it is not there', change(thing('program'), seen, notKnownYet))
      : same(proved.because)
  },
  async apply({ $ }) {
    await $`set program there`
  },
})

/** An act that has left nothing but its receipt. */
const tested: Task = { ...act, undo: async () => {} }

const two = ['node1', 'node2'] as const

const onBoth = (nodes: readonly OutlineNode[]): Outline => outline(two, play(two, nodes, { strategy: 'failover' }))

/** Commands without the empty text that a thing goes back to. */
const deedsOf = ({ deeds }: Carried): readonly string[] => deeds.map(deed => deed.replace(" ''", ''))

type Done = { readonly cluster: MemoryCluster; readonly ran: Carried; readonly outline: Outline }

const done = async (given: Outline, prepare: (cluster: MemoryCluster) => void = () => {}): Promise<Done> => {
  const cluster = memoryCluster(two)
  prepare(cluster)
  return { cluster, ran: await carry(given, cluster), outline: given }
}

const wayBack = ({ outline, ran }: Done, from?: string) =>
  undoOutline(outline, { run: 'run-1', events: ran.events, from })

describe('a run of two steps on two nodes', () => {
  const steps = onBoth([keeping('a', '1'), keeping('b', '2')])

  it('is taken back in reverse: the last step of the last node first', async () => {
    const run = await done(steps, ({ node }) => node('node1').things.set('a', 'old'))
    const undone = await carry(wayBack(run), run.cluster)
    expect(undone.exitCode).toBe(0)
    expect(deedsOf(undone)).toEqual(['node2: set b', 'node2: set a', 'node1: set b', 'node1: set a old'])
    expect(run.cluster.node('node1').things.get('a')).toBe('old')
  })

  it('is foretold as it is made, and the dry run touches nothing', async () => {
    const run = await done(steps)
    const before = run.cluster.picture()
    const foretold = await dryRun(wayBack(run), run.cluster)
    expect(run.cluster.picture()).toBe(before)
    const undone = await carry(wayBack(run), run.cluster)
    expect(undone.of('step-ended').map(({ changes }) => changes)).toEqual(
      foretold.of('step-ended').map(({ changes }) => changes),
    )
    expect(foretold.outcomes['a@node1']).toBe('would-change')
  })

  it('is not taken back twice', async () => {
    const run = await done(steps)
    await carry(wayBack(run), run.cluster)
    const again = await carry(wayBack(run), run.cluster)
    expect(again.deeds).toEqual([])
    expect(new Set(Object.values(again.outcomes))).toEqual(new Set(['same']))
  })

  it('is done again by the playbook afterwards', async () => {
    const run = await done(steps)
    await carry(wayBack(run), run.cluster)
    expect((await carry(steps, run.cluster)).outcomes).toEqual(run.ran.outcomes)
  })

  it.each([
    ['from a step on, on every node', 'b', ['b@node2', 'b@node1']],
    ['from a step of one node on, in the order of the run', 'b@node1', ['b@node2', 'a@node2', 'b@node1']],
  ])('is taken back in part: %s', async (_, from, expected) => {
    const run = await done(steps)
    expect(Object.keys((await carry(wayBack(run, from), run.cluster)).outcomes)).toEqual(expected)
  })

  it('is not taken back from a step that is not there', async () => {
    const run = await done(steps)
    expect(() => wayBack(run, 'c')).toThrow('There is no step `c`, which --from names')
  })

  it('is not taken back when the playbook has lost one of its steps', async () => {
    const run = await done(steps)
    const lost = { ...run, outline: onBoth([keeping('a', '1')]) }
    expect(() => wayBack(lost)).toThrow('The run carried out steps that the playbook or the inventory no longer has')
  })
})

describe('what the run did not change', () => {
  it('is left alone', async () => {
    const run = await done(onBoth([keeping('a', '1'), keeping('b', '2')]), ({ node }) =>
      node('node2').things.set('b', '2'),
    )
    expect(Object.keys((await carry(wayBack(run), run.cluster)).outcomes)).toEqual(['a@node2', 'b@node1', 'a@node1'])
  })
})

describe('a thing that goes on living', () => {
  const alive: Task = {
    ...keepBack,
    grown: ({ seen }) => seen.map(({ change, now }) => ({ ...change, before: `was-${now}`, after: now })),
  }
  const steps = onBoth([step('a', alive, { args: { key: 'a', value: '1' } })])

  it('is taken back as it is now, and is settled when that is done', async () => {
    const run = await done(steps)
    run.cluster.node('node1').things.set('a', 'grown')
    const foretold = await dryRun(wayBack(run), run.cluster)
    const undone = await carry(wayBack(run), run.cluster)
    expect([undone.exitCode, deedsOf(undone)]).toEqual([0, ['node2: set a was-1', 'node1: set a was-grown']])
    expect(undone.of('step-ended').map(({ changes }) => changes)).toEqual(
      foretold.of('step-ended').map(({ changes }) => changes),
    )
  })
})

describe('a thing that two steps have changed', () => {
  it('goes back the same way, also in a dry run', async () => {
    const run = await done(onBoth([keeping('a', '1', 'first'), keeping('a', '2', 'second')]), ({ node }) =>
      node('node1').things.set('a', '0'),
    )
    const foretold = await dryRun(wayBack(run), run.cluster)
    expect(foretold.exitCode).toBe(0)
    const { deeds } = await carry(wayBack(run), run.cluster)
    expect(deeds.filter(deed => deed.startsWith('node1'))).toEqual(['node1: set a 1', 'node1: set a 0'])
  })
})

describe('drift', () => {
  const drifted = async () => {
    const run = await done(onBoth([keeping('a', '1'), keeping('b', '2')]))
    run.cluster.node('node2').things.set('a', 'theirs')
    return run
  }

  it('stops the undo with exit code 3, with then and now', async () => {
    const run = await drifted()
    const undone = await carry(wayBack(run), run.cluster)
    expect(undone.exitCode).toBe(3)
    expect(undone.problem('a@node2')).toMatchObject({
      code: 'drifted',
      summary: 'thing a on node2 is not what run run-1 left',
      seen: 'theirs',
      wanted: '1, as the run left it\nor "", if it was taken back already',
    })
  })

  it('leaves what others did, and all that would come after it', async () => {
    const run = await drifted()
    const undone = await carry(wayBack(run), run.cluster)
    expect(undone.deeds).toEqual([expect.stringMatching(/^node2: set b/)])
    expect(run.cluster.node('node2').things.get('a')).toBe('theirs')
    expect(run.cluster.node('node1').things.get('b')).toBe('2')
  })

  it('is foretold', async () => {
    const run = await drifted()
    expect((await dryRun(wayBack(run), run.cluster)).exitCode).toBe(3)
  })

  it('on one node stops a linear play on all of them', async () => {
    const run = await done(outline(two, play(two, [keeping('a', '1'), keeping('b', '2')])))
    run.cluster.node('node2').things.set('b', 'theirs')
    const undone = await carry(wayBack(run), run.cluster, { forks: 1 })
    expect(undone.exitCode).toBe(3)
    expect(Object.keys(undone.outcomes)).toEqual(['b@node2'])
  })
})

describe('an undo that does not bring back what was there', () => {
  it('has failed', async () => {
    const careless: Task = { ...keep, undo: async ({ $ }) => $`set a other` }
    const run = await done(onBoth([step('a', careless, { args: { key: 'a', value: '1' } })]))
    const undone = await carry(wayBack(run), run.cluster)
    expect(undone.exitCode).toBe(1)
    expect(undone.problem('a@node2')).toMatchObject({
      code: 'not-settled',
      seen: expect.stringContaining('thing a "other"'),
    })
    expect(undone.outcomes['a@node1']).toBeUndefined()
  })
})

describe('a step whose task has no way back', () => {
  const steps = onBoth([
    keeping('a', '1'),
    step('install', keep, { args: { key: 'program', value: 'there' } }),
    keeping('b', '2'),
  ])

  it.each([
    ['a run', carry],
    ['a dry run', dryRun],
  ])('is a point of no return: %s ends there', async (_, go) => {
    const run = await done(steps)
    const undone = await go(wayBack(run), run.cluster)
    expect(undone.exitCode).toBe(1)
    expect(Object.keys(undone.outcomes)).toEqual(['b@node2', 'install@node2'])
    expect(undone.problem('install@node2')).toMatchObject({
      code: 'no-way-back',
      seen: 'its task has no way back',
    })
  })

  it('does not stand in the way of what comes after it', async () => {
    const run = await done(steps)
    const undone = await carry(wayBack(run, 'b'), run.cluster)
    expect(undone.exitCode).toBe(0)
    expect(Object.keys(undone.outcomes)).toEqual(['b@node2', 'b@node1'])
  })

  it('is passed where a person has taken it back', async () => {
    const run = await done(steps)
    for (const node of two) run.cluster.node(node).things.set('program', '')
    const undone = await carry(wayBack(run), run.cluster)
    expect(undone.exitCode).toBe(0)
    expect(undone.outcomes['install@node2']).toBe('same')
  })

  it('then loses its receipt', async () => {
    const installed = onBoth([step('install', program)])
    const run = await done(installed)
    expect((await carry(wayBack(run), run.cluster)).exitCode).toBe(1)
    for (const node of two) run.cluster.node(node).things.set('program', '')
    const undone = await carry(wayBack(run), run.cluster)
    expect(undone.ended('install@node2')).toMatchObject({ outcome: 'changed', because: 'taken back by hand' })
    expect(run.cluster.keptReceipts('node2')).toEqual([])
  })
})

describe('an act', () => {
  const steps = onBoth([step('test', tested, { args: { set: 'log', rests: ['a'] } })])

  it('loses its receipt, so that it is due again', async () => {
    const run = await done(steps)
    const undone = await carry(wayBack(run), run.cluster)
    expect(undone.of('receipt-withdrawn').map(({ host }) => host)).toEqual(['node2', 'node1'])
    expect(run.cluster.keptReceipts('node1')).toEqual([])
    expect((await carry(steps, run.cluster)).outcomes).toEqual({ 'test@node1': 'changed', 'test@node2': 'changed' })
  })

  it('is due again too when what it rests on is taken back', async () => {
    const both = onBoth([step('test', tested, { args: { set: 'log', rests: ['a'] } }), keeping('a', '1')])
    const cluster = memoryCluster(two)
    const first = await carry(both, cluster)
    await carry(both, cluster)
    await carry(undoOutline(both, { run: 'run-1', events: first.events, from: 'a' }), cluster)
    expect(cluster.keptReceipts('node2')).toEqual([])
  })
})

describe('a hold', () => {
  const steps = onBoth([held(theShelf, keeping('shelf/a', '1')), keeping('b', '2')])

  it('is taken for what lay behind it, and given back', async () => {
    const run = await done(steps)
    const { log, exitCode } = await carry(wayBack(run), run.cluster)
    expect(exitCode).toBe(0)
    expect(run.cluster.shelf.get('shelf/a')).toBe('')
    expect(log.filter(line => /: (?:fetch|return|set)/.test(line)).map(line => line.replace(/ $/, ''))).toEqual([
      "node2: set b ''",
      "node1: set b ''",
      'node1: fetch',
      "node1: set shelf/a ''",
      'node1: return',
    ])
  })

  it('is not taken where nothing was changed behind it', async () => {
    const run = await done(steps, ({ shelf }) => shelf.set('shelf/a', '1'))
    expect((await carry(wayBack(run), run.cluster)).of('hold-intended')).toEqual([])
  })
})

describe('a step that was begun, and of which nobody knows how it ended', () => {
  const steps = onBoth([keeping('a', '1')])

  /** The journal as a killed controller leaves it. */
  const killed = ({ ran, ...run }: Done): Done => {
    const end = ran.events.findIndex(event => event.type === 'step-ended')
    return { ...run, ran: { ...ran, events: ran.events.slice(0, end) } }
  }

  it.each([
    ['was made', '1', ['node1: set a'], 0],
    ['was not made', '', [], 0],
    ['is something else', '7', [], 3],
  ])('is looked at: the change %s', async (_, now, deeds, exitCode) => {
    const run = killed(await done(steps))
    run.cluster.node('node1').things.set('a', now)
    const undone = await carry(wayBack(run), run.cluster)
    expect(deedsOf(undone)).toEqual(deeds)
    expect(undone.exitCode).toBe(exitCode)
  })
})

describe('what the journal masks', () => {
  it('is not written over what is there', async () => {
    const run = await done(onBoth([keeping('a', '1')]))
    const mask = (event: RunEvent): RunEvent =>
      event.type === 'step-ended'
        ? { ...event, changes: event.changes.map(change => ({ ...change, before: 'password ••••••' })) }
        : event
    const masked = { ...run, ran: { ...run.ran, events: run.ran.events.map(mask) } }
    const undone = await carry(wayBack(masked), run.cluster)
    expect(undone.problem('a@node2').seen).toBe('the journal does not hold what was there before')
    expect(undone.deeds).toEqual([])
  })
})

/** Keeps a thing, and tells with which arguments it is taken back. */
const tellingTo = (told: unknown[]): Task => ({
  ...keepBack,
  async undo(use) {
    told.push(use.args)
    await keepBack.undo?.(use)
  },
})

describe('a step whose arguments came from another', () => {
  it('gets them from the journal', async () => {
    const told: unknown[] = []
    const telling = tellingTo(told)
    const steps = onBoth([
      step('ask', tested, { args: { set: 'log' }, register: 'asked' }),
      step('a', telling, {
        argsFor: (_, { asked }) => ({ key: 'a', value: JSON.stringify(asked).length > 20 ? '1' : '0' }),
      }),
    ])
    const run = await done(steps)
    await carry(wayBack(run), run.cluster)
    expect(told).toEqual([
      { key: 'a', value: '1' },
      { key: 'a', value: '1' },
    ])
  })
})

it('a step whose arguments came from what ran once, on the second host since the first was out, has them', async () => {
  const told: unknown[] = []
  const fails = task({
    name: 'fails',
    summary: 'Fail',
    args: z.object({}),
    check: async () => {
      throw new Problem({ code: 'no', summary: 'no' })
    },
    apply: async () => {},
  })
  const steps = [
    { ...step('no', fails, { args: {} }), isSelected: (host: string) => host === 'node1' },
    step('ask', tested, { args: { set: 'log' }, register: 'asked', runOnce: true }),
    step('a', tellingTo(told), { argsFor: (_, { asked }) => ({ key: 'a', value: asked ? 'asked' : 'nobody asked' }) }),
  ]
  const run = await done(outline(two, play(two, steps)))
  await carry(wayBack(run), run.cluster)
  expect(told).toEqual([{ key: 'a', value: 'asked' }])
})

it('a step whose arguments rest on a variable of another has it as it was then', async () => {
  const told: unknown[] = []
  const telling = tellingTo(told)
  const facts = task({
    name: 'facts',
    summary: 'Give variables',
    args: z.record(z.string(), z.string()),
    givesVariables: true,
    check: async () => same('given'),
    apply: async () => {},
  })
  const giving = (name: string, shade: string) => ({
    ...step(name, facts, { args: { shade } }),
    givesVariables: ['shade'],
  })
  const kept = (name: string) => step(name, telling, { argsFor: (_, { shade }) => ({ key: name, value: `${shade}` }) })
  const run = await done(onBoth([giving('one', 'dark'), kept('a'), giving('two', 'light'), kept('b')]))
  await carry(wayBack(run), run.cluster)
  const [light, dark] = [
    { key: 'b', value: 'light' },
    { key: 'a', value: 'dark' },
  ]
  expect(told).toEqual([light, dark, light, dark])
})

it('an undo is a run with a name of its own, and cannot itself be undone', async () => {
  const run = await done(onBoth([keeping('a', '1')]))
  const back = wayBack(run)
  expect(back.playbook).toBe('undo of run-1')
  const node = back.plays[0]?.nodes[0]
  const undo = node?.type === 'step' ? node.task.undo : undefined
  await expect(undo?.({} as never)).rejects.toBeInstanceOf(Problem)
})
