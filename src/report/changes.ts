// What changes, in words that fit any kind of thing: which fields, from what to what, and texts as a diff.
import { type Change, isKnown, nameOf } from '../model/change.ts'
import type { Json } from '../model/json.ts'
import { binaryInWords, isBinary, unifiedDiff } from '../text/unified-diff.ts'
import { plural } from './counts.ts'
import { oneLine, printableLines } from './printable.ts'

/** `+` comes to be, `-` ceases to be, `~` becomes another. */
export type Sign = '+' | '-' | '~'

export type ChangeInWords = {
  readonly sign: Sign
  /** `file /etc/hosts`. */
  readonly name: string
  /** One each: `owner root → nvlmsgr`. */
  readonly fields: readonly string[]
  /** Lines of a unified diff of each text in it; empty when there is none. */
  readonly diff: readonly string[]
}

export const notKnown = 'not known before it is done'

export const inWords = (change: Change): ChangeInWords => {
  const parts = compare(change)
  const fields = parts.flatMap(({ field }) => (field === undefined ? [] : [field]))
  return {
    sign: signOf(change),
    name: oneLine(nameOf(change)),
    fields: [...(fields.length > 0 ? fields : unseen(change)), ...meanwhileOf(change)],
    diff: parts.flatMap(({ diff = [] }) => diff),
  }
}

const meanwhileOf = ({ meanwhile }: Change): readonly string[] =>
  meanwhile === undefined ? [] : [`meanwhile ${oneLine(meanwhile)}`]

/** How a sign is told: as it is, or in a word (`signWord`). */
export type TellSign = (sign: Sign) => string

export const asSign: TellSign = sign => sign

/** A change in one line: `~ file /etc/hosts: owner root → nvlmsgr, mode 0644 → 0600`. */
export const tellChange = (change: Change, tellSign: TellSign = asSign): string => {
  const { sign, name, fields } = inWords(change)
  const told = `${tellSign(sign)} ${name}`
  return fields.length === 0 ? told : `${told}: ${fields.join(', ')}`
}

export const signOf = ({ before, after }: Pick<Change, 'before' | 'after'>): Sign => {
  if (isAbsent(before) && !isAbsent(after)) return '+'
  return isAbsent(after) && !isAbsent(before) ? '-' : '~'
}

/** Words by which the kinds of things say that nothing is there. */
const absentWords: ReadonlySet<unknown> = new Set(['absent', 'unmounted', 'none'])

const isAbsent = (value: Json): boolean =>
  value === null || (isObject(value) && (absentWords.has(value.type) || absentWords.has(value.state)))

type Part = { readonly field?: string; readonly diff?: readonly string[] }

const compare = (change: Change): readonly Part[] => {
  const { before, after } = change
  if (!isKnown(after)) return [{ field: notKnown }]
  if (!isKnown(before) && isFields(after)) return [...compareFields(change, {}, after), { field: 'before not known' }]
  if (isFields(before) && isFields(after)) return compareFields(change, before, after)
  if (isAbsent(before) && isFields(after)) return compareFields(change, {}, after)
  if (isAbsent(after) && isFields(before)) return compareFields(change, before, {})
  return isEqual(before, after) ? [] : [compareValues(change, '', [before, after])]
}

type Fields = { readonly [key: string]: Json }

const isObject = (value: Json): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

const isFields = (value: Json): value is Fields => isObject(value) && isKnown(value) && !isAbsent(value)

const compareFields = (change: Change, before: Fields, after: Fields): readonly Part[] => {
  const keys = [...new Set([...Object.keys(after), ...Object.keys(before)])]
  return keys
    .filter(key => !isEqual(before[key], after[key]) && !(key === 'type' && signOf(change) !== '~'))
    .map(key => compareValues(change, key, [before[key], after[key]]))
}

type Pair = readonly [before: Json | undefined, after: Json | undefined]

const compareValues = (change: Change, key: string, [before, after]: Pair): Part => {
  if (isText(key, before) || isText(key, after)) return compareTexts(change, key, [before, after])
  const label = key === '' ? '' : `${key} `
  if (Array.isArray(before) && Array.isArray(after)) return { field: `${label}${compareLists(before, after)}` }
  if (before === undefined) return { field: `${label}${formatValue(after)}` }
  if (after === undefined) return { field: `${label}was ${formatValue(before)}` }
  return { field: `${label}${formatValue(before)} → ${formatValue(after)}` }
}

const isText = (key: string, value: Json | undefined): boolean =>
  typeof value === 'string' && (key === 'text' || key === 'content' || value.includes('\n'))

/** A thing that is a text as a whole has no other one that it could be taken for. */
const isOnlyText = (key: string): boolean => key === '' || key === 'text' || key === 'content'

const compareTexts = (change: Change, key: string, [before, after]: Pair): Part => {
  if (after !== undefined && typeof after !== 'string') return { field: `${key} ${formatValue(after)}` }
  const [from, to] = [before, after].map(value => (typeof value === 'string' ? value : ''))
  if (isBinary(from ?? '') || isBinary(to ?? ''))
    return { field: `${key || 'text'} ${compareBinaries([before, after])}` }
  const name = isOnlyText(key) ? change.key : `${change.key}, ${key}`
  const diff = unifiedDiff(from ?? '', to ?? '', {
    from: before === undefined ? '/dev/null' : name,
    to: after === undefined ? '/dev/null' : name,
  })
  return { field: `${key || 'text'} ${countLines(diff)}`, diff: printableLines(diff) }
}

const compareBinaries = (pair: Pair): string => {
  const [before, after] = pair.map(value => (typeof value === 'string' ? binaryInWords(value) : undefined))
  if (before === undefined) return `binary, ${after}`
  return after === undefined ? `binary, was ${before}` : `binary, ${before} → ${after}`
}

/** `+2 −1 lines`. */
const countLines = (diff: string): string => {
  const lines = diff.split('\n').slice(2)
  const [added, removed] = ['+', '-'].map(sign => lines.filter(line => line.startsWith(sign)).length)
  if (!removed) return `+${plural(added ?? 0, 'line')}`
  return added ? `+${added} −${plural(removed, 'line')}` : `−${plural(removed, 'line')}`
}

/** `+ nvlmsgr − root`: what came in and what went; the whole lists when only the order moved. */
const compareLists = (before: readonly Json[], after: readonly Json[]): string => {
  const missing = (some: readonly Json[], others: readonly Json[]) =>
    some.filter(one => !others.some(other => isEqual(one, other))).map(formatValue)
  const words = [
    ...missing(after, before).map(value => `+ ${value}`),
    ...missing(before, after).map(value => `− ${value}`),
  ]
  return words.length > 0 ? words.join(' ') : `${formatValue(before)} → ${formatValue(after)}`
}

/** A value as short as it can be without being mistaken for another. */
export const formatValue = (value: Json | undefined): string => {
  if (value === undefined || value === null) return 'none'
  if (!isKnown(value)) return notKnown
  if (typeof value === 'string') return /^[\p{L}\p{N}._/:@+•-]+$/u.test(value) ? value : oneLine(JSON.stringify(value))
  return oneLine(JSON.stringify(value))
}

/** Two secrets look the same once they are masked, and yet the one becomes the other. */
const unseen = ({ before, after }: Change): readonly string[] =>
  isEqual(before, after) && !isAbsent(after) ? ['a value that is not shown'] : []

/** Both come from the same reader, so equal values have their keys in the same order. */
const isEqual = (a: Json | undefined, b: Json | undefined): boolean => JSON.stringify(a) === JSON.stringify(b)
