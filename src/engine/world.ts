// The one way in which a check sees a node. Each look is recorded: prediction, evidence and receipts come from here.
import { isKnown, nameOf, notKnownYet, type ResourceName } from '../model/change.ts'
import type { Json } from '../model/json.ts'
import type { Look, Origin } from '../model/look.ts'
import { isConnectionLost, isOutOfReach, Problem } from '../model/problem.ts'
import type { LookDollar } from '../shell/look-dollar.ts'
import type { Directory } from '../task/directory.ts'
import {
  clusterHome,
  controllerHome,
  directoryHome,
  isForeign,
  isOfCluster,
  isOfController,
  isOfDirectory,
  type Ref,
  readNow,
} from '../task/resource.ts'
import type { World } from '../task/world.ts'
import { type HeldThing, restsOf } from './hold/held-thing.ts'
import { coverOf, type Promises } from './promises.ts'
import type { Receipts } from './receipts.ts'

/** Thrown by a look that cannot be answered yet; the check ends, and its answer is `unknown`. */
export class Undecided extends Error {}

/** Sees a thing: as it was seen before, or by the look. */
export type See = (ref: Ref, home: string, look: () => Promise<Json>) => Promise<Json>

export type WorldOptions = {
  readonly host: string
  /** The nodes of the cluster, in the order in which they are asked what any of them could tell. */
  readonly order: readonly string[]
  /** @throws {Problem} where the node cannot be reached. */
  $of(host: string): Promise<LookDollar>
  readonly directory?: Directory
  readonly promises: Promises
  readonly receipts: Receipts
  /** The holds around the step, outermost first. */
  readonly holds: readonly HeldThing[]
  /** What somebody's own script prints counts only where they are held. */
  readonly insideOnly?: boolean
  /** Where what is seen may have been seen early, or is seen early; every look is made now unless told. */
  readonly see?: See
}

export type RecordedWorld = World & { readonly looks: readonly Look[] }

type Place = { readonly home: string; readonly withinReach: boolean }
type Seen = {
  readonly value: Json
  readonly origin: Origin
  /** The node that told it, where that is another one. */
  readonly by?: string
}
type Hidden = { readonly because: string }

/** In the order of the questions, whichever is answered first. */
type Record = (Look | undefined)[]

export const createWorld = (options: WorldOptions): RecordedWorld => worldAt(options, [])

/** What is seen on any node of it is recorded in one list. */
const worldAt = (options: WorldOptions, record: Record): RecordedWorld => {
  const { see: _, ...withoutEarly } = options
  const { host } = options

  const recorder = ({ kind, key }: Ref, home: string) => {
    const place = record.push(undefined) - 1
    return ({ value, origin, by = host }: Seen) => {
      record[place] = { host: by, home, kind, key, value, origin }
    }
  }

  const seeThrough = async (ref: Ref, place: Place): Promise<Seen | Hidden> => {
    const promised = options.promises.find(place.home, ref)
    if (promised?.type === 'unknown') return hiddenBy(promised)
    if (promised?.type === 'value') return { value: promised.value, origin: { type: 'promise', by: promised.by } }
    const seen = remembered(ref, place, options) ?? (await lookAround(ref, place, options))
    if (!promised || 'because' in seen) return seen
    const value = promised.alter(seen.value)
    return isKnown(value) ? { value, origin: { type: 'promise', by: promised.by } } : hiddenBy(promised)
  }

  const see = async <Value extends Json>(ref: Ref<Value>): Promise<Seen | Hidden> => {
    const place = placeOf(ref, options)
    const note = recorder(ref, place.home)
    const seen = await seeThrough(ref, place)
    note('because' in seen ? { value: notKnownYet, origin: { type: 'presumed', place: place.home } } : seen)
    return seen
  }

  // `schema` checked what the node said; promises and receipts hold values that once passed the same check.
  return {
    host,
    get looks() {
      return record.filter(look => look !== undefined)
    },
    async look<Value extends Json>(ref: Ref<Value>) {
      const seen = await see(ref)
      if ('because' in seen) throw new Undecided(seen.because)
      return seen.value as Value
    },
    async lookIfKnown<Value extends Json>(ref: Ref<Value>) {
      const seen = await see(ref)
      if ('because' in seen) return { known: false, because: seen.because }
      return { known: true, value: seen.value as Value, isPresumed: seen.origin.type === 'presumed' }
    },
    // What happens elsewhere is looked at when it is asked for.
    at: other => worldAt({ ...withoutEarly, host: other }, record),
  }
}

const lookAround = async (ref: Ref, { home }: Place, options: WorldOptions): Promise<Seen> => {
  const origin = { type: 'world' } as const
  const { host, order, directory, $of, see = (_ref, _home, look) => look() } = options
  const lookOnce = async () => readNow(await $of(home === controllerHome ? home : host), ref, directory)
  const look = () => lookTwice(lookOnce, options)
  const isSilent = 'ofCluster' in ref.resource ? ref.resource.ofCluster?.isSilent : undefined
  if (!isSilent) return { value: await see(ref, home, look), origin }
  const value = await look()
  if (!isSilent(value)) return { value, origin }
  for (const other of order.filter(node => node !== host)) {
    const told = await $of(other)
      .then($ => readNow($, ref))
      .catch(nothingFrom)
    if (told !== undefined && !isSilent(told)) return { value: told, origin, by: other }
  }
  return { value, origin }
}

/**
 * It changes nothing: under a connection that is lost it is made again, over a new one. Where there is none, it is the loss
 * that is told.
 */
const lookTwice = async (look: () => Promise<Json>, options: WorldOptions): Promise<Json> => {
  try {
    return await look()
  } catch (lost) {
    if (!isConnectionLost(lost) || isHeld(options)) throw lost
    return await look().catch(error => {
      throw isOutOfReach(error) ? lost : error
    })
  }
}

/** A node that has booted meanwhile holds nothing any more, and nobody has told. */
const isHeld = ({ holds, host }: WorldOptions): boolean => holds.some(held => held.isHeldBy(host))

/** Another one may know. */
const nothingFrom = (error: unknown): undefined => {
  if (!(error instanceof Problem)) throw error
}

/** Where a thing lies: on the node, on a volume that a hold around the step brings, in the directory, or in the cluster. */
const placeOf = (name: ResourceName, { host, holds }: Pick<WorldOptions, 'host' | 'holds'>): Place => {
  if (isOfDirectory(name.kind)) return { home: directoryHome, withinReach: true }
  if (isOfController(name.kind)) return { home: controllerHome, withinReach: true }
  if (isOfCluster(name.kind)) return { home: clusterHome, withinReach: true }
  for (const held of holds.toReversed())
    for (const change of held.provides) {
      const cover = coverOf(change, name)
      if (cover?.type === 'moved') return { home: cover.home, withinReach: held.isHeldBy(host) }
    }
  return { home: host, withinReach: true }
}

/** Home of a change that a step makes, for promises and receipts. */
export const homeOf = (name: ResourceName, options: Pick<WorldOptions, 'host' | 'holds'>): string =>
  placeOf(name, options).home

const hiddenBy = ({ by }: { readonly by: string }): Hidden => ({
  because: `what it will be is known once ${by} is done`,
})

/** What is known of a thing without asking the node; `undefined` when the node has to be asked. */
const remembered = (ref: Ref, { home, withinReach }: Place, options: WorldOptions): Seen | Hidden | undefined => {
  const held = heldValue(ref, options)
  if (held) return held
  const missing = options.insideOnly && isForeign(ref.kind) && options.holds.find(hold => !hold.isHeldBy(options.host))
  if (missing) return { because: `what it prints may rest on hold ${missing.name}, which is not taken` }
  if (withinReach) return undefined
  const attested = options.receipts.attested(home, ref, restsOf(options.holds))
  if (attested && isKnown(attested.value)) return attested
  if (attested)
    return { because: `a step with no_log saw it, so nothing of it is written down, and ${home} is not there now` }
  if (ref.resource.presumed !== undefined)
    return { value: ref.resource.presumed, origin: { type: 'presumed', place: home } }
  return { because: `it lies on ${home}, which is not there now` }
}

/** The thing that a hold brings, while the hold is not taken yet. */
const heldValue = (ref: Ref, { holds, host }: WorldOptions): Seen | undefined => {
  for (const held of holds) {
    const change = held.isHeldBy(host) ? undefined : held.provides.find(provided => nameOf(provided) === nameOf(ref))
    if (change) return { value: change.after, origin: { type: 'promise', by: `hold ${held.name}` } }
  }
  return undefined
}
