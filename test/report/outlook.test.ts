// How long a step goes on, as it is shown: counted down in the tree, said in lines and sentences, the same in a replay.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { EventBody, RunEvent } from '../../src/model/events.ts'
import type { Outlook } from '../../src/model/outlook.ts'
import { plainView, replay, treeView } from '../../src/report/index.ts'
import { tellOutlook } from '../../src/report/outlook-words.ts'
import { firstMs, stamped, started } from './story.ts'
import { openTerminal } from './tree/terminal.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const took = { ms: 41_000, where: 'on node1' }

it.each<[string, Outlook, number, readonly string[]]>([
  ['a limit, never too short', { type: 'at-most', ms: 40_001 }, 0, ['at most 41s more']],
  ['a limit that is over', { type: 'at-most', ms: 4000 }, 4000, []],
  ['an estimate and what it rests on', { type: 'as-before', ms: 29_000, took }, 0, ['about 29s left, 41s on node1']],
  ['one that is counted down', { type: 'as-before', ms: 29_000, took }, 9000, ['about 20s left, 41s on node1']],
  ['one that did not hold', { type: 'as-before', ms: -1, took }, 0, ['longer than the 41s on node1']],
  ['tries', { type: 'gives-up', ms: 24_400 }, 0, ['gives up in about 24s']],
  ['a pace', { type: 'at-this-pace', ms: 100 }, 0, ['about 1s left at this pace']],
  ['a pace that did not hold', { type: 'at-this-pace', ms: 100 }, 200, []],
])('%s', (_, outlook, since, words) => {
  expect(tellOutlook([outlook], since)).toEqual(words)
})

const of = { step: 'big/send[1]', host: 'node2' } as const
const plays = [{ name: 'Everywhere', strategy: 'linear' as const, hosts: ['node1', 'node2'] }]
const steps = ['node1', 'node2'].map(host => ({
  ...{ step: of.step, name: 'send', task: 't', host, play: 0, within: [] },
  item: { at: 2, of: 10 },
}))

const told: readonly EventBody[] = [
  started({ plays, steps }),
  { type: 'step-started', ...of },
  { type: 'step-intended', ...of, changes: [] },
  { type: 'prompt-answered', ...of, prompt: 'License', answer: 'y', count: { at: 4, of: 11 } },
  { type: 'step-lasts', ...of, ms: 3000, outlook: [{ type: 'as-before', ms: 38_000, took }] },
  { type: 'step-progressed', ...of, text: 'moving', outlook: [{ type: 'at-most', ms: 60_000 }] },
]

const linesOf = (events: readonly RunEvent[], isSpoken: boolean): readonly string[] => {
  let text = ''
  const write = (more: string) => {
    text += more
  }
  replay(events, plainView(write, { isSpoken }))
  return text.split('\n').slice(1, -1)
}

it('is said in lines, with what is counted', () => {
  expect(linesOf(stamped(told), false).map(line => line.split(/ {2,}/).slice(2).join(' '))).toEqual([
    'applying - item 2 of 10',
    'answered - License ← y (4 of 11)',
    'working - 3s so far, about 38s left, 41s on node1',
    'working - moving; at most 1m more',
  ])
})

it('is said to somebody who hears it', () => {
  expect(linesOf(stamped(told), true).slice(2)).toEqual([
    'node2, big/send[1]: working. 3s so far, about 38s left, 41s on node1',
    'node2, big/send[1]: working. moving; at most 1m more',
  ])
})

const linesAfter = (events: readonly RunEvent[], laterMs: number, columns = 110): readonly string[] => {
  vi.setSystemTime(firstMs + (events.length - 1) * 1000)
  const terminal = openTerminal(columns)
  const view = treeView({ stream: terminal, colour: false })
  view.open()
  for (const event of events) view.show(event)
  vi.advanceTimersByTime(laterMs)
  const lines = terminal.lines()
  view.close()
  return lines.map(line => line.trim())
}

const stepLine = (events: readonly RunEvent[], laterMs: number): string =>
  linesAfter(events, laterMs).findLast(line => line.includes(of.step)) ?? ''

it('is counted down in the tree, beside the item of a loop and the prompt of a dialogue', () => {
  const lasting = stamped(told.slice(0, 5))
  expect(stepLine(lasting, 100)).toMatch(
    /send\[1\] {2}3s, about 38s left, 41s on node1 {2}item 2 of 10 · prompt 4 of 11$/,
  )
  expect(stepLine(lasting, 9000)).toMatch(/ {2}1\ds, about 29s left, 41s on node1 /)
  expect(stepLine(lasting, 60_000)).toMatch(/ {2}1m 3s, longer than the 41s on node1 /)
  expect(stepLine(stamped(told.slice(0, 4)), 9000)).toMatch(/ {2}1\ds {2}item 2 of 10 · prompt 4 of 11$/)
})

it('of one thing is none of the next', () => {
  const next: EventBody = { type: 'step-progressed', ...of, text: 'asking' }
  expect(stepLine(stamped(told), 100)).toMatch(/, at most 1m more {2}item 2 of 10 · moving$/)
  expect(stepLine(stamped([...told, next]), 100)).toMatch(/send\[1\] {2}\ds {2}item 2 of 10 · asking$/)
})

it('is not cut by the name of the step where the screen is narrow', () => {
  const lines = linesAfter(stamped(told.slice(0, 5)), 9000, 40)
  const at = lines.findLastIndex(line => line.endsWith(of.step))
  expect(lines[at + 1]).toMatch(/^1\ds, about 29s left, 41s on no/)
})

it.each([
  ['the next of them has begun', 'failover', ' · 1 of 2 nodes done'],
  ['nothing shows that no handler follows', 'linear', ''],
] as const)('the foot of the tree counts the nodes that are done: %s', (_, strategy, told) => {
  vi.setSystemTime(firstMs)
  const terminal = openTerminal(110)
  const view = treeView({ stream: terminal, colour: false })
  view.open()
  const done = { type: 'step-ended', step: of.step, outcome: 'same', because: 'x', changes: [], ms: 1 } as const
  const began = started({ plays: plays.map(play => ({ ...play, strategy })), steps })
  for (const event of stamped([began, { ...done, host: 'node1' }, { type: 'step-started', ...of }])) view.show(event)
  vi.advanceTimersByTime(500)
  expect(terminal.lines().findLast(line => line.trim() !== '')).toBe(`1 step to come · 1 same${told}`)
  view.close()
})
