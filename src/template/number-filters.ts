// Filters that make a number of a value, and those that make a text of a size.
import {
  argument,
  argumentOr,
  choiceArgument,
  type FilterArguments,
  type Filters,
  needed,
  numberArgument,
  numberOf,
  ofText,
  opens,
  tells,
  textArgument,
} from './filter.ts'
import { isTrue, textOf, ValueFault } from './values.ts'

export const numberFilters: Filters = {
  int: opens(toInteger, 'default', 'base'),
  float: opens(toFloat, 'default'),
  abs: opens(value => Math.abs(numberOf(value))),
  round: opens((value, args) => rounded(numberOf(value), args), 'precision', 'method'),
  bool: tells(toBoolean),
  pow: opens((value, args) => numberOf(value) ** needed(numberArgument(args, 0, 'y'), 'y'), 'y'),
  root: opens((value, args) => rootOf(numberOf(value), numberArgument(args, 0, 'base') ?? 2), 'base'),
  log: opens((value, args) => logarithm(numberOf(value), numberArgument(args, 0, 'base')), 'base'),
  human_readable: opens((value, args) => humanSize(numberOf(value), args), 'isbits', 'unit'),
  human_to_bytes: ofText(sizeOf, 'default_unit', 'isbits'),
}

function toInteger(value: unknown, args: FilterArguments): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') return Math.trunc(Number(value))
  const base = numberArgument(args, 1, 'base') ?? 10
  const text = textOf(value).trim()
  const number = base === 10 ? Math.trunc(Number(decimal.test(text) ? text : Number.NaN)) : Number.parseInt(text, base)
  return Number.isFinite(number) ? number : argumentOr(args, 0, 'default', 0)
}

/** What Python reads as a number: no `0x10`, and nothing empty. */
const decimal = /^[-+]?(?:\d[\d_]*\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i

function toFloat(value: unknown, args: FilterArguments): unknown {
  const text = textOf(typeof value === 'boolean' ? Number(value) : value).trim()
  return decimal.test(text) ? Number(text.replaceAll('_', '')) : argumentOr(args, 0, 'default', 0)
}

const ways: Readonly<Record<'common' | 'ceil' | 'floor', (value: number) => number>> = {
  common: value => (Math.abs(value % 1) === 0.5 ? 2 * Math.round(value / 2) : Math.round(value)),
  ceil: Math.ceil,
  floor: Math.floor,
}

const rounded = (value: number, args: FilterArguments): number => {
  const way = choiceArgument(args, { index: 1, name: 'method', of: ['common', 'ceil', 'floor'] }) ?? 'common'
  const scale = 10 ** (numberArgument(args, 0, 'precision') ?? 0)
  return ways[way](value * scale) / scale
}

function toBoolean(value: unknown): boolean | null {
  if (value === null || typeof value === 'boolean') return value
  return ['yes', 'on', '1', 'true'].includes(textOf(value).toLowerCase())
}

const rootOf = (value: number, base: number): number => {
  const root = base === 2 ? Math.sqrt(value) : base === 3 ? Math.cbrt(value) : value ** (1 / base)
  if (Number.isNaN(root)) throw new ValueFault(`${value} has no such root`)
  return root
}

const logarithm = (value: number, base: number | undefined): number => {
  if (value <= 0) throw new ValueFault(`${value} has no logarithm`)
  if (base === 10) return Math.log10(value)
  if (base === 2) return Math.log2(value)
  return base === undefined ? Math.log(value) : Math.log(value) / Math.log(base)
}

const steps = ['', 'K', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y']

/** @source Ansible, `bytes_to_human`: the largest unit that the size reaches, with two digits. */
const humanSize = (size: number, args: FilterArguments): string => {
  const letter = isTrue(argument(args, 0, 'isbits')) ? 'b' : 'B'
  const unit = textArgument(args, 1, 'unit')?.charAt(0).toUpperCase()
  const fits = (step: string, power: number) => (unit === undefined ? size >= 1024 ** power : unit === step)
  const power = Math.max(0, steps.findLastIndex(fits))
  const name = steps[power] === '' ? (letter === 'b' ? 'bits' : 'Bytes') : steps[power] + letter
  return `${(size / 1024 ** power).toFixed(2)} ${name}`
}

/** @source Ansible, `human_to_bytes`: `10M`, `1.5 GB`, `100`. */
function sizeOf(text: string, args: FilterArguments): number {
  const [, number = '', unit = ''] = /^\s*(\d*\.?\d*)\s*([A-Za-z]+)?/.exec(text) ?? []
  if (number === '' || number === '.') throw new ValueFault(`\`${text}\` is no size`)
  const named = (unit || textArgument(args, 0, 'default_unit')) ?? 'B'
  const power = /^b/i.test(named) ? 0 : steps.indexOf(named.charAt(0).toUpperCase())
  const letter = isTrue(argument(args, 1, 'isbits')) ? 'b' : 'B'
  const isUnit =
    power >= 0 &&
    (named.length === 1 || named.slice(power === 0 ? 0 : 1) === letter || /^(?:bytes?|bits?)$/i.test(named))
  if (!isUnit) throw new ValueFault(`\`${named}\` is no unit of a size`)
  return Math.round(Number(number) * 1024 ** power)
}
