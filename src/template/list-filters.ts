// Filters that choose, order and combine what lists and mappings hold.
import { reveal, Secret } from '../model/secret.ts'
import { describe } from '../text/words.ts'
import {
  argument,
  type Filter,
  type FilterArguments,
  type FilterCalls,
  needed,
  noArguments,
  textArgument,
} from './filter.ts'
import { memberOf } from './operators.ts'
import {
  areEqual,
  compare,
  isMapping,
  isTrue,
  keyOf,
  listOf,
  type Mapping,
  textOf,
  Undefined,
  ValueFault,
} from './values.ts'

const keeps = (apply: Filter['apply']): Filter => ({ apply, secrets: 'keeps' })
const ofList = (apply: (list: readonly unknown[], args: FilterArguments, calls: FilterCalls) => unknown): Filter =>
  keeps((value, args, calls) => apply(listOf(value), args, calls))

export const listFilters: Readonly<Record<string, Filter>> = {
  default: { apply: fallback, secrets: 'keeps', takesUndefined: true },
  d: { apply: fallback, secrets: 'keeps', takesUndefined: true },
  mandatory: { apply: mandatory, secrets: 'keeps', takesUndefined: true },
  ternary: keeps((value, args) => {
    if (value === null && 'none_val' in args.named) return args.named.none_val
    return isTrue(value) ? argument(args, 0, 'true_val') : argument(args, 1, 'false_val')
  }),
  length: { apply: value => listOf(value).length, secrets: 'tells' },
  count: { apply: value => listOf(value).length, secrets: 'tells' },
  first: ofList(list => one(list, 0)),
  last: ofList(list => one(list, -1)),
  list: ofList(list => [...list]),
  reverse: keeps(value => {
    if (value instanceof Secret) return new Secret(value.label, backwards(reveal(value)))
    return typeof value === 'string' ? backwards(value) : [...listOf(value)].reverse()
  }),
  sort: ofList(sort),
  unique: ofList((list, args) => unique(list, each => attributeOf(each, textArgument(args, 1, 'attribute')))),
  min: ofList(list => one([...list].sort(compare), 0)),
  max: ofList(list => one([...list].sort(compare), -1)),
  sum: ofList((list, args) =>
    list.reduce<number>((sum, each) => sum + Number(attributeOf(each, textArgument(args, 0, 'attribute'))), 0),
  ),
  join: {
    apply: (value, args) =>
      listOf(value)
        .map(each => textOf(attributeOf(each, textArgument(args, 1, 'attribute'))))
        .join(textArgument(args, 0, 'd') ?? ''),
    secrets: 'opens',
  },
  extract: keeps((value, args) => {
    const keys = [value, ...[argument(args, 1, 'morekeys') ?? []].flat()]
    const found = keys.reduce<unknown>(
      (at, key) => memberOf(at, key),
      needed(argument(args, 0, 'container'), 'container'),
    )
    if (found === undefined) throw new ValueFault(`there is no \`${keys.map(textOf).join('.')}\``)
    return found
  }),
  flatten: ofList(list => list.flat(Number.POSITIVE_INFINITY)),
  map: ofList(map),
  select: ofList((list, args, calls) => list.filter(each => passes(each, args.positional, calls))),
  reject: ofList((list, args, calls) => list.filter(each => !passes(each, args.positional, calls))),
  selectattr: ofList((list, args, calls) => list.filter(each => attributePasses(each, args, calls))),
  rejectattr: ofList((list, args, calls) => list.filter(each => !attributePasses(each, args, calls))),
  difference: ofList((list, args) => {
    const other = comparable(otherList(args))
    return unique(list).filter(each => !other.some(one => areEqual(one, each)))
  }),
  intersect: ofList((list, args) => {
    const other = comparable(otherList(args))
    return unique(list).filter(each => other.some(one => areEqual(one, each)))
  }),
  symmetric_difference: ofList((list, args) => {
    const [own, other] = [unique(list), unique(otherList(args))]
    const only = (from: readonly unknown[], than: readonly unknown[]) =>
      from.filter(each => !than.some(one => areEqual(one, each)))
    return [...only(own, other), ...only(other, own)]
  }),
  zip: ofList((list, { positional }) => {
    const others = positional.map(listOf)
    const length = Math.min(list.length, ...others.map(each => each.length))
    return list.slice(0, length).map((each, at) => [each, ...others.map(other => other[at])])
  }),
  union: ofList((list, args) => unique([...list, ...otherList(args)])),
  combine: keeps((value, { positional, named }) =>
    positional
      .flat()
      .reduce<Mapping>((merged, each) => combine(merged, mapping(each), isTrue(named.recursive)), mapping(value)),
  ),
  items: keeps(value => Object.entries(mapping(value))),
  dict2items: keeps((value, args) => {
    const key = textArgument(args, 0, 'key_name') ?? 'key'
    const name = textArgument(args, 1, 'value_name') ?? 'value'
    return Object.entries(mapping(value)).map(([each, inner]) => ({ [key]: each, [name]: inner }))
  }),
  items2dict: ofList((list, args) => {
    const key = textArgument(args, 0, 'key_name') ?? 'key'
    const name = textArgument(args, 1, 'value_name') ?? 'value'
    return Object.fromEntries(list.map(each => [keyOf(memberOf(each, key)), memberOf(each, name)]))
  }),
  dictsort: keeps(value =>
    Object.entries(mapping(value)).sort(([a], [b]) => compare(a.toLowerCase(), b.toLowerCase())),
  ),
}

const backwards = (text: string): string => [...text].reverse().join('')

function fallback(value: unknown, args: FilterArguments): unknown {
  const other =
    argument(args, 0, 'default_value') ?? ('default_value' in args.named || args.positional.length > 0 ? null : '')
  if (value instanceof Undefined) return other
  return isTrue(argument(args, 1, 'boolean')) && !isTrue(value) ? other : value
}

function mandatory(value: unknown, args: FilterArguments): unknown {
  if (value instanceof Undefined)
    throw new ValueFault(textArgument(args, 0, 'msg') ?? `the variable \`${value.name}\` must be set`)
  return value
}

const one = (list: readonly unknown[], at: number): unknown => {
  if (list.length === 0) throw new ValueFault('the list is empty, it has no such item')
  return list.at(at)
}

/** `a.b` looks into the mapping below; what is not there is a fault, never empty. */
const attributeOf = (value: unknown, path: string | undefined): unknown => {
  if (path === undefined) return value
  const found = lookInto(value, path)
  if (found === undefined) throw new ValueFault(`${describe(value)} has no \`${path}\``)
  return found
}

const lookInto = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((at, step) => memberOf(at, step), value)

function sort(list: readonly unknown[], args: FilterArguments): unknown[] {
  const attribute = textArgument(args, 2, 'attribute')
  const isExact = isTrue(argument(args, 1, 'case_sensitive'))
  const keyOf = (value: unknown): unknown => {
    const key = attributeOf(value, attribute)
    return typeof key === 'string' && !isExact ? key.toLowerCase() : key
  }
  const sorted = [...list].sort((a, b) => compare(keyOf(a), keyOf(b)))
  return isTrue(argument(args, 0, 'reverse')) ? sorted.reverse() : sorted
}

const unique = (list: readonly unknown[], keyOf: (value: unknown) => unknown = value => value): unknown[] => {
  const kept: { value: unknown; key: unknown }[] = []
  for (const value of comparable(list)) {
    const key = keyOf(value)
    if (!kept.some(each => areEqual(each.key, key))) kept.push({ value, key })
  }
  return kept.map(({ value }) => value)
}

/** Each is held against each other one, which takes minutes for a list that no person wrote. */
const comparable = (list: readonly unknown[]): readonly unknown[] => {
  if (list.length > 5000) throw new ValueFault(`a list of ${list.length} is too long to compare each with each`)
  return list
}

function map(list: readonly unknown[], args: FilterArguments, calls: FilterCalls): unknown[] {
  const { attribute, default: other } = args.named
  if (typeof attribute === 'string')
    return list.map(each => (other === undefined ? attributeOf(each, attribute) : (lookInto(each, attribute) ?? other)))
  const [name, ...positional] = args.positional
  const filter = needed(typeof name === 'string' ? name : undefined, 'attribute')
  return list.map(each => calls.filter(filter, each, { positional, named: args.named }))
}

const passes = (value: unknown, test: readonly unknown[], calls: FilterCalls): boolean => {
  const [name, ...positional] = test
  return name === undefined ? isTrue(value) : calls.test(String(name), value, { ...noArguments, positional })
}

const attributePasses = (value: unknown, { positional }: FilterArguments, calls: FilterCalls): boolean => {
  const [path, ...test] = positional
  const attribute = needed(typeof path === 'string' ? path : undefined, 'attribute')
  const found = lookInto(value, attribute) ?? new Undefined(attribute, { start: 0, end: 0 })
  if (found instanceof Undefined && !['defined', 'undefined'].includes(String(test[0]))) return false
  return passes(found, test, calls)
}

const otherList = (args: FilterArguments): readonly unknown[] => listOf(needed(argument(args, 0, 'b'), 'list'))

const mapping = (value: unknown): Mapping => {
  if (isMapping(value)) return value
  throw new ValueFault(`it works on a mapping, and this is ${describe(value)}`)
}

const combine = (under: Mapping, over: Mapping, isDeep: boolean): Mapping => {
  const merged = Object.entries(over).map(([key, value]) => {
    const below = Object.hasOwn(under, key) ? under[key] : undefined
    return [key, isDeep && isMapping(below) && isMapping(value) ? combine(below, value, true) : value] as const
  })
  return Object.fromEntries([...Object.entries(under), ...merged])
}
