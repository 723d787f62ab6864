// What the measurement is asked for on its command line.
import { parseArgs } from 'node:util'
import type { Asked } from './part.ts'

/** In the order in which they are measured. */
export const partNames = ['start', 'lint', 'beside', 'upload', 'install'] as const

export type PartName = (typeof partNames)[number]

export type Options = Pick<Asked, 'sizes' | 'rounds' | 'isQuick' | 'isAlone' | 'writes'> & {
  readonly parts: readonly PartName[]
}

export const usage = `npm run bench -- [start] [lint] [beside] [upload] [install] [--nodes 3,10] [--rounds 5] [--alone] [--keep] [--quick]
  --nodes   numbers of hosts, one after the other
  --rounds  how often everything is measured
  --alone   beside the floor, without Ansible; implies --keep
  --keep    leave the figures in bench/README.md as they are
  --quick   few hosts and one round, to see whether the measurement works; implies --keep`

/** @throws {Error} With the usage, when it cannot be done so. */
export const readOptions = (argv: readonly string[]): Options => {
  const { values, positionals } = parse(argv)
  const { nodes, rounds, alone, keep, quick } = values
  const unknown = positionals.find(word => !isPart(word))
  if (unknown) throw new Error(`there is no part ${unknown}\n${usage}`)
  const options = {
    parts: partNames.filter(name => positionals.length === 0 || positionals.includes(name)),
    sizes: nodes?.split(',').map(Number),
    rounds: rounds === undefined ? undefined : Number(rounds),
    isQuick: quick,
    isAlone: alone,
    writes: !keep && !quick && !alone,
  }
  if (!(options.sizes ?? []).every(size => isWithin(size, 2, 100)))
    throw new Error(`there are 2 to 100 hosts\n${usage}`)
  if (!isWithin(options.rounds ?? 1, 1, 1000)) throw new Error(`there are 1 to 1000 rounds\n${usage}`)
  return options
}

const isPart = (word: string): word is PartName => (partNames as readonly string[]).includes(word)

const parse = (argv: readonly string[]) => {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        nodes: { type: 'string' },
        rounds: { type: 'string' },
        alone: { type: 'boolean', default: false },
        keep: { type: 'boolean', default: false },
        quick: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${usage}`)
  }
}

const isWithin = (number: number, least: number, most: number): boolean =>
  Number.isInteger(number) && number >= least && number <= most
