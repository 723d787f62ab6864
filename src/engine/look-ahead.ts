// Looks made before their step is at hand, so that no step waits for the way to its node; good until something changes.
//
// A step's check is carried out early and its answer thrown away: what is kept is what it saw. The step itself is
// checked when its turn comes, in its own order; what it sees then may be what was seen early, as long as this run has
// changed nothing meanwhile on that node, nor anything that nodes share, and has waited for nothing that others do.
import { addressOf } from '../model/address.ts'
import { nameOf, type ResourceName } from '../model/change.ts'
import type { Json } from '../model/json.ts'
import type { WithHolds } from '../plan/outline.ts'
import { isOfCluster, isOfController, isOfDirectory, type Ref } from '../task/resource.ts'

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
  /** Carries out a check early; what it throws the step will meet itself. @returns Whether the step is due, if it can be told. */
  look(next: WithHolds): Promise<boolean | undefined>
}

export type LookAhead = {
  /** Sees a thing early: one look serves all who ask for it before something changes. */
  early(ref: Ref, sight: Sight, look: () => Promise<Json>): Promise<Json>
  /** Sees a thing for a step at hand: what was seen early for this step, once, or what is there now. */
  now(ref: Ref, sight: Sight, look: () => Promise<Json>): Promise<Json>
  /** What a check of the step asked for: it will ask again. */
  asked(step: string, host: string, names: readonly ResourceName[]): void
  /** What it asked for the last time. */
  askedBy(step: string, host: string): readonly ResourceName[]
  /** The step asks for nothing any more. */
  ended(step: string, host: string): void
  /** Looks at what comes next on a host, up to the next one that is due, as far as it reaches. */
  goOn(way: Way): void
  /** Whether a step was due when it was seen last. */
  isDue(step: string, host: string): boolean
  isDone(step: string, host: string): void
  /**
   * What was done on a host may have changed anything there, and what it shares with others; it was to change these. What
   * a step asked for behind one of them, since it read as it did, it may not ask for again.
   */
  changed(host: string, names?: readonly ResourceName[]): void
  /** What was seen on another way than over the shell of a host was not seen behind what was sent there. */
  seenBehind(host: string): void
  /** What was done may have changed anything anywhere. */
  changedAll(): void
}

type Entry = {
  readonly value: Promise<Json>
  readonly host: string
  readonly isShared: boolean
  /** Whether no change touches it. */
  readonly lasts: boolean
  /** Whether the shell of the host was asked, which answers in order. */
  readonly isInOrder: boolean
  /** Not there while it is under way. */
  answeredAt?: number
  /** Steps on hosts that have not used it yet. */
  readonly wanted: Set<string>
}

/** Others work on the nodes too: what was seen longer ago is looked at again. */
const goodForMs = 5000

/** How many steps ahead. */
const furthest = 32

/** How many of which nobody knows whether they are due: fewer after a change, since each makes the looks before it worthless. */
const nearest = 1

type OnHost = {
  reach: number
  /** Looked at since the last change. */
  readonly begun: Set<string>
  /** Whether each was due when it was seen last. */
  readonly due: Map<string, boolean>
  /** What each asked for the last time. */
  readonly asked: Map<string, readonly ResourceName[]>
}

export const createLookAhead = (now: () => number): LookAhead => {
  const entries = new Map<string, Entry>()
  const hosts = new Map<string, OnHost>()
  const onHost = (host: string) => {
    const there = hosts.get(host) ?? { reach: furthest, begun: new Set(), due: new Map(), asked: new Map() }
    hosts.set(host, there)
    return there
  }

  const isFresh = ({ answeredAt = now() }: Entry): boolean => now() - answeredAt < goodForMs

  const forget = (isGone: (entry: Entry) => boolean) => {
    for (const [key, entry] of entries) if (isGone(entry)) entries.delete(key)
  }

  const beginAgain = (host: string) => {
    const there = onHost(host)
    there.reach = nearest
    there.begun.clear()
  }

  return {
    async early(ref, { home, host, by }, look) {
      if (ref.resource.early === false) throw new Error(`${nameOf(ref)} waits for its step`)
      const key = keyOf(ref, home)
      const address = addressOf({ step: by, host })
      const found = entries.get(key)
      if (found && (found.lasts || isFresh(found))) {
        found.wanted.add(address)
        return found.value
      }
      const entry: Entry = {
        value: look(),
        host,
        isShared: home !== host,
        lasts: ref.resource.lasts ?? false,
        isInOrder: isOfShell(ref),
        wanted: new Set([address]),
      }
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
      const address = addressOf({ step: by, host })
      const found = entries.get(key)
      if (found?.lasts) return found.value.catch(() => look())
      if (!found?.wanted.delete(address) || !isFresh(found)) return look()
      if (found.wanted.size === 0) entries.delete(key)
      return found.value.catch(() => look())
    },
    asked: (step, host, names) => void onHost(host).asked.set(step, names.map(nameOnly)),
    askedBy: (step, host) => onHost(host).asked.get(step) ?? [],
    ended: (step, host) => void onHost(host).asked.delete(step),
    goOn({ host, way, from, isReady, look }) {
      const there = onHost(host)
      let unknown = there.reach
      there.reach = Math.min(furthest, there.reach * 2)
      for (const next of way.slice(from, from + furthest)) {
        const { id } = next.step
        const isDue = there.due.get(id)
        if (isDue === undefined && unknown-- === 0) return
        if (!there.begun.has(id) && isReady(next)) {
          there.begun.add(id)
          look(next).then(
            due => due !== undefined && there.due.set(id, due),
            // Most often something is not there yet that it needs.
            () => there.due.set(id, true),
          )
        }
        // What it changes is looked at when that is done.
        if (isDue) return
      }
    },
    isDue: (step, host) => onHost(host).due.get(step) ?? false,
    isDone: (step, host) => void onHost(host).due.set(step, false),
    changed(host, names = []) {
      forget(entry => !entry.lasts && (entry.host === host || entry.isShared))
      beginAgain(host)
      const { asked } = onHost(host)
      for (const [step, before] of asked) asked.set(step, without(before, names))
    },
    seenBehind: host => forget(entry => entry.host === host && !entry.isInOrder),
    changedAll() {
      entries.clear()
      for (const host of hosts.keys()) beginAgain(host)
    },
  }
}

/** Without those behind the first one that is another now. */
const without = (asked: readonly ResourceName[], changed: readonly ResourceName[]): readonly ResourceName[] => {
  const isChanged = (name: ResourceName) => changed.some(({ kind, key }) => kind === name.kind && key === name.key)
  const first = asked.findIndex(isChanged)
  return first < 0 ? asked : asked.filter((name, at) => at <= first || isChanged(name))
}

/** Of a look, what it saw is not kept beside. */
const nameOnly = ({ kind, key }: ResourceName): ResourceName => ({ kind, key })

/** Whether a thing is asked of the shell of one host, and of nobody else. */
export const isOfShell = ({ kind }: ResourceName): boolean =>
  !isOfDirectory(kind) && !isOfController(kind) && !isOfCluster(kind)

/** What is seen of one thing in one place. */
export const keyOf = (ref: Ref, home: string): string => `${home}\n${nameOf(ref)}`
