// The gate as a table: a row a cell, the totals, and everything that was not as it was foretold.
import type { CellResult } from './run-cell.ts'

const evidences = ['exact', 'predicted', 'attested', 'opaque'] as const

const head = ['cell', 'predicted', 'made', 'missed', 'invented', 'left', 'undecided', 'unseen', ...evidences, 'ends']

export const gateTable = (results: readonly CellResult[]): string => tableOf(results.map(rowOf))

/** A table with some rows anew, in the order of the playbooks; the others stay. */
export const withRows = (table: string, results: readonly CellResult[], isAnew: (cell: string) => boolean): string => {
  const rows = [...rowsIn(table).filter(([name = '']) => !isAnew(name)), ...results.map(rowOf)]
  const order = [...new Set(rows.map(([name]) => playbookOf(name)))].sort()
  return tableOf(order.flatMap(playbook => rows.filter(([name]) => playbookOf(name) === playbook)))
}

export const playbookOf = (cell = ''): string => cell.split(',')[0] ?? ''

const rowsIn = (table: string): readonly (readonly string[])[] =>
  table
    .split('\n')
    .map(line => line.replace(/^\| | \|$/g, '').split(' | '))
    .filter(cells => cells.length === head.length && !['cell', '---', 'total'].includes(cells[0] ?? ''))

const tableOf = (rows: readonly (readonly string[])[]): string => {
  const sums = head.map((_, column) => rows.reduce((sum, row) => sum + (Number(row[column]) || 0), 0))
  const total = ['total', ...sums.slice(1, -1).map(String), `${rows.length} cells`]
  return [head, head.map((_, column) => (column === 0 || column === head.length - 1 ? '---' : '--:')), ...rows, total]
    .map(cells => `| ${cells.join(' | ')} |`)
    .join('\n')
}

const rowOf = (result: CellResult): readonly string[] => [
  result.name,
  `${result.predicted}`,
  `${result.made}`,
  ...[result.missed, result.invented, result.left, result.undecided, result.unseen].map(({ length }) => `${length}`),
  ...evidences.map(kind => `${result.evidence[kind] ?? 0}`),
  result.refused.map(refusal => refusal.replace(/^(\S+): ([\w-]+): .*$/s, '$2 at $1')).join(', ') || 'done',
]

/** Each thing that came out otherwise, below the name of its cell. */
export const lies = (results: readonly CellResult[]): string =>
  results
    .flatMap(({ name, missed, invented, left, undecided, mayBeUndecided }) => {
      const told = [
        ...missed.map(fact => `missed: ${fact}`),
        ...invented.map(fact => `invented: ${fact}`),
        ...left.map(fact => `left: ${fact}`),
        ...(mayBeUndecided ? [] : undecided.map(fact => `undecided: ${fact}`)),
      ]
      return told.length === 0 ? [] : [name, ...told.map(line => `  ${line}`)]
    })
    .join('\n')
