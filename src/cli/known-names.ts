// The name of a bundle without reading what it is made of, where the file system says that nobody has written to that since.
import { closeSync, fstatSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { isErrno } from '../journal/index.ts'
import { keepJson, readKeptJson } from './kept-json.ts'

/** @property sums SHA-256 of each file that it is made of, by its path. */
export type BundleName = { readonly name: string; readonly sums: Readonly<Record<string, string>> }

type Remembered = BundleName & { readonly seen: Readonly<Record<string, string>> }

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
  const known = readKeptJson(file, isWhole)
  const before = known[made]
  const files = paths.map(path => ({ path, ...seenOf(path) }))
  if (before && isSame(before, files)) return before
  const taken = take()
  if (files.every(({ touchedAt }) => touchedAt < Date.now() - settledMs)) {
    const seen = Object.fromEntries(files.map(({ path, seen }) => [path, seen]))
    keepJson(file, { ...known, [made]: { ...taken, seen } })
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
  const fd = openedIfThere(path)
  if (fd === undefined) return { seen: 'gone', touchedAt: Number.POSITIVE_INFINITY }
  try {
    const { dev, ino, size, mtimeMs, ctimeMs } = fstatSync(fd)
    return { seen: [dev, ino, size, mtimeMs, ctimeMs].join(' '), touchedAt: Math.max(mtimeMs, ctimeMs) }
  } finally {
    closeSync(fd)
  }
}

/** Not asked first whether it is there: each start opens each source. */
const openedIfThere = (path: string): number | undefined => {
  try {
    return openSync(path, 'r')
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined
    throw error
  }
}

const isSame = ({ seen }: Remembered, files: readonly { readonly path: string; readonly seen: string }[]): boolean =>
  files.length === Object.keys(seen).length && files.every(file => seen[file.path] === file.seen)

const isWhole = ({ name, sums, seen }: Remembered): boolean => Boolean(name && sums && seen)
