// Who names a node that the lab does not have is told which there are.
import { exitCodes, Problem } from '../src/model/problem.ts'

export const noSuchNode = (node: string, names: readonly string[]): Problem =>
  new Problem({
    code: 'lab-node-unknown',
    summary: `The lab has no node ${node}`,
    wanted: names.join(', '),
    help: '`run lab status` tells of each',
    exit: exitCodes.input,
  })
