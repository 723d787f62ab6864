// Reads a file piece by piece, so that the longest one takes no more memory than a short one.
import { createHash } from 'node:crypto'
import { closeSync, existsSync, fstatSync, openSync, promises, readSync } from 'node:fs'

/** Larger ones leave the processor's own memory before they are looked at; smaller ones cost more calls. */
const pieceBytes = 2 ** 19

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

/**
 * The same for who must not keep others waiting: they are served between two pieces, and the next one is read while this
 * one is looked at.
 */
export async function* piecesInTurn(path: string): AsyncGenerator<Uint8Array> {
  // Named so, Node.js loads what it has for it when a file is read like this, and not at each start.
  const file = await promises.open(path)
  try {
    let [here, next] = [Buffer.allocUnsafe(pieceBytes), Buffer.allocUnsafe(pieceBytes)]
    let reading = file.read(next)
    for (;;) {
      const { bytesRead } = await reading
      if (bytesRead === 0) return
      ;[here, next] = [next, here]
      reading = file.read(next)
      // Who stops in the middle does not wait for it.
      reading.catch(() => {})
      yield here.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}

/** Most files are short: they go through one room, and nobody asks first how long they are. */
const room = Buffer.allocUnsafeSlow(2 ** 16)

/** A file that is gone has an empty print. */
export const printOf = (path: string): string => (existsSync(path) ? sumOf(path) : '')

/** @returns Its sha256, in hexadecimal. */
export const sumOf = (path: string): string => {
  const hash = createHash('sha256')
  const fd = openSync(path, 'r')
  try {
    for (let read = readSync(fd, room); read > 0; read = readSync(fd, room)) hash.update(room.subarray(0, read))
  } finally {
    closeSync(fd)
  }
  return hash.digest('hex')
}
