// What sudo and su have in common when they let nobody in.
import { exitCodes, Problem, type ProblemFields } from '../model/problem.ts'

/** Without the user that the steps need, nothing on the node can be asked or done. */
export const becomeFailed = (fields: ProblemFields): Problem =>
  new Problem({ state: 'nothing was done there', exit: exitCodes.unreachable, ...fields })
