// The one way in which a check sees a node. Each look is recorded: prediction, evidence and receipts come from here.
import { isKnown, nameOf, notKnownYet, type ResourceName } from '../model/change.ts'
import type { Json } from '../model/json.ts'
import type { Look, Origin } from '../model/look.ts'
import type { HostDollar } from '../shell/dollar.ts'
import type { Directory } from '../task/directory.ts'
import { directoryHome, isOfDirectory, type Ref, readNow } from '../task/resource.ts'
import type { World } from '../task/world.ts'
import { type HeldThing, restsOf } from './hold/held-thing.ts'
import { coverOf, type Promises } from './promises.ts'
import type { Receipts } from './receipts.ts'

/** Thrown by a look that cannot be answered yet; the check ends, and its answer is `unknown`. */
export class Undecided extends Error {}

export type WorldOptions = {
  readonly host: string
  readonly $: HostDollar
  readonly directory?: Directory
  readonly promises: Promises
  readonly receipts: Receipts
  /** The holds around the step, outermost first. */
  readonly holds: readonly HeldThing[]
  /** Where what is seen may have been seen early, or is seen early; every look is made now unless told. */
  readonly see?: (ref: Ref, home: string, look: () => Promise<Json>) => Promise<Json>
}

export type RecordedWorld = World & { readonly looks: readonly Look[] }

type Place = { readonly home: string; readonly withinReach: boolean }
type Seen = { readonly value: Json; readonly origin: Origin }
type Hidden = { readonly because: string }

export const createWorld = (options: WorldOptions): RecordedWorld => {
  const looks: Look[] = []
  const { host, see: seeAt = (_ref, _home, look) => look() } = options

  const record = (ref: Ref, home: string, { value, origin }: Seen) => {
    looks.push({ host, home, kind: ref.kind, key: ref.key, value, origin })
  }

  const lookAtNode = async (ref: Ref, { home }: Place): Promise<Seen> => ({
    value: await seeAt(ref, home, () => readNow(options.$, ref, options.directory)),
    origin: { type: 'world' },
  })

  const seeThrough = async (ref: Ref, place: Place): Promise<Seen | Hidden> => {
    const promised = options.promises.find(place.home, ref)
    if (promised?.type === 'unknown') return hiddenBy(promised)
    if (promised?.type === 'value') return { value: promised.value, origin: { type: 'promise', by: promised.by } }
    const seen = remembered(ref, place, options) ?? (await lookAtNode(ref, place))
    if (!promised || 'because' in seen) return seen
    const value = promised.alter(seen.value)
    return isKnown(value) ? { value, origin: { type: 'promise', by: promised.by } } : hiddenBy(promised)
  }

  const see = async <Value extends Json>(ref: Ref<Value>): Promise<Seen | Hidden> => {
    const place = placeOf(ref, options)
    const seen = await seeThrough(ref, place)
    if ('because' in seen)
      record(ref, place.home, { value: notKnownYet, origin: { type: 'presumed', place: place.home } })
    else record(ref, place.home, seen)
    return seen
  }

  // `schema` checked what the node said; promises and receipts hold values that once passed the same check.
  return {
    host,
    looks,
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
  }
}

/** Where a thing lies: on the node, on a volume that a hold around the step brings, or in the directory. */
const placeOf = (name: ResourceName, { host, holds }: Pick<WorldOptions, 'host' | 'holds'>): Place => {
  if (isOfDirectory(name.kind)) return { home: directoryHome, withinReach: true }
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
  if (withinReach) return undefined
  const attested = options.receipts.attested(home, ref, restsOf(options.holds))
  if (attested) return attested
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
