// How many steps of a run ended how. A failure that was rescued, or that `ignore_errors` let pass, is none of the run.
import type { StepOutcome } from './events.ts'

export type Counts = Readonly<Record<StepOutcome, number>> & { readonly 'let-pass'?: number }

/** How one step counts. */
export type Counted = keyof Counts

export const countedAs = ({
  outcome,
  ignored,
}: {
  readonly outcome: StepOutcome
  readonly ignored?: boolean | undefined
}): Counted => (outcome === 'failed' && ignored === true ? 'let-pass' : outcome)

export const countsOf = (ends: readonly Counted[]): Counts => {
  const counts = { same: 0, changed: 0, 'would-change': 0, skipped: 0, unknown: 0, failed: 0, 'not-reached': 0 }
  const letPass = ends.filter(end => end === 'let-pass').length
  for (const end of ends) if (end !== 'let-pass') counts[end] += 1
  return letPass === 0 ? counts : { ...counts, 'let-pass': letPass }
}
