// A terminal small enough to read: it obeys the escapes that a screen of ours sends, and fails on any other.
import type { ScreenStream } from '../../../src/report/index.ts'

export type Terminal = ScreenStream & {
  columns: number
  rows: number
  /** What stands there, scrolled lines first, without trailing blanks. */
  lines(): readonly string[]
  readonly isCursorVisible: boolean
  /** All bytes that came. */
  readonly bytes: string
  resize(columns: number, rows: number): void
}

const tokens = /\u001b\[(\??)(\d*)([A-Za-z])|\n|\r|[^\u001b\n\r]+/gy

export const openTerminal = (columns = 80, rows = 24): Terminal => {
  const text: string[] = ['']
  const listeners = new Set<() => void>()
  let at = { line: 0, column: 0 }
  let isCursorVisible = true
  let bytes = ''

  const put = (words: string) => {
    const line = (text[at.line] ?? '').padEnd(at.column)
    text[at.line] = line.slice(0, at.column) + words + line.slice(at.column + words.length)
    at = { ...at, column: at.column + words.length }
  }

  const obey = (final: string, isPrivate: boolean, count: number) => {
    if (isPrivate && (final === 'h' || final === 'l')) {
      if (count === 25) isCursorVisible = final === 'h'
    } else if (final === 'A') at = { ...at, line: Math.max(0, text.length - terminal.rows, at.line - count) }
    else if (final === 'K') text[at.line] = ''
    else if (final === 'J') text.length = at.line + 1
    else if (final !== 'm') throw new Error(`unknown escape ${final}`)
    if (final === 'J') text[at.line] = (text[at.line] ?? '').slice(0, at.column)
  }

  const terminal: Terminal = {
    columns,
    rows,
    write(more) {
      bytes += more
      for (const [token, isPrivate, count, final] of more.matchAll(tokens)) {
        if (final !== undefined) obey(final, isPrivate === '?', Number(count || 1))
        else if (token === '\n') {
          at = { line: at.line + 1, column: 0 }
          text[at.line] ??= ''
        } else if (token === '\r') at = { ...at, column: 0 }
        else put(token)
      }
    },
    on: (_event, listener) => listeners.add(listener),
    off: (_event, listener) => listeners.delete(listener),
    lines: () => text.map(line => line.trimEnd()),
    get isCursorVisible() {
      return isCursorVisible
    },
    get bytes() {
      return bytes
    },
    resize(newColumns, newRows) {
      terminal.columns = newColumns
      terminal.rows = newRows
      for (const listener of listeners) listener()
    },
  }
  return terminal
}
