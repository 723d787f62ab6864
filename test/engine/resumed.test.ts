// What a run takes from those that it goes on with: handlers that were asked for, results, changes that were begun.
import { describe, expect, it } from 'vitest'
import { resumedFrom } from '../../src/engine/resumed.ts'
import type { RunEvent } from '../../src/model/events.ts'
import pause from '../../tasks/pause.ts'
import { carry } from '../kit/carry.ts'
import { memoryCluster } from '../kit/memory-cluster.ts'
import { outline, play, step } from '../kit/outlines.ts'
import { act, keep } from '../kit/things.ts'

const one = ['node1']
const first = step('First', keep, { args: { key: 'a', value: '1' }, notify: ['Handler'], register: 'first' })
const second = step('Second', keep, { args: { key: 'b', value: '1' } })
const handler = step('Handler', act, { args: { set: 'handled' } })
const whenChanged = step('After', act, {
  args: { set: 'after' },
  when: ['first.changed', (_, { first }) => (first as { changed?: boolean } | undefined)?.changed === true],
})
const whole = outline(one, play(one, [first, second, whenChanged], { handlers: [handler] }))

/** A run that fails at its second step, whose first made a change. */
const failed = async () => {
  const cluster = memoryCluster(one)
  cluster.node('node1').meddle = script => (script.startsWith('set b') ? { exitCode: 1 } : undefined)
  const { events, exitCode } = await carry(whole, cluster)
  expect(exitCode).toBe(1)
  cluster.node('node1').meddle = undefined
  return { cluster, events }
}

const resume = (cluster: ReturnType<typeof memoryCluster>, events: readonly RunEvent[]) =>
  carry(whole, cluster, { resumed: resumedFrom(events, whole) })

/** The journal of a run that was killed right after an event of that type. */
const cutAfter = (events: readonly RunEvent[], type: RunEvent['type']) =>
  events.slice(0, events.findIndex(event => event.type === type) + 1)

describe('a run that goes on with one that failed', () => {
  it('runs the handler that a change had asked for, and the step that rests on it', async () => {
    const { cluster, events } = await failed()
    const { outcomes, of } = await resume(cluster, events)
    expect(outcomes).toEqual({
      'first@node1': 'same',
      'second@node1': 'changed',
      'after@node1': 'changed',
      'handler@node1': 'changed',
    })
    expect(of('handler-notified').map(({ handler, by }) => ({ handler, by }))).toEqual([
      { handler: 'Handler', by: 'test/first' },
    ])
  })

  it('would lose both without its journal', async () => {
    const { cluster } = await failed()
    expect((await carry(whole, cluster)).outcomes).toEqual({
      'first@node1': 'same',
      'second@node1': 'changed',
      'after@node1': 'skipped',
    })
  })

  it('runs no handler twice, however often it is gone on with', async () => {
    const { cluster, events } = await failed()
    const { events: more } = await resume(cluster, events)
    const third = await resume(cluster, [...events, ...more])
    expect(third.outcomes).toEqual({ 'first@node1': 'same', 'second@node1': 'same', 'after@node1': 'same' })
  })
})

describe('a run that goes on with one that was killed', () => {
  it('takes a wait that was cut off for no change', async () => {
    const wait = step('First', pause, { args: { seconds: 0.01 }, notify: ['Handler'], register: 'first' })
    const waiting = outline(one, play(one, [wait, whenChanged], { handlers: [handler] }))
    const { events } = await carry(waiting, memoryCluster(one))
    const resumed = resumedFrom(cutAfter(events, 'step-intended'), waiting)
    expect((await carry(waiting, memoryCluster(one), { resumed })).outcomes).toEqual({
      'first@node1': 'same',
      'after@node1': 'skipped',
    })
  })

  it.each(['step-intended', 'command'] as const)('right after %s, with the change made', async type => {
    const cluster = memoryCluster(one)
    const { events } = await carry(whole, cluster)
    const killed = memoryCluster(one)
    killed.node('node1').things.set('a', '1')
    const { outcomes } = await resume(killed, cutAfter(events, type))
    expect(outcomes).toMatchObject({ 'first@node1': 'same', 'after@node1': 'changed', 'handler@node1': 'changed' })
  })

  it('right after the end of the step, before the handler was asked for', async () => {
    const { events } = await carry(whole, memoryCluster(one))
    const killed = memoryCluster(one)
    killed.node('node1').things.set('a', '1')
    const { outcomes } = await resume(killed, cutAfter(events, 'step-ended'))
    expect(outcomes).toMatchObject({ 'after@node1': 'changed', 'handler@node1': 'changed' })
  })

  it('before the change was made: it makes it, and asks as ever', async () => {
    const { events } = await carry(whole, memoryCluster(one))
    const { outcomes } = await resume(memoryCluster(one), cutAfter(events, 'step-intended'))
    expect(outcomes).toMatchObject({ 'first@node1': 'changed', 'after@node1': 'changed', 'handler@node1': 'changed' })
  })
})
