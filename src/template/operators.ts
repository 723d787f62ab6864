// Arithmetic, comparison, members and slices, by Python's rules.
import { describe } from '../text/words.ts'
import { givenTo, printf } from './printf.ts'
import type { Comparator, MathOperator } from './syntax.ts'
import { areEqual, compare, isIn, isMapping, itemNames, Lookup, numberHelp, textOf, ValueFault } from './values.ts'

/** @throws {ValueFault} */
export const calculate = (operator: MathOperator, left: unknown, right: unknown): unknown => {
  if (operator === '~') return joined(textOf(left), textOf(right))
  if (operator === '+' && typeof left === 'string' && typeof right === 'string') return joined(left, right)
  if (operator === '+' && Array.isArray(left) && Array.isArray(right)) {
    assertSize(left.length + right.length, mostItems)
    return [...left, ...right]
  }
  if (operator === '%' && typeof left === 'string') return printf(left, givenTo(right))
  if (operator === '*' && typeof left === 'string' && typeof right === 'number')
    return left.repeat(times(right, left.length, longestText))
  if (operator === '*' && Array.isArray(left) && typeof right === 'number')
    return Array.from({ length: times(right, left.length, mostItems) }, () => left).flat()
  if (typeof left !== 'number' || typeof right !== 'number')
    throw new ValueFault(
      `\`${operator}\` does not work on ${describe(left)} and ${describe(right)}`,
      numberHelp(left, right),
    )
  return arithmetic(operator, left, right)
}

/** What a value may grow to: a few words of a template could fill the memory. */
const longestText = 10_000_000
const mostItems = 1_000_000

const joined = (left: string, right: string): string => {
  assertSize(left.length + right.length, longestText)
  return left + right
}

const times = (count: number, size: number, most: number): number => {
  const whole = Math.max(0, Math.floor(count) || 0)
  assertSize(whole * Math.max(1, size), most)
  return whole
}

const assertSize = (size: number, most: number): void => {
  if (size > most) throw new ValueFault(`what comes of it would be too long: ${size}, and ${most} is the most`)
}

const arithmetic = (operator: Exclude<MathOperator, '~'>, left: number, right: number): number => {
  if (right === 0 && ['/', '//', '%'].includes(operator)) throw new ValueFault('nothing can be divided by zero')
  switch (operator) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
      return left / right
    case '//':
      return Math.floor(left / right)
    case '%':
      return left - right * Math.floor(left / right)
    case '**':
      return left ** right
  }
}

/** @throws {ValueFault} */
export const holds = (operator: Comparator, left: unknown, right: unknown): boolean => {
  switch (operator) {
    case '==':
      return areEqual(left, right)
    case '!=':
      return !areEqual(left, right)
    case 'in':
      return isIn(left, right)
    case 'not in':
      return !isIn(left, right)
    case '<':
      return compare(left, right) < 0
    case '<=':
      return compare(left, right) <= 0
    case '>':
      return compare(left, right) > 0
    case '>=':
      return compare(left, right) >= 0
  }
}

/** What stands at a key or an index; nothing when there is none. Only what the value itself holds is found. */
export const memberOf = (object: unknown, key: unknown): unknown => {
  if (Array.isArray(object) && itemNames in object && typeof key === 'string' && !/^-?\d+$/.test(key))
    return memberOf(object[itemNames as unknown as number], key)
  if (Array.isArray(object) || typeof object === 'string') {
    const index = typeof key === 'string' && /^-?\d+$/.test(key) ? Number(key) : key
    return typeof index === 'number' ? (Array.isArray(object) ? object : [...object]).at(index) : undefined
  }
  const name = String(key)
  if (object instanceof Lookup) return object.of(name)
  return isMapping(object) && Object.hasOwn(object, name) ? object[name] : undefined
}

/** @throws {ValueFault} */
export const sliceOf = (
  object: unknown,
  { from, to, step = 1 }: { readonly from?: number; readonly to?: number; readonly step?: number },
): unknown => {
  if (typeof object !== 'string' && !Array.isArray(object))
    throw new ValueFault(`${describe(object)} has no parts to cut`)
  if (step === 0) throw new ValueFault('the step of a slice cannot be 0')
  const items: readonly unknown[] = Array.isArray(object) ? object : [...object]
  const picked = indices(items.length, { from, to, step }).map(index => items[index])
  return Array.isArray(object) ? picked : picked.join('')
}

const indices = (length: number, { from, to, step }: { from?: number; to?: number; step: number }): number[] => {
  const low = step > 0 ? 0 : -1
  const high = step > 0 ? length : length - 1
  const clamp = (at: number) => Math.min(Math.max(at < 0 ? at + length : at, low), high)
  const first = from === undefined ? (step > 0 ? low : high) : clamp(from)
  const last = to === undefined ? (step > 0 ? high : low) : clamp(to)
  const found: number[] = []
  for (let at = first; step > 0 ? at < last : at > last; at += step) found.push(at)
  return found
}
