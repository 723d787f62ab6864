// A look that takes long is told while it does, seldom, and never behind its end.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { CheckOptions } from '../../src/engine/check.ts'
import { tellingLongLook } from '../../src/engine/long-look.ts'
import type { EventBody } from '../../src/model/events.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const lookFor = async (ms: number) => {
  const told: string[] = []
  const emit = (event: EventBody) => told.push(event.type === 'step-progressed' ? event.text : event.type)
  const options = {
    step: { id: 'install/installer' },
    host: 'node2',
    context: { emit },
  } as never
  const seen = tellingLongLook(options as CheckOptions, () => new Promise(resolve => setTimeout(resolve, ms, 'seen')))
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect(await seen).toBe('seen')
  return told
}

const text = 'no answer to its look yet'

it.each<[string, number, readonly string[]]>([
  ['one that is soon over', 29_000, []],
  ['one of a minute', 60_000, [text]],
  ['one that nobody answers', 400_000, [text, text]],
])('%s', async (_, ms, told) => {
  expect(await lookFor(ms)).toEqual(told)
})

it('what it throws is thrown, and nothing is told then', async () => {
  const emit = vi.fn()
  const options = { step: { id: 'a' }, host: 'node2', context: { emit } } as never
  await expect(tellingLongLook(options, () => Promise.reject(new Error('lost')))).rejects.toThrow('lost')
  vi.advanceTimersByTime(3_600_000)
  expect(emit).not.toHaveBeenCalled()
})
