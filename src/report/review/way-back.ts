// The way back, from the last step to the first: what would be restored, and beyond which step nothing can be.
import { type Change, isKnown } from '../../model/change.ts'
import { isWait } from '../../model/counts.ts'
import type { OutlinedPlay } from '../../model/events.ts'
import type { PlanBody, PlannedStep } from '../../model/plan-file.ts'
import { inWords } from '../changes.ts'
import { groupBy } from './group-by.ts'

export type StepBack =
  | { readonly type: 'undo'; readonly step: string; readonly restores: readonly string[] }
  /** Nothing takes this step back. */
  | { readonly type: 'no-return'; readonly step: string; readonly name: string }

/** One stretch of the way: a play on nodes that go the same way. */
export type WayBack = {
  readonly play: string
  /** In the order in which they are gone back. */
  readonly hosts: readonly string[]
  /** One node after the other; else all at once. */
  readonly isInTurn: boolean
  readonly steps: readonly StepBack[]
}

/** Would change something, and has no way back. */
export const isFinal = (step: PlannedStep): boolean => !step.undoable && mayChange(step)

export const mayChange = (step: Pick<PlannedStep, 'outcome' | 'onlyWaits'>): boolean =>
  step.outcome === 'would-change' || (step.outcome === 'unknown' && !isWait(step))

/** Plays, nodes and steps in reverse: the order in which the run is undone. */
export const waysBack = ({ plays, steps }: Pick<PlanBody, 'plays' | 'steps'>): readonly WayBack[] =>
  plays
    .map((play, index) =>
      wayOf(
        play,
        steps.filter(step => step.play === index && mayChange(step)),
      ),
    )
    .toReversed()
    .flat()

const wayOf = ({ name, strategy, hosts }: OutlinedPlay, steps: readonly PlannedStep[]): readonly WayBack[] => {
  const ways = hosts.toReversed().map(host => ({
    host,
    steps: steps
      .filter(step => step.host === host)
      .toReversed()
      .map(stepBack),
  }))
  return [...groupBy(ways, way => JSON.stringify(way.steps)).values()]
    .filter(([way]) => way.steps.length > 0)
    .map(same => ({
      play: name,
      hosts: same.map(({ host }) => host),
      isInTurn: strategy === 'failover',
      steps: same[0].steps,
    }))
}

const stepBack = ({ step, name, undoable, changes }: PlannedStep): StepBack =>
  undoable
    ? {
        type: 'undo',
        step,
        restores: changes.map(tellBack),
      }
    : { type: 'no-return', step, name }

const tellBack = (change: Change): string => {
  const { kind, key, before, after } = change
  const { sign, name, fields } = inWords({ kind, key, before: after, after: before })
  if (!isKnown(before)) return `${name} as the run finds it before it changes it`
  if (sign === '-') return `take away ${name}`
  return `${sign === '+' ? 'put back ' : ''}${name}: ${fields.join(', ')}`
}
