// Breaks Markdown text into lines that a mail can carry, and never where a line would begin as markup.
import { widthOf } from '../printable.ts'

export type Wrapping = {
  readonly columns: number
  /** Stands before the first line. */
  readonly first?: string
  /** Stands before the others. */
  readonly rest?: string
}

/** A word that is longer than a line stands on one of its own. Code spans stay whole. */
export const wrap = (text: string, { columns, first = '', rest = '' }: Wrapping): string => {
  const lines: string[] = []
  let line = ''
  for (const word of wordsOf(text)) {
    const prefix = lines.length === 0 ? first : rest
    const isFull = line !== '' && widthOf(prefix) + widthOf(line) + 1 + widthOf(word) > columns
    if (isFull && !beginsAsMarkup(word)) {
      lines.push(prefix + line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, (lines.length === 0 ? first : rest) + line].join('\n')
}

const wordsOf = (text: string): readonly string[] => text.match(/(?:(`+)(?!`).*?(?<!`)\1(?!`)|[^\s`])+|`+/g) ?? []

const beginsAsMarkup = (word: string): boolean => /^(?:[-+*=>#]|\d+[.)]|~~~|```)/.test(word)
