// Strikes the secrets that are known out of a whole value, as a journal does.
import { masked } from '../journal/index.ts'
import { Problem } from '../model/problem.ts'
import type { Span } from '../model/span.ts'
import type { Redact } from '../shell/redact.ts'

/** Problems of a text show its lines, and a secret may stand in one of them. */
export const maskProblems = (problems: readonly Problem[], redact: Redact): readonly Problem[] => {
  const mask = maskOf(redact)
  return problems.map(problem => {
    const { cause, span, ...told } = problem.fields
    return new Problem({ ...mask(told), ...(span && { span: maskedPlace(span, redact) }), cause })
  })
}

/** A mask has a length of its own, so what stands behind it in the line has moved. */
const maskedPlace = (span: Span, redact: Redact): Span => {
  const excerpt = redact(span.excerpt)
  const before = redact(span.excerpt.slice(0, span.column - 1))
  const moved = excerpt.startsWith(before) ? before.length - span.column + 1 : 0
  return { ...span, file: redact(span.file), excerpt, ...(moved !== 0 && { moved }) }
}

export type Mask = <Value>(value: Value) => Value

/** The value keeps its shape: only texts in it change, and what JSON cannot carry is left out. */
export const maskOf =
  (redact: Redact): Mask =>
  <Value>(value: Value) =>
    masked(value, redact) as Value // the same shape, by what `masked` does
