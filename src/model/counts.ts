// How many steps of a run ended how. A failure that was rescued, or that `ignore_errors` let pass, is none of the run.
import type { StepOutcome } from './events.ts'

export type Counts = Readonly<Record<StepOutcome, number>> & { readonly 'let-pass'?: number; readonly waits?: number }

/** How one step counts. */
export type Counted = keyof Counts

type Ended = {
  readonly outcome: StepOutcome
  readonly ignored?: boolean | undefined
  readonly problem?: object | undefined
  readonly onlyWaits?: boolean | undefined
}

export const countedAs = (ended: Ended): Counted => {
  if (ended.outcome === 'failed' && ended.ignored === true) return 'let-pass'
  return isWait(ended) ? 'waits' : ended.outcome
}

/** Nobody knows before when a wait ends; that nothing changes by it is known. */
export const isWait = ({ outcome, problem, onlyWaits }: Ended): boolean =>
  onlyWaits === true && outcome === 'unknown' && problem === undefined

export const countsOf = (ends: readonly Counted[]): Counts => {
  const counts = { same: 0, changed: 0, 'would-change': 0, skipped: 0, unknown: 0, failed: 0, 'not-reached': 0 }
  const seldom = { 'let-pass': 0, waits: 0 }
  for (const end of ends) {
    if (end === 'let-pass' || end === 'waits') seldom[end] += 1
    else counts[end] += 1
  }
  const { 'let-pass': letPass, waits } = seldom
  return { ...counts, ...(letPass > 0 && { 'let-pass': letPass }), ...(waits > 0 && { waits }) }
}
