// What the journal of a run says that it did, as far as it has to be known to take it back.
import { addressOf, type StepId } from '../model/address.ts'
import type { Change } from '../model/change.ts'
import type { RunEvent, StepOutcome } from '../model/events.ts'
import type { Json } from '../model/json.ts'
import { handedOn } from './step-end.ts'

/** One step on one host that changed something, or set out to. */
export type Deed = {
  readonly step: StepId
  readonly host: string
  readonly changes: readonly Change[]
  /** False where it was begun and nobody knows how far it came. */
  readonly isDone: boolean
}

export type RunRecord = {
  /** By `step@host`. */
  readonly deeds: ReadonlyMap<string, Deed>
  /** How a step on a host ended, and what it handed on, by `step@host`. */
  readonly ends: ReadonlyMap<string, { readonly outcome: StepOutcome; readonly result: Json }>
}

export const recordOfRun = (events: readonly RunEvent[]): RunRecord => {
  const deeds = new Map<string, Deed>()
  const ends = new Map<string, { readonly outcome: StepOutcome; readonly result: Json }>()
  for (const event of events) {
    if (event.type === 'step-intended') deeds.set(addressOf(event), deedOf(event, false))
    if (event.type !== 'step-ended') continue
    ends.set(addressOf(event), { outcome: event.outcome, result: handedOn(event) })
    // What was done and counts as no change was done all the same.
    if (event.outcome === 'changed' || (event.outcome === 'same' && event.changes.length > 0))
      deeds.set(addressOf(event), deedOf(event, true))
  }
  return { deeds, ends }
}

type OfStep = { readonly step: string; readonly host: string }

const deedOf = ({ step, host, changes }: OfStep & Pick<Deed, 'changes'>, isDone: boolean): Deed => ({
  // The engine wrote it there, from an outline.
  step: step as StepId,
  host,
  changes,
  isDone,
})
