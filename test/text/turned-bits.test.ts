// Bytes with their bits in the other order, as written down bit by bit.
import { expect, it } from 'vitest'
import { turnedBytes, turnerOfSixteens, turnerOfWords } from '../../src/text/turned-bits.ts'

const turnedByte = (byte: number): number =>
  Number.parseInt([...byte.toString(2).padStart(8, '0')].reverse().join(''), 2)

it.each([
  ['sixteen bytes', turnerOfSixteens()],
  ['four bytes', turnerOfWords()],
])('turns %s at a time, the first ones of as many as there is room for', (_, turner) => {
  if (!turner) throw new Error('every processor that we test on can do that')
  for (const count of [1, 3, 4, 15, 16, 17, 255, 256, 1000, turnedBytes]) {
    const bytes = Uint8Array.from({ length: count }, (_, at) => (at * 7 + (at >> 8)) % 256)
    turner.room.fill(0x5a).set(bytes)
    turner.turn(count)
    expect(Buffer.compare(turner.room.subarray(0, count), bytes.map(turnedByte)), `${count}`).toBe(0)
    // What lies behind them may be turned too, up to the end of the last step.
    expect(turner.room.subarray(Math.ceil(count / 16) * 16).every(byte => byte === 0x5a)).toBe(true)
  }
})
