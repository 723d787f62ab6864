// Reads a file piece by piece, so that the longest one takes no more memory than a short one.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

const pieceBytes = 2 ** 20

/** Each piece is good until the next one is asked for. */
export function* piecesOf(path: string): Generator<Uint8Array> {
  const fd = openSync(path, 'r')
  try {
    const buffer = Buffer.allocUnsafe(Math.min(pieceBytes, fstatSync(fd).size + 1))
    for (let read = readSync(fd, buffer); read > 0; read = readSync(fd, buffer)) yield buffer.subarray(0, read)
  } finally {
    closeSync(fd)
  }
}
