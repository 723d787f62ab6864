// What values mean in a template, by Python's rules: truth, equality, order, and how they print.
import { reveal, Secret } from '../model/secret.ts'
import { describe } from '../text/words.ts'
import type { Range } from './syntax.ts'

/**
 * A variable that is not there; only `default`, `mandatory` and the tests `defined` and `undefined` accept it.
 *
 * In a list it may stand between two filters that say so (`takesGaps`), and nowhere else.
 */
export class Undefined {
  readonly name: string
  readonly range: Range
  /** Where it is no variable: why a filter has nothing to give. */
  readonly why: string | undefined

  constructor(name: string, range: Range, why?: string) {
    this.name = name
    this.range = range
    this.why = why
  }
}

/** What is said where it is needed. */
export const isNotThere = ({ name, why }: Undefined): string => why ?? `\`${name}\` is not there`

/** A value that a filter, a test or an operator cannot work on. */
export class ValueFault extends Error {
  readonly help: string | undefined

  constructor(message: string, help?: string) {
    super(message)
    this.help = help
  }
}

/** What to write where one of two is a number and the other a text that reads as one: `-e` and what commands print are texts. */
export const numberHelp = (...values: readonly unknown[]): string | undefined =>
  values.some(isNumeric) && values.some(value => typeof value === 'string' && /^-?\d+(?:\.\d+)?$/.test(value.trim()))
    ? 'write `| int` behind what is a text, or `| float`'
    : undefined

/** As a value, it takes the key that it stands at away: `mode: "{{ mode | default(omit) }}"`. */
export const omit = Symbol('omit')

/** On a mapping that `namespace()` made: its members may be set. */
export const assignable = Symbol('assignable')

/** On a mapping: what it does not hold is known only once this step is done, such as `install/installer@node1`. */
export const restKnownAfter = Symbol('rest known after')

/** In the place of a variable that is known only once a step is done. */
export class KnownLater {
  readonly step: string

  constructor(step: string) {
    this.step = step
  }
}

/** A mapping whose members are worked out when they are asked for, such as the variables of another host. */
export class Lookup {
  readonly of: (key: string) => unknown
  readonly keys: () => readonly string[]

  constructor(of: (key: string) => unknown, keys: () => readonly string[]) {
    this.of = of
    this.keys = keys
  }
}

/** A variable that a template can call. @throws {ValueFault} where it cannot be answered. */
export class Callable {
  readonly call: (positional: readonly unknown[], named: Mapping) => unknown

  constructor(call: (positional: readonly unknown[], named: Mapping) => unknown) {
    this.call = call
  }
}

const owned = new WeakSet<object>()

/** A list or a mapping that is written in the template itself; the template may change it. */
export const own = <Value extends object>(value: Value): Value => {
  owned.add(value)
  return value
}

export const isOwn = (value: object): boolean => owned.has(value)

/** On a list: names that its items have beside their numbers. */
export const itemNames = Symbol('item names')

export type Mapping = Readonly<Record<string, unknown>>

export const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Secret) &&
  !(value instanceof Lookup) &&
  !(value instanceof Callable) &&
  !(value instanceof Undefined) &&
  !(value instanceof KnownLater)

/** What an item of a list stands for where there is nothing. */
export const gapIn = (value: unknown): Undefined | undefined =>
  Array.isArray(value) ? value.find(each => each instanceof Undefined) : undefined

export const isTrue = (value: unknown): boolean => {
  if (value instanceof Secret) return reveal(value) !== ''
  if (Array.isArray(value)) return value.length > 0
  if (isMapping(value)) return Object.keys(value).length > 0
  return Boolean(value)
}

export const areEqual = (left: unknown, right: unknown): boolean => {
  const [a, b] = [open(left), open(right)]
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, at) => areEqual(item, b[at]))
  // To Python, true is 1.
  if (isNumeric(a) && isNumeric(b)) return Number(a) === Number(b)
  if (!isMapping(a) || !isMapping(b)) return a === b
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every(key => Object.hasOwn(b, key) && areEqual(a[key], b[key]))
}

/** Less than, equal, greater: -1, 0, 1. @throws {ValueFault} For values that have no order between them. */
export const compare = (left: unknown, right: unknown): number => {
  const [a, b] = [open(left), open(right)]
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0
  if (isNumeric(a) && isNumeric(b)) return Math.sign(Number(a) - Number(b))
  if (Array.isArray(a) && Array.isArray(b)) return compareLists(a, b)
  throw new ValueFault(`${describe(left)} and ${describe(right)} have no order`, numberHelp(a, b))
}

const isNumeric = (value: unknown): value is number | boolean => typeof value === 'number' || typeof value === 'boolean'

const compareLists = (a: readonly unknown[], b: readonly unknown[]): number => {
  const at = a.findIndex((item, index) => index < b.length && !areEqual(item, b[index]))
  return at === -1 ? Math.sign(a.length - b.length) : compare(a[at], b[at])
}

/** Is it a part of the text, an item of the list, a key of the mapping? */
export const isIn = (item: unknown, container: unknown): boolean => {
  const within = open(container)
  if (typeof within === 'string') return within.includes(textOf(item))
  if (Array.isArray(within)) return within.some(each => areEqual(each, item))
  if (isMapping(within)) return Object.hasOwn(within, textOf(item))
  throw new ValueFault(`${describe(container)} holds nothing that could be looked up`)
}

/** How a value prints, secrets in clear: hand the result on as a secret where there is one. */
export const textOf = (value: unknown): string => {
  if (typeof value === 'string') return value
  if (value instanceof Secret) return reveal(value)
  return pythonRepr(value)
}

/** How items of a list print. */
export const pythonRepr = (value: unknown): string => {
  if (typeof value === 'string' || value instanceof Secret) return quoted(textOf(value))
  if (value === true) return 'True'
  if (value === false) return 'False'
  if (value === null || value === undefined) return 'None'
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(', ')}]`
  if (isMapping(value))
    return `{${Object.entries(value)
      .map(([key, each]) => `${quoted(key)}: ${pythonRepr(each)}`)
      .join(', ')}}`
  return String(value)
}

const quoted = (text: string): string => {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t').replaceAll('\r', '\\r')
  return `${quote}${escaped.replaceAll(quote, `\\${quote}`)}${quote}`
}

export const listOf = (value: unknown): readonly unknown[] => {
  if (value instanceof Secret) return [...reveal(value)].map(letter => new Secret(value.label, letter))
  if (Array.isArray(value)) return value
  if (typeof value === 'string') return [...value]
  if (isMapping(value)) return Object.keys(value)
  throw new ValueFault(`${describe(value)} is no list`)
}

const open = (value: unknown): unknown => (value instanceof Secret ? reveal(value) : value)

/** A value as the name of a key, which everybody sees. @throws {ValueFault} For a secret. */
export const keyOf = (value: unknown): string => {
  if (value instanceof Secret) throw new ValueFault(`${describe(value)} cannot be the name of a key`)
  return textOf(value)
}

/** The first secret in a value, however deep. */
export const secretIn = (value: unknown): Secret | undefined => {
  if (value instanceof Secret) return value
  if (typeof value !== 'object' || value === null) return undefined
  for (const each of Object.values(value)) {
    const found = secretIn(each)
    if (found !== undefined) return found
  }
  return undefined
}

/** The same with secrets in clear, for a function that makes a text of it. */
export const revealed = (value: unknown): unknown =>
  mapDeep(value, each => (each instanceof Secret ? reveal(each) : each))

/** Each text and number in a value becomes a secret of the same label. */
export const concealed = (value: unknown, { label }: Secret): unknown =>
  mapDeep(value, each =>
    typeof each === 'string' || typeof each === 'number' ? new Secret(label, String(each)) : each,
  )

const mapDeep = (value: unknown, change: (leaf: unknown) => unknown): unknown => {
  if (Array.isArray(value)) return value.map(each => mapDeep(each, change))
  if (!isMapping(value)) return change(value)
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapDeep(each, change)]))
}
