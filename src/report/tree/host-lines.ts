// One host of the tree, whole or on one line.
import { isDone, plural, tellOutcomes } from '../counts.ts'
import { formatElapsed } from '../outlook-words.ts'
import type { Paint } from '../palette.ts'
import { padTo } from '../printable.ts'
import { type HostState, phaseOf, type StepState } from '../state.ts'
import type { Part } from './line.ts'
import { type Moment, signOf, spinner, stepParts } from './step-line.ts'

export type HostPhase = 'waiting' | 'running' | 'finished'

export const phaseOfHost = (host: HostState): HostPhase => {
  const known = phases.get(host)
  if (known) return known
  const phase = findPhase(host)
  phases.set(host, phase)
  return phase
}

/** A state never changes, so what was found out about it stays true; each frame asks several times. */
const phases = new WeakMap<HostState, HostPhase>()

const findPhase = ({ steps }: HostState): HostPhase => {
  if (steps.every(step => phaseOf(step) === 'pending')) return steps.length === 0 ? 'finished' : 'waiting'
  return steps.every(step => phaseOf(step) === 'ended') || steps.some(isFatal) ? 'finished' : 'running'
}

/** One of its steps failed, or nobody knows how it ended, and nobody said that this may be. */
export const isInTrouble = ({ steps }: HostState): boolean => steps.some(isFatal)

const isFatal = ({ ended }: StepState): boolean => ended?.problem !== undefined && ended.ignored !== true

export type HostFacts = {
  /** `2 ` under a failover list, otherwise empty. */
  readonly rank: string
  readonly nameWidth: number
  /** Names of what it holds now. */
  readonly holds: readonly string[]
  /** The host that it waits for, when one is known. */
  readonly after?: string
  readonly isUnreachable: boolean
  /** The run has ended: what nobody came to by then, such as the rest of a rescued block, never comes. */
  readonly isOver: boolean
}

/** The host's own line. */
export const hostParts = (host: HostState, facts: HostFacts, moment: Moment): readonly Part[] => {
  const { palette } = moment
  const [sign, paint] = signOfHost(host, facts, moment)
  return [
    [facts.rank, palette.dim],
    [`${sign} `, paint],
    [padTo(host.host, facts.nameWidth), palette.strong],
    [facts.holds.length === 0 ? '' : `  holds ${facts.holds.join(', ')}`, palette.planned],
    [`  ${standing(host, facts)}`, palette.dim],
  ]
}

/** The step that runs, behind the host on the same line. */
export const currentParts = (host: HostState, moment: Moment): readonly Part[] => {
  const step = host.steps.find(one => phaseOf(one) === 'running')
  return step ? [['  ', undefined], ...stepParts(step, 0, moment)] : []
}

const phaseIn = (host: HostState, { isOver }: HostFacts): HostPhase => {
  const phase = phaseOfHost(host)
  return isOver && phase === 'running' ? 'finished' : phase
}

const signOfHost = (host: HostState, facts: HostFacts, moment: Moment): readonly [string, Paint] => {
  const { palette, now } = moment
  if (facts.isUnreachable) return ['✖', palette.failed]
  const odd = host.steps.find(isFatal)
  if (odd) return signOf(odd, moment)
  switch (phaseIn(host, facts)) {
    case 'waiting':
      return ['·', palette.dim]
    case 'running':
      return [spinner(now), palette.running]
    case 'finished':
      return signOfFinished(host, moment)
  }
}

const signOfFinished = ({ steps }: HostState, { palette }: Moment): readonly [string, Paint] => {
  const has = (outcome: string) => steps.some(({ ended }) => ended?.outcome === outcome)
  if (has('unknown')) return ['?', palette.unknown]
  if (has('would-change')) return ['~', palette.planned]
  if (has('changed')) return ['✔', palette.changed]
  return steps.every(isDone) ? ['=', palette.dim] : ['·', palette.dim]
}

const standing = (host: HostState, facts: HostFacts): string => {
  const { after, isUnreachable } = facts
  if (isUnreachable) return 'not reached'
  const { steps } = host
  switch (phaseIn(host, facts)) {
    case 'waiting':
      return after === undefined ? plural(steps.length, 'step') : `after ${after}`
    case 'running':
      return `${steps.filter(({ ended }) => ended).length} of ${plural(steps.length, 'step')}`
    case 'finished':
      return finishedWords(steps)
  }
}

const finishedWords = (steps: readonly StepState[]): string => {
  const ms = steps.reduce((sum, { ended }) => sum + (ended?.ms ?? 0), 0)
  return [tellOutcomes(steps) || 'no steps', ...(ms < 1000 ? [] : [formatElapsed(ms)])].join('  ')
}
