// Steps of a run that did not come to their end: failed, unknown, not reached; and how they are told.
import { outcomeWords } from '../../counts.ts'
import { code, strong, type Text } from '../blocks.ts'
import type { StepDone } from '../closing.ts'
import type { Review } from '../model.ts'
import { onHosts } from '../verdict.ts'
import { allHostsText, stepLink } from './words.ts'

/** What a step that is left out in the plan would have been is nobody's concern. */
export const openSteps = (steps: readonly StepDone[]): readonly StepDone[] =>
  steps.filter(step => isOpen(step) && step.planned !== 'skipped')

export const isOpen = ({ outcome }: StepDone): boolean =>
  outcome === 'failed' || outcome === 'unknown' || outcome === 'not-reached'

export const notReached = (steps: readonly StepDone[], groups: Review['groups']): readonly Text[] => {
  const left = openSteps(steps).filter(({ outcome }) => outcome === 'not-reached')
  return left.length === 0 ? [] : [[strong('Not reached'), ': ', ...allHostsText(onHosts(left), groups)]]
}

export const openText = (step: StepDone, groups: Review['groups']): Text => [
  ...placeText(step, groups),
  ': ',
  strong(outcomeWords[step.outcome]),
  step.because === '' ? '' : `, ${step.because}`,
]

export const placeText = ({ step, host }: StepDone, groups: Review['groups']): Text => [
  stepLink(step, groups),
  ' on ',
  code(host),
]
