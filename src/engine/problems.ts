// From what was thrown to what is written down.
import type { ProblemRecord } from '../model/events.ts'
import { exitCodes, Problem, Problems } from '../model/problem.ts'

/** Anything thrown, as a problem: our own bugs keep their stack, so that they can be reported. */
export const asProblem = (error: unknown): Problem => {
  if (error instanceof Problem) return error
  if (error instanceof Problems && error.all[0]) return error.all[0]
  return new Problem({
    // Something was thrown that nobody foresaw.
    code: 'bug',
    summary: error instanceof Error ? error.message : String(error),
    help: 'this is a bug of run itself: report it with the lines below and what `run report --format jsonl` gives',
    exit: exitCodes.failed,
    ...(error instanceof Error && error.stack !== undefined && { excerpt: error.stack }),
    cause: error,
  })
}

/** Nothing is open where a connection breaks before anything was done: the node could not be asked, that is all. */
export const onlyLooking = async <Value>(looking: Promise<Value>): Promise<Value> => {
  try {
    return await looking
  } catch (error) {
    if (!(error instanceof Problem) || error.exit !== exitCodes.unknown) throw error
    const state = 'it was only being looked at: nothing was changed'
    throw new Problem({ ...error.fields, state, exit: exitCodes.unreachable })
  }
}

export const recordOf = (error: unknown): ProblemRecord => {
  const { cause: _, result: _result, about: _about, restsOn: _restsOn, ...fields } = asProblem(error).fields
  return fields
}
