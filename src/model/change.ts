// One difference between how a thing is and how it is wanted.
import type { Json } from './json.ts'

/** Names one thing on one node, such as `file /etc/hosts`. */
export type ResourceName = {
  readonly kind: string
  readonly key: string
}

export type Change = ResourceName & {
  readonly before: Json
  readonly after: Json
  /** What does not work while it is made, in words for whoever agrees to it. */
  readonly meanwhile?: string
}

/** Stands in a value for what nobody can know before it is done. */
export const notKnownYet = { unknown: true } as const

export const isKnown = (value: unknown): boolean =>
  !(typeof value === 'object' && value !== null && 'unknown' in value && value.unknown === true)

/** One string for one thing: a key for maps, `kind key`. */
export const nameOf = ({ kind, key }: ResourceName): string => `${kind} ${key}`
