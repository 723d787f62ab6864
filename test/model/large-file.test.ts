// A file of this machine that is no value: it is read for what somebody wants to know of it, and once.
import { expect, it, vi } from 'vitest'
import { LargeFile, type Reading } from '../../src/model/large-file.ts'
import { readingOf } from '../kit/large-file.ts'

const sums = { bytes: 3, crc: '1' }
const counted = (reading: Partial<Reading> = {}) => {
  const all = { ...readingOf(sums), ...reading }
  return { ...all, sumsAtOnce: vi.fn(all.sumsAtOnce), sums: vi.fn(all.sums), digest: vi.fn(all.digest) }
}
const timesOf = (reading: ReturnType<typeof counted>) => [
  reading.sumsAtOnce.mock.calls.length,
  reading.sums.mock.calls.length,
  reading.digest.mock.calls.map(([by]) => by),
]

it('is read once for all who wait for its sums', async () => {
  const reading = counted()
  const large = new LargeFile('/it', reading)
  expect(await Promise.all([large.summed(), large.summed()])).toEqual([sums, sums])
  expect([await large.summed(), large.sums, timesOf(reading)]).toEqual([sums, sums, [0, 1, []]])
})

it('is read at once for who cannot wait, and for nobody after that', async () => {
  const reading = counted({ sums: () => new Promise(() => {}) })
  const large = new LargeFile('/it', reading)
  void large.summed()
  expect(JSON.stringify(large)).toBe('{"bytes":3,"crc":"1"}')
  expect([await large.summed(), timesOf(reading)]).toEqual([sums, [1, 1, []]])
})

it('is read for a digest where somebody asks for it, and once', async () => {
  const reading = counted()
  const large = new LargeFile('/it', reading)
  expect(await Promise.all([large.digest('sha1'), large.digest('sha1')])).toEqual(['its sha1', 'its sha1'])
  expect([await large.digest('sha256'), timesOf(reading)]).toEqual(['its sha256', [0, 0, ['sha1', 'sha256']]])
})

it('says when nobody sends it any more, whether all of it was sent or not', async () => {
  const large = new LargeFile('/it', {
    ...readingOf(sums),
    async *pieces() {
      yield Uint8Array.of(1)
      yield Uint8Array.of(2)
    },
  })
  expect(large.sent()).toBeUndefined()
  const [one, other] = [large.pieces(), large.pieces()]
  await Promise.all([one.next(), other.next()])
  const told: string[] = []
  const sent = large.sent()?.then(() => told.push('sent'))
  expect(await one.next()).toMatchObject({ value: Uint8Array.of(2) })
  await one.next()
  told.push('all went to one')
  await other.return(undefined)
  await sent
  expect([told, large.sent()]).toEqual([['all went to one', 'sent'], undefined])
})

it('says why it cannot be read, to everybody who asks', async () => {
  const gone = () => {
    throw new Error('gone')
  }
  const large = new LargeFile('/it', {
    ...readingOf(sums),
    sumsAtOnce: gone,
    sums: async () => gone(),
    digest: async () => gone(),
  })
  await expect(large.summed()).rejects.toThrow('gone')
  await expect(large.summed()).rejects.toThrow('gone')
  await expect(large.digest('sha256')).rejects.toThrow('gone')
  expect(() => large.sums).toThrow('gone')
})
