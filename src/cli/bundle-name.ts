// The name of a bundle of modules goes by all that it is made of: their folder, and what they import from elsewhere.
import { createHash } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { join, relative } from 'node:path'
import { entryOf, type Wanted } from './bundle-modules.ts'
import { keepJson, readKeptJson } from './kept-json.ts'
import { type BundleName, nameOnce } from './known-names.ts'
import { printOf } from './pieces.ts'
import { sourcesBelow } from './sources-below.ts'

/** In the hash, so that a bundle of another make is not taken. */
const make = 'late, framed, with all from elsewhere'

/** As the files are now. What is elsewhere was found when the bundle was made the last time. */
export const nameOf = (wanted: Wanted): BundleName => {
  const paths = [...sourcesBelow(wanted.folder), ...elsewhereOf(wanted)]
  return nameOnce({
    cache: wanted.cache,
    made: [make, import.meta.url, wanted.folder, entryOf(wanted)].join('\0'),
    paths,
    take: () => named(wanted, new Map(paths.map(path => [path, printOf(path)]))),
  })
}

/**
 * As the files were when the bundle was made of them: what was edited meanwhile has another name.
 *
 * @param read SHA-256 of each file that is in it, by where it really lies.
 */
export const nameOfBundled = (wanted: Wanted, read: ReadonlyMap<string, string>): BundleName => {
  const elsewhere = new Map([...read].sort(([one], [other]) => (one < other ? -1 : 1)))
  const sums = new Map<string, string>()
  for (const path of sourcesBelow(wanted.folder)) {
    const real = realpathSync(path)
    sums.set(path, read.get(real) ?? printOf(path))
    elsewhere.delete(real)
  }
  noteElsewhere(wanted, [...elsewhere.keys()])
  return named(wanted, new Map([...sums, ...elsewhere]))
}

const named = (wanted: Wanted, sums: ReadonlyMap<string, string>): BundleName => {
  const parts = [...sums].map(([path, sum]) => `${relative(wanted.folder, path)}\0${sum}\0`)
  const hash = createHash('sha256').update([make, entryOf(wanted), ...parts].join('\0'))
  return { name: hash.digest('hex').slice(0, 32), sums: Object.fromEntries(sums) }
}

const keyOf = ({ folder, paths }: Wanted): string => [folder, ...paths].join('\0')

const fileOf = ({ cache }: Wanted): string => join(cache, 'elsewhere.json')

const read = (wanted: Wanted) => readKeptJson<readonly string[]>(fileOf(wanted), Array.isArray)

const elsewhereOf = (wanted: Wanted): readonly string[] => read(wanted)[keyOf(wanted)] ?? []

const noteElsewhere = (wanted: Wanted, elsewhere: readonly string[]): void => {
  const { [keyOf(wanted)]: before = [], ...others } = read(wanted)
  if (before.join('\0') === elsewhere.join('\0')) return
  keepJson(fileOf(wanted), elsewhere.length > 0 ? { ...others, [keyOf(wanted)]: elsewhere } : others)
}
