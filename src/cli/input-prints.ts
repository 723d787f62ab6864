// What a run was read from, file by file, so that a later command can tell whether it still reads the same.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import type { InputPrint } from '../model/events.ts'
import { piecesOf } from './pieces.ts'
import { siteName } from './site-path.ts'

/** Sorted by name; a file that has gone since has an empty print. */
export const printInputs = (files: Iterable<string>, site: string): readonly InputPrint[] =>
  [...files]
    .map(file => ({ file: siteName(file, site), sha256: printOf(file) }))
    .sort((one, other) => (one.file < other.file ? -1 : 1))

const printOf = (file: string): string => {
  if (!existsSync(file)) return ''
  const hash = createHash('sha256')
  for (const piece of piecesOf(file)) hash.update(piece)
  return hash.digest('hex')
}

/** Files that read otherwise than they did, that came, or that went. */
export const changedInputs = (then: readonly InputPrint[], now: readonly InputPrint[]): readonly string[] => {
  const before = new Map(then.map(({ file, sha256 }) => [file, sha256]))
  const after = new Map(now.map(({ file, sha256 }) => [file, sha256]))
  return [...new Set([...before.keys(), ...after.keys()])].filter(file => before.get(file) !== after.get(file)).sort()
}
