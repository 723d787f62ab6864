// The sums of a large file, in one reading.
import { createHash } from 'node:crypto'
import type { Sums } from '../model/large-file.ts'
import { cksum } from '../text/cksum.ts'
import { piecesOf } from './pieces.ts'

export const sumsOf = (path: string): Sums => {
  const [sum, sha1] = [cksum(), createHash('sha1')]
  for (const piece of piecesOf(path)) {
    sum.add(piece)
    sha1.update(piece)
  }
  return { ...sum.end(), sha1: sha1.digest('hex') }
}
