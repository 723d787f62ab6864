// The methods of Python's texts, lists and mappings that templates call, such as `name.split('.')`.
import { linesOf, linesWithEnds } from '../text/lines.ts'
import { describe } from '../text/words.ts'
import type { FilterArguments } from './filter.ts'
import { centered, isLower, isUpper, replaced, splitText, strip, titledByLetters } from './python-text.ts'
import { areEqual, assignable, isMapping, isOwn, isTrue, keyOf, listOf, textOf, ValueFault } from './values.ts'

type Named = FilterArguments['named']
type Method<Value> = (value: Value, args: readonly unknown[], named: Named) => unknown

const text = (value: unknown): string | undefined => (value === undefined || value === null ? undefined : textOf(value))

const ofText: Readonly<Record<string, Method<string>>> = {
  upper: value => value.toUpperCase(),
  lower: value => value.toLowerCase(),
  title: titledByLetters,
  casefold: value => value.toLowerCase(),
  swapcase: value =>
    [...value].map(each => (each === each.toUpperCase() ? each.toLowerCase() : each.toUpperCase())).join(''),
  capitalize: value => value.charAt(0).toUpperCase() + value.slice(1).toLowerCase(),
  strip: (value, [chars]) => strip(value, { chars: text(chars) }),
  lstrip: (value, [chars]) => strip(value, { chars: text(chars), only: 'start' }),
  rstrip: (value, [chars]) => strip(value, { chars: text(chars), only: 'end' }),
  removeprefix: (value, [start]) => (value.startsWith(textOf(start)) ? value.slice(textOf(start).length) : value),
  removesuffix: (value, [end]) =>
    value.endsWith(textOf(end)) ? value.slice(0, value.length - textOf(end).length) : value,
  split: (value, [separator, most], named) => splitText(value, cutting([separator, most], named)),
  rsplit: (value, [separator, most], named) =>
    splitText(value, { ...cutting([separator, most], named), fromEnd: true }),
  partition: (value, [separator]) => {
    const at = value.indexOf(textOf(separator))
    return at < 0
      ? [value, '', '']
      : [value.slice(0, at), textOf(separator), value.slice(at + textOf(separator).length)]
  },
  rpartition: (value, [separator]) => {
    const at = value.lastIndexOf(textOf(separator))
    return at < 0
      ? ['', '', value]
      : [value.slice(0, at), textOf(separator), value.slice(at + textOf(separator).length)]
  },
  zfill: (value, [width]) =>
    value.replace(/^([-+]?)(.*)$/s, (_, sign, rest) => sign + rest.padStart(sized(width) - sign.length, '0')),
  ljust: (value, [width, sign]) => value.padEnd(sized(width), text(sign)),
  rjust: (value, [width, sign]) => value.padStart(sized(width), text(sign)),
  center: (value, [width, sign]) => centered(value, sized(width), text(sign)),
  format: (value, positional, named) => formatted(value, positional, named),
  splitlines: (value, [keeps], named) => (isTrue(keeps ?? named.keepends) ? linesWithEnds(value) : linesOf(value)),
  startswith: (value, [start]) => [start].flat().some(each => value.startsWith(textOf(each))),
  endswith: (value, [end]) => [end].flat().some(each => value.endsWith(textOf(each))),
  replace: (value, [old, by, most]) =>
    replaced(value, { old: textOf(old), by: textOf(by), most: most === undefined ? undefined : Number(most) }),
  join: (value, [list]) => (Array.isArray(list) ? list.map(textOf).join(value) : textOf(list)),
  find: (value, [part]) => value.indexOf(textOf(part)),
  rfind: (value, [part]) => value.lastIndexOf(textOf(part)),
  index: (value, [part]) => found(value.indexOf(textOf(part))),
  count: (value, [part]) => value.split(textOf(part)).length - 1,
  isdigit: value => /^\d+$/.test(value),
  isnumeric: value => /^\p{N}+$/u.test(value),
  isalpha: value => /^\p{L}+$/u.test(value),
  isalnum: value => /^[\p{L}\p{N}]+$/u.test(value),
  isspace: value => /^\s+$/.test(value),
  isupper: isUpper,
  islower: isLower,
}

const ofList: Readonly<Record<string, Method<readonly unknown[]>>> = {
  index: (value, [item]) => found(value.findIndex(each => areEqual(each, item))),
  count: (value, [item]) => value.filter(each => areEqual(each, item)).length,
  append: (value, items) => added(value, items),
  extend: (value, [items]) => added(value, listOf(items)),
}

/** @throws {ValueFault} For a list that others see too. */
const added = (list: readonly unknown[], items: readonly unknown[]): null => {
  if (!isOwn(list))
    throw new ValueFault('the list is not written in this template, so it stays as it is: write `+ [ … ]`')
  if (list.length + items.length > 100_000) throw new ValueFault('a list of more than 100000 items is too long')
  ;(list as unknown[]).push(...items) // it is the template's own
  return null
}

const ofMapping: Readonly<Record<string, Method<Readonly<Record<string, unknown>>>>> = {
  items: value => Object.entries(value),
  keys: value => Object.keys(value),
  values: value => Object.values(value),
  update: (value, [pairs], named) => {
    if (!isOwn(value))
      throw new ValueFault('the mapping is not written in this template, so it stays as it is: write `combine`')
    Object.assign(value, made({ positional: [pairs ?? []], named }))
    return null
  },
  get: (value, [key, other = null]) => (Object.hasOwn(value, textOf(key)) ? value[textOf(key)] : other),
}

/** @throws {ValueFault} When the value has no such method. */
export const callMethod = (value: unknown, name: string, { positional, named }: FilterArguments): unknown => {
  if (typeof value === 'string' && Object.hasOwn(ofText, name)) return ofText[name]?.(value, positional, named)
  if (Array.isArray(value) && Object.hasOwn(ofList, name)) return ofList[name]?.(value, positional, named)
  if (isMapping(value) && Object.hasOwn(ofMapping, name)) return ofMapping[name]?.(value, positional, named)
  throw new ValueFault(`${describe(value)} cannot \`${name}()\``)
}

const cutting = ([separator, most]: readonly unknown[], named: Named) => {
  const at = most ?? named.maxsplit
  return { separator: text(separator ?? named.sep), most: at === undefined ? undefined : Number(at) }
}

const sized = (width: unknown): number => Math.min(10_000, Number(width) || 0)

const found = (at: number): number => {
  if (at < 0) throw new ValueFault('it is not in there')
  return at
}

/** `{}`, `{0}` and `{name}`; what else stands in braces is refused. */
const formatted = (value: string, positional: readonly unknown[], named: Named): string => {
  let next = 0
  return value.replace(/\{\{|\}\}|\{([^{}]*)\}/g, (whole, name: string | undefined) => {
    if (name === undefined) return whole.charAt(0)
    if (!/^\w*$/.test(name))
      throw new ValueFault(`it fills in {}, {0} and {name}, and not \`${whole}\`: write \`format\` as a filter`)
    const given = name === '' ? positional[next] : /^\d+$/.test(name) ? positional[Number(name)] : named[name]
    if (name === '') next += 1
    if (given === undefined) throw new ValueFault(`it has no value for \`${whole}\``)
    return textOf(given)
  })
}

/** Of names, of pairs, or of both. */
function made({ positional: [pairs = []], named }: FilterArguments): Readonly<Record<string, unknown>> {
  if (isMapping(pairs)) return { ...pairs, ...named }
  const given = listOf(pairs).map(pair => {
    const [key, value, ...more] = listOf(pair)
    if (value === undefined || more.length > 0) throw new ValueFault('a mapping is made of pairs')
    return [keyOf(key), value] as const
  })
  return { ...Object.fromEntries(given), ...named }
}

/** Functions that a template may call by name. */
export const globals: Readonly<Record<string, (args: FilterArguments) => unknown>> = {
  range: ({ positional }) => range(positional.map(Number)),
  dict: made,
  namespace: args => ({ ...made(args), [assignable]: true }),
}

const range = ([first = 0, second, step = 1]: readonly number[]): number[] => {
  const [from, to] = second === undefined ? [0, first] : [first, second]
  const length = Math.ceil((to - from) / step)
  if (!Number.isFinite(length) || length > 100_000)
    throw new ValueFault('a range of at most 100000 numbers is possible')
  return Array.from({ length: Math.max(0, length) }, (_, at) => from + at * step)
}
