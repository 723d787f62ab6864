// The end of a run's story: what came of it, what failed and why, what stands open, where it is written, how to go on.
import { addressOf } from '../model/address.ts'
import type { ProblemRecord } from '../model/events.ts'
import { formatDuration } from '../text/duration.ts'
import { isDone, plural, tellEvidence, tellHosts, tellOutcomes } from './counts.ts'
import { fitted } from './fitted.ts'
import { noColours, type Palette } from './palette.ts'
import { oneLine } from './printable.ts'
import { problemLines } from './problem-lines.ts'
import { allSteps, type RunState, type StepState } from './state.ts'
import type { TableShape } from './table.ts'
import { wayOn } from './way-on.ts'

export type SummaryOptions = {
  readonly palette?: Palette
  /** Where the run is written, as the user would type it. */
  readonly journal?: string
  /** How wide a line may be; without it none is broken. */
  readonly columns?: number
  /** For somebody who hears it. */
  readonly isSpoken?: boolean
}

/** Lines without line breaks; the first says how it went. */
export const summaryLines = (
  state: RunState,
  { palette = noColours, journal, columns, isSpoken = false }: SummaryOptions = {},
): string[] => {
  const { started } = state
  if (!started) return []
  const written = journal === undefined ? '' : `  ${palette.dim('journal')} ${journal}`
  const inRoom = (line: string) => fitted(line, columns ?? Number.POSITIVE_INFINITY, 4)
  return [
    ...verdict(state, palette).flatMap(inRoom),
    ...problems(state, palette, { isSpoken, ...(columns !== undefined && { columns }) }),
    ...standing(state, palette).flatMap(inRoom),
    // A command stays on one line, as it has to be typed.
    ...then(state, palette),
    ...inRoom(`${palette.dim('run')}  ${started.run}${written}`),
  ]
}

const verdict = (state: RunState, palette: Palette): readonly string[] => {
  const steps = allSteps(state)
  const ms = state.ended?.ms
  const words = [`${palette.strong(plural(steps.length, 'step'))}: ${tellOutcomes(steps) || 'none began'}`]
  if (ms !== undefined) words.push(palette.dim(formatDuration(ms)))
  if (state.started?.mode === 'run') return [words.join('  ')]
  const evidence = tellEvidence(steps)
  return [words.join('  '), ...(evidence ? [`evidence: ${evidence}`] : []), ...irreversible(steps, palette)]
}

const irreversible = (steps: readonly StepState[], palette: Palette): readonly string[] => {
  const count = steps.filter(cannotBeUndone).length
  return count === 0 ? [] : [palette.planned(`▲ ${count} cannot be undone`)]
}

/** A step that would change something and has no way back. */
export const cannotBeUndone = ({ outlined, ended }: StepState): boolean =>
  outlined.undoable === false && (ended?.outcome === 'would-change' || ended?.outcome === 'unknown')

const problems = (state: RunState, palette: Palette, shape: TableShape): readonly string[] => {
  const lines = failuresOf(state).flatMap(problem => ['', ...problemLines(problem, palette, shape)])
  return lines.length === 0 ? [] : [...lines, '']
}

/** What went wrong, each once: what ends a run has mostly been told by the step that failed. */
export const failuresOf = (state: RunState): readonly ProblemRecord[] => {
  const told = state.problems.filter(problem => !wasSpared(problem, state))
  return [...new Map(told.map(problem => [`${problem.code} ${problem.step} ${problem.host}`, problem])).values()]
}

/** A node that nobody needed, or that a person answered for, is no failure of the run; that it was silent is told above. */
const wasSpared = ({ code, host }: ProblemRecord, { ended, assumed, unreachable }: RunState): boolean =>
  unreachable.some(other => other.host === host && other.problem.code === code) &&
  (ended?.exitCode === 0 || assumed.some(other => other.host === host))

const standing = (state: RunState, palette: Palette): readonly string[] => {
  const { started, holds, assumed, interrupted } = state
  const isRun = started?.mode === 'run'
  const isAllDone = allSteps(state).every(isDone)
  return [
    ...(interrupted ? [palette.unknown([`interrupted by ${interrupted}`, ...setRight(state)].join('; '))] : []),
    ...(isRun && !isAllDone ? [`${palette.dim('nodes')}  ${tellHosts(state)}`] : []),
    ...assumed.map(
      ({ host, reason }) => `${palette.planned('taken on trust')}  ${host} holds nothing: ${oneLine(reason)}`,
    ),
    ...holds.map(({ hold, host, state: how }) => palette.planned(`${holdWords[how]}  ${hold} on ${host}`)),
  ]
}

const then = (state: RunState, palette: Palette): readonly string[] => {
  const { started, holds, ended } = state
  if (started?.mode !== 'run' || ended?.exitCode === 0 || hasThen(state)) return []
  const isOpen = holds.length > 0 || !allSteps(state).every(isDone)
  return isOpen ? [`${palette.dim('then')}  ${wayOn(state)}`] : []
}

/** What was finished and given back all the same; where that is not so, nothing is said. */
const setRight = (state: RunState): readonly string[] => {
  const { atInterrupt, holds } = state
  const isFinished = ({ outlined, ended }: StepState) =>
    atInterrupt?.running.includes(addressOf(outlined)) && ['same', 'changed', 'skipped'].includes(ended?.outcome ?? '')
  const finished = allSteps(state)
    .filter(isFinished)
    .map(({ outlined }) => `${addressOf(outlined)} was finished`)
  const isOpen = ({ hold, host }: { readonly hold: string; readonly host: string }) =>
    holds.some(open => open.hold === hold && open.host === host)
  const back = (atInterrupt?.held ?? []).filter(held => !isOpen(held))
  return [...finished, ...back.map(({ hold, host }) => `the ${hold} was given back on ${host}`)]
}

const hasThen = ({ problems }: RunState): boolean => problems.some(({ then }) => then !== undefined)

const holdWords = {
  intended: 'may be held',
  acquired: 'still held',
  kept: 'kept',
  failed: 'may be held',
} as const
