// A problem from a journal, printed as the one that was thrown.
import { Problem, type ProblemFields } from '../model/problem.ts'
import { formatProblem, type ProblemStyle } from '../text/excerpt.ts'
import type { Palette } from './palette.ts'

/** @param columns How wide a line may be; without it none is broken. */
export const problemLines = (
  fields: Omit<ProblemFields, 'cause'>,
  palette: Palette,
  columns?: number,
): readonly string[] =>
  formatProblem(new Problem(fields), { ...styleOf(palette), ...(columns !== undefined && { columns }) }).split('\n')

const styleOf = ({ failed, running, dim, strong }: Palette): ProblemStyle => ({
  error: failed,
  place: running,
  mark: failed,
  label: dim,
  help: strong,
})
