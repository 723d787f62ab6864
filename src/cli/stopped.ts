// The end of a run that was stopped at once, for its journal: what was at hand is unknown, not lost.
import { countedAs, countsOf } from '../model/counts.ts'
import type { EventBody } from '../model/events.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import { allSteps, phaseOf, type RunState, type StepState } from '../report/index.ts'

export type Stop = {
  readonly signal: string
  readonly at: Date
  /** How long the run took. */
  readonly ms: number
}

/** Ends of the steps at hand, then the end of the run. Nothing where it ended already. */
export const endsOfStopped = (state: RunState, stop: Stop): readonly EventBody[] => {
  if (!state.started || state.ended) return []
  const steps = allSteps(state)
  const ends = steps.filter(step => phaseOf(step) === 'running').map(step => endOf(step, stop))
  const counts = countsOf([
    ...steps.filter(isPending).map(() => 'not-reached' as const),
    ...steps.flatMap(({ ended, outlined: { onlyWaits } }) => (ended ? countedAs({ ...ended, onlyWaits }) : [])),
    ...ends.map(({ outcome }) => outcome),
  ])
  return [...ends, { type: 'run-ended', exitCode: exitCodes.interrupted, counts, ms: stop.ms }]
}

/** Said when nothing is waited for any more: what was at hand may go on. */
export const stoppedAtOnce = ({ holds }: Pick<RunState, 'holds'>, ends: readonly EventBody[]): string => {
  const isAtWork = ends.some(event => event.type === 'step-ended' && event.outcome === 'unknown')
  return [
    'Stopped at once.',
    isAtWork ? 'How the step at hand ends is not known.' : 'No step was being carried out.',
    ...(holds.length > 0 ? ['What was held may still be held.'] : []),
  ].join(' ')
}

const isPending = (step: StepState): boolean => phaseOf(step) === 'pending'

/** One that was only looked at has changed nothing. */
const endOf = ({ outlined: { step, host }, intended, startedAt = '' }: StepState, { signal, at }: Stop) => {
  const told = { type: 'step-ended', step, host, changes: [], ms: at.getTime() - Date.parse(startedAt) } as const
  if (!intended) return { ...told, outcome: 'not-reached', because: `${signal} came while it was looked at` } as const
  const { fields } = new Problem({
    code: 'stopped-at-once',
    summary: `${step} was under way on ${host} when the run was stopped at once`,
    host,
    step: `${step}@${host}`,
    seen: signal,
    state: 'how it ends is not known; what was held may still be held',
    help: `look at ${host}, then go on: each step looks first how things stand`,
    exit: exitCodes.unknown,
  })
  return { ...told, outcome: 'unknown', because: `stopped at once by ${signal}`, problem: fields } as const
}
