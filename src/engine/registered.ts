// What a step gives later ones: its result by `register:`, for a loop the results of all its items; and variables.
import { stepAddress } from '../model/address.ts'
import type { StepOutcome } from '../model/events.ts'
import type { OutlineStep } from '../plan/outline.ts'
import { isMapping, KnownLater, type Mapping, restKnownAfter } from '../template/values.ts'
import type { Context } from './context.ts'
import { concealedResult } from './unlogged.ts'

type Registering = { readonly context: Pick<Context, 'registered'>; readonly value: unknown }

export const register = (
  { register: name, loop }: OutlineStep,
  host: string,
  { context, value }: Registering,
): void => {
  if (name === undefined) return
  const there = context.registered(host)
  if (loop === undefined) there[name] = value
  else {
    const results = [...resultsOf(loop.of, there[name])]
    const names = loop.namesOn(host)
    // A host that has fewer items than others has fewer results.
    if (names !== undefined) results[loop.index] = withItem(value, names)
    there[name] = ofLoop(loop.of, results)
  }
}

type Giving = { readonly context: Pick<Context, 'registered'>; readonly outcome: StepOutcome }

/** The variables of a step that gives some are there for those after it; where nobody can tell yet, they say so. */
export const giveVariables = (step: OutlineStep, host: string, { context, outcome }: Giving): void => {
  if (step.givesVariables === undefined || !['same', 'unknown'].includes(outcome)) return
  const there = context.registered(host)
  for (const [name, value] of Object.entries(variablesOn(step, host, there)))
    there[name] = step.noLog ? concealedResult(value, name) : value
}

const variablesOn = (step: OutlineStep, host: string, registered: Mapping): Mapping => {
  const prepared = step.prepare(host, registered)
  if (prepared.type === 'skipped') return {}
  if (prepared.type === 'due' && isMapping(prepared.args)) return prepared.args
  const later = new KnownLater(stepAddress(step.id, host))
  return Object.fromEntries((step.givesVariables ?? []).map(name => [name, later]))
}

/** Which loop a list of results is of. */
const loopOf = Symbol('loop of')

/** What the items of a loop gave so far; one that nobody has carried out yet is not there. */
export const resultsOf = (loop: string, value: unknown): unknown[] =>
  isMapping(value) && Reflect.get(value, loopOf) === loop && Array.isArray(value.results) ? value.results : []

/** As in Ansible: what the loop calls its item and its number, and these names. */
const withItem = (value: unknown, names: Mapping): unknown => (isMapping(value) ? { ...value, ...names } : value)

/** As in Ansible: `results`, and the sum of how they went. */
const ofLoop = (loop: string, results: readonly unknown[]): unknown => {
  const all = results.filter(isMapping)
  const unsure = all.find(each => restKnownAfter in each)
  const isFailed = all.some(({ failed }) => failed === true)
  const isSkipped = all.every(({ skipped }) => skipped === true)
  return {
    [loopOf]: loop,
    results,
    ...(all.every(each => 'changed' in each) && { changed: all.some(({ changed }) => changed === true) }),
    failed: isFailed,
    ...(isSkipped && { skipped: true }),
    ...(isSkipped && all.length === 0 && { skipped_reason: 'No items in the list' }),
    ...(all.length > 0 && { msg: messageOf({ isFailed, isSkipped }) }),
    ...(unsure && { [restKnownAfter]: Reflect.get(unsure, restKnownAfter) }),
  }
}

const messageOf = ({ isFailed, isSkipped }: { readonly isFailed: boolean; readonly isSkipped: boolean }): string => {
  if (isFailed) return 'One or more items failed'
  return isSkipped ? 'All items skipped' : 'All items completed'
}
