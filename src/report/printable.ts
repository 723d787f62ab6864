// Text from a node as it may stand on a screen: nothing in it that a terminal would obey, and cut by what it covers.
import { isNarrow, widthOf } from '../text/width.ts'

export { widthOf }

/** One line: escapes gone, line breaks and runs of blanks one space, other control characters a visible sign. */
export const oneLine = (text: string): string =>
  isSimple(text) ? text : withoutEscapes(text).replace(/\s+/g, ' ').replace(control, '�').trim()

/** A whole text fit for a screen, its lines kept. */
export const printable = (text: string): string => `${printableLines(text).join('\n')}\n`

/** The lines of a text, each fit for a screen, its blanks kept. */
export const printableLines = (text: string): readonly string[] =>
  withoutEscapes(text)
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
    .map(line => line.replaceAll('\t', '    ').replace(control, '�'))

/**
 * Takes out whole escape sequences and nothing else.
 *
 * `stripVTControlCharacters` of Node.js also takes the letters between a sequence and the next BEL.
 *
 * @source ECMA-48, 5.4 (control sequences) and 5.6 (control strings); ECMA-35, 13 (escape sequences).
 */
export const withoutEscapes = (text: string): string => text.replace(escapes, '')

const escapes =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[ -/]*[0-OQ-WYZ\\`-~]/g

/**
 * Control characters, and what turns the direction of writing or cannot be seen: with those a line reads otherwise
 * than it is.
 *
 * @source Unicode TR 36, 3.1 "Bidirectional text spoofing"
 */
const control = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g

/** The text in at most so many columns, with `…` at the end when something was cut off. */
export const cutTo = (text: string, columns: number): string => {
  if (widthOf(text) <= columns) return text
  if (columns < 1) return ''
  if (isNarrow(text)) return `${text.slice(0, columns - 1)}…`
  let cut = ''
  let width = 0
  for (const { segment } of graphemes().segment(text)) {
    width += widthOf(segment)
    if (width > columns - 1) break
    cut += segment
  }
  return `${cut}…`
}

/** Padded to so many columns; longer text stays whole. */
export const padTo = (text: string, columns: number): string => text + ' '.repeat(Math.max(0, columns - widthOf(text)))

let segmenter: Intl.Segmenter | undefined

/** Its tables take 7 ms to read, and few texts need them. */
const graphemes = (): Intl.Segmenter => {
  segmenter ??= new Intl.Segmenter()
  return segmenter
}

/** Printable ASCII without two blanks in a row, which is most of what comes. */
const isSimple = (text: string): boolean => /^(?:[!-~]| (?! |$))*$/.test(text)
