// Filters that choose, order and combine what a list holds.
import { reveal, Secret } from '../model/secret.ts'
import { describe } from '../text/words.ts'
import { arrangements, combinationsOf, inColumns, inRows, productOf, zipped } from './arrangements.ts'
import {
  argument,
  argumentOr,
  type FilterArguments,
  type FilterCalls,
  type Filters,
  keeps,
  needed,
  noArguments,
  numberArgument,
  ofGaps,
  ofList,
  opens,
  tells,
  textArgument,
} from './filter.ts'
import { calculate, memberOf } from './operators.ts'
import {
  areEqual,
  compare,
  gapIn,
  isNotThere,
  isTrue,
  itemNames,
  listOf,
  textOf,
  Undefined,
  ValueFault,
} from './values.ts'

export const listFilters: Filters = {
  length: tells(value => listOf(value).length),
  count: tells(value => listOf(value).length),
  first: ofGaps(list => one(list, 0)),
  last: ofGaps(list => one(list, -1)),
  list: ofGaps(list => [...list]),
  reverse: keeps(value => {
    if (value instanceof Secret) return new Secret(value.label, backwards(reveal(value)))
    return typeof value === 'string' ? backwards(value) : [...listOf(value)].reverse()
  }),
  sort: ofList(sort, 'reverse', 'case_sensitive', 'attribute'),
  unique: ofList(
    (list, args) => unique(list, keyFor(args, { caseAt: 0, attributeAt: 1 })),
    'case_sensitive',
    'attribute',
  ),
  min: ofList((list, args) => outermost(list, args, -1), 'case_sensitive', 'attribute'),
  max: ofList((list, args) => outermost(list, args, 1), 'case_sensitive', 'attribute'),
  sum: ofList(
    (list, args) =>
      list.reduce<unknown>(
        (sum, each) => calculate('+', sum, numeric(attributeOf(each, pathArgument(args, 0, 'attribute')))),
        argument(args, 1, 'start') ?? 0,
      ),
    'attribute',
    'start',
  ),
  join: opens(
    (value, args) =>
      listOf(value)
        .map(each => textOf(attributeOf(each, pathArgument(args, 1, 'attribute'))))
        .join(textOf(argumentOr(args, 0, 'd', ''))),
    'd',
    'attribute',
  ),
  flatten: ofList(
    (list, args) => {
      const levels = Math.max(0, numberArgument(args, 0, 'levels') ?? 1000)
      return flattened(list, { levels, skipsNulls: isTrue(argumentOr(args, 1, 'skip_nulls', true)) })
    },
    'levels',
    'skip_nulls',
  ),
  groupby: ofList(groupBy, 'attribute', 'default', 'case_sensitive'),
  map: ofGaps(map, '*', '**'),
  select: ofGaps((list, args, calls) => list.filter(each => passes(each, args, calls)), '*', '**'),
  reject: ofGaps((list, args, calls) => list.filter(each => !passes(each, args, calls)), '*', '**'),
  selectattr: ofList((list, args, calls) => list.filter(each => attributePasses(each, args, calls)), '*', '**'),
  rejectattr: ofList((list, args, calls) => list.filter(each => !attributePasses(each, args, calls)), '*', '**'),
  union: ofList((list, args) => unique([...list, ...otherList(args)]), 'b'),
  difference: ofList((list, args) => unique(list).filter(each => !holds(otherList(args), each)), 'b'),
  intersect: ofList((list, args) => unique(list).filter(each => holds(otherList(args), each)), 'b'),
  symmetric_difference: ofList((list, args) => {
    const [own, other] = [unique(list), unique(otherList(args))]
    return [...own.filter(each => !holds(other, each)), ...other.filter(each => !holds(own, each))]
  }, 'b'),
  zip: ofList((list, { positional }) => zipped([list, ...positional.map(listOf)]), '*'),
  zip_longest: ofList(
    (list, { positional, named }) => zipped([list, ...positional.map(listOf)], named.fillvalue ?? null),
    '*',
    'fillvalue',
  ),
  product: ofList(
    (list, { positional, named }) => {
      const times = numberArgument({ positional: [], named }, 0, 'repeat') ?? 1
      return productOf(Array.from({ length: Math.min(10, times) }, () => [list, ...positional.map(listOf)]).flat())
    },
    '*',
    'repeat',
  ),
  combinations: ofList((list, args) => combinationsOf(list, needed(numberArgument(args, 0, 'r'), 'r')), 'r'),
  permutations: ofList((list, args) => arrangements(list, numberArgument(args, 0, 'r') ?? list.length), 'r'),
  batch: ofList(
    (list, args) => inRows(list, countOf(args, 'linecount'), argument(args, 1, 'fill_with') ?? undefined),
    'linecount',
    'fill_with',
  ),
  slice: ofList(
    (list, args) => inColumns(list, countOf(args, 'slices'), argument(args, 1, 'fill_with') ?? undefined),
    'slices',
    'fill_with',
  ),
}

const backwards = (text: string): string => [...text].reverse().join('')

/** `default(…)` may stand behind it, as in Jinja. */
const one = (list: readonly unknown[], at: number): unknown =>
  list.length === 0 ? nothingThere(at === 0 ? 'first' : 'last', 'the list is empty, it has no such item') : list.at(at)

const numeric = (value: unknown): unknown => (typeof value === 'boolean' ? Number(value) : value)

const countOf = (args: FilterArguments, name: string): number => {
  const count = needed(numberArgument(args, 0, name), name)
  if (count >= 1) return Math.floor(count)
  throw new ValueFault(`its argument \`${name}\` must be at least 1`)
}

/** A name, `a.b`, or the number of an item. */
const pathArgument = (args: FilterArguments, index: number, name: string): string | undefined => {
  const path = argument(args, index, name)
  return typeof path === 'number' ? String(path) : textArgument(args, index, name)
}

/** `a.b` looks into the mapping below; what is not there is a fault, never empty. */
const attributeOf = (value: unknown, path: string | undefined): unknown => {
  if (path === undefined) return value
  const found = lookInto(value, path)
  if (found === undefined) throw new ValueFault(hasNo(value, path))
  if (found instanceof Undefined) throw new ValueFault(isNotThere(found))
  return found
}

const hasNo = (value: unknown, path: string): string => `${describe(value)} has no \`${path}\``

/** As `attributeOf`, for one who has another value in its place; as in Ansible, `null` is none. */
const attributeOr = (value: unknown, path: string, other: unknown): unknown => {
  const found = lookInto(value, path)
  if (found !== undefined && !(found instanceof Undefined)) return found
  if (other !== undefined && other !== null) return other
  return found ?? nothingThere(path, hasNo(value, path))
}

const nothingThere = (name: string, why: string): Undefined => new Undefined(name, { start: 0, end: 0 }, why)

const lookInto = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((at, step) => memberOf(at, step), value)

type KeyPlaces = { readonly caseAt: number; readonly attributeAt: number }

/** What is compared of an item. */
const keyFor = (args: FilterArguments, { caseAt, attributeAt }: KeyPlaces): ((value: unknown) => unknown) => {
  const path = pathArgument(args, attributeAt, 'attribute')
  const isExact = isTrue(argument(args, caseAt, 'case_sensitive'))
  return value => folded(attributeOf(value, path), isExact)
}

const folded = (key: unknown, isExact: boolean): unknown =>
  typeof key === 'string' && !isExact ? key.toLowerCase() : key

function sort(list: readonly unknown[], args: FilterArguments): unknown[] {
  const paths = pathArgument(args, 2, 'attribute')?.split(',') ?? [undefined]
  const isExact = isTrue(argument(args, 1, 'case_sensitive'))
  const keysOf = (value: unknown) => paths.map(path => folded(attributeOf(value, path?.trim()), isExact))
  const keyed = list.map(value => ({ value, keys: keysOf(value) }))
  const way = isTrue(argument(args, 0, 'reverse')) ? -1 : 1
  return keyed.sort((a, b) => way * compare(a.keys, b.keys)).map(({ value }) => value)
}

const outermost = (list: readonly unknown[], args: FilterArguments, way: 1 | -1): unknown => {
  const keyOf = keyFor(args, { caseAt: 0, attributeAt: 1 })
  const [first, ...others] = list.map(value => ({ value, key: keyOf(value) }))
  if (first === undefined) return one([], 0)
  return others.reduce((best, each) => (compare(each.key, best.key) === way ? each : best), first).value
}

const unique = (list: readonly unknown[], keyOf: (value: unknown) => unknown = value => value): unknown[] => {
  const kept: { value: unknown; key: unknown }[] = []
  for (const value of comparable(list)) {
    const key = keyOf(value)
    if (!kept.some(each => areEqual(each.key, key))) kept.push({ value, key })
  }
  return kept.map(({ value }) => value)
}

const holds = (list: readonly unknown[], item: unknown): boolean => comparable(list).some(each => areEqual(each, item))

/** Each is held against each other one, which takes minutes for a list that no person wrote. */
const comparable = (list: readonly unknown[]): readonly unknown[] => {
  if (list.length > 5000) throw new ValueFault(`a list of ${list.length} is too long to compare each with each`)
  return list
}

type Flattening = { readonly levels: number; readonly skipsNulls: boolean }

const flattened = (list: readonly unknown[], { levels, skipsNulls }: Flattening): unknown[] =>
  list
    .flatMap(each => (Array.isArray(each) && levels > 0 ? flattened(each, { levels: levels - 1, skipsNulls }) : [each]))
    .filter(each => !skipsNulls || (each !== null && each !== 'None' && each !== 'null'))

/** Pairs of what they have in common and who has it, in order of the first. */
function groupBy(list: readonly unknown[], args: FilterArguments): unknown[] {
  const path = needed(pathArgument(args, 0, 'attribute'), 'attribute')
  const other = argument(args, 1, 'default')
  const isExact = isTrue(argument(args, 2, 'case_sensitive'))
  const keyed = list.map(value => {
    const key = attributeOr(value, path, other)
    if (key instanceof Undefined) throw new ValueFault(isNotThere(key))
    return { value, key, fold: folded(key, isExact) }
  })
  const groups: { key: unknown; fold: unknown; values: unknown[] }[] = []
  for (const { value, key, fold } of keyed.sort((a, b) => compare(a.fold, b.fold))) {
    const last = groups.at(-1)
    if (last !== undefined && areEqual(last.fold, fold)) last.values.push(value)
    else groups.push({ key, fold, values: [value] })
  }
  return groups.map(({ key, values }) => Object.assign([key, values], { [itemNames]: { grouper: key, list: values } }))
}

function map(list: readonly unknown[], args: FilterArguments, calls: FilterCalls): unknown[] {
  if ('attribute' in args.named) {
    const path = needed(pathArgument(args, Number.NaN, 'attribute'), 'attribute')
    return list.map(each => attributeOr(each, path, args.named.default))
  }
  const [name, ...positional] = args.positional
  const filter = needed(typeof name === 'string' ? name : undefined, 'attribute')
  return list.map(each => {
    const made = calls.filter(filter, each, { positional, named: args.named })
    const gap = gapIn(made)
    if (gap !== undefined) throw new ValueFault(isNotThere(gap))
    return made
  })
}

const passes = (value: unknown, { positional, named }: FilterArguments, calls: FilterCalls): boolean => {
  const [name, ...more] = positional
  if (name === undefined && value instanceof Undefined) throw new ValueFault(isNotThere(value))
  return name === undefined
    ? isTrue(value)
    : calls.test(String(name), value, { ...noArguments, positional: more, named })
}

/** As in Ansible, what is not there can only be asked whether it is there. */
const attributePasses = (value: unknown, args: FilterArguments, calls: FilterCalls): boolean => {
  const path = needed(pathArgument(args, 0, 'attribute'), 'attribute')
  const found = attributeOr(value, path, undefined)
  const [test] = args.positional.slice(1)
  if (found instanceof Undefined && test !== 'defined' && test !== 'undefined')
    throw new ValueFault(`${hasNo(value, path)}: write \`selectattr('${path}', 'defined')\` before it`)
  return passes(found, { positional: args.positional.slice(1), named: args.named }, calls)
}

const otherList = (args: FilterArguments): readonly unknown[] => listOf(needed(argument(args, 0, 'b'), 'list'))
