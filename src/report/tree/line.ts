// One line of the tree: parts with a colour each, cut to the width of the screen before any escape is in them.
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
  const words = parts.flatMap(([text, paint]) =>
    (keepBlanks(text).match(/ +|[^ ]+/g) ?? []).map((word): Part => [word, paint]),
  )
  const indent = ' '.repeat(widthOf(/^ */.exec(words[0]?.[0] ?? '')?.[0] ?? '') + furtherIn)
  const lines: Part[][] = [[]]
  let width = 0
  for (const [word, paint] of words) {
    const isGap = word.trim() === ''
    if (!isGap && width > indent.length && width + widthOf(word) > columns) {
      lines.push([[indent]])
      width = indent.length
    } else if (isGap && width === indent.length && lines.length > 1) continue
    lines.at(-1)?.push([word, paint])
    width += widthOf(word)
  }
  return lines.map(line => paintLine(line, Number.POSITIVE_INFINITY).trimEnd())
}

const furtherIn = 4

/** Blanks at both ends are the layout's own. */
const keepBlanks = (text: string): string => {
  const inner = text.trim()
  const at = text.indexOf(inner)
  return text.slice(0, at) + oneLine(inner) + text.slice(at + inner.length)
}
