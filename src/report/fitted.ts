// Text on a screen that may be narrow: what does not fit goes on in the next line, further in, and nothing is cut.
import { breakLines } from '../text/break-lines.ts'
import { widthOf, withoutEscapes } from './printable.ts'

/** Fewer columns than this are no column to read in. */
export const leastColumn = 24

/** One line in as many as it takes; a word that is too wide for the indent stands further out, on a line of its own. */
export const fitted = (line: string, columns: number, indent: number): readonly string[] => {
  // Of what fits anywhere nobody has to know how wide it is.
  if (columns === Number.POSITIVE_INFINITY || widthOf(withoutEscapes(line)) <= columns) return [line]
  const lead = /^ */.exec(line)?.[0] ?? ''
  const [first = '', ...others] = breakLines(line.trimStart(), columns - indent, { first: lead.length - indent })
  const at = (each: string, most: number) => ' '.repeat(indentFor(widthOf(withoutEscapes(each)), columns, most)) + each
  return [at(first, lead.length), ...others.map(each => at(each, indent))]
}

/** As far in as it can stand without the terminal's breaking it. */
export const indentFor = (width: number, columns: number, indent: number): number =>
  Math.max(0, Math.min(indent, columns - width))

/** A text beside what leads to it; below it where there is no room beside it. */
export const beside = (lead: string, text: string, columns: number): readonly string[] => {
  const width = widthOf(withoutEscapes(lead))
  if (text === '') return [lead.trimEnd()]
  if (width + Math.min(widthOf(withoutEscapes(text)), leastColumn) <= columns) {
    const lines = fitted(lead + text, columns, width)
    // A word that is wider than the room beside has more of it below.
    if (widthOf(withoutEscapes(lines[0] ?? '')) <= columns) return lines
  }
  const indent = (/^ */.exec(lead)?.[0].length ?? 0) + 4
  return [...fitted(lead.trimEnd(), columns, indent), ...fitted(' '.repeat(indent) + text, columns, indent)]
}

/** Short pieces one behind the other, none of them broken. */
export const flowing = (pieces: readonly string[], columns: number, indent: number): readonly string[] => {
  const lines: string[] = []
  for (const piece of pieces) {
    const last = lines.at(-1)
    const longer = last === undefined ? undefined : `${last} · ${piece}`
    if (longer !== undefined && widthOf(longer) + indent <= columns) lines[lines.length - 1] = longer
    else lines.push(piece)
  }
  return lines.map(line => ' '.repeat(indent) + line)
}
