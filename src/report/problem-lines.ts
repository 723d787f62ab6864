// A problem from a journal, printed as the one that was thrown.
import { Problem, type ProblemFields } from '../model/problem.ts'
import { formatProblem, type ProblemStyle } from '../text/excerpt.ts'
import type { Palette } from './palette.ts'
import type { TableShape } from './table.ts'

export const problemLines = (
  fields: Omit<ProblemFields, 'cause'>,
  palette: Palette,
  shape: TableShape = {},
): readonly string[] => formatProblem(new Problem(fields), { ...styleOf(palette), ...shape }).split('\n')

const styleOf = ({ failed, running, dim, strong }: Palette): ProblemStyle => ({
  error: failed,
  place: running,
  mark: failed,
  label: dim,
  help: strong,
})
