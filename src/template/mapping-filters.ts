// Filters of mappings, and those that choose one value or another.
import { describe } from '../text/words.ts'
import {
  argument,
  argumentOr,
  choiceArgument,
  type FilterArguments,
  type Filters,
  keeps,
  needed,
  ofList,
  textArgument,
} from './filter.ts'
import { memberOf } from './operators.ts'
import {
  areEqual,
  compare,
  isMapping,
  isNotThere,
  isTrue,
  keyOf,
  listOf,
  type Mapping,
  textOf,
  Undefined,
  ValueFault,
} from './values.ts'

export const mappingFilters: Filters = {
  default: { ...keeps(fallback, 'default_value', 'boolean'), takesUndefined: true },
  d: { ...keeps(fallback, 'default_value', 'boolean'), takesUndefined: true },
  mandatory: { ...keeps(mandatory, 'msg'), takesUndefined: true },
  ternary: keeps(
    (value, args) => {
      const ofNone = argument(args, 2, 'none_val')
      if (value === null && ofNone !== undefined && ofNone !== null) return ofNone
      return isTrue(value) ? argument(args, 0, 'true_val') : argument(args, 1, 'false_val')
    },
    'true_val',
    'false_val',
    'none_val',
  ),
  extract: keeps(
    (value, args) => {
      const keys = [value, ...[argument(args, 1, 'morekeys') ?? []].flat()]
      const container = needed(argument(args, 0, 'container'), 'container')
      const found = keys.reduce<unknown>((at, key) => memberOf(at, key), container)
      const path = keys.map(textOf).join('.')
      return found === undefined ? new Undefined(path, { start: 0, end: 0 }, `there is no \`${path}\``) : found
    },
    'container',
    'morekeys',
  ),
  combine: keeps(combineAll, '*', 'recursive', 'list_merge'),
  items: keeps(value => Object.entries(mapping(value))),
  dict2items: keeps(
    (value, args) => {
      const key = textArgument(args, 0, 'key_name') ?? 'key'
      const name = textArgument(args, 1, 'value_name') ?? 'value'
      return Object.entries(mapping(value)).map(([each, inner]) => ({ [key]: each, [name]: inner }))
    },
    'key_name',
    'value_name',
  ),
  items2dict: ofList(
    (list, args) => {
      const key = textArgument(args, 0, 'key_name') ?? 'key'
      const name = textArgument(args, 1, 'value_name') ?? 'value'
      return Object.fromEntries(list.map(each => [keyOf(memberIn(each, key)), memberIn(each, name)]))
    },
    'key_name',
    'value_name',
  ),
  dictsort: keeps(sortedPairs, 'case_sensitive', 'by', 'reverse'),
  subelements: keeps(subelements, 'subelements', 'skip_missing'),
  rekey_on_member: keeps(rekeyed, 'key', 'duplicates'),
}

function fallback(value: unknown, args: FilterArguments): unknown {
  const other = argumentOr(args, 0, 'default_value', '')
  if (value instanceof Undefined) return other
  return isTrue(argument(args, 1, 'boolean')) && !isTrue(value) ? other : value
}

function mandatory(value: unknown, args: FilterArguments): unknown {
  if (value instanceof Undefined)
    throw new ValueFault(textArgument(args, 0, 'msg') ?? `the variable \`${value.name}\` must be set`)
  return value
}

const mapping = (value: unknown): Mapping => {
  if (isMapping(value)) return value
  throw new ValueFault(`it works on a mapping, and this is ${describe(value)}`)
}

const memberIn = (value: unknown, name: string): unknown => {
  const found = memberOf(value, name)
  if (found === undefined) throw new ValueFault(`${describe(value)} has no \`${name}\``)
  if (found instanceof Undefined) throw new ValueFault(isNotThere(found))
  return found
}

const listMerges = ['replace', 'keep', 'append', 'prepend', 'append_rp', 'prepend_rp'] as const

type Combining = { readonly isDeep: boolean; readonly lists: (typeof listMerges)[number] }

function combineAll(value: unknown, args: FilterArguments): Mapping {
  const [first, ...others] = [value, ...args.positional].flat()
  const lists = choiceArgument(args, { index: Number.NaN, name: 'list_merge', of: listMerges }) ?? 'replace'
  const how = { isDeep: isTrue(args.named.recursive), lists }
  return others.reduce<Mapping>((merged, each) => combine(merged, mapping(each), how), mapping(first))
}

const combine = (under: Mapping, over: Mapping, how: Combining): Mapping => {
  const merged = Object.entries(over).map(([key, value]) => {
    const below = Object.hasOwn(under, key) ? under[key] : undefined
    if (Array.isArray(below) && Array.isArray(value)) return [key, mergedLists(below, value, how.lists)] as const
    return [key, how.isDeep && isMapping(below) && isMapping(value) ? combine(below, value, how) : value] as const
  })
  return Object.fromEntries([...Object.entries(under), ...merged])
}

const mergedLists = (
  under: readonly unknown[],
  over: readonly unknown[],
  how: Combining['lists'],
): readonly unknown[] => {
  const without = () => under.filter(each => !over.some(other => areEqual(each, other)))
  switch (how) {
    case 'replace':
      return over
    case 'keep':
      return under
    case 'append':
      return [...under, ...over]
    case 'prepend':
      return [...over, ...under]
    case 'append_rp':
      return [...without(), ...over]
    case 'prepend_rp':
      return [...over, ...without()]
  }
}

function sortedPairs(value: unknown, args: FilterArguments): unknown[] {
  const isExact = isTrue(argument(args, 0, 'case_sensitive'))
  const at = (choiceArgument(args, { index: 1, name: 'by', of: ['key', 'value'] }) ?? 'key') === 'key' ? 0 : 1
  const way = isTrue(argument(args, 2, 'reverse')) ? -1 : 1
  const partOf = (pair: readonly unknown[]) => {
    const part = pair[at]
    return typeof part === 'string' && !isExact ? part.toLowerCase() : part
  }
  return Object.entries(mapping(value)).sort((a, b) => way * compare(partOf(a), partOf(b)))
}

/** Each item with each part of the list that it has below a name. */
function subelements(value: unknown, args: FilterArguments): unknown[] {
  const path = argument(args, 0, 'subelements')
  const keys = typeof path === 'string' ? path.split('.') : listOf(needed(path, 'subelements'))
  const skips = isTrue(argument(args, 1, 'skip_missing'))
  const items = isMapping(value) ? Object.values(value) : listOf(value)
  return items.flatMap(item => {
    const below = keys.reduce<unknown>((at, key) => memberOf(at, key), item)
    if (below === undefined && skips) return []
    if (!Array.isArray(below)) throw new ValueFault(`${describe(item)} has no list \`${keys.map(textOf).join('.')}\``)
    return below.map(each => [item, each])
  })
}

/** A list of mappings as one mapping, by what each has below a name. */
function rekeyed(value: unknown, args: FilterArguments): Mapping {
  const key = needed(textArgument(args, 0, 'key'), 'key')
  const duplicates = choiceArgument(args, { index: 1, name: 'duplicates', of: ['error', 'overwrite'] }) ?? 'error'
  const items = isMapping(value) ? Object.values(value) : listOf(value)
  const made = new Map<string, unknown>()
  for (const item of items) {
    const name = keyOf(memberIn(item, key))
    if (made.has(name) && duplicates === 'error') throw new ValueFault(`\`${name}\` is there twice`)
    made.set(name, item)
  }
  return Object.fromEntries(made)
}
