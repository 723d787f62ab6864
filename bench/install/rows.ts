// The table of the installations: each errand, and its floor below it.
import type { Figures, Side } from '../figures.ts'
import { table, told } from '../table.ts'

export type Row = {
  readonly errand: string
  readonly commands: number
  /** How the steps ended, such as `29 changed`. */
  readonly steps: string
  readonly figures: Figures
}

const head = ['', 'commands', 'wall, s', 'CPU, s', 'peak, MB', 'steps']

export const tableOf = (rows: readonly Row[]): string => table([head, ...rows.flatMap(linesOf)], [0, head.length - 1])

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
