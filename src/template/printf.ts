// Fills `%s`, `%05d` and `%(name)s` in, as Python's `%` does.
import { describe } from '../text/words.ts'
import { isMapping, pythonRepr, textOf, ValueFault } from './values.ts'

export type Given = { readonly positional: readonly unknown[]; readonly named: Readonly<Record<string, unknown>> }

const form = /%(?:\((?<name>[^)]*)\))?(?<flags>[-+ 0#]*)(?<width>\d{0,3})(?:\.(?<precision>\d{0,2}))?(?<sign>.?)/gsu

/** @throws {ValueFault} */
export const printf = (text: string, { positional, named }: Given): string => {
  const left = [...positional]
  const filled = text.replace(form, (...found) => {
    const { name, flags = '', width = '', precision, sign = '' } = found.at(-1) as Readonly<Record<string, string>> // `replace` gives the groups last
    if (sign === '%') return '%'
    if (name === undefined && left.length === 0) throw new ValueFault('it needs a value for each `%`')
    const value = name === undefined ? left.shift() : named[name]
    if (value === undefined) throw new ValueFault(`it has no value for \`${name}\``)
    return padded(written(sign, value, { flags, precision }), { flags, width: Number(width) })
  })
  if (left.length > 0 && Object.keys(named).length === 0) throw new ValueFault('it has more values than `%`')
  return filled
}

/** What stands right of Python's `%`: one value, a list of them, or a mapping. */
export const givenTo = (value: unknown): Given => {
  if (Array.isArray(value)) return { positional: value, named: {} }
  return isMapping(value) ? { positional: [], named: value } : { positional: [value], named: {} }
}

type Style = { readonly flags: string; readonly precision: string | undefined }

const written = (sign: string, value: unknown, { flags, precision }: Style): string => {
  if (sign === 's') return [...textOf(value)].slice(0, precision === undefined ? undefined : Number(precision)).join('')
  if (sign === 'r') return pythonRepr(value)
  const number = numeric(value)
  const digits = digitsOf(sign, Math.abs(number), { flags, precision })
  if (digits === undefined) throw new ValueFault(`it fills in %s, %d, %f and their like, and not \`%${sign}\``)
  return (number < 0 ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '') + digits
}

const numeric = (value: unknown): number => {
  if (typeof value === 'number' || typeof value === 'boolean') return Number(value)
  throw new ValueFault(`it needs a number there, and this is ${describe(value)}`)
}

const digitsOf = (sign: string, value: number, { flags, precision }: Style): string | undefined => {
  const whole = Math.trunc(value)
  const prefix = (text: string) => (flags.includes('#') ? text : '')
  if (sign === 'd' || sign === 'i' || sign === 'u') return String(whole)
  if (sign === 'x') return prefix('0x') + whole.toString(16)
  if (sign === 'X') return prefix('0X') + whole.toString(16).toUpperCase()
  if (sign === 'o') return prefix('0o') + whole.toString(8)
  if (sign === 'f' || sign === 'F') return value.toFixed(Number(precision ?? 6))
  return undefined
}

const padded = (text: string, { flags, width }: { readonly flags: string; readonly width: number }): string => {
  if (flags.includes('-')) return text.padEnd(width)
  if (!flags.includes('0') || !/\d/.test(text)) return text.padStart(width)
  const sign = /^[-+ ]/.exec(text)?.[0] ?? ''
  return sign + text.slice(sign.length).padStart(width - sign.length, '0')
}
