// A hold around a block on one host: asked of every node, taken when a step needs it, proved, given back.
import { type Change, notKnownYet } from '../../model/change.ts'
import { Problem } from '../../model/problem.ts'
import { onlyLooking } from '../problems.ts'
import { askForAll, type Holding, type HoldPlace, isWhollyHeld, lookAtIdentity } from './asking.ts'
import { giveBack, giveBackLeft, take } from './handling.ts'
import type { HeldThing } from './held-thing.ts'
import { readMark, writeMark } from './mark.ts'

export type Lease = HeldThing & {
  readonly host: string
  /** Takes it, unless it is taken already. In a dry run only asks whether it could be taken. */
  acquire(): Promise<void>
  /** Gives it back, if it was taken, if taking it went wrong half-way, or if an earlier run left it. */
  release(): Promise<void>
}

export const openLease = async (place: HoldPlace): Promise<Lease> => {
  const { outline, host, context } = place
  const { module } = outline
  let holding: Holding = { ...place, trusted: new Set(), identity: await onlyLooking(lookAtIdentity(place, 'now')) }
  const marked = { hold: module.name, host, context }
  let state: 'open' | 'left' | 'asked' | 'begun' | 'held' = (await isLeft(place)) ? 'left' : 'open'

  return {
    name: module.name,
    host,
    provides: module.provides(outline.argsFor(host)),
    get identity() {
      return holding.identity
    },
    isHeldBy: candidate => state === 'held' && candidate === host,
    async acquire() {
      if (state === 'held' || (state === 'asked' && context.mode === 'dry-run')) return
      const held = await askForAll(holding).catch(error => {
        throw notTaken(error, place)
      })
      if (context.mode === 'dry-run') {
        state = 'asked'
        return
      }
      context.emit({ type: 'hold-intended', hold: module.name, host })
      await writeMark(marked).catch(error => {
        // Nothing was sent that takes it, so nothing is left open.
        if (!isWhollyHeld(held)) context.emit({ type: 'hold-released', hold: module.name, host, ms: 0 })
        throw notTaken(error, place)
      })
      state = 'begun'
      await take(holding, held)
      if (holding.identity.type === 'hidden') holding = { ...holding, identity: await lookAtIdentity(place) }
      state = 'held'
    },
    async release() {
      if (context.mode === 'dry-run') {
        if (state !== 'open') context.promises.add(host, givenBack(module.name), `hold ${module.name} on ${host}`)
        return
      }
      if (state === 'left') return giveBackLeft(holding)
      if (state !== 'held' && state !== 'begun') return
      if (state === 'held' && context.keepHolds) return context.emit({ type: 'hold-kept', hold: module.name, host })
      await giveBack(holding, state)
      state = 'open'
    },
  }
}

/** A hold that nobody has asked for yet, as steps inside that are looked at ahead see it. */
export const closedHold = async (place: HoldPlace): Promise<HeldThing> => {
  const { module, argsFor } = place.outline
  return {
    name: module.name,
    provides: module.provides(argsFor(place.host)),
    identity: await lookAtIdentity(place, 'early'),
    isHeldBy: () => false,
  }
}

/** What a dry run foretells of a hold at the end of its block, also where an earlier run left it. */
const givenBack = (name: string): Change => ({ kind: 'hold', key: name, before: notKnownYet, after: { held: false } })

/** An earlier run of this site took it and did not give it back, and on the node nobody has taken it since. */
const isLeft = async ({ outline, host, context }: HoldPlace): Promise<boolean> => {
  const hold = outline.module.name
  const tokens = context.leftHeld?.(hold, host) ?? []
  if (tokens.length === 0) return false
  const mark = await onlyLooking(readMark({ hold, host, context }))
  return mark !== undefined && tokens.includes(mark.token)
}

const notTaken = (error: unknown, { outline, host }: HoldPlace): unknown =>
  error instanceof Problem ? error.with({ state: `the ${outline.module.name} was not taken on ${host}` }) : error
