// What a filter is: a function of a value and arguments, and how it treats secrets.
import { ValueFault } from './values.ts'

export type FilterArguments = {
  readonly positional: readonly unknown[]
  readonly named: Readonly<Record<string, unknown>>
}

/** How a filter reaches other filters and tests, as `map('upper')` does. */
export type FilterCalls = {
  filter(name: string, value: unknown, args: FilterArguments): unknown
  test(name: string, value: unknown, args: FilterArguments): boolean
}

export type Filter = {
  readonly apply: (value: unknown, args: FilterArguments, calls: FilterCalls) => unknown
  /**
   * `keeps`: hands parts of its value on as they are, secrets stay secrets. `opens`: sees secrets in clear, and what it
   * makes of them is a secret. `tells`: sees them in clear, and its answer may be seen.
   */
  readonly secrets: 'keeps' | 'opens' | 'tells'
  /** True when it accepts a variable that is not there. */
  readonly takesUndefined?: boolean
}

export const noArguments: FilterArguments = { positional: [], named: {} }

/** An argument by position or by name. */
export const argument = (args: FilterArguments, index: number, name: string): unknown =>
  args.positional[index] ?? args.named[name]

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

/** @throws {ValueFault} When it is missing. */
export const needed = <Value>(value: Value | undefined, name: string): Value => {
  if (value === undefined) throw new ValueFault(`it needs the argument \`${name}\``)
  return value
}
