// One sign for what a step would do: the same on a screen, in a mail and on paper.
import type { Evidence } from '../model/answer.ts'
import type { Change } from '../model/change.ts'
import type { StepOutcome } from '../model/events.ts'
import { signOf } from './changes.ts'

/** `+ ~ -` as a change; `!` a foreign program decides; `=` nothing to do; `?` cannot be told yet; `✖` · failed, left out. */
export type PlanSign = '+' | '~' | '-' | '!' | '=' | '?' | '✖' | '·'

export type Signed = {
  readonly outcome: StepOutcome
  readonly evidence?: Evidence
  readonly changes: readonly Change[]
}

export const planSign = ({ outcome, evidence, changes }: Signed): PlanSign => {
  switch (outcome) {
    case 'same':
      return '='
    case 'unknown':
      return '?'
    case 'failed':
      return '✖'
    case 'changed':
    case 'would-change':
      return evidence === 'opaque' ? '!' : signOfChanges(changes)
    case 'skipped':
    case 'not-reached':
      return '·'
  }
}

/** One sign for several changes: they agree, or the step makes the host another. */
const signOfChanges = (changes: readonly Change[]): PlanSign => {
  const [sign, ...others] = new Set(changes.map(signOf))
  return sign === undefined || others.length > 0 ? '~' : sign
}
