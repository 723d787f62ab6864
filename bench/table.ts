// A Markdown table that also reads well as it is, and numbers as it has them.
import type { Figure } from './figures.ts'

/** @param words Numbers of the columns that hold words; the others hold numbers, which stand at the right. */
export const table = (lines: readonly (readonly string[])[], words: readonly number[]): string => {
  const head = lines[0] ?? []
  const isWords = (column: number): boolean => words.includes(column)
  const widths = head.map((_, column) => Math.max(...lines.map(line => line[column]?.length ?? 0)))
  const padded = (cell: string, column: number): string =>
    isWords(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)
  const [first = '', ...rest] = lines.map(line => bordered(line.map(padded)))
  const rule = bordered(widths.map((width, at) => (isWords(at) ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)))
  return [first, rule, ...rest].join('\n')
}

const bordered = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

/** The middle one, and how far the others lie from it. */
export const told = ({ median, min, max }: Figure, unit: number, digits: number): string => {
  const write = (value: number) => (value / unit).toFixed(digits)
  return min === max ? write(median) : `${write(median)} (${write(min)}–${write(max)})`
}
