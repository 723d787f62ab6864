// The one place where an error becomes text on stderr and an exit code.
import { exitCodes, Problem, Problems } from '../model/problem.ts'
import { colours } from '../report/palette.ts'
import { formatProblem, formatProblems, formatWarning, type ProblemStyle } from '../text/excerpt.ts'
import type { Surroundings } from './surroundings.ts'

/** @returns What the process should end with. */
export const showError = (error: unknown, { stderr, colour, version }: Surroundings): number => {
  const style = colour ? coloured : undefined
  if (error instanceof Problems) {
    stderr.write(`${formatProblems(error.all, style)}\n`)
    return error.exit
  }
  if (error instanceof Problem) {
    stderr.write(`${formatProblem(error, style)}\n`)
    return error.exit
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  stderr.write(`This is a bug of run itself. Please report it with these lines:\n${stack}\n`)
  stderr.write(`run ${version}, Node.js ${process.version}, ${process.platform}\n`)
  return exitCodes.failed
}

/** On stderr, before anything begins. */
export const showWarnings = (warnings: readonly Problem[], { stderr, colour }: Surroundings): void => {
  const style = colour ? { ...coloured, error: (text: string) => colours.planned(text) } : undefined
  for (const warning of warnings) stderr.write(`${formatWarning(warning, style)}\n\n`)
}

const coloured: ProblemStyle = {
  error: text => colours.failed(text),
  place: text => colours.dim(text),
  mark: text => colours.failed(text),
  label: text => colours.dim(text),
  help: text => colours.planned(text),
}
