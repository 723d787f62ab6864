// A tree of values in which each value and each key knows where it was written.
import type { Secret } from '../model/secret.ts'
import type { Span } from '../model/span.ts'

export type Located = LocatedScalar | LocatedMap | LocatedList

export type LocatedScalar = {
  readonly type: 'scalar'
  /** A secret where the value was encrypted by itself. */
  readonly value: string | number | boolean | null | Secret
  /** It stood in a file that was encrypted as a whole. */
  readonly isVaulted?: true
  /** What it says in the YAML of Ansible, where it is one of the words `yes`, `no`, `on` and `off` without quotes. */
  readonly truth?: boolean
  readonly span: Span
  /** The place of one word in the text of this value: the `occurrence`th of them, counted from 0. */
  wordSpan(word: string, occurrence: number): Span
}

export type LocatedEntry = { readonly key: string; readonly keySpan: Span; readonly node: Located }

export type LocatedMap = {
  readonly type: 'map'
  /** The same as plain JavaScript. */
  readonly value: Readonly<Record<string, unknown>>
  readonly span: Span
  /** In the order as written. */
  readonly entries: readonly LocatedEntry[]
}

export type LocatedList = {
  readonly type: 'list'
  readonly value: readonly unknown[]
  readonly span: Span
  readonly items: readonly Located[]
}

export const locatedMap = (entries: readonly LocatedEntry[], span: Span): LocatedMap => ({
  type: 'map',
  value: Object.fromEntries(entries.map(({ key, node }) => [key, node.value])),
  span,
  entries,
})

export const locatedList = (items: readonly Located[], span: Span): LocatedList => ({
  type: 'list',
  value: items.map(item => item.value),
  span,
  items,
})

/** Entries of a mapping; none when it is something else. */
export const entries = (node: Located | undefined): readonly LocatedEntry[] =>
  node?.type === 'map' ? node.entries : []

/** Items of a list; none when it is something else. */
export const items = (node: Located | undefined): readonly Located[] => (node?.type === 'list' ? node.items : [])

export const entry = (node: Located | undefined, key: string): LocatedEntry | undefined =>
  entries(node).find(candidate => candidate.key === key)

/** The value below one key. */
export const child = (node: Located | undefined, key: string): Located | undefined => entry(node, key)?.node

/** True for a key without a value, `key:`. */
export const isEmpty = (node: Located | undefined): boolean => node?.type === 'scalar' && node.value === null

/** The text of a scalar; nothing when it is no text. */
export const textOf = (node: Located | undefined): string | undefined =>
  node?.type === 'scalar' && typeof node.value === 'string' ? node.value : undefined

/**
 * Mappings laid over each other, key by key: a later one wins, a key keeps the place where it stood first.
 *
 * @param span The place of the whole.
 */
export const overlay = (maps: readonly LocatedMap[], span: Span): LocatedMap => {
  const merged = new Map<string, LocatedEntry>()
  for (const map of maps) for (const each of map.entries) merged.set(each.key, each)
  return locatedMap([...merged.values()], span)
}

/**
 * A tree for a value that has no text, such as a playbook in TypeScript.
 *
 * Places then are paths like `plays[0].tasks[2]`, on line 0.
 */
export const locate = (value: unknown, file: string, path = ''): Located => {
  const span = pathSpan(file, path)
  if (Array.isArray(value))
    return locatedList(
      value.map((item, index) => locate(item, file, `${path}[${index}]`)),
      span,
    )
  if (typeof value === 'object' && value !== null) {
    const written = Object.entries(value).filter(([, each]) => each !== undefined)
    return locatedMap(
      written.map(([key, each]) => locatedProperty(key, each, { file, path })),
      span,
    )
  }
  const scalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
  return { type: 'scalar', value: scalar, span, wordSpan: () => span }
}

const locatedProperty = (key: string, value: unknown, { file, path }: { file: string; path: string }): LocatedEntry => {
  const below = /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key)
    ? `${path === '' ? '' : `${path}.`}${key}`
    : `${path}[${JSON.stringify(key)}]`
  return { key, keySpan: pathSpan(file, below), node: locate(value, file, below) }
}

const pathSpan = (file: string, path: string): Span => ({
  file,
  line: 0,
  column: 1,
  width: Math.max(1, path.length),
  excerpt: path,
})
