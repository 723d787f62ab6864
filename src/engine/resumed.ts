// What a run takes from the journals of those that it goes on with: only what nobody can look at on the nodes any more.
import { addressOf } from '../model/address.ts'
import type { RunEvent } from '../model/events.ts'
import type { Json } from '../model/json.ts'
import { type Outline, type OutlinePlay, type OutlineStep, stepsOf } from '../plan/outline.ts'

export type Resumed = {
  /** Whether a step on a host changed something, or had begun to: what rests on its change is still to come. */
  hasChanged(address: string): boolean
  /** Whether it had begun and its end was not written: whom it would have notified was not. */
  wasCutOff(address: string): boolean
  /** What it handed on. */
  resultOf(address: string): Json | undefined
  /** Handlers of a play that a change has notified and that did not run; each with the step that asked. */
  pendingIn(play: number): readonly { readonly handler: string; readonly host: string; readonly by: string }[]
}

/** @param events Of all runs that it goes on with, the oldest first. */
export const resumedFrom = (events: readonly RunEvent[], { plays }: Outline): Resumed => {
  const found = {
    open: new Set<string>(),
    changed: new Set<string>(),
    results: new Map<string, Json>(),
    pending: new Map<string, Pending>(),
  }
  const homes = new Map(plays.flatMap(play => allStepsOf(play).map(step => [step.id as string, { play, step }])))
  for (const event of events) {
    // Nothing changes by a wait, however it was cut off.
    if (event.type === 'step-intended' && !homes.get(event.step)?.step.task.onlyWaits) found.open.add(addressOf(event))
    if (event.type === 'step-ended') note(found, event, homes.get(event.step))
  }
  return {
    hasChanged: address => found.changed.has(address) || found.open.has(address),
    wasCutOff: address => found.open.has(address),
    resultOf: address => found.results.get(address),
    pendingIn: play => [...found.pending.values()].filter(each => each.play === play),
  }
}

type Pending = { readonly play: number; readonly handler: string; readonly host: string; readonly by: string }

type Found = {
  readonly open: Set<string>
  readonly changed: Set<string>
  readonly results: Map<string, Json>
  readonly pending: Map<string, Pending>
}

type Home = { readonly play: OutlinePlay; readonly step: OutlineStep }

const note = (found: Found, event: Extract<RunEvent, { type: 'step-ended' }>, home: Home | undefined): void => {
  const { step: by, host, outcome, result } = event
  const address = addressOf(event)
  if (result !== undefined) found.results.set(address, result)
  if (outcome === 'changed' || outcome === 'same') found.open.delete(address)
  if (outcome === 'changed') found.changed.add(address)
  if (!home) return
  for (const { id, name } of outcome === 'changed' ? hearing(home) : [])
    found.pending.set(keyOf(home.play, id, host), { play: home.play.index, handler: name, host, by })
  if (home.play.handlers.includes(home.step) && ['changed', 'same', 'skipped'].includes(outcome))
    found.pending.delete(keyOf(home.play, home.step.id, host))
}

/** Each by itself: of several that hear one name, some may have run. */
const hearing = ({ play, step: { notify } }: Home): readonly OutlineStep[] =>
  play.handlers.filter(({ name, listen = [] }) => [name, ...listen].some(each => notify.includes(each)))

const allStepsOf = ({ nodes, handlers }: OutlinePlay): readonly OutlineStep[] => [...stepsOf(nodes), ...handlers]

const keyOf = ({ index }: OutlinePlay, handler: string, host: string): string => `${index} ${handler}@${host}`
