// The name of what is made of some files, without reading them, where the file system says that none of them has changed.
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isRefusedByDisk } from '../journal/index.ts'
import { writeWhole } from './write-whole.ts'

/** @property sums SHA-256 of each file, by its path. */
export type Named = { readonly name: string; readonly sums: Readonly<Record<string, string>> }

type Remembered = Named & { readonly seen: Readonly<Record<string, string>> }

type Known = Readonly<Record<string, Remembered>>

/**
 * What a file system says of a file, all of which changes when somebody writes to it: a clock that is set back moves no
 * other of them.
 */
const seenOf = (path: string): { readonly seen: string; readonly touchedAt: number } => {
  const { size, ino, mtimeMs, ctimeMs } = statSync(path)
  return { seen: `${size} ${ino} ${mtimeMs} ${ctimeMs}`, touchedAt: Math.max(mtimeMs, ctimeMs) }
}

/** What was written just now may be written once more at what some file systems take for the same time. */
const settledMs = 3000

/**
 * @param cache Where it is remembered; where nothing can be written there, files are read each time.
 * @param made What they are, and what is made of them.
 * @param name Reads them.
 */
export const nameOnce = (
  cache: string,
  { made, paths, name }: { readonly made: string; readonly paths: readonly string[]; readonly name: () => Named },
): Named => {
  const file = join(cache, 'names.json')
  const known = read(file)
  const before = known[made]
  const files = paths.map(path => ({ path, ...seenOf(path) }))
  if (before && isSame(before, files)) return before
  const named = name()
  if (files.every(({ touchedAt }) => touchedAt < Date.now() - settledMs)) {
    const seen = Object.fromEntries(files.map(({ path, seen }) => [path, seen]))
    write(file, { ...known, [made]: { ...named, seen } })
  }
  return named
}

const isSame = ({ seen }: Remembered, files: readonly { readonly path: string; readonly seen: string }[]): boolean =>
  files.length === Object.keys(seen).length && files.every(file => seen[file.path] === file.seen)

/** Written by us alone, and as a whole; what cannot be read is made anew. */
const read = (file: string): Known => {
  try {
    const known: Known = JSON.parse(readFileSync(file, 'utf8'))
    for (const { name, sums, seen } of Object.values(known)) assertWhole([name, sums, seen])
    return known
  } catch {
    return {}
  }
}

const assertWhole = (parts: readonly unknown[]): void => {
  if (parts.some(part => !part)) throw new Error('of another make')
}

const write = (file: string, known: Known): void => {
  try {
    writeWhole(file, JSON.stringify(known), 0o600)
  } catch (error) {
    if (!isRefusedByDisk(error)) throw error
  }
}
