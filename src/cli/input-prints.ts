// What a run was read from, file by file, so that a later command can tell whether it still reads the same.
import { setTimeout } from 'node:timers/promises'
import type { Prints } from '../engine/carry-out.ts'
import type { InputPrint } from '../model/events.ts'
import type { GiveWay, LargeFile } from '../model/large-file.ts'
import { printOf } from './pieces.ts'
import { siteName } from './site-path.ts'

/** SHA-256 of a file; or the file, where it takes long. */
export type Sum = string | LargeFile

/** By the paths of files. */
export type Sums = ReadonlyMap<string, Sum>

/** What is there at once, and what takes long. */
export const beginPrints = (files: Iterable<string>, site: string, sums: Sums = new Map()): Prints => {
  const all = [...files].map(path => ({ file: siteName(path, site), sum: sums.get(path) ?? printOf(path) }))
  return {
    now: all.flatMap(({ file, sum }) => (typeof sum === 'string' ? [{ file, sha256: sum }] : [])).sort(byName),
    later: all.flatMap(({ file, sum }) =>
      typeof sum === 'string' ? [] : [{ file, take: async () => ({ file, sha256: await printOfLarge(sum) }) }],
    ),
  }
}

/** A step may wait for its sums, and a node for the file itself: they come first. */
const printOfLarge = async (file: LargeFile): Promise<string> => {
  try {
    await file.summed()
    return await file.digest('sha256', givingWay(file))
  } catch {
    return ''
  }
}

/** Not longer: of a run that is cut off, a later one wants to know whether the file still reads the same. */
const longestWayMs = 1000

export const givingWay = (file: LargeFile, withinMs = longestWayMs): GiveWay => {
  const enough = performance.now() + withinMs
  return () => {
    const [sent, left] = [file.sent(), enough - performance.now()]
    return sent && left > 0 ? Promise.race([sent, setTimeout(left, undefined, { ref: false })]) : undefined
  }
}

/** All of them, sorted by name. */
export const printInputs = async (...of: Parameters<typeof beginPrints>): Promise<readonly InputPrint[]> => {
  const { now, later } = beginPrints(...of)
  const taken: InputPrint[] = []
  for (const { take } of later) taken.push(await take())
  return [...now, ...taken].sort(byName)
}

const byName = (one: InputPrint, other: InputPrint): number => (one.file < other.file ? -1 : 1)

/** Files that read otherwise than they did, that came, or that went. */
export const changedInputs = (then: readonly InputPrint[], now: readonly InputPrint[]): readonly string[] => {
  const before = new Map(then.map(({ file, sha256 }) => [file, sha256]))
  const after = new Map(now.map(({ file, sha256 }) => [file, sha256]))
  return [...new Set([...before.keys(), ...after.keys()])].filter(file => before.get(file) !== after.get(file)).sort()
}
