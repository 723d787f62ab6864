// The sum that POSIX' `cksum` prints, of what is read piece by piece.
import { crc32 } from 'node:zlib'

/**
 * The CRC of a file that is read piece by piece.
 *
 * It is that of zlib, which is fast, with the bits of each byte and of the result turned round.
 *
 * @source POSIX.1-2017, `cksum`: CRC-32 from 0 with this polynomial, first bit first, the length behind the bytes, all
 * bits inverted at the end. zlib's has the polynomial, takes the last bit first, and inverts before and behind.
 */
export const cksum = () => {
  let [crc, bytes] = [0xffffffff, 0]
  const count = (piece: Uint8Array) => {
    for (let at = 0; at < piece.length; at += turnedBytes)
      crc = crc32(turned(piece.subarray(at, at + turnedBytes)), crc)
  }
  return {
    add(piece: Uint8Array): void {
      count(piece)
      bytes += piece.length
    },
    end(): { readonly crc: string; readonly bytes: number } {
      const length: number[] = []
      for (let left = bytes; left > 0; left = Math.floor(left / 256)) length.push(left % 256)
      count(Uint8Array.from(length))
      const [first = 0, second = 0, third = 0, fourth = 0] = turned(
        Uint8Array.of(crc, crc >>> 8, crc >>> 16, crc >>> 24),
      )
      return { crc: `${((first << 24) | (second << 16) | (third << 8) | fourth) >>> 0}`, bytes }
    },
  }
}

/** So few stay in the processor's own memory from one step to the next. */
const turnedBytes = 2 ** 16

const words = new Uint32Array(turnedBytes / 4)
const room = new Uint8Array(words.buffer)

/** The same bytes with their bits in the other order; good until it is asked for the next ones. */
const turned = (bytes: Uint8Array): Uint8Array => {
  room.set(bytes)
  turnWords(Math.ceil(bytes.length / 4))
  return room.subarray(0, bytes.length)
}

/** Four bytes at a time. Written out: this is most of what the sum of a large file costs, and calls would double it. */
const turnWords = (count: number): void => {
  for (let at = 0; at < count; at += 1) {
    const word = words[at] as number // it has as many
    const ones = ((word >>> 1) & 0x55555555) | ((word & 0x55555555) << 1)
    const twos = ((ones >>> 2) & 0x33333333) | ((ones & 0x33333333) << 2)
    words[at] = ((twos >>> 4) & 0x0f0f0f0f) | ((twos & 0x0f0f0f0f) << 4)
  }
}
