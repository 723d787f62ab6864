// What is said of how long a step goes on: at its times, what is known and what that rests on, else nothing.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { CheckOptions } from '../../src/engine/check.ts'
import { feeding } from '../../src/engine/feeding.ts'
import { type Formerly, tellOutlook, timesOf } from '../../src/engine/outlook.ts'
import type { EventBody } from '../../src/model/events.ts'
import { LargeFile } from '../../src/model/large-file.ts'
import type { HostShell } from '../../src/shell/host-shell.ts'
import { readingOf } from '../kit/large-file.ts'
import { ended } from '../report/story.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const step = 'install/installer'

const at = ({ timeoutMs, formerly }: { readonly timeoutMs?: number; readonly formerly?: Formerly } = {}) => {
  const told: EventBody[] = []
  const context = { now: () => Date.now(), emit: (event: EventBody) => told.push(event), formerly }
  // No more of the options is looked at.
  const options = { step: { id: step, timeoutMs }, host: 'node2', context, began: Date.now() - 1000 } as never
  return { options: options as CheckOptions, told }
}

const outlooks = (told: readonly EventBody[]) =>
  told.flatMap(event => (event.type === 'step-lasts' ? [[event.ms / 1000, event.outlook]] : []))

it('where nothing is known nothing is said, and nothing is looked up for a step that is soon over', () => {
  const formerly = vi.fn(() => undefined)
  const { options, told } = at({ formerly })
  const teller = tellOutlook(options)
  vi.advanceTimersByTime(1900)
  expect([teller.say(), formerly.mock.calls]).toEqual([[], []])
  vi.advanceTimersByTime(3_600_000)
  expect(told).toEqual([])
  teller.stop()
})

it('how long it took before is said soon, and then seldom; a longer time goes on below zero', () => {
  const took = { ms: 41_000, where: 'on node1' }
  const { options, told } = at({ formerly: () => took })
  const teller = tellOutlook(options)
  vi.advanceTimersByTime(660_000)
  teller.stop()
  vi.advanceTimersByTime(3_600_000)
  const lefts = [3, 31, 61, 121, 181, 241, 301, 601].map(since => [
    since,
    [{ type: 'as-before', ms: 41_000 - since * 1000, took }],
  ])
  expect(outlooks(told)).toEqual(lefts)
})

it('a timer that is a millisecond early by the clock says it all the same', () => {
  const { options, told } = at({ formerly: () => ({ ms: 41_000, where: 'on node1' }) })
  const here = Date.now()
  const now = () => here + Math.max(0, Date.now() - here - 1)
  const teller = tellOutlook({ ...options, context: { ...options.context, now } })
  vi.advanceTimersByTime(2000)
  teller.stop()
  expect(outlooks(told)).toHaveLength(1)
})

it('what took less than anybody waits for is no measure', () => {
  const { options, told } = at({ formerly: () => ({ ms: 4999, where: 'on node1' }) })
  const teller = tellOutlook(options)
  vi.advanceTimersByTime(60_000)
  teller.stop()
  expect(told).toEqual([])
})

it('a limit is said until it is over: the time of the step, or a shorter one that its task tells', () => {
  const { options, told } = at({ timeoutMs: 90_000 })
  const teller = tellOutlook(options)
  teller.limit(40_000)
  expect(teller.say()).toEqual([{ type: 'at-most', ms: 40_000 }])
  vi.advanceTimersByTime(300_000)
  teller.stop()
  // Said with something else a moment ago, it is not said again at once.
  expect(outlooks(told)).toEqual([[31, [{ type: 'at-most', ms: 10_000 }]]])
})

it('the limit of one thing is none of the next', () => {
  const { options } = at({ timeoutMs: 90_000 })
  const teller = tellOutlook(options)
  teller.limit(40_000)
  teller.limit(undefined)
  expect(teller.say()).toEqual([{ type: 'at-most', ms: 90_000 }])
  teller.limit(200_000)
  expect(teller.say()).toEqual([{ type: 'at-most', ms: 90_000 }])
  teller.stop()
})

it('a journal that cannot be written does not end the run from a timer', () => {
  const { options } = at({ timeoutMs: 90_000 })
  const fails = vi.fn(() => {
    throw new Error('no space left')
  })
  const teller = tellOutlook({ ...options, context: { ...options.context, emit: fails } })
  vi.advanceTimersByTime(2000)
  teller.stop()
  expect(fails).toHaveBeenCalledOnce()
})

it('another node of this run knows better than an earlier run, and only where it was carried out', () => {
  const times = timesOf(() => ({ ms: 9000, where: 'in run r1' }))
  const told = () => times.formerly({ step, host: 'node3' })
  times.hear(ended('node1', step, { outcome: 'same', ms: 20_000 }))
  expect(told()).toEqual({ ms: 9000, where: 'in run r1' })
  times.hear(ended('node1', step, { outcome: 'changed', ms: 41_000 }))
  times.hear(ended('node2', step, { outcome: 'changed', ms: 30_000 }))
  expect(told()).toEqual({ ms: 30_000, where: 'on node2' })
})

it('a file that is sent piece by piece is counted now and then, and its pace says how long it takes', async () => {
  const { options, told } = at()
  const of = 40_000_000
  const sends: Partial<HostShell> = {
    async run(_, { onFed } = {}) {
      for (let sent = 4_000_000; sent <= of; sent += 4_000_000) {
        vi.advanceTimersByTime(1000)
        onFed?.(sent, of)
      }
      return { exitCode: 0, stdout: '', stderr: '' }
    },
  }
  const input = new LargeFile('/tmp/x', readingOf({ bytes: of, crc: '1' }))
  await feeding(sends as HostShell, options).run('cat', { input })
  expect(told).toMatchObject(
    [8, 16, 24, 32].map((sent, index) => ({
      type: 'step-progressed',
      text: `sent ${sent}.0 MB of 40.0 MB`,
      count: { at: sent * 1_000_000, of, unit: 'bytes' },
      outlook: [{ type: 'at-this-pace', ms: 8000 - index * 2000 }],
    })),
  )
})
