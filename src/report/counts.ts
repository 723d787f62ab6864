// What a run comes to in numbers and in one word per node.
import { type Evidence, evidences } from '../model/answer.ts'
import { type Counted, type Counts, countedAs, countsOf } from '../model/counts.ts'
import { allSteps, phaseOf, type RunState, type StepState } from './state.ts'

/** In the order in which they are told. */
export const outcomes: readonly Counted[] = [
  'changed',
  'would-change',
  'waits',
  'same',
  'skipped',
  'unknown',
  'failed',
  'let-pass',
  'not-reached',
]

export const outcomeWords: Readonly<Record<Counted, string>> = {
  changed: 'changed',
  'would-change': 'would change',
  waits: 'would wait',
  same: 'same',
  skipped: 'skipped',
  unknown: 'unknown',
  failed: 'failed',
  'let-pass': 'failed and let pass',
  'not-reached': 'not reached',
}

/** A step that has not ended counts as not reached. */
export const countOutcomes = (steps: readonly StepState[]): Counts =>
  countsOf(
    steps.map(({ ended, outlined: { onlyWaits } }) => (ended ? countedAs({ ...ended, onlyWaits }) : 'not-reached')),
  )

export const countEvidence = (steps: readonly StepState[]): Readonly<Record<Evidence, number>> => {
  const counts = { exact: 0, predicted: 0, attested: 0, opaque: 0 }
  for (const { ended } of steps) if (ended?.evidence) counts[ended.evidence]++
  return counts
}

/** `3 changed · 9 same`: what does not occur is left out. */
export const tellOutcomes = (steps: readonly StepState[]): string => tellCounts(countOutcomes(steps))

export const tellCounts = (counts: Readonly<Partial<Record<Counted, number>>>): string =>
  joined(outcomes.map(outcome => [counts[outcome] ?? 0, outcomeWords[outcome]]))

/** `14 exact · 5 predicted`. */
export const tellEvidence = (steps: readonly StepState[]): string => {
  const counts = countEvidence(steps)
  return joined(evidences.map(evidence => [counts[evidence], evidence]))
}

const joined = (parts: readonly (readonly [number, string])[]): string =>
  parts
    .filter(([count]) => count > 0)
    .map(part => part.join(' '))
    .join(' · ')

export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/**
 * Hosts that came to the end of all their steps.
 *
 * Handlers and further tries of a block come after a host's last step, so what is behind them has to have begun.
 *
 * @param steps All steps of the run.
 */
export const hostsDone = (state: RunState, steps: readonly StepState[]): readonly string[] => {
  const open = new Set(steps.filter(step => !isOver(step)).map(({ outlined }) => outlined.host))
  return hostsOf(state).filter(host => !open.has(host) && isBehind(state, host))
}

const isBehind = ({ ended, plays }: RunState, host: string): boolean => {
  const last = plays.findLastIndex(play => play.hosts.some(each => each.host === host))
  if (ended !== undefined || plays.slice(last + 1).some(({ isStarted }) => isStarted)) return true
  const play = plays[last]
  if (play?.outlined.strategy !== 'failover') return false
  const next = play.hosts.slice(play.hosts.findIndex(each => each.host === host) + 1)
  return next.some(({ steps }) => steps.some(step => phaseOf(step) !== 'pending'))
}

/** However it ended. */
const isOver = ({ ended }: StepState): boolean => ended !== undefined && ended.outcome !== 'not-reached'

/** Each host of the run once, in the order of its plays. */
export const hostsOf = ({ plays }: RunState): readonly string[] => [
  ...new Set(plays.flatMap(play => play.hosts.map(({ host }) => host))),
]

/**
 * How each host stands after a run: `node1 verified · node2 2 of 6 steps · node3 untouched`.
 *
 * Verified: every step of it was found or made as wanted.
 */
export const tellHosts = (state: RunState): string =>
  hostsOf(state)
    .map(host => `${host} ${standing(allSteps(state).filter(({ outlined }) => outlined.host === host))}`)
    .join(' · ')

export const standing = (steps: readonly StepState[]): string => {
  const done = steps.filter(isDone).length
  if (done === steps.length) return 'verified'
  const isUntouched = steps.every(step => phaseOf(step) === 'pending' || step.ended?.outcome === 'not-reached')
  return isUntouched ? 'untouched' : `${done} of ${plural(steps.length, 'step')}`
}

/** A step that need not be looked at again; one that a person left out is still due. */
export const isDone = ({ ended }: StepState): boolean =>
  ended !== undefined &&
  ended.leftOutBy === undefined &&
  (['same', 'changed', 'skipped'].includes(ended.outcome) || ended.ignored === true)
