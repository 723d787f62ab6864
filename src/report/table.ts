// A table for people: in columns where they fit, each row below itself on a narrow screen, a sentence for who hears it.
import { beside, fitted, flowing, leastColumn } from './fitted.ts'
import { padTo, widthOf } from './printable.ts'
import { inSpeech } from './spoken/words.ts'

export type Table = {
  readonly heads: readonly string[]
  /** The first cell names the row, the last one may be long. `-` stands where there is nothing. */
  readonly rows: readonly (readonly string[])[]
}

export type TableShape = {
  /** How wide the screen is; without it there are columns, and no line is broken. */
  readonly columns?: number
  readonly isSpoken?: boolean
}

export const tableLines = (table: Table, { columns, isSpoken = false }: TableShape = {}): readonly string[] => {
  if (isSpoken) return table.rows.map(row => spokenRow(table, row))
  const all = [table.heads, ...table.rows]
  const widths = table.heads.slice(0, -1).map((_, column) => Math.max(...all.map(row => widthOf(row[column] ?? ''))))
  const before = widths.reduce((sum, width) => sum + width + gap.length, 0)
  if (columns !== undefined && before + leastColumn > columns)
    return table.rows.flatMap(row => stackedRow(table, row, columns))
  return all.flatMap(row =>
    beside(
      widths.map((width, column) => padTo(row[column] ?? '', width) + gap).join(''),
      row.at(-1) ?? '',
      columns ?? Number.POSITIVE_INFINITY,
    ),
  )
}

const gap = '  '
const indent = 4

const isThere = (cell: string): boolean => cell !== '' && cell !== '-'

/** Cells but for the first and the last, each with what it is. */
const labelled = ({ heads }: Table, row: readonly string[]): readonly string[] =>
  row.slice(1, -1).flatMap((cell, at) => (isThere(cell) ? [`${heads[at + 1]?.toLowerCase()} ${cell}`] : []))

const stackedRow = (table: Table, row: readonly string[], columns: number): readonly string[] => [
  ...fitted(row[0] ?? '', columns, indent),
  ...flowing(labelled(table, row), columns, indent),
  ...fitted(' '.repeat(indent) + (row.at(-1) ?? ''), columns, indent),
]

const spokenRow = (table: Table, row: readonly string[]): string => {
  const [name = ''] = row
  const told = labelled(table, row).join(', ')
  return inSpeech(`${name}: ${[told, row.at(-1) ?? ''].filter(isThere).join('. ')}`)
}
