// Paints lines over the lines that it painted before, in one write, and leaves the terminal as it found it.
import { widthOf, withoutEscapes } from '../printable.ts'

/** As much of a terminal's stream as is needed; a `tty.WriteStream` is one. */
export type ScreenStream = {
  write(text: string): unknown
  readonly columns?: number
  readonly rows?: number
  on?(event: 'resize', listener: () => void): unknown
  off?(event: 'resize', listener: () => void): unknown
}

export type Screen = {
  /** Columns that a line may take; the last stays free, since some terminals break the line there. */
  readonly columns: number
  /** Lines that a frame may have; the cursor rests on the one below. */
  readonly rows: number
  paint(lines: readonly string[]): void
  /** Takes the frame away, so that others may write; the next `paint` starts where the cursor is then. */
  clear(): void
  /** Paints once more, as many lines as there are, gives the cursor back, and writes `closing` below, wrapped. */
  finish(lines: readonly string[], closing: readonly string[]): void
}

/** @source ECMA-48 (CUU, EL, ED); xterm control sequences, DECSET 7 (wrap) and 25 (cursor). */
const escapes = {
  up: (lines: number) => (lines > 0 ? `\u001b[${lines}A\r` : '\r'),
  clearLine: '\u001b[2K',
  clearBelow: '\u001b[J',
  hideCursor: '\u001b[?25l',
  showCursor: '\u001b[?25h',
  noWrap: '\u001b[?7l',
  wrap: '\u001b[?7h',
}

/** Where the stream does not know its size. */
const usual = { columns: 80, rows: 24 }

export const openScreen = (stream: ScreenStream): Screen => {
  let before: readonly string[] = []
  let columnsBefore = 0
  let isHidden = false
  const width = () => stream.columns || usual.columns

  /** A line that was painted on a wider screen takes several now, where the terminal wraps it anew. */
  const heightNow = () =>
    width() >= columnsBefore
      ? before.length
      : before.reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(withoutEscapes(line)) / width())), 0)

  const over = (lines: readonly string[]): string => {
    const isSameSize = width() === columnsBefore
    const kept = lines.map((line, index) =>
      isSameSize && line === before[index] ? '\n' : `${escapes.clearLine}${line}\n`,
    )
    return escapes.up(heightNow()) + kept.join('') + escapes.clearBelow
  }

  const write = (lines: readonly string[], wrap: string = escapes.noWrap): void => {
    const hide = isHidden ? '' : escapes.hideCursor
    stream.write(`${hide}${wrap}${over(lines)}${escapes.wrap}`)
    before = lines
    columnsBefore = width()
    isHidden = true
  }

  return {
    get columns() {
      return Math.max(1, width() - 1)
    },
    get rows() {
      return Math.max(1, (stream.rows || usual.rows) - 1)
    },
    paint: lines => write(lines),
    clear() {
      const height = heightNow()
      // Not all at once: what is cleared from the first line on, tmux keeps as if it had scrolled away.
      const cleared = `${escapes.clearLine}\n`.repeat(height)
      if (before.length > 0) stream.write(escapes.up(height) + cleared + escapes.up(height))
      if (isHidden) stream.write(escapes.showCursor)
      before = []
      isHidden = false
    },
    finish(lines, closing) {
      // A word that is wider than the screen goes on in the next line: nothing is painted over it any more.
      write(lines, escapes.wrap)
      stream.write(escapes.showCursor + closing.map(line => `${line}\n`).join(''))
      before = []
      isHidden = false
    },
  }
}
