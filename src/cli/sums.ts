// A large file, read for its sums and for who sends it.
import { createHash } from 'node:crypto'
import type { Digest, GiveWay, Reading, Sums } from '../model/large-file.ts'
import { cksum } from '../text/cksum.ts'
import { piecesInTurn, piecesOf } from './pieces.ts'

const sumsAtOnce = (path: string): Sums => {
  const sum = cksum()
  for (const piece of piecesOf(path)) sum.add(piece)
  return sum.end()
}

const sums = async (path: string): Promise<Sums> => {
  const sum = cksum()
  for await (const piece of piecesInTurn(path)) sum.add(piece)
  return sum.end()
}

const digest = async (path: string, by: Digest, giveWay: GiveWay = () => undefined): Promise<string> => {
  const hash = createHash(by)
  for await (const piece of piecesInTurn(path)) {
    await giveWay()
    hash.update(piece)
  }
  return hash.digest('hex')
}

export const readingOf = (path: string): Reading => ({
  sumsAtOnce: () => sumsAtOnce(path),
  sums: () => sums(path),
  digest: (by, giveWay) => digest(path, by, giveWay),
  pieces: () => piecesInTurn(path),
})
