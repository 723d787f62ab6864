// Finds the name that somebody most likely meant to write.
import { distance } from 'fastest-levenshtein'

/**
 * The known name nearest to the one written.
 *
 * @returns Nothing when none is near: a wrong proposal costs more than none.
 */
export const nearest = (written: string, known: Iterable<string>): string | undefined => {
  const folded = fold(written)
  const begins = (name: string, other: string): boolean =>
    fold(name).startsWith(folded) && !fold(other).startsWith(folded)
  let best: { name: string; steps: number } | undefined
  for (const name of known) {
    const steps = slips(folded, fold(name))
    // Of equally near ones, what was begun right: `fil` is `file` rather than `fail`.
    const isNearer = best === undefined || steps < best.steps || (steps === best.steps && begins(name, best.name))
    if (steps <= tolerance(folded, name) && isNearer) best = { name, steps }
  }
  return best?.name
}

/** How many slips of the hand lie between two names; two letters that changed places are one. */
const slips = (a: string, b: string): number => {
  const steps = distance(a, b)
  const isSwap = steps === 2 && a.length === b.length && [...a].sort().join('') === [...b].sort().join('')
  return isSwap ? 1 : steps
}

/** The same as a help line. */
export const proposal = (written: string, known: Iterable<string>): string | undefined => {
  const name = nearest(written, known)
  return name === undefined ? undefined : `did you mean \`${name}\`?`
}

/** A help line: the nearest name, else all of them when they are few enough to read. */
export const didYouMean = (written: string, known: Iterable<string>): string | undefined => {
  const names = [...known]
  const near = proposal(written, names)
  if (near !== undefined) return near
  if (names.length === 0 || names.length > 24) return undefined
  return `known here: ${names.join(', ')}`
}

const fold = (name: string): string => name.toLowerCase().replace(/[-_ .]/g, '')

/** One slip in three letters; names of one or two letters are never guessed. */
const tolerance = (written: string, name: string): number => Math.floor(Math.max(written.length, name.length) / 3)
