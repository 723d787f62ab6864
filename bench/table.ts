// Figures as a Markdown table that also reads well as it is.
import type { Figure, Figures, Side } from './figures.ts'

export type Row = {
  readonly errand: string
  readonly commands: number
  /** How the steps ended, such as `29 changed`. */
  readonly steps: string
  readonly figures: Figures
}

const head = ['', 'commands', 'wall, s', 'CPU, s', 'peak, MB', 'steps']

/** Numbers stand at the right; the first and the last column hold words. */
const isWords = (column: number): boolean => column === 0 || column === head.length - 1

export const tableOf = (rows: readonly Row[]): string => {
  const lines = [head, ...rows.flatMap(linesOf)]
  const widths = head.map((_, column) => Math.max(...lines.map(line => line[column]?.length ?? 0)))
  const [first = '', ...rest] = lines.map(line => bordered(line.map((cell, at) => padded(cell, at, widths[at] ?? 0))))
  const rule = bordered(widths.map((width, at) => (isWords(at) ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)))
  return [first, rule, ...rest].join('\n')
}

const bordered = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

const padded = (cell: string, column: number, width: number): string =>
  isWords(column) ? cell.padEnd(width) : cell.padStart(width)

const linesOf = ({ errand, commands, steps, figures: { run, floor, ratio } }: Row): readonly (readonly string[])[] => [
  [`**${errand}**`, `${commands}`, ...inUnits(run), steps],
  ...(floor ? [['as many by `ssh`', `${commands}`, ...inUnits(floor), '']] : []),
  ...(ratio ? [['run ÷ `ssh`', '', ...[ratio.wall, ratio.cpu, ratio.peak].map(figure => told(figure, 1, 2)), '']] : []),
]

const inUnits = ({ wall, cpu, peak }: Side): readonly string[] => [
  told(wall, 1000, 2),
  told(cpu, 1000, 2),
  told(peak, 1000, 0),
]

const told = ({ median, min, max }: Figure, unit: number, digits: number): string => {
  const write = (value: number) => (value / unit).toFixed(digits)
  return min === max ? write(median) : `${write(median)} (${write(min)}–${write(max)})`
}
