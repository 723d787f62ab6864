// What `register:` gives later steps: a result, or for a loop the results of all its items, in their order.
import type { OutlineStep } from '../plan/outline.ts'
import { isMapping, restKnownAfter } from '../template/values.ts'
import type { Context } from './context.ts'

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
    results[loop.index] = withItem(value, loop.itemOn(host))
    there[name] = ofLoop(loop.of, results)
  }
}

/** Which loop a list of results is of. */
const loopOf = Symbol('loop of')

/** What the items of a loop gave so far; one that nobody has carried out yet is not there. */
export const resultsOf = (loop: string, value: unknown): unknown[] =>
  isMapping(value) && Reflect.get(value, loopOf) === loop && Array.isArray(value.results) ? value.results : []

const withItem = (value: unknown, item: unknown): unknown => (isMapping(value) ? { ...value, item } : value)

/** As in Ansible: `results`, and the sum of how they went. */
const ofLoop = (loop: string, results: readonly unknown[]): unknown => {
  const all = results.filter(isMapping)
  const unsure = all.find(each => restKnownAfter in each)
  return {
    [loopOf]: loop,
    results,
    ...(all.every(each => 'changed' in each) && { changed: all.some(({ changed }) => changed === true) }),
    failed: all.some(({ failed }) => failed === true),
    skipped: all.every(({ skipped }) => skipped === true),
    ...(unsure && { [restKnownAfter]: Reflect.get(unsure, restKnownAfter) }),
  }
}
