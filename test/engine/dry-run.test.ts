// A dry run: the promises of earlier steps lie over the world; it says how sure it is, and touches nothing.
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { change, differs, due, same, unknown } from '../../src/task/answers.ts'
import { resource } from '../../src/task/resource.ts'
import { task } from '../../src/task/task.ts'
import { type Carried, carry, dryRun } from '../kit/carry.ts'
import { type MemoryCluster, memoryCluster } from '../kit/memory-cluster.ts'
import { held, outline, play, step } from '../kit/outlines.ts'
import { act, keep, theShelf, thing } from '../kit/things.ts'

const one = ['node1']
const lamp = (value: string, name = `Lamp ${value}`) => step(name, keep, { args: { key: 'lamp', value } })

/** Makes one thing whose value nobody knows before. */
const brew = task({
  name: 'brew',
  summary: 'Make something of which nobody knows before what it will be',
  args: z.object({ key: z.string() }),
  async check({ world, args: { key } }) {
    const seen = await world.look(thing(key))
    return seen === '' ? differs(change(thing(key), seen, { unknown: true })) : same('it is there')
  },
  async apply({ $, args: { key } }) {
    await $`set ${key} tea`
  },
})

describe('promises', () => {
  it('let later steps see what earlier ones will have made', async () => {
    const cluster = memoryCluster(one)
    const steps = [lamp('on'), lamp('on', 'Again'), lamp('off')]
    const run = await dryRun(outline(one, play(one, steps)), cluster)
    expect(run.outcomes).toEqual({
      'lamp-on@node1': 'would-change',
      'again@node1': 'same',
      'lamp-off@node1': 'would-change',
    })
    expect(run.ended('lamp-off@node1').changes).toEqual([{ kind: 'thing', key: 'lamp', before: 'on', after: 'off' }])
    expect(run.ended('lamp-on@node1').evidence).toBe('exact')
    expect(run.ended('again@node1').evidence).toBe('predicted')
    expect(run.of('step-checked').at(-1)?.looks[0]?.origin).toEqual({
      type: 'promise',
      by: 'test/lamp-on@node1',
    })
    expect(run.of('run-ended')[0]?.counts).toMatchObject({ same: 1, 'would-change': 2 })
  })

  it('lie over one node and no other', async () => {
    const cluster = memoryCluster(['node1', 'node2'])
    const steps = [{ ...lamp('on'), isSelected: (host: string) => host === 'node1' }, lamp('on', 'All')]
    const run = await dryRun(outline(cluster.order, play(cluster.order, steps)), cluster)
    expect(run.outcomes).toMatchObject({ 'all@node1': 'same', 'all@node2': 'would-change' })
  })

  it('of a volume lie over all nodes that may hold it', async () => {
    const cluster = memoryCluster(['node1', 'node2'])
    const steps = [held(theShelf, step('Book', keep, { args: { key: 'shelf/book', value: '1' } }))]
    const run = await dryRun(outline(cluster.order, play(cluster.order, steps)), cluster)
    expect(run.outcomes).toEqual({ 'book@node1': 'would-change', 'book@node2': 'same' })
    expect(run.ended('book@node2').evidence).toBe('predicted')
  })

  it('of what nobody knows before leave a step unknown that looks at it, and name whom it waits for', async () => {
    const cluster = memoryCluster(one)
    const steps = [
      step('Tea', brew, { args: { key: 'cup' } }),
      step('Cup', keep, { args: { key: 'cup', value: 'tea' } }),
    ]
    const run = await dryRun(outline(one, play(one, steps)), cluster)
    expect(run.ended('cup@node1')).toMatchObject({
      outcome: 'unknown',
      because: 'what it will be is known once test/tea@node1 is done',
    })
    expect(run.exitCode).toBe(0)
  })

  it('are not made by a step that is unknown itself: what it may change stays unknown', async () => {
    const cluster = memoryCluster(one)
    cluster.node('node1').things.set('saucer', 'clean')
    const both = task({
      name: 'both',
      summary: 'Keep the saucer as the cup is',
      args: z.object({}),
      async check({ world }) {
        const saucer = await world.look(thing('saucer'))
        const cup = await world.look(thing('cup'))
        return saucer === cup ? same('alike') : differs(change(thing('saucer'), saucer, cup))
      },
      async apply({ $, changes: [{ after }] }) {
        await $`set saucer ${after}`
      },
    })
    const steps = [
      step('Tea', brew, { args: { key: 'cup' } }),
      step('Both', both),
      step('Saucer', keep, { args: { key: 'saucer', value: 'clean' } }),
    ]
    const run = await dryRun(outline(one, play(one, steps)), cluster)
    expect(run.outcomes).toMatchObject({ 'both@node1': 'unknown', 'saucer@node1': 'unknown' })
  })
})

describe('a step whose check says that it cannot tell', () => {
  const unsure = task({
    name: 'unsure',
    summary: 'Never know',
    args: z.object({}),
    check: async () => unknown('somebody has looked'),
    apply: async () => {},
  })
  const plan = outline(one, play(one, [step('Unsure', unsure)]))

  it('is unknown in a dry run', async () => {
    const run = await dryRun(plan, memoryCluster(one))
    expect(run).toMatchObject({ exitCode: 0, outcomes: { 'unsure@node1': 'unknown' } })
    expect(run.ended('unsure@node1').because).toBe('somebody has looked')
  })

  it('fails in a run, and is not carried out blindly', async () => {
    const run = await carry(plan, memoryCluster(one))
    expect(run.exitCode).toBe(1)
    expect(run.problem('unsure@node1')).toMatchObject({ code: 'cannot-be-told', seen: 'somebody has looked' })
    expect(run.of('step-intended')).toEqual([])
  })
})

describe('evidence', () => {
  it('is opaque for a foreign program that would run', async () => {
    const run = await dryRun(outline(one, play(one, [step('Act', act, { args: { set: 'a' } })])), memoryCluster(one))
    expect(run.ended('act@node1')).toMatchObject({ outcome: 'would-change', evidence: 'opaque' })
    expect(run.ended('act@node1').changes).toEqual([{ kind: 'act', key: 'test/act', before: 'none', after: 'done' }])
  })
})

describe('a dry run', () => {
  const readers = resource<string>({
    kind: 'careless',
    schema: z.string(),
    read: $ => $`set lamp on`,
    parse: ({ stdout }) => stdout,
  })
  const careless = task({
    name: 'careless',
    summary: 'Write in its check',
    args: z.object({}),
    check: async ({ world }) => due(`it wrote ${await world.look(readers('x'))}`),
    apply: async () => {},
  })

  it('leaves no trace, also where receipts, holds and acts are due', async () => {
    const cluster = memoryCluster()
    const steps = [
      lamp('on'),
      held(
        theShelf,
        step('Book', keep, { args: { key: 'shelf/book', value: '1' } }),
        step('Act', act, { args: { set: 'a' } }),
      ),
    ]
    const plan = outline(cluster.order, play(cluster.order, steps, { strategy: 'failover' }))
    await carry(plan, cluster)
    cluster.node('node2').things.set('lamp', 'off')
    const before = cluster.picture()
    const run = await dryRun(plan, cluster)
    expect(run.deeds).toEqual([])
    expect(run.of('step-intended')).toEqual([])
    expect(run.of('receipt-withdrawn')).toEqual([])
    expect(cluster.picture()).toBe(before)
  })

  it('whose check writes is caught by the picture of the cluster', async () => {
    const cluster = memoryCluster(one)
    const before = cluster.picture()
    await dryRun(outline(one, play(one, [step('Careless', careless)])), cluster)
    expect(cluster.picture()).not.toBe(before)
  })

  it('never hands a step what apply would need', async () => {
    const given: string[] = []
    const nosy = {
      ...careless,
      check: async (context: object) => {
        given.push(...Object.keys(context))
        return same('seen')
      },
    }
    await dryRun(outline(one, play(one, [step('Nosy', nosy)])), memoryCluster(one))
    expect([...new Set(given)].sort()).toEqual(['args', 'isRegistered', 'place', 'proof', 'wasBegun', 'world'])
  })
})

/** A generator of numbers that are the same each time. */
const dice = (seed: number) => () => {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
  return seed / 2_147_483_648
}

describe('a dry run does not lie (P4)', () => {
  const keys = ['a', 'b', 'shelf/x', 'shelf/y']

  const randomPlay = (seed: number, order: readonly string[]) => {
    const roll = dice(seed)
    const pick = <Of>(list: readonly [Of, ...Of[]]): Of => list[Math.floor(roll() * list.length)] ?? list[0]
    const steps = Array.from({ length: 2 + Math.floor(roll() * 5) }, (_, index) => {
      const key = keys[Math.floor(roll() * keys.length)] ?? 'a'
      if (roll() < 0.3)
        return step(`Act ${index}`, act, {
          args: { set: `done ${index}`.replace(' ', '-'), rests: roll() < 0.5 ? [key] : [] },
        })
      return step(`Keep ${index}`, keep, { args: { key, value: pick(['1', '2']) } })
    })
    const inside = Math.floor(roll() * steps.length)
    const nodes = [...steps.slice(0, inside), held(theShelf, ...steps.slice(inside))]
    return outline(order, play(order, nodes, { strategy: pick(['linear', 'failover'] as const) }))
  }

  const randomWorld = (seed: number, order: readonly string[]): MemoryCluster => {
    const roll = dice(seed + 7)
    const cluster = memoryCluster(order)
    for (const host of order) for (const key of ['a', 'b']) if (roll() < 0.5) cluster.node(host).things.set(key, '1')
    return cluster
  }

  /** What changed or would, and how; `would-change` and `changed` are one. Hosts work at the same time, so by address. */
  const outcome = (run: Carried) =>
    run
      .of('step-ended')
      .map(({ step, host, outcome, changes }) => ({
        at: `${step}@${host}`,
        outcome: outcome === 'would-change' ? 'changed' : outcome,
        changes,
      }))
      .sort((a, b) => a.at.localeCompare(b.at))

  it.each(Array.from({ length: 12 }, (_, seed) => seed))(
    'whatever the play, on a fresh cluster and on a done one: %d',
    async seed => {
      const order = ['node1', 'node2']
      const cluster = randomWorld(seed, order)
      const first = randomPlay(seed, order)
      const foretold = await dryRun(first, cluster)
      const made = await carry(first, cluster)
      expect(outcome(foretold)).toEqual(outcome(made))
      // The second play has steps of the first: half-done, with receipts, some of which do not stand.
      const second = randomPlay(seed + 1000, order)
      const foretoldAgain = await dryRun(second, cluster)
      expect(outcome(foretoldAgain)).toEqual(outcome(await carry(second, cluster)))
    },
  )

  it.each(Array.from({ length: 4 }, (_, seed) => seed))('and what has settled stays so (P5): %d', async seed => {
    const order = ['node1', 'node2']
    const cluster = randomWorld(seed, order)
    // Each key is kept at one value, so that no two steps want different things.
    const steps = keys.map(key => step(key, keep, { args: { key, value: '1' } }))
    const acts = [step('Act', act, { args: { set: 'z', rests: ['a', 'shelf/x'] } })]
    const plan = outline(
      order,
      play(order, [held(theShelf, ...steps, ...acts)], { strategy: seed % 2 ? 'linear' : 'failover' }),
    )
    await carry(plan, cluster)
    const again = await carry(plan, cluster)
    expect(again.deeds).toEqual([])
    expect(new Set(Object.values(again.outcomes))).toEqual(new Set(['same']))
  })
})
