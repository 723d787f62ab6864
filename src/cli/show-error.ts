// The one place where an error becomes text on stderr and an exit code.
import type { ProblemRecord } from '../model/events.ts'
import { exitCodes, Problem, Problems } from '../model/problem.ts'
import { colours } from '../report/palette.ts'
import { formatProblem, formatProblems, formatWarning, type ProblemStyle, plainStyle } from '../text/excerpt.ts'
import type { Surroundings } from './surroundings.ts'

/** @returns What the process should end with. */
export const showError = (error: unknown, around: Surroundings): number => {
  const { stderr, version } = around
  const style = styleFor(around)
  if (error instanceof Problems) {
    stderr.write(`${formatProblems(error.all, style)}\n`)
    around.github?.annotate('error', error.all.map(recordOf))
    return error.exit
  }
  if (error instanceof Problem) {
    stderr.write(`${formatProblem(error, style)}\n`)
    around.github?.annotate('error', [recordOf(error)])
    return error.exit
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  stderr.write(`This is a bug of run itself. Please report it with these lines:\n${stack}\n`)
  stderr.write(`run ${version}, Node.js ${process.version}, ${process.platform}\n`)
  return exitCodes.failed
}

/** On stderr, before anything begins. */
export const showWarnings = (warnings: readonly Problem[], around: Surroundings): void => {
  const { stderr, colour } = around
  const style = { ...styleFor(around), ...(colour && { error: colours.planned }) }
  for (const warning of warnings) stderr.write(`${formatWarning(warning, style)}\n\n`)
  around.github?.annotate('warning', warnings.map(recordOf))
}

/** As a journal has it. */
export const recordOf = ({ fields: { cause, result, ...told } }: Problem): ProblemRecord => told

const styleFor = ({ colour, isSpoken, stderr: { columns } }: Surroundings): ProblemStyle => ({
  ...(colour ? coloured : plainStyle),
  isSpoken,
  ...(columns !== undefined && !isSpoken && { columns }),
})

const coloured: ProblemStyle = {
  error: text => colours.failed(text),
  place: text => colours.dim(text),
  mark: text => colours.failed(text),
  label: text => colours.dim(text),
  help: text => colours.planned(text),
}
