// What is counted here of a file is what a node's `cksum` counts of it.
import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { cksum } from '../../src/text/cksum.ts'

/** No two bytes in a row are alike, and none stands for itself when its bits are turned. */
const bytesOf = (count: number) => Uint8Array.from({ length: count }, (_, at) => (at * 167 + (at >> 8) * 13) & 0xff)

describe('the checksum of a file', () => {
  it.each([0, 1, 2, 3, 4, 5, 255, 256, 257, 65_536, 65_537, 1_000_003])(
    'of %i bytes, read in pieces of any length',
    count => {
      const bytes = bytesOf(count)
      const real = execFileSync('cksum', { input: bytes, encoding: 'utf8' }).trim()
      for (const piece of [count + 1, 1 + Math.floor(count / 3)]) {
        const sum = cksum()
        for (let at = 0; at <= count; at += piece) sum.add(bytes.subarray(at, at + piece))
        const { crc, bytes: counted } = sum.end()
        expect(`${crc} ${counted}`).toBe(real)
      }
    },
  )
})
