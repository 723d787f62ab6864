// From what was thrown to what is written down.
import type { ProblemRecord } from '../model/events.ts'
import { exitCodes, Problem, Problems } from '../model/problem.ts'

/** Anything thrown, as a problem: our own bugs keep their stack, so that they can be reported. */
export const asProblem = (error: unknown): Problem => {
  if (error instanceof Problem) return error
  if (error instanceof Problems && error.all[0]) return error.all[0]
  return new Problem({
    code: 'bug',
    summary: error instanceof Error ? error.message : String(error),
    help: 'this is a bug of run itself: report it with the lines below and the journal of the run',
    exit: exitCodes.failed,
    ...(error instanceof Error && error.stack !== undefined && { excerpt: error.stack }),
    cause: error,
  })
}

export const recordOf = (error: unknown): ProblemRecord => {
  const { cause: _, ...fields } = asProblem(error).fields
  return fields
}
