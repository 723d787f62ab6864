// One text that was read, and the way from an offset in it to a place that a person can find.
import type { Span } from '../model/span.ts'

export type Source = {
  readonly file: string
  readonly text: string
  /** It was encrypted: no place shows a line of it. */
  readonly isSealed?: true
  /** The place from `start` to before `end`; what goes over the line's end is cut there. */
  span(start: number, end?: number): Span
}

export const source = (file: string, text: string): Source => {
  const starts = lineStarts(text)
  return {
    file,
    text,
    span(start, end = start + 1) {
      const offset = Math.max(0, Math.min(start, text.length))
      const line = lineAt(starts, offset)
      const from = starts[line] ?? 0
      const excerpt = text.slice(from, starts[line + 1] ?? text.length).replace(/\r?\n$/, '')
      const column = Math.min(offset - from, excerpt.length)
      const width = Math.max(1, Math.min(end - offset, excerpt.length - column))
      return { file, line: line + 1, column: column + 1, width, excerpt }
    },
  }
}

/** What was encrypted as a whole: places have their line, and nothing of what stands there. */
export const sealedSource = (file: string, text: string): Source => {
  const open = source(file, text)
  return {
    ...open,
    isSealed: true,
    span: (start, end) => ({ ...open.span(start, end), column: 1, width: 1, excerpt: '(encrypted)' }),
  }
}

const lineStarts = (text: string): number[] => {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

/** The last line that starts at or before the offset, counted from 0. */
const lineAt = (starts: readonly number[], offset: number): number => {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return low
}
