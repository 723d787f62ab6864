// The steps that each host comes to, one after the other, in all plays; what lies ahead of the step at hand is looked at early.
import {
  isFor,
  type Outline,
  type OutlineHold,
  type OutlineStep,
  stepsWithHolds,
  type WithHolds,
} from '../plan/outline.ts'
import { checkEarly } from './check.ts'
import type { Context } from './context.ts'
import type { HeldThing } from './hold/held-thing.ts'
import { closedHold } from './hold/lease.ts'
import { hasOwnShell } from './own-shell.ts'

export type Course = {
  /** Looks at what comes next on a host: from the start, or behind the step at hand, unless that is due and changes things. */
  lookAhead(host: string, atHand?: OutlineStep): void
  /** Looks at what comes behind a step that was carried out. */
  lookOn(host: string, done: OutlineStep): void
  /** From now on the steps inside see a hold as it is; before, as one that nobody has taken. */
  opened(hold: OutlineHold, host: string, held: HeldThing): void
  closed(hold: OutlineHold, host: string): void
}

export const createCourse = (context: Context): Course => {
  const ways = new Map<string, Way>()
  const holds = new Map<OutlineHold, Map<string, HeldThing | Promise<HeldThing>>>()

  const wayOf = (host: string): Way => {
    const way = ways.get(host) ?? toWay(stepsOn(host, context.outline))
    ways.set(host, way)
    return way
  }

  const holdOn = (outline: OutlineHold, host: string): HeldThing | Promise<HeldThing> => {
    const onHosts = holds.get(outline) ?? new Map<string, HeldThing | Promise<HeldThing>>()
    holds.set(outline, onHosts)
    const there = onHosts.get(host)
    if (there) return there
    const hold = closedHold({ outline, host, context })
    onHosts.set(host, hold)
    hold.catch(() => onHosts.get(host) === hold && onHosts.delete(host))
    return hold
  }

  const look = async ({ step, holds: around }: WithHolds, host: string): Promise<boolean | undefined> => {
    if (context.begun.find(step.id, host)) return undefined
    const prepared = step.prepare(host, context.registered(host))
    if (prepared.type !== 'due') return undefined
    const leases = await Promise.all(around.map(outline => holdOn(outline, host)))
    return checkEarly({ step, host, leases, context, args: prepared.args })
  }

  const goOn = (host: string, behind?: OutlineStep): void => {
    const registered = context.registered(host)
    const { steps, placeOf } = wayOf(host)
    context.ahead.goOn({
      host,
      way: steps,
      from: behind ? (placeOf.get(behind) ?? -1) + 1 : 0,
      // Another user sees other things, and sees them when it is their turn.
      isReady: ({ step }) => !hasOwnShell(step) && (step.uses ?? []).every(name => Object.hasOwn(registered, name)),
      look: next => look(next, host),
    })
  }

  return {
    lookAhead(host, atHand) {
      if (!atHand || !context.ahead.isDue(atHand.id, host)) goOn(host, atHand)
    },
    lookOn(host, done) {
      context.ahead.isDone(done.id, host)
      goOn(host, done)
    },
    opened: (outline, host, held) => {
      holds.set(outline, (holds.get(outline) ?? new Map()).set(host, held))
    },
    closed: (outline, host) => {
      holds.get(outline)?.delete(host)
    },
  }
}

type Way = { readonly steps: readonly WithHolds[]; readonly placeOf: ReadonlyMap<OutlineStep, number> }

/** Each step asks for its place: a long playbook is not searched from its start each time. */
const toWay = (steps: readonly WithHolds[]): Way => ({
  steps,
  placeOf: new Map(steps.map(({ step }, index) => [step, index])),
})

const stepsOn = (host: string, { plays }: Outline): readonly WithHolds[] =>
  plays
    .filter(({ hosts }) => hosts.includes(host))
    .flatMap(play => stepsWithHolds(play.nodes).filter(({ step, isRescue }) => !isRescue && isFor(step, host, play)))
