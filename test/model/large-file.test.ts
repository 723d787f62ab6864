// A file of this machine that is no value: its sums come from beside, or are taken when they are wanted; once.
import { expect, it, vi } from 'vitest'
import { LargeFile, type Sums } from '../../src/model/large-file.ts'

const sums: Sums = { bytes: 3, crc: '1', sha1: 'a' }

it('waits for sums that are being taken beside, and reads nothing itself', async () => {
  const read = vi.fn(() => sums)
  const large = new LargeFile('/it', read, Promise.resolve({ ...sums, crc: 'beside' }))
  expect([(await large.summed()).crc, large.sums.crc, read.mock.calls.length]).toEqual(['beside', 'beside', 0])
})

it.each([
  ['nobody takes them beside', undefined],
  ['that has failed', Promise.resolve(undefined)],
])('reads it once where %s', async (_, beside) => {
  const read = vi.fn(() => sums)
  const large = new LargeFile('/it', read, beside)
  expect([await large.summed(), await large.summed(), large.sums, read.mock.calls.length]).toEqual([
    sums,
    sums,
    sums,
    1,
  ])
})

it('reads it at once for who cannot wait', () => {
  const large = new LargeFile('/it', () => sums, new Promise(() => {}))
  expect(JSON.stringify(large)).toBe('{"bytes":3,"crc":"1","sha1":"a"}')
})

it('says why it cannot be read, to everybody who asks', async () => {
  const large = new LargeFile('/it', () => {
    throw new Error('gone')
  })
  await expect(large.summed()).rejects.toThrow('gone')
  expect(() => large.sums).toThrow('gone')
})
