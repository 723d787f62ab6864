// What each step of a run looked at last, and how it ended, out of its events.
import { addressOf } from '../model/address.ts'
import type { RunEvent } from '../model/events.ts'
import type { Look } from '../model/look.ts'
import type { StepEnded } from './state.ts'

export type StepAnswer = { readonly looks: readonly Look[]; readonly ended?: StepEnded }

export const noAnswer: StepAnswer = { looks: [] }

/** What each step looked at and how it ended; looks for the turn of a later node, after its end, are not its own. */
export const answersOf = (events: readonly RunEvent[]): ReadonlyMap<string, StepAnswer> => {
  const answers = new Map<string, StepAnswer>()
  for (const event of events) {
    if (event.type !== 'step-started' && event.type !== 'step-checked' && event.type !== 'step-ended') continue
    const before = answers.get(addressOf(event))
    if (event.type === 'step-started') answers.set(addressOf(event), noAnswer)
    if (event.type === 'step-checked' && before && !before.ended) answers.set(addressOf(event), { looks: event.looks })
    if (event.type === 'step-ended') answers.set(addressOf(event), { looks: before?.looks ?? [], ended: event })
  }
  return answers
}
