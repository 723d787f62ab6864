// What a plain terminal would show: escapes gone, lines redrawn by carriage return as the eye sees them.
import { stripVTControlCharacters } from 'node:util'

export type Screen = {
  /** All finished lines, each with its line break. */
  readonly above: string
  /** The line in which the cursor stands. */
  readonly line: string
  /** Where in it the cursor stands, counted from 0. */
  readonly column: number
  /** The begin of an escape sequence whose end has not come yet. */
  readonly unfinished: string
}

export const blankScreen: Screen = { above: '', line: '', column: 0, unfinished: '' }

/** All that stands on the screen; the last line is the one with the cursor. */
export const screenText = ({ above, line }: Screen): string => above + line

/**
 * Writes a piece of output on a screen. Pieces may be cut anywhere, also within an escape sequence.
 *
 * Colours and titles are dropped. A jump of the cursor to another line starts a new line: nothing is overwritten.
 *
 * @source ECMA-48, 5.4 "Control sequences"
 */
export const writeScreen = (screen: Screen, piece: string): Screen => {
  const whole = screen.unfinished + piece
  const unfinished = unfinishedEscape.exec(whole)?.[0] ?? ''
  const pen = { ...screen }
  for (const [token] of whole.slice(0, whole.length - unfinished.length).matchAll(tokens)) draw(pen, token)
  return { ...pen, unfinished }
}

type Pen = { above: string; line: string; column: number }

const unfinishedEscape = /\x1b(?:\[[\d;?]*|\][^\x07\x1b]{0,1000}|[()#])?$/

/** Control sequences, other escapes with what follows, single controls, and runs of plain text. */
const tokens =
  /\x1b\[[\d;?]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()#]?[^[\]]|[\x00-\x1f\x7f]|[^\x00-\x1f\x7f]+/g

/** Wider than any terminal: a program can jump to column 999999999, and what lies before would be filled up. */
const widest = 8192

const draw = (pen: Pen, token: string): void => {
  if (token === '\n') breakLine(pen)
  else if (token === '\r') pen.column = 0
  else if (token === '\b') pen.column = Math.max(0, pen.column - 1)
  else if (token === '\t') type(pen, token)
  else if (token.startsWith('\x1b[')) control(pen, token)
  else type(pen, stripVTControlCharacters(token).replace(/[\x00-\x1f\x7f]/g, ''))
}

const type = (pen: Pen, text: string): void => {
  let rest = text
  while (rest.length > widest - pen.column) {
    const room = widest - pen.column
    put(pen, rest.slice(0, room))
    breakLine(pen)
    rest = rest.slice(room)
  }
  put(pen, rest)
}

const put = (pen: Pen, text: string): void => {
  const before = pen.line.slice(0, pen.column).padEnd(pen.column)
  pen.line = before + text + pen.line.slice(pen.column + text.length)
  pen.column += text.length
}

const breakLine = (pen: Pen): void => {
  pen.above += `${pen.line}\n`
  pen.line = ''
  pen.column = 0
}

const control = (pen: Pen, sequence: string): void => {
  const amount = Number.parseInt(sequence.slice(2), 10) || 0
  const final = sequence.at(-1) ?? ''
  if (final === 'K') erase(pen, amount)
  else if (final === 'C') pen.column = Math.min(widest, pen.column + (amount || 1))
  else if (final === 'D') pen.column = Math.max(0, pen.column - (amount || 1))
  else if (final === 'G') pen.column = Math.min(widest, Math.max(0, amount - 1))
  else if (toOtherLine.includes(final) && pen.line !== '') breakLine(pen)
}

/** Up, down, next line, previous line, to a place (twice), clear the screen. */
const toOtherLine = ['A', 'B', 'E', 'F', 'H', 'f', 'J']

const erase = (pen: Pen, part: number): void => {
  if (part === 0) pen.line = pen.line.slice(0, pen.column)
  if (part === 1) pen.line = pen.line.slice(pen.column).padStart(pen.line.length)
  if (part === 2) pen.line = ''
}
