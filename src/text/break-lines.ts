// A text in lines that a narrow screen shows whole: broken between words, and never inside `what is to be typed`.
import { widthOf } from './width.ts'

/**
 * @param columns Most columns of a line; a word that is wider stands on a line of its own.
 * @param first Columns that are taken on the first line already.
 */
export const breakLines = (text: string, columns: number, { first = 0 } = {}): readonly string[] => {
  const lines: string[] = []
  let line = ''
  let width = first
  let gap = ''
  for (const word of text.match(wordsAndGaps) ?? []) {
    if (word.trim() === '') {
      gap = word
      continue
    }
    const isFull = width > 0 && width + widthOf(gap) + widthOf(word) > columns
    if (isFull) lines.push(line)
    line = isFull ? word : line + gap + word
    width = isFull ? widthOf(word) : width + widthOf(gap) + widthOf(word)
    gap = ''
  }
  return [...lines, line]
}

const wordsAndGaps = /\s+|(?:`[^`]*`|[^\s`]|`)+/g
