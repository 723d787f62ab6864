// The way back, from the last step to the first: what would be restored, and beyond which step nothing can be.
import { type Change, isKnown } from '../../model/change.ts'
import type { PlannedStep } from '../../model/plan-file.ts'
import { inWords } from '../changes.ts'
import { groupBy } from './group-by.ts'

export type StepBack =
  | { readonly type: 'undo'; readonly step: string; readonly restores: readonly string[] }
  /** Nothing takes this step back. */
  | { readonly type: 'no-return'; readonly step: string; readonly name: string }

/** These nodes have the same way back. */
export type WayBack = { readonly hosts: readonly string[]; readonly steps: readonly StepBack[] }

/** Would change something, and has no way back. */
export const isFinal = ({ outcome, undoable }: PlannedStep): boolean => !undoable && mayChange({ outcome })

export const mayChange = ({ outcome }: Pick<PlannedStep, 'outcome'>): boolean =>
  outcome === 'would-change' || outcome === 'unknown'

export const waysBack = (steps: readonly PlannedStep[]): readonly WayBack[] => {
  const ways = [...groupBy(steps.filter(mayChange), ({ host }) => host).entries()].map(([host, own]) => ({
    host,
    steps: own.toReversed().map(stepBack),
  }))
  return [...groupBy(ways, ({ steps }) => JSON.stringify(steps)).values()].map(same => ({
    hosts: same.map(({ host }) => host),
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
