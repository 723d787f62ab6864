// What the measurement is asked for on its command line.
import { parseArgs } from 'node:util'

export type Options = {
  /** Sizes of the clusters, one after the other. */
  readonly sizes: readonly number[]
  readonly rounds: number
  /** OpenSSH's server on the nodes, instead of the lab's own. */
  readonly sshd: boolean
  /** Whether the figures go into bench/README.md. */
  readonly writes: boolean
}

export const usage = `npm run bench -- [--nodes 3,10] [--rounds 5] [--sshd] [--keep] [--quick]
  --nodes   sizes of the clusters, one after the other
  --rounds  how often everything is measured
  --sshd    OpenSSH's server on the nodes
  --keep    leave the figures in bench/README.md as they are
  --quick   one round on two nodes, to see whether the measurement works; implies --keep`

/** @throws {Error} With the usage, when it cannot be done so. */
export const readOptions = (argv: readonly string[]): Options => {
  const { nodes, rounds, sshd, keep, quick } = parse(argv)
  const options = {
    sizes: (nodes ?? (quick ? '2' : '3,10')).split(',').map(Number),
    rounds: Number(rounds ?? (quick ? 1 : 5)),
    sshd,
    writes: !keep && !quick,
  }
  if (!options.sizes.every(size => isWithin(size, 2, 32))) throw new Error(`a cluster has 2 to 32 nodes\n${usage}`)
  if (!isWithin(options.rounds, 1, 1000)) throw new Error(`there are 1 to 1000 rounds\n${usage}`)
  return options
}

const parse = (argv: readonly string[]) => {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        nodes: { type: 'string' },
        rounds: { type: 'string' },
        sshd: { type: 'boolean', default: false },
        keep: { type: 'boolean', default: false },
        quick: { type: 'boolean', default: false },
      },
    })
    return values
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${usage}`)
  }
}

const isWithin = (number: number, least: number, most: number): boolean =>
  Number.isInteger(number) && number >= least && number <= most
