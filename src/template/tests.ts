// The tests that follow `is`: what a value is, and how the task that gave it went.
import { describe } from '../text/words.ts'
import { argument, type FilterArguments, needed, numberArgument, textArgument } from './filter.ts'
import { holds } from './operators.ts'
import { pythonRegex, tried } from './python-regex.ts'
import { areEqual, isIn, isMapping, isTrue, listOf, textOf, Undefined, ValueFault } from './values.ts'

export type TemplateTest = (value: unknown, args: FilterArguments) => boolean

/** Tests that accept a variable that is not there. */
export const takesUndefined: ReadonlySet<string> = new Set(['defined', 'undefined'])

const isNumber = (value: unknown): value is number => typeof value === 'number'
const isInteger = (value: unknown): boolean => isNumber(value) && Number.isInteger(value)
const isSequence = (value: unknown): boolean => typeof value === 'string' || Array.isArray(value)
const isFailed: TemplateTest = value => isTrue(resultOf(value).failed)
const isSkipped: TemplateTest = value => isTrue(resultOf(value).skipped)
const isSuccess: TemplateTest = value => !isTrue(resultOf(value).failed)
const compares =
  (operator: Parameters<typeof holds>[0]): TemplateTest =>
  (value, args) =>
    holds(operator, value, needed(args.positional[0], 'other'))

export const templateTests: Readonly<Record<string, TemplateTest>> = {
  defined: value => !(value instanceof Undefined),
  undefined: value => value instanceof Undefined,
  none: value => value === null,
  string: value => typeof value === 'string',
  number: isNumber,
  integer: isInteger,
  float: value => isNumber(value) && !Number.isInteger(value),
  boolean: value => typeof value === 'boolean',
  true: value => value === true,
  false: value => value === false,
  truthy: value => isTrue(value),
  falsy: value => !isTrue(value),
  mapping: isMapping,
  sequence: value => isSequence(value) || isMapping(value),
  iterable: value => isSequence(value) || isMapping(value),
  lower: value => textOf(value) === textOf(value).toLowerCase(),
  upper: value => textOf(value) === textOf(value).toUpperCase(),
  even: value => isNumber(value) && value % 2 === 0,
  odd: value => isNumber(value) && Math.abs(value % 2) === 1,
  divisibleby: (value, args) => isNumber(value) && value % needed(numberArgument(args, 0, 'num'), 'num') === 0,
  in: (value, args) => isIn(value, needed(args.positional[0], 'list')),
  contains: (value, args) => isIn(needed(args.positional[0], 'item'), value),
  subset: (value, args) => listOf(value).every(each => isIn(each, listOf(args.positional[0]))),
  superset: (value, args) => listOf(args.positional[0]).every(each => isIn(each, listOf(value))),
  all: value => listOf(value).every(isTrue),
  any: value => listOf(value).some(isTrue),
  sameas: (value, args) => areEqual(value, args.positional[0]),
  eq: compares('=='),
  equalto: compares('=='),
  ne: compares('!='),
  lt: compares('<'),
  le: compares('<='),
  gt: compares('>'),
  ge: compares('>='),
  match: (value, args) => fits(regex(args, true), value),
  search: (value, args) => fits(regex(args), value),
  regex: (value, args) => fits(regex(args), value),
  version: isVersion,
  changed: value => isTrue(resultOf(value).changed),
  failed: isFailed,
  succeeded: isSuccess,
  success: isSuccess,
  skipped: isSkipped,
  skip: isSkipped,
}

/** @source Python, `distutils.version.LooseVersion`: numbers as numbers, what stands between them as texts. */
function isVersion(value: unknown, args: FilterArguments): boolean {
  const wanted = needed(textArgument(args, 0, 'version'), 'version')
  const operator = textArgument(args, 1, 'operator') ?? '=='
  const order = compareVersions(partsOf(textOf(value)), partsOf(wanted))
  const found = versionOrders[operator]
  if (!found)
    throw new ValueFault(`\`${operator}\` compares no versions: write one of ${Object.keys(versionOrders).join(' ')}`)
  return found(order)
}

const versionOrders: Readonly<Record<string, (order: number) => boolean>> = Object.fromEntries(
  (
    [
      [['==', '=', 'eq'], order => order === 0],
      [['!=', '<>', 'ne'], order => order !== 0],
      [['<', 'lt'], order => order < 0],
      [['<=', 'le'], order => order <= 0],
      [['>', 'gt'], order => order > 0],
      [['>=', 'ge'], order => order >= 0],
    ] as const satisfies readonly (readonly [readonly string[], (order: number) => boolean])[]
  ).flatMap(([names, holdsFor]) => names.map(name => [name, holdsFor])),
)

const partsOf = (version: string): readonly (number | string)[] =>
  (version.match(/\d+|[a-z]+/gi) ?? []).map(part => (/^\d/.test(part) ? Number(part) : part))

const compareVersions = (one: readonly (number | string)[], other: readonly (number | string)[]): number => {
  for (let at = 0; at < Math.max(one.length, other.length); at += 1) {
    const [a, b] = [one[at], other[at]]
    if (a === b) continue
    if (a === undefined || b === undefined) return a === undefined ? -1 : 1
    if (typeof a !== typeof b) throw new ValueFault(`the versions cannot be compared at \`${a}\` and \`${b}\``)
    return a < b ? -1 : 1
  }
  return 0
}

const regex = (args: FilterArguments, atStart = false): RegExp =>
  pythonRegex(needed(textArgument(args, 0, 'pattern'), 'pattern'), {
    ignoreCase: isTrue(argument(args, 1, 'ignorecase')),
    multiline: isTrue(argument(args, 2, 'multiline')),
    atStart,
  })

const fits = (pattern: RegExp, value: unknown): boolean => tried(pattern, each => each.test(textOf(value)))

const resultOf = (value: unknown): Readonly<Record<string, unknown>> => {
  if (isMapping(value)) return value
  throw new ValueFault(`only the registered result of a task can be asked so, and this is ${describe(value)}`)
}
