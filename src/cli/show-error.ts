// The one place where an error becomes text on stderr and an exit code.
import { dirname } from 'node:path'
import { isRefusedByDisk } from '../journal/index.ts'
import type { ProblemRecord } from '../model/events.ts'
import { exitCodes, Problem, Problems } from '../model/problem.ts'
import { colours } from '../report/palette.ts'
import { formatProblem, formatProblems, formatWarning, type ProblemStyle, plainStyle } from '../text/excerpt.ts'
import type { Surroundings } from './surroundings.ts'

/** @returns What the process should end with. */
export const showError = (thrown: unknown, around: Surroundings): number => {
  const error = refusedHere(thrown) ?? thrown
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

/** What a disk of this machine refuses is no bug: whoever sits here can mend it. */
const refusedHere = (error: unknown): Problem | undefined => {
  if (!isRefusedByDisk(error)) return undefined
  const { path, syscall, code, message } = error as NodeJS.ErrnoException
  // A file that is not there is somebody's mistake, and who read it has said whose.
  if (path === undefined || (code?.startsWith('ENO') && code !== 'ENOSPC' && syscall !== 'mkdir')) return undefined
  return new Problem({
    code: 'disk-refused',
    summary: `This machine refuses what has to be done with ${path}`,
    seen: message,
    help: `look at it, and at what it lies in: \`ls -ld ${path} ${dirname(path)}\`, \`df -h ${dirname(path)}\``,
    cause: error,
  })
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
