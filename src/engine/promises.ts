// The changes that earlier steps of a dry run will have made: what lies over the world.
import type { Change, ResourceName } from '../model/change.ts'
import { isKnown, nameOf } from '../model/change.ts'
import type { Json } from '../model/json.ts'
import { type Cover, clusterHome, definitionOf } from '../task/resource.ts'

export type Promised =
  | { readonly type: 'value'; readonly value: Json; readonly by: string }
  /** What stands there without any promise, altered. */
  | { readonly type: 'altered'; alter(value: Json): Json; readonly by: string }
  | { readonly type: 'unknown'; readonly by: string }

type Entry = { readonly home: string; readonly change: Change; readonly by: string }

export type Promises = {
  /** @param home Where the thing lies: a host, or a volume that all hosts share. */
  add(home: string, change: Change, by: string): void
  /** What the thing will be; `undefined` when no earlier step touches it. What the cluster does, it does to every node. */
  find(home: string, name: ResourceName): Promised | undefined
  /** A foreign program will have run on the host: what it leaves behind nobody knows. */
  addProgram(host: string, by: string): void
  /** What a program on the host may see otherwise then; a foreign program counts before all that is declared. */
  before(host: string): Before | undefined
}

export type Before = { readonly by: string; readonly isForeign: boolean }

/** @param nodes Homes that are a node's own; what lies elsewhere several of them may see. */
export const createPromises = (nodes: readonly string[] = []): Promises => {
  const entries: Entry[] = []
  const programs = new Map<string, string>()
  return {
    addProgram: (host, by) => void programs.set(host, by),
    before(host) {
      const program = programs.get(host)
      if (program !== undefined) return { by: program, isForeign: true }
      const last = entries.findLast(({ home }) => home === host || !nodes.includes(home))
      return last && { by: last.by, isForeign: false }
    },
    add: (home, change, by) => {
      entries.push({ home, change, by })
    },
    find: (home, name) => {
      let found: Promised | undefined
      for (const entry of entries)
        if (entry.home === home || entry.home === clusterHome) found = laterOf(found, readPromise(entry, name))
      return found
    },
  }
}

/** The later promise counts; one that only alters rests on the one before. */
const laterOf = (before: Promised | undefined, after: Promised | undefined): Promised | undefined => {
  if (after?.type !== 'altered' || !before) return after ?? before
  const { alter, by } = after
  if (before.type === 'value') return { ...known(alter(before.value)), by }
  if (before.type === 'altered') return { type: 'altered', alter: value => alterKnown(before.alter(value), alter), by }
  return before
}

const known = (value: Json) => (isKnown(value) ? { type: 'value' as const, value } : { type: 'unknown' as const })

const alterKnown = (value: Json, alter: (value: Json) => Json): Json => (isKnown(value) ? alter(value) : value)

/** What a change says about a thing, which may be the changed thing itself. */
const readPromise = ({ change, by }: Entry, name: ResourceName): Promised | undefined => {
  if (nameOf(change) === nameOf(name)) return { ...known(change.after), by }
  const cover = coverOf(change, name)
  // What has moved is looked for where it lies now.
  return cover && cover.type !== 'moved' ? { ...cover, by } : undefined
}

/** Whether a change says anything about a thing. */
export const touches = (change: Change, name: ResourceName): boolean =>
  nameOf(change) === nameOf(name) || coverOf(change, name) !== undefined

export const coverOf = (change: Change, name: ResourceName): Cover | undefined =>
  definitionOf(change.kind)?.covers?.(change, name)
