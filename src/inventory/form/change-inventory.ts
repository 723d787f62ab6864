// Puts answers into an inventory that is there: what is otherwise is changed in its place, and no other value.
//
// No other byte either, unless all values stand in braces on one line that grows too long to read: that becomes lines.
import { isAlias, isMap, isScalar, type Pair, parseDocument, type YAMLMap } from 'yaml'
import type { Json } from '../../model/json.ts'
import { exitCodes, Problem } from '../../model/problem.ts'
import type { Answers, Field } from './field.ts'
import { valueAt } from './read-answers.ts'
import { flow, quoted } from './write-inventory.ts'

type Changed = { readonly fields: readonly Field[]; readonly answers: Answers }

/**
 * One change after the other, since each moves what stands behind it.
 *
 * @throws {Problem} `inventory-shared` where a place is written once and used twice, by `&name` and `*name`.
 */
export const changedInventory = ({ fields, answers }: Changed, before: string): string => {
  const changed = (start: string) =>
    fields.reduce((text, field) => changedOne(text, field, answers.get(field.key)), start)
  const text = changed(before)
  const after = text.split('\n').some(isTooLong) ? changed(opened(before)) : text
  assertOthersStay(before, after, fields)
  return after
}

const changedOne = (text: string, { place }: Field, value: Json | undefined): string => {
  const there = valueAt(treeOf(text), place)
  if (value === undefined) return there === undefined || there === null ? text : without(text, place)
  return isSame(there, value) ? text : put(text, place, value)
}

/** As whoever reads the inventory has it: what stands behind an alias is there. */
const treeOf = (text: string): unknown => parseDocument(text, { logLevel: 'silent' }).toJS()

/** A text that is written once can be used twice, so a change of one value may reach others. */
const assertOthersStay = (before: string, after: string, fields: readonly Field[]): void => {
  const asked = fields.map(({ place }) => place)
  const [old, now] = [before, after].map(text => othersIn(treeOf(text), asked))
  const moved = [...new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])].find(
    key => old?.get(key) !== now?.get(key),
  )
  if (moved !== undefined) throw shared(moved, 'a change of what was answered would change it as well')
}

/** Each value that is at no place that is asked for, by its place. Of what is empty there is nothing to lose. */
const othersIn = (tree: unknown, asked: readonly (readonly string[])[]): ReadonlyMap<string, string> => {
  const found = new Map<string, string>()
  const visit = (at: unknown, place: readonly string[]): void => {
    if (at === null || at === undefined || asked.some(each => isBelow(place, each))) return
    if (typeof at === 'object' && !Array.isArray(at))
      for (const [name, below] of Object.entries(at)) visit(below, [...place, name])
    else if (!asked.some(each => isBelow(each, place))) found.set(place.join('.'), JSON.stringify(at))
  }
  visit(tree, [])
  return found
}

/** The place itself is below it, too. */
const isBelow = (place: readonly string[], upper: readonly string[]): boolean =>
  upper.length <= place.length && upper.every((name, index) => place[index] === name)

/** Nobody reads a line of so many names. */
const isTooLong = (line: string): boolean => line.length > 200 && /^\S*all: *\{/.test(line)

/** The braces around all values become lines. */
const opened = (text: string): string => {
  const document = parseDocument(text, { logLevel: 'silent' })
  for (const path of [['all'], ['all', 'hosts'], ['all', 'vars']]) {
    const map = document.getIn(path, true)
    if (isMap(map)) map.flow = false
  }
  return document.toString({ lineWidth: 0 })
}

const isSame = (there: unknown, value: Json): boolean => JSON.stringify(there) === JSON.stringify(value)

type Step = {
  readonly map: YAMLMap
  /** Nothing where the name is not there. */
  readonly pair: Pair | undefined
  /** Names from here on, this one first. */
  readonly rest: readonly string[]
}

/** How far a place is there already. @throws {Problem} `inventory-shared` where it goes on in what an alias stands for. */
const walk = (text: string, place: readonly string[]): Step => {
  const { contents } = parseDocument(text, { logLevel: 'silent' })
  if (!isMap(contents)) throw new TypeError('an inventory is a mapping')
  let step: Step = { map: contents, pair: pairOf(contents, place[0]), rest: place }
  while (step.rest.length > 1 && isMap(step.pair?.value)) {
    const map = step.pair.value
    const rest = step.rest.slice(1)
    step = { map, pair: pairOf(map, rest[0]), rest }
  }
  const stop = step.pair?.value
  if (step.rest.length > 1 && isAlias(stop)) {
    const upper = place.slice(0, place.length - step.rest.length + 1).join('.')
    throw shared(upper, `\`*${stop.source}\` stands for what is written elsewhere`)
  }
  return step
}

const shared = (place: string, seen: string): Problem =>
  new Problem({
    code: 'inventory-shared',
    summary: `\`${place}\` is written once and used twice, so that no value can be changed in one place alone`,
    seen,
    wanted: 'each value written where it counts',
    state: 'the inventory is as it was',
    help: `write the values out in the place of each \`*name\`, and take its \`&name\` away; then go on with the form`,
    exit: exitCodes.input,
  })

const pairOf = (map: YAMLMap, name: string | undefined): Pair | undefined =>
  map.items.find(({ key }) => isScalar(key) && key.value === name)

const put = (text: string, place: readonly string[], value: Json): string => {
  const { map, pair, rest } = walk(text, place)
  if (pair) return replaced(text, pair, flow(nested(rest.slice(1), value)))
  return map.flow ? addedToFlow(text, map, { rest, value }) : addedToBlock(text, map, { rest, value })
}

const nested = (names: readonly string[], value: Json): Json =>
  names.reduceRight<Json>((below, name) => ({ [name]: below }), value)

const replaced = (text: string, pair: Pair, words: string): string => {
  const [start, end] = rangeOf(pair.value) ?? [0, 0]
  const colon = text.indexOf(':', endOf(pair.key)) + 1
  if (start === end) return `${text.slice(0, colon)} ${words}${text.slice(colon)}`
  const isBlock = text.slice(start, end).endsWith('\n')
  // A block begins on a line of its own, and what comes in its place need not.
  const lead = isBlock && text.slice(colon, start).trim() === '' ? `${text.slice(0, colon)} ` : text.slice(0, start)
  return `${lead}${words}${isBlock ? '\n' : ''}${text.slice(end)}`
}

type Added = { readonly rest: readonly string[]; readonly value: Json }

const addedToFlow = (text: string, map: YAMLMap, { rest: [name = '', ...below], value }: Added): string => {
  const close = endOf(map) - 1
  const before = text.slice(0, close).trimEnd()
  const comma = map.items.length === 0 ? '' : ','
  return `${before}${comma} ${quoted(name)}: ${flow(nested(below, value))} ${text.slice(close)}`
}

const addedToBlock = (text: string, map: YAMLMap, { rest, value }: Added): string => {
  const start = rangeOf(map)?.[0] ?? 0
  const indent = start - (text.lastIndexOf('\n', start - 1) + 1)
  const end = lineEnd(text, endOfPair(map.items.at(-1)))
  const isClosed = text[end - 1] === '\n'
  const lines = rest.map((name, depth) => {
    const isLast = depth === rest.length - 1
    return `${' '.repeat(indent + 2 * depth)}${quoted(name)}:${isLast ? ` ${flow(value)}` : ''}\n`
  })
  return `${text.slice(0, end)}${isClosed ? '' : '\n'}${lines.join('')}${text.slice(end)}`
}

const without = (text: string, place: readonly string[]): string => {
  const { map, pair } = walk(text, place)
  if (!pair) return text
  const start = rangeOf(pair.key)?.[0] ?? 0
  if (map.flow) return withoutInFlow(text, start, endOfPair(pair))
  return text.slice(0, text.lastIndexOf('\n', start - 1) + 1) + text.slice(lineEnd(text, endOfPair(pair)))
}

/** With the comma behind it, or with the one before where it is the last. */
const withoutInFlow = (text: string, start: number, end: number): string => {
  const behind = /^\s*,\s*/.exec(text.slice(end))
  if (behind) return text.slice(0, start) + text.slice(end + behind[0].length)
  return text.slice(0, start).replace(/,\s*$/, ' ') + text.slice(end).trimStart()
}

const endOfPair = (pair: Pair | undefined): number => Math.max(endOf(pair?.key), endOf(pair?.value))

const endOf = (node: unknown): number => rangeOf(node)?.[1] ?? 0

/** Where a node of a text that was parsed begins, and where it ends. */
const rangeOf = (node: unknown): readonly [number, number, number] | undefined =>
  typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)
    ? (node.range as [number, number, number]) // as the parser writes it
    : undefined

/** Behind the line break; a node that ends with one ends there. */
const lineEnd = (text: string, at: number): number => {
  if (at > 0 && text[at - 1] === '\n') return at
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end + 1
}
