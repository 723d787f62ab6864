// A run for programs: how it stands after its last event, with the version of this form first.
import type { RunEvent } from '../model/events.ts'
import { foldAll } from './fold.ts'

/** Raised when a field is taken away or means something else; a new field raises nothing. */
const stateFormat = 1

export const stateJson = (events: readonly RunEvent[]): string => {
  // Where a step stands is how the fold finds it, and nothing that happened.
  const { places: _, started, ...state } = foldAll(events)
  // Each step stands below its play and host.
  const { steps: __, plays: ___, ...head } = started ?? { steps: [], plays: [] }
  return `${JSON.stringify({ version: stateFormat, started: head, ...state }, null, 2)}\n`
}
