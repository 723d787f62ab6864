// The sum that POSIX' `cksum` prints, of what is read piece by piece.
import { crc32 } from 'node:zlib'
import { type Turner, turnedBytes, turnerOfSixteens, turnerOfWords } from './turned-bits.ts'

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

let turner: Turner | undefined

/** The same bytes with their bits in the other order; good until it is asked for the next ones. */
const turned = (bytes: Uint8Array): Uint8Array => {
  turner ??= turnerOfSixteens() ?? turnerOfWords()
  const { room, turn } = turner
  room.set(bytes)
  turn(bytes.length)
  return room.subarray(0, bytes.length)
}
