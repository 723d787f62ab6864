// The name of a bundle without reading what it is made of, where the file system says that nobody has written to that since.
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isRefusedByDisk } from '../journal/index.ts'
import { writeWhole } from './write-whole.ts'

/** @property sums SHA-256 of each file that it is made of, by its path. */
export type BundleName = { readonly name: string; readonly sums: Readonly<Record<string, string>> }

type Remembered = BundleName & { readonly seen: Readonly<Record<string, string>> }

type Known = Readonly<Record<string, Remembered>>

export type Naming = {
  /** Where names are remembered; where nothing can be written there, files are read each time. */
  readonly cache: string
  /** Tells what is made of the files from all else that may be made of them. */
  readonly made: string
  readonly paths: readonly string[]
  /** Reads the files. */
  take(): BundleName
}

/** What was written just now may be written once more at what some file systems take for the same time. */
const settledMs = 3000

export const nameOnce = ({ cache, made, paths, take }: Naming): BundleName => {
  const file = join(cache, 'names.json')
  const known = read(file)
  const before = known[made]
  const files = paths.map(path => ({ path, ...seenOf(path) }))
  if (before && isSame(before, files)) return before
  const taken = take()
  if (files.every(({ touchedAt }) => touchedAt < Date.now() - settledMs)) {
    const seen = Object.fromEntries(files.map(({ path, seen }) => [path, seen]))
    write(file, { ...known, [made]: { ...taken, seen } })
  }
  return taken
}

/**
 * Whoever writes to a file moves the time of its last change, which no program can set. A file system that keeps no such
 * time, as FAT and some mounts of other machines, has the others alone.
 *
 * Opened, since only then a file server is asked whether a file of it is still what it was.
 */
const seenOf = (path: string): { readonly seen: string; readonly touchedAt: number } => {
  const fd = openSync(path, 'r')
  try {
    const { dev, ino, size, mtimeMs, ctimeMs } = fstatSync(fd)
    return { seen: [dev, ino, size, mtimeMs, ctimeMs].join(' '), touchedAt: Math.max(mtimeMs, ctimeMs) }
  } finally {
    closeSync(fd)
  }
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
