// Looks made before their step is at hand, so that no step waits for the way to its node; good until something changes.
//
// A step's check is carried out early and its answer thrown away: what is kept is what it saw. The step itself is
// checked when its turn comes, in its own order; what it sees then may be what was seen early, as long as this run has
// changed nothing meanwhile on that node, nor anything that nodes share, and has waited for nothing that others do.
import { addressOf } from '../model/address.ts'
import { nameOf } from '../model/change.ts'
import type { Json } from '../model/json.ts'
import type { WithHolds } from '../plan/outline.ts'
import type { Ref } from '../task/resource.ts'

/** Where a thing is, and which step wants to see it. */
export type Sight = { readonly home: string; readonly host: string; readonly by: string }

export type Way = {
  readonly host: string
  /** The steps that the host comes to, in order. */
  readonly way: readonly WithHolds[]
  /** Index of the next one. */
  readonly from: number
  /** Whether all is there that a step's arguments rest on. */
  isReady(next: WithHolds): boolean
  /** Carries out a check early; what it throws the step will meet itself. */
  look(next: WithHolds): Promise<void>
}

export type LookAhead = {
  /** Sees a thing early: one look serves all who ask for it before something changes. */
  early(ref: Ref, sight: Sight, look: () => Promise<Json>): Promise<Json>
  /** Sees a thing for a step at hand: what was seen early for this step, once, or what is there now. */
  now(ref: Ref, sight: Sight, look: () => Promise<Json>): Promise<Json>
  /** Looks at what comes next on a host, as far as it reaches. */
  goOn(way: Way): void
  /** What was done on a host may have changed anything there, and what it shares with others. */
  changed(host: string): void
  /** What was done may have changed anything anywhere. */
  changedAll(): void
}

type Entry = {
  readonly value: Promise<Json>
  readonly host: string
  readonly isShared: boolean
  /** Not there while it is under way. */
  answeredAt?: number
  /** Steps on hosts that have not used it yet. */
  readonly wanted: Set<string>
}

/** Others work on the nodes too: what was seen longer ago is looked at again. */
const goodForMs = 5000

/** How many steps ahead; fewer after a change, since each change makes the looks before it worthless. */
const furthest = 32
const nearest = 1

export const createLookAhead = (now: () => number): LookAhead => {
  const entries = new Map<string, Entry>()
  const hosts = new Map<string, { reach: number; readonly begun: Set<string> }>()

  const onHost = (host: string) => {
    const there = hosts.get(host) ?? { reach: furthest, begun: new Set<string>() }
    hosts.set(host, there)
    return there
  }

  const isFresh = ({ answeredAt = now() }: Entry): boolean => now() - answeredAt < goodForMs

  const forget = (isGone: (entry: Entry) => boolean) => {
    for (const [key, entry] of entries) if (isGone(entry)) entries.delete(key)
  }

  const beginAgain = (host: string) => {
    hosts.set(host, { reach: nearest, begun: new Set() })
  }

  return {
    async early(ref, { home, host, by }, look) {
      if (ref.resource.early === false) throw new Error(`${nameOf(ref)} waits for its step`)
      const key = keyOf(ref, home)
      const found = entries.get(key)
      if (found && isFresh(found)) {
        found.wanted.add(addressOf({ step: by, host }))
        return found.value
      }
      const wanted = new Set([addressOf({ step: by, host })])
      const entry: Entry = { value: look(), host, isShared: home !== host, wanted }
      entries.set(key, entry)
      entry.value.then(
        () => {
          entry.answeredAt = now()
        },
        // The step itself makes it again, and tells what comes of it.
        () => entries.get(key) === entry && entries.delete(key),
      )
      return entry.value
    },
    async now(ref, { home, host, by }, look) {
      const key = keyOf(ref, home)
      const found = entries.get(key)
      if (!found?.wanted.delete(addressOf({ step: by, host })) || !isFresh(found)) return look()
      if (found.wanted.size === 0) entries.delete(key)
      return found.value.catch(() => look())
    },
    goOn({ host, way, from, isReady, look }) {
      const there = onHost(host)
      for (const next of way.slice(from, from + there.reach)) {
        if (there.begun.has(next.step.id) || !isReady(next)) continue
        there.begun.add(next.step.id)
        void look(next).catch(() => {})
      }
      there.reach = Math.min(furthest, there.reach * 2)
    },
    changed(host) {
      forget(entry => entry.host === host || entry.isShared)
      beginAgain(host)
    },
    changedAll() {
      entries.clear()
      for (const host of hosts.keys()) beginAgain(host)
    },
  }
}

/** What is seen of one thing in one place. */
export const keyOf = (ref: Ref, home: string): string => `${home}\n${nameOf(ref)}`
