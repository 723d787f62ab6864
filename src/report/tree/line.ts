// One line of the tree: parts with a colour each, cut to the width of the screen before any escape is in them.
import { indentFor } from '../fitted.ts'
import type { Paint } from '../palette.ts'
import { cutTo, oneLine, widthOf } from '../printable.ts'

export type Part = readonly [text: string, paint?: Paint]

/** Made only when it is painted: of thousands of lines a screen shows fifty. */
export type Line = () => readonly Part[]

/** @returns At most so many columns, without a line break. */
export const paintLine = (parts: readonly Part[], columns: number): string => {
  let line = ''
  let left = columns
  for (const [text, paint] of parts) {
    const clean = text.trim() === '' ? text : keepBlanks(text)
    const shown = cutTo(clean, left)
    left -= widthOf(shown)
    line += paint && shown !== '' ? paint(shown) : shown
    if (shown !== clean) break
  }
  return line
}

/**
 * The same in as many lines as it takes, each but the first further in.
 *
 * @returns Lines of at most so many columns, but for a word that is wider; the blanks at their ends are gone.
 */
export const wrapLine = (parts: readonly Part[], columns: number): readonly string[] => {
  if (columns === Number.POSITIVE_INFINITY) return [paintLine(parts, columns)]
  const words = fartherOut(
    parts.flatMap(([text, paint]) => (keepBlanks(text).match(/ +|[^ ]+/g) ?? []).map((word): Part => [word, paint])),
    columns,
  )
  const indent = widthOf(/^ */.exec(words[0]?.[0] ?? '')?.[0] ?? '') + furtherIn
  const lines: Part[][] = [[]]
  let width = 0
  for (const [word, paint] of words) {
    const isGap = word.trim() === ''
    if (!isGap && width > indent && width + widthOf(word) > columns) {
      width = indentFor(widthOf(word), columns, indent)
      lines.push([[' '.repeat(width)]])
    } else if (isGap && width === indent && lines.length > 1) continue
    lines.at(-1)?.push([word, paint])
    width += widthOf(word)
  }
  return lines.map(line => paintLine(withoutEnd(line), Number.POSITIVE_INFINITY))
}

const furtherIn = 4

/** Coloured blanks would be blanks too. */
const withoutEnd = (line: readonly Part[]): readonly Part[] =>
  line.slice(0, line.findLastIndex(([word]) => word.trim() !== '') + 1)

/** A sign and a long name behind it stand farther out, so that the terminal does not break the name. */
const fartherOut = (words: readonly Part[], columns: number): readonly Part[] => {
  const [[lead] = [''], ...others] = words
  if (lead.trim() !== '') return words
  const width = others.slice(0, 3).reduce((sum, [word]) => sum + widthOf(word), 0)
  return [[' '.repeat(indentFor(width, columns, lead.length))], ...others]
}

/** Blanks at both ends are the layout's own. */
const keepBlanks = (text: string): string => {
  const inner = text.trim()
  const at = text.indexOf(inner)
  return text.slice(0, at) + oneLine(inner) + text.slice(at + inner.length)
}
