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

/** Blanks at both ends are the layout's own. */
const keepBlanks = (text: string): string => {
  const inner = text.trim()
  const at = text.indexOf(inner)
  return text.slice(0, at) + oneLine(inner) + text.slice(at + inner.length)
}
