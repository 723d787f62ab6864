// The tests that follow `is`: what a value is, and how the task that gave it went.
import { describe } from '../text/words.ts'
import {
  argument,
  choiceArgument,
  type FilterArguments,
  needed,
  numberArgument,
  type Takes,
  textArgument,
} from './filter.ts'
import { holds } from './operators.ts'
import { pythonRegex, type RegexOptions, tried } from './python-regex.ts'
import { isLower, isUpper } from './python-text.ts'
import { areEqual, isIn, isMapping, isTrue, listOf, textOf, Undefined, ValueFault } from './values.ts'

type Asks = (value: unknown, args: FilterArguments) => boolean

export type TemplateTest = {
  readonly asks: Asks
  readonly takes: Takes
  /** True when it accepts a variable that is not there. */
  readonly takesUndefined?: boolean
}

const asks = (of: Asks, ...takes: Takes): TemplateTest => ({ asks: of, takes })

const isNumber = (value: unknown): value is number => typeof value === 'number'
const isInteger = (value: unknown): boolean => isNumber(value) && Number.isInteger(value)
const isSequence = (value: unknown): boolean => typeof value === 'string' || Array.isArray(value)
const isFailed = asks(value => isTrue(resultOf(value).failed))
const isSkipped = asks(value => isTrue(resultOf(value).skipped))
const isSuccess = asks(value => !isTrue(resultOf(value).failed))
const isChanged = asks(value => isTrue(resultOf(value).changed))
const compares = (operator: Parameters<typeof holds>[0]): TemplateTest =>
  asks((value, args) => holds(operator, value, needed(args.positional[0], 'other')), 'other')

const isAbsolute = asks(value => textOf(value).startsWith('/'))
const isSubset = asks((value, args) => listOf(value).every(each => isIn(each, listOf(args.positional[0]))), 'b')
const isSuperset = asks((value, args) => listOf(args.positional[0]).every(each => isIn(each, listOf(value))), 'b')

const patternWords = ['pattern', 'ignorecase', 'multiline'] as const

export const templateTests: Readonly<Record<string, TemplateTest>> = {
  defined: { ...asks(value => !(value instanceof Undefined)), takesUndefined: true },
  undefined: { ...asks(value => value instanceof Undefined), takesUndefined: true },
  none: asks(value => value === null),
  string: asks(value => typeof value === 'string'),
  number: asks(value => isNumber(value) || typeof value === 'boolean'),
  integer: asks(isInteger),
  float: asks(value => isNumber(value) && !Number.isInteger(value)),
  boolean: asks(value => typeof value === 'boolean'),
  true: asks(value => value === true),
  false: asks(value => value === false),
  truthy: asks((value, args) => isTruthy(value, args), 'convert_bool'),
  falsy: asks((value, args) => !isTruthy(value, args), 'convert_bool'),
  mapping: asks(isMapping),
  sequence: asks(value => isSequence(value) || isMapping(value)),
  iterable: asks(value => isSequence(value) || isMapping(value)),
  lower: asks(value => isLower(textOf(value))),
  upper: asks(value => isUpper(textOf(value))),
  even: asks(value => isNumber(value) && value % 2 === 0),
  odd: asks(value => isNumber(value) && Math.abs(value % 2) === 1),
  divisibleby: asks(
    (value, args) => isNumber(value) && value % needed(numberArgument(args, 0, 'num'), 'num') === 0,
    'num',
  ),
  abs: isAbsolute,
  is_abs: isAbsolute,
  nan: asks(value => Number.isNaN(value)),
  in: asks((value, args) => isIn(value, needed(args.positional[0], 'seq')), 'seq'),
  contains: asks((value, args) => isIn(needed(args.positional[0], 'item'), value), 'item'),
  subset: isSubset,
  issubset: isSubset,
  superset: isSuperset,
  issuperset: isSuperset,
  all: asks(value => listOf(value).every(isTrue)),
  any: asks(value => listOf(value).some(isTrue)),
  sameas: asks(
    (value, args) => typeof value === typeof args.positional[0] && areEqual(value, args.positional[0]),
    'other',
  ),
  eq: compares('=='),
  equalto: compares('=='),
  '==': compares('=='),
  ne: compares('!='),
  '!=': compares('!='),
  lt: compares('<'),
  lessthan: compares('<'),
  '<': compares('<'),
  le: compares('<='),
  '<=': compares('<='),
  gt: compares('>'),
  greaterthan: compares('>'),
  '>': compares('>'),
  ge: compares('>='),
  '>=': compares('>='),
  match: asks((value, args) => fits(regex(args, { atStart: true }), value), ...patternWords),
  search: asks((value, args) => fits(regex(args), value), ...patternWords),
  regex: asks(fitsAs, ...patternWords, 'match_type'),
  version: asks(isVersion, 'version', 'operator'),
  version_compare: asks(isVersion, 'version', 'operator'),
  changed: isChanged,
  change: isChanged,
  failed: isFailed,
  failure: isFailed,
  succeeded: isSuccess,
  success: isSuccess,
  successful: isSuccess,
  skipped: isSkipped,
  skip: isSkipped,
}

/** `convert_bool=true` reads texts as `bool` does. */
const isTruthy = (value: unknown, args: FilterArguments): boolean =>
  isTrue(argument(args, 0, 'convert_bool')) && typeof value === 'string'
    ? !['no', 'off', '0', 'false', 'n', 'f', ''].includes(value.toLowerCase())
    : isTrue(value)

/** @source Python, `distutils.version.LooseVersion`: numbers as numbers, what stands between them as texts. */
function isVersion(value: unknown, args: FilterArguments): boolean {
  const wanted = textOf(needed(argument(args, 0, 'version'), 'version'))
  const operator = textArgument(args, 1, 'operator') ?? 'eq'
  const found = versionOrders[operator]
  if (!found)
    throw new ValueFault(`\`${operator}\` compares no versions: write one of ${Object.keys(versionOrders).join(' ')}`)
  return found(compareVersions(partsOf(textOf(value)), partsOf(wanted)))
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

const regex = (args: FilterArguments, at: Pick<RegexOptions, 'atStart' | 'isWhole'> = {}): RegExp =>
  pythonRegex(needed(textArgument(args, 0, 'pattern'), 'pattern'), {
    ignoreCase: isTrue(argument(args, 1, 'ignorecase')),
    multiline: isTrue(argument(args, 2, 'multiline')),
    ...at,
  })

const fits = (pattern: RegExp, value: unknown): boolean => tried(pattern, each => each.test(textOf(value)))

function fitsAs(value: unknown, args: FilterArguments): boolean {
  const how = choiceArgument(args, { index: 3, name: 'match_type', of: ['search', 'match', 'fullmatch'] }) ?? 'search'
  return fits(regex(args, { atStart: how !== 'search', isWhole: how === 'fullmatch' }), value)
}

const resultOf = (value: unknown): Readonly<Record<string, unknown>> => {
  if (isMapping(value)) return value
  throw new ValueFault(`only the registered result of a task can be asked so, and this is ${describe(value)}`)
}
