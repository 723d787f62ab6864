// What a run was read from, file by file, so that a later command can tell whether it still reads the same.
import { existsSync } from 'node:fs'
import type { InputPrint } from '../model/events.ts'
import type { Sums } from './modules.ts'
import { sumOf } from './pieces.ts'
import { siteName } from './site-path.ts'

/**
 * @param sums Of files that were read already.
 * @returns Sorted by name; a file that has gone since has an empty print.
 */
export const printInputs = (files: Iterable<string>, site: string, sums?: Sums): readonly InputPrint[] =>
  [...files]
    .map(file => ({ file: siteName(file, site), sha256: sums?.get(file) ?? printOf(file) }))
    .sort((one, other) => (one.file < other.file ? -1 : 1))

const printOf = (file: string): string => (existsSync(file) ? sumOf(file) : '')

/** Files that read otherwise than they did, that came, or that went. */
export const changedInputs = (then: readonly InputPrint[], now: readonly InputPrint[]): readonly string[] => {
  const before = new Map(then.map(({ file, sha256 }) => [file, sha256]))
  const after = new Map(now.map(({ file, sha256 }) => [file, sha256]))
  return [...new Set([...before.keys(), ...after.keys()])].filter(file => before.get(file) !== after.get(file)).sort()
}
