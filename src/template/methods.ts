// The methods of Python's texts, lists and mappings that templates call, such as `name.split('.')`.
import { describe } from '../text/words.ts'
import type { FilterArguments } from './filter.ts'
import { areEqual, isMapping, isTrue, textOf, ValueFault } from './values.ts'

type Method<Value> = (value: Value, args: readonly unknown[]) => unknown

const text = (value: unknown): string | undefined => (value === undefined || value === null ? undefined : textOf(value))

const ofText: Readonly<Record<string, Method<string>>> = {
  upper: value => value.toUpperCase(),
  lower: value => value.toLowerCase(),
  title: value => value.toLowerCase().replace(/(^|[^\p{L}])\p{L}/gu, part => part.toUpperCase()),
  capitalize: value => value.charAt(0).toUpperCase() + value.slice(1).toLowerCase(),
  strip: (value, [chars]) => stripStart(stripEnd(value, text(chars)), text(chars)),
  lstrip: (value, [chars]) => stripStart(value, text(chars)),
  rstrip: (value, [chars]) => stripEnd(value, text(chars)),
  split: (value, [separator]) =>
    text(separator) === undefined ? value.split(/\s+/).filter(isTrue) : value.split(textOf(separator)),
  splitlines: value => value.replace(/\r?\n$/, '').split(/\r?\n/),
  startswith: (value, [start]) => value.startsWith(textOf(start)),
  endswith: (value, [end]) => value.endsWith(textOf(end)),
  replace: (value, [old, by]) => value.replaceAll(textOf(old), () => textOf(by)),
  join: (value, [list]) => (Array.isArray(list) ? list.map(textOf).join(value) : textOf(list)),
  find: (value, [part]) => value.indexOf(textOf(part)),
  count: (value, [part]) => value.split(textOf(part)).length - 1,
  isdigit: value => /^\d+$/.test(value),
}

const ofList: Readonly<Record<string, Method<readonly unknown[]>>> = {
  index: (value, [item]) => value.findIndex(each => areEqual(each, item)),
  count: (value, [item]) => value.filter(each => areEqual(each, item)).length,
}

const ofMapping: Readonly<Record<string, Method<Readonly<Record<string, unknown>>>>> = {
  items: value => Object.entries(value),
  keys: value => Object.keys(value),
  values: value => Object.values(value),
  get: (value, [key, other = null]) => (Object.hasOwn(value, textOf(key)) ? value[textOf(key)] : other),
}

/** @throws {ValueFault} When the value has no such method. */
export const callMethod = (value: unknown, name: string, { positional }: FilterArguments): unknown => {
  if (typeof value === 'string' && Object.hasOwn(ofText, name)) return ofText[name]?.(value, positional)
  if (Array.isArray(value) && Object.hasOwn(ofList, name)) return ofList[name]?.(value, positional)
  if (isMapping(value) && Object.hasOwn(ofMapping, name)) return ofMapping[name]?.(value, positional)
  throw new ValueFault(`${describe(value)} cannot \`${name}()\``)
}

const stripStart = (value: string, chars: string | undefined): string => {
  if (chars === undefined) return value.trimStart()
  let at = 0
  while (at < value.length && chars.includes(value.charAt(at))) at += 1
  return value.slice(at)
}

const stripEnd = (value: string, chars: string | undefined): string => {
  if (chars === undefined) return value.trimEnd()
  let at = value.length
  while (at > 0 && chars.includes(value.charAt(at - 1))) at -= 1
  return value.slice(0, at)
}

/** Functions that a template may call by name. */
export const globals: Readonly<Record<string, (args: FilterArguments) => unknown>> = {
  range: ({ positional }) => range(positional.map(Number)),
  dict: ({ named }) => named,
  namespace: ({ named }) => ({ ...named }),
}

const range = ([first = 0, second, step = 1]: readonly number[]): number[] => {
  const [from, to] = second === undefined ? [0, first] : [first, second]
  const length = Math.ceil((to - from) / step)
  if (!Number.isFinite(length) || length > 100_000)
    throw new ValueFault('a range of at most 100000 numbers is possible')
  return Array.from({ length: Math.max(0, length) }, (_, at) => from + at * step)
}
