// A step that is chosen alone, and needs what another one hands on: that one is looked at, not assumed.
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { change, differs, same } from '../../src/task/answers.ts'
import { task } from '../../src/task/task.ts'
import pause from '../../tasks/pause.ts'
import { type CarryOptions, carry } from '../kit/carry.ts'
import { memoryCluster } from '../kit/memory-cluster.ts'
import { held, outline, play, step } from '../kit/outlines.ts'
import { keep, theShelf, thing } from '../kit/things.ts'

/** Keeps a thing, and hands on what it holds. */
const told = task({
  name: 'told',
  summary: 'Keep a thing and tell of it',
  args: z.object({ key: z.string(), value: z.string() }),
  async check({ world, args: { key, value } }) {
    const seen = await world.look(thing(key))
    return seen === value ? same('as wanted', { holds: seen }) : differs(change(thing(key), seen, value))
  },
  async apply({ $, changes: [{ key, after }] }) {
    await $`set ${key} ${after}`
  },
})

const ask = step('Ask', told, { args: { key: 'a', value: '1' }, register: 'asked', selected: [] })
const use = step('Use', keep, {
  uses: ['asked'],
  argsFor: (_, registered) => ({ key: 'b', value: JSON.stringify(registered.asked ?? 'nothing').replaceAll('"', '') }),
})

const job = outline(['node1'], play(['node1'], [ask, use]))

const carried = (plan: typeof job, things: readonly (readonly [string, string])[], options: CarryOptions = {}) => {
  const cluster = memoryCluster(['node1'])
  for (const [key, value] of things) cluster.node('node1').things.set(key, value)
  return carry(plan, cluster, options)
}

describe('a step that needs what a step that was left out hands on', () => {
  it('gets it by a look, where that one is as it should be', async () => {
    const { exitCode, deeds, outcomes } = await carried(job, [['a', '1']])
    expect(exitCode).toBe(0)
    expect(deeds).toEqual(["node1: set b '{holds:1,changed:false,failed:false}'"])
    expect(outcomes).toEqual({ 'use@node1': 'changed' })
  })

  it.each(['run', 'dry-run'] as const)('is refused where that one is due, in a %s', async mode => {
    const { exitCode, deeds, problem } = await carried(job, [], { mode })
    expect({ exitCode, deeds }).toEqual({ exitCode: 1, deeds: [] })
    expect(problem('use@node1')).toMatchObject({
      code: 'prerequisite-due',
      seen: 'test/ask@node1: it is due',
      state: 'test/use@node1 was not begun',
      help: 'carry it out first: run step test/ask@node1',
    })
  })

  describe('where that one is a wait, which is due each time', () => {
    const wait = step('Ask', pause, { args: { seconds: 60 }, register: 'asked', selected: [] })

    it('is refused, with a way on that works', async () => {
      const { exitCode, problem } = await carried(outline(['node1'], play(['node1'], [wait, use])), [])
      expect(exitCode).toBe(1)
      expect(problem('use@node1')).toMatchObject({
        code: 'prerequisite-due',
        seen: 'test/ask@node1: waits 60 s',
        wanted: 'there is nothing to wait for, or this run waits for it: what a wait gives is kept nowhere',
        help: 'choose a range that includes the wait (`--from test/ask`), or say what holds without it (`| default(…)`)',
      })
    })

    it.each<[string, object, object, string]>([
      ['includes the wait', { selected: ['node1'], args: { seconds: 0.01 } }, {}, 'waited'],
      ['says what holds without it', {}, { doesWithout: ['asked'] }, 'none'],
    ])('is carried out where it %s', async (_, ofWait, ofUse, value) => {
      const asked = step('Ask', pause, { args: { seconds: 60 }, register: 'asked', selected: [], ...ofWait })
      const later = step('Use', keep, {
        uses: ['asked'],
        argsFor: (_, registered) => ({ key: 'b', value: registered.asked === undefined ? 'none' : 'waited' }),
        ...ofUse,
      })
      const plan = outline(['node1'], play(['node1'], [asked, later]))
      expect(await carried(plan, [])).toMatchObject({ exitCode: 0, deeds: [`node1: set b ${value}`] })
    })
  })

  it('is not let pass by `ignore_errors`', async () => {
    const plan = outline(['node1'], play(['node1'], [ask, { ...use, ignoreErrors: true }]))
    expect((await carried(plan, [])).exitCode).toBe(1)
  })

  it('is told that it was skipped, where its condition says so', async () => {
    const skipped = { ...ask, prepare: () => ({ type: 'skipped', because: 'when: no' }) as const }
    const { deeds } = await carried(outline(['node1'], play(['node1'], [skipped, use])), [])
    expect(deeds).toEqual([
      "node1: set b '{changed:false,failed:false,skipped:true,skip_reason:Conditional result was False}'",
    ])
  })

  it('takes no hold for the look: what lies in it and was seen by nobody is no result', async () => {
    const shelved = step('Ask', told, { args: { key: 'shelf/a', value: '' }, register: 'asked', selected: [] })
    const plan = outline(['node1'], play(['node1'], [held(theShelf, shelved), use]))
    const { of, problem } = await carried(plan, [])
    expect(of('hold-intended')).toEqual([])
    expect(problem('use@node1')).toMatchObject({ code: 'prerequisite-due' })
  })

  it('goes through all that one needs itself', async () => {
    const first = step('First', told, { args: { key: 'f', value: '1' }, register: 'first', selected: [] })
    const second = step('Ask', told, {
      uses: ['first'],
      argsFor: (_, { first: given }) => ({ key: 'a', value: given === undefined ? 'none' : '1' }),
      register: 'asked',
      selected: [],
    })
    const plan = outline(['node1'], play(['node1'], [first, second, use]))
    expect(
      (
        await carried(plan, [
          ['f', '1'],
          ['a', '1'],
        ])
      ).exitCode,
    ).toBe(0)
    expect((await carried(plan, [['a', '1']])).problem('use@node1').seen).toBe('test/first@node1: it is due')
  })

  it('is looked at for a node before it in the failover list too', async () => {
    const order = ['node1', 'node2']
    const cluster = memoryCluster(order)
    for (const host of order) cluster.node(host).things.set('a', '1')
    cluster.node('node1').things.set('b', '{holds:1,changed:false,failed:false}')
    const both = [{ ...ask, isSelected: () => true }, use]
    const plan = outline(order, play(['node2'], both, { strategy: 'failover', allHosts: order }))
    expect((await carry(plan, cluster)).exitCode).toBe(0)
  })
})
