// The name of a bundle of modules goes by all that it is made of: their folder, and what they import from elsewhere.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { join, relative } from 'node:path'
import { isRefusedByDisk } from '../journal/index.ts'
import { entryOf, type Wanted } from './bundle-modules.ts'
import { type BundleName, nameOnce } from './known-names.ts'
import { sumOf } from './pieces.ts'
import { sourcesBelow } from './sources-below.ts'
import { writeWhole } from './write-whole.ts'

/** In the hash, so that a bundle of another make is not taken. */
const make = 'late, framed, with all from elsewhere'

/** @param elsewhere Files outside of the folder that were in its bundle when that was made the last time. */
export const nameOf = (wanted: Wanted, elsewhere = knownElsewhere(wanted)): string => {
  const { folder, cache, sums: asked } = wanted
  const paths = [...sourcesBelow(folder), ...elsewhere.filter(existsSync)]
  const made = [make, import.meta.url, folder, entryOf(wanted)].join('\0')
  const { name, sums } = nameOnce({ cache, made, paths, take: () => taken(wanted, paths) })
  for (const path of paths) asked?.set(path, sums[path] ?? '')
  return name
}

const taken = (wanted: Wanted, paths: readonly string[]): BundleName => {
  const sums = paths.map(path => [path, sumOf(path)] as const)
  const parts = sums.map(([path, sum]) => `${relative(wanted.folder, path)}\0${sum}\0`)
  const hash = createHash('sha256').update([make, entryOf(wanted), ...parts].join('\0'))
  return { name: hash.digest('hex').slice(0, 32), sums: Object.fromEntries(sums) }
}

/** @param sources Of the bundle as it was made now. @returns Those outside of the folder, remembered for the next name. */
export const noteElsewhere = (wanted: Wanted, sources: readonly string[]): readonly string[] => {
  // A bundle tells where a link leads to.
  const below = new Set(sourcesBelow(wanted.folder).map(path => realpathSync(path)))
  const elsewhere = sources.filter(path => !below.has(path)).sort()
  const { [keyOf(wanted)]: before = [], ...others } = read(wanted)
  if (before.join() !== elsewhere.join())
    write(wanted, elsewhere.length > 0 ? { ...others, [keyOf(wanted)]: elsewhere } : others)
  return elsewhere
}

const knownElsewhere = (wanted: Wanted): readonly string[] => read(wanted)[keyOf(wanted)] ?? []

const keyOf = ({ folder, paths }: Wanted): string => [folder, ...paths].join('\0')

const fileOf = ({ cache }: Wanted): string => join(cache, 'elsewhere.json')

type Known = Readonly<Record<string, readonly string[]>>

/** Written by us alone, and as a whole; what cannot be read is found again when a bundle is made. */
const read = (wanted: Wanted): Known => {
  if (!existsSync(fileOf(wanted))) return {}
  try {
    const known: Known = JSON.parse(readFileSync(fileOf(wanted), 'utf8'))
    return Object.fromEntries(Object.entries(known).filter(([, paths]) => Array.isArray(paths)))
  } catch {
    return {}
  }
}

const write = (wanted: Wanted, known: Known): void => {
  try {
    writeWhole(fileOf(wanted), JSON.stringify(known), 0o600)
  } catch (error) {
    if (!isRefusedByDisk(error)) throw error
  }
}
