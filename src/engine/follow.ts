// A run that follows a plan makes the plan's changes or stops: each step is held to it before anything is done.
import { addressOf } from '../model/address.ts'
import { type Change, isKnown, nameOf } from '../model/change.ts'
import type { PlanFile, PlannedStep } from '../model/plan-file.ts'
import { exitCodes, goOnWith, Problem } from '../model/problem.ts'
import { tellChange } from '../report/index.ts'
import { canonicalJson } from '../text/canonical.ts'

type OfStep = { readonly step: string; readonly host: string }

/** What a step is about to do. */
export type Due = {
  readonly because: string
  /** None where it has nothing to do. */
  readonly changes: readonly Change[]
}

export type Follow = {
  /** Of the plan. */
  readonly digest: string
  /** @throws {Problem} `plan-drift` where it is not what the plan says of the step; nothing was done by then. */
  assertPlanned(at: OfStep, due: Due | 'same' | 'skipped'): void
  /** @throws {Problem} `plan-drift` where a step of the plan that was to change something was never come to. */
  assertAllMet(): void
}

export type FollowOptions = {
  /** What masked the plan: changes can only be held against it in the same form. */
  mask<Value>(value: Value): Value
  /** The command that makes the plan anew. */
  readonly again: string
}

export const followPlan = ({ digest, body }: PlanFile, { mask, again }: FollowOptions): Follow => {
  const { steps } = body
  const planned = new Map(steps.map(step => [addressOf(step), step]))
  const met = new Set<string>()
  return {
    digest,
    assertPlanned(at, due) {
      met.add(addressOf(at))
      const step = planned.get(addressOf(at))
      if (!step) {
        if (due !== 'skipped') throw drift({ seen: tell(due), wanted: 'no such step' }, again)
        return
      }
      const sides = findDrift(step, typeof due === 'string' ? due : { ...due, changes: mask(due.changes) })
      if (sides) throw drift(sides, again)
    },
    assertAllMet() {
      const missed = steps.find(step => step.outcome === 'would-change' && !met.has(addressOf(step)))
      if (!missed) return
      const at = { step: addressOf(missed), host: missed.host }
      throw drift({ seen: 'nothing asks for it now', wanted: tellPlanned(missed) }, again).with(at)
    },
  }
}

type Sides = { readonly seen: string; readonly wanted: string }

const findDrift = (step: PlannedStep, due: Due | 'same' | 'skipped'): Sides | undefined => {
  // What could not be told when the plan was made cannot be held against it; the review shows it as such.
  if (step.outcome === 'unknown') return undefined
  const isPlanned = step.outcome === 'would-change'
  const isDue = typeof due !== 'string'
  if (!isPlanned && !isDue) return undefined
  if (!isPlanned || !isDue) return { seen: tell(due), wanted: tellPlanned(step) }
  const [before, now] = [byName(step.changes), byName(due.changes)]
  const other = [...new Set([...before.keys(), ...now.keys()])].find(name => !isSame(before.get(name), now.get(name)))
  return other === undefined
    ? undefined
    : { seen: tellOne(other, now.get(other)), wanted: tellOne(other, before.get(other)) }
}

/** That an act leaves a receipt is told beside its changes, and is none that `apply` makes. */
const byName = (changes: readonly Change[]): ReadonlyMap<string, Change> =>
  new Map(changes.filter(({ kind }) => kind !== 'act').map(change => [nameOf(change), change]))

/** Only what both sides know can differ. */
const isSame = (planned: Change | undefined, due: Change | undefined): boolean =>
  planned !== undefined &&
  due !== undefined &&
  isSameValue(planned.before, due.before) &&
  isSameValue(planned.after, due.after)

const isSameValue = (planned: unknown, due: unknown): boolean =>
  !isKnown(planned) || !isKnown(due) || canonicalJson(planned) === canonicalJson(due)

const tellPlanned = ({ outcome, because, changes }: PlannedStep): string => {
  if (outcome === 'would-change') return tell({ because, changes })
  return outcome === 'not-reached' ? 'not come to' : [outcome, because].filter(Boolean).join(': ')
}

const tell = (due: Due | 'same' | 'skipped'): string => {
  if (due === 'same') return 'nothing to do: it is as wanted already'
  if (due === 'skipped') return 'skipped'
  return [due.because, ...due.changes.map(change => tellChange(change))].filter(Boolean).join('\n') || 'due'
}

const tellOne = (name: string, change: Change | undefined): string =>
  change ? tellChange(change) : `no change of ${name}`

const drift = (sides: Sides, again: string): Problem =>
  new Problem({
    code: 'plan-drift',
    summary: 'The step is not what the plan says of it',
    ...sides,
    state: 'nothing was done here; what the steps before it did stands',
    help: 'look at what moved, then make a new plan of what is left',
    ...goOnWith(again),
    exit: exitCodes.drift,
  })
