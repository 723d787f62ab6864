// The changes that earlier steps of a dry run will have made: what lies over the world.
import type { Change, ResourceName } from '../model/change.ts'
import { isKnown, nameOf } from '../model/change.ts'
import type { Json } from '../model/json.ts'
import { type Cover, definitionOf } from '../task/resource.ts'

export type Promised =
  | { readonly type: 'value'; readonly value: Json; readonly by: string }
  | { readonly type: 'unknown'; readonly by: string }

type Entry = { readonly home: string; readonly change: Change; readonly by: string }

export type Promises = {
  /** @param home Where the thing lies: a host, or a volume that all hosts share. */
  add(home: string, change: Change, by: string): void
  /** What the thing will be; `undefined` when no earlier step touches it. */
  find(home: string, name: ResourceName): Promised | undefined
}

export const createPromises = (): Promises => {
  const entries: Entry[] = []
  return {
    add: (home, change, by) => {
      entries.push({ home, change, by })
    },
    find: (home, name) => {
      for (const entry of entries.toReversed()) {
        const promised = entry.home === home ? readPromise(entry, name) : undefined
        if (promised) return promised
      }
      return undefined
    },
  }
}

/** What a change says about a thing, which may be the changed thing itself. */
const readPromise = ({ change, by }: Entry, name: ResourceName): Promised | undefined => {
  if (nameOf(change) === nameOf(name))
    return isKnown(change.after) ? { type: 'value', value: change.after, by } : { type: 'unknown', by }
  const cover = coverOf(change, name)
  if (cover?.type === 'value') return { type: 'value', value: cover.value, by }
  return cover?.type === 'unknown' ? { type: 'unknown', by } : undefined
}

/** Whether a change says anything about a thing. */
export const touches = (change: Change, name: ResourceName): boolean =>
  nameOf(change) === nameOf(name) || coverOf(change, name) !== undefined

export const coverOf = (change: Change, name: ResourceName): Cover | undefined =>
  definitionOf(change.kind)?.covers?.(change, name)
