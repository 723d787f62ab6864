// What was seen on the nodes and must be so again before anything is done: equal things on several nodes once.
import { nameOf } from '../../model/change.ts'
import type { Look } from '../../model/look.ts'
import type { PlannedStep } from '../../model/plan-file.ts'
import { canonicalJson } from '../../text/canonical.ts'
import { groupBy } from './group-by.ts'
import { tellValue } from './tell-value.ts'

export type Precondition = {
  /** `file /etc/hosts`. */
  readonly name: string
  /** Where it lies, when that is not the node itself. */
  readonly place?: string
  readonly found: string
  /** `playbook/step`. */
  readonly steps: readonly string[]
}

export type Preconditions = { readonly hosts: readonly string[]; readonly looks: readonly Precondition[] }

/** By the nodes on which the same was found. */
export const preconditionsOf = (steps: readonly PlannedStep[]): readonly Preconditions[] => {
  const looks = steps.flatMap(({ step, looks }) => looks.filter(isSeen).map(look => ({ step, look })))
  const things = [...groupBy(looks, ({ look }) => keyOf(look)).values()].map(same => ({
    hosts: [...new Set(same.map(({ look }) => look.host))],
    look: preconditionOf(same[0].look, [...new Set(same.map(({ step }) => step))]),
  }))
  return [...groupBy(things, ({ hosts }) => hosts.join(' ')).values()].map(same => ({
    hosts: same[0].hosts,
    looks: same.map(({ look }) => look),
  }))
}

const isSeen = ({ origin }: Look): boolean => origin.type === 'world'

const keyOf = ({ kind, key, value, home, host }: Look): string =>
  canonicalJson([kind, key, value, home === host ? '' : home])

const preconditionOf = (look: Look, steps: readonly string[]): Precondition => ({
  name: nameOf(look),
  ...(look.home !== look.host && { place: look.home }),
  found: tellValue(look.value, look.kind),
  steps,
})
