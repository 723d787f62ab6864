// Strikes the secrets that are known out of a whole value, as a journal does.
import { masked } from '../journal/index.ts'
import { Problem } from '../model/problem.ts'
import type { Redact } from '../shell/redact.ts'

/** Problems of a text show its lines, and a secret may stand in one of them. */
export const maskProblems = (problems: readonly Problem[], redact: Redact): readonly Problem[] => {
  const mask = maskOf(redact)
  return problems.map(problem => {
    const { cause, ...told } = problem.fields
    return new Problem({ ...mask(told), cause })
  })
}

export type Mask = <Value>(value: Value) => Value

/** The value keeps its shape: only texts in it change, and what JSON cannot carry is left out. */
export const maskOf =
  (redact: Redact): Mask =>
  <Value>(value: Value) =>
    masked(value, redact) as Value // the same shape, by what `masked` does
