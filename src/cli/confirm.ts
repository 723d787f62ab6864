// Asks once before anything is touched on a cluster that is not a lab.
import { createInterface } from 'node:readline/promises'
import { exitCodes, Problem } from '../model/problem.ts'
import type { Surroundings } from './surroundings.ts'

export type Intent = {
  readonly cluster: string
  readonly lab: boolean
  /** What would be done, in one line. */
  readonly about: string
  /** `--yes`. */
  readonly yes?: boolean
  /** What to look at before. */
  readonly help: string
}

/** @throws {Problem} `not-confirmed` where the name of the cluster is not typed. */
export const confirm = async (intent: Intent, { isTerminal, stderr }: Surroundings): Promise<void> => {
  const { cluster, lab, about, yes } = intent
  if (lab || yes) return
  if (!isTerminal) throw notConfirmed(intent)
  stderr.write(`${about}\n`)
  const reader = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await reader.question(`This is not a lab. Type the name of the cluster to go on: `)
  reader.close()
  if (answer.trim() !== cluster) throw notConfirmed(intent)
}

const notConfirmed = ({ about, help }: Intent): Problem =>
  new Problem({
    code: 'not-confirmed',
    summary: 'Nobody said that this cluster may be changed',
    seen: about,
    state: 'nothing was touched',
    help,
    exit: exitCodes.waits,
  })
