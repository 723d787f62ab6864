// What a filter is: a function of a value and arguments, and how it treats secrets.
import { describe } from '../text/words.ts'
import { isMapping, listOf, textOf, ValueFault } from './values.ts'

export type FilterArguments = {
  readonly positional: readonly unknown[]
  readonly named: Readonly<Record<string, unknown>>
}

/** How a filter reaches other filters and tests, as `map('upper')` does. */
export type FilterCalls = {
  filter(name: string, value: unknown, args: FilterArguments): unknown
  test(name: string, value: unknown, args: FilterArguments): boolean
}

/** The names of what may stand in the parentheses, in order; `*` for as many more as one likes, `**` for any name. */
export type Takes = readonly string[]

export type Filter = {
  readonly apply: (value: unknown, args: FilterArguments, calls: FilterCalls) => unknown
  readonly takes: Takes
  /**
   * `keeps`: hands parts of its value on as they are, secrets stay secrets. `opens`: sees secrets in clear, and what it
   * makes of them is a secret. `tells`: sees them in clear, and its answer may be seen.
   */
  readonly secrets: 'keeps' | 'opens' | 'tells'
  /** True when it accepts a variable that is not there. */
  readonly takesUndefined?: boolean
  /** True when items of its list may be not there. */
  readonly takesGaps?: boolean
}

export type Filters = Readonly<Record<string, Filter>>

export const noArguments: FilterArguments = { positional: [], named: {} }

export const opens = (apply: Filter['apply'], ...takes: Takes): Filter => ({ apply, takes, secrets: 'opens' })
export const keeps = (apply: Filter['apply'], ...takes: Takes): Filter => ({ apply, takes, secrets: 'keeps' })
export const tells = (apply: Filter['apply'], ...takes: Takes): Filter => ({ apply, takes, secrets: 'tells' })

type OfText = (text: string, args: FilterArguments) => unknown

/** A filter of a text; a number and a truth value are taken as they print. */
export const ofText = (apply: OfText, ...takes: Takes): Filter =>
  opens(
    (value, args) => {
      if (Array.isArray(value) || isMapping(value) || value === null)
        throw new ValueFault(`it works on a text, and this is ${describe(value)}`)
      return apply(textOf(value), args)
    },
    ...takes,
  )

type OfList = (list: readonly unknown[], args: FilterArguments, calls: FilterCalls) => unknown

export const ofList = (apply: OfList, ...takes: Takes): Filter =>
  keeps((value, args, calls) => apply(listOf(value), args, calls), ...takes)

/** @throws {ValueFault} */
export const numberOf = (value: unknown): number => {
  if (typeof value === 'number') return value
  throw new ValueFault(`it works on a number, and this is ${describe(value)}`)
}

/** A filter of a list, for which an item that is not there is an item as well. */
export const ofGaps = (apply: OfList, ...takes: Takes): Filter => ({ ...ofList(apply, ...takes), takesGaps: true })

/** An argument by position or by name; `null` is one as well. */
export const argument = (args: FilterArguments, index: number, name: string): unknown =>
  args.positional[index] === undefined ? args.named[name] : args.positional[index]

/** The same, and another value where it is not given. */
export const argumentOr = (args: FilterArguments, index: number, name: string, other: unknown): unknown => {
  const given = argument(args, index, name)
  return given === undefined ? other : given
}

/** @throws {ValueFault} When it is there and is no text. */
export const textArgument = (args: FilterArguments, index: number, name: string): string | undefined => {
  const value = argument(args, index, name)
  if (value === undefined || value === null || typeof value === 'string') return value ?? undefined
  throw new ValueFault(`its argument \`${name}\` must be a text`)
}

/** @throws {ValueFault} When it is there and is no number. */
export const numberArgument = (args: FilterArguments, index: number, name: string): number | undefined => {
  const value = argument(args, index, name)
  if (value === undefined || value === null || typeof value === 'number') return value ?? undefined
  throw new ValueFault(`its argument \`${name}\` must be a number`)
}

/** @throws {ValueFault} When it is none of these. */
export const choiceArgument = <Choice extends string>(
  args: FilterArguments,
  { index, name, of: choices }: { readonly index: number; readonly name: string; readonly of: readonly Choice[] },
): Choice | undefined => {
  const value = argument(args, index, name)
  const chosen = choices.find(each => each === value)
  if (chosen === undefined && value !== undefined && value !== null)
    throw new ValueFault(`its argument \`${name}\` must be one of ${choices.join(', ')}`)
  return chosen
}

/** @throws {ValueFault} When it is missing. */
export const needed = <Value>(value: Value | undefined, name: string): Value => {
  if (value === undefined) throw new ValueFault(`it needs the argument \`${name}\``)
  return value
}
