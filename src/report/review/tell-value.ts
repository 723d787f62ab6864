// A value that was seen, in as few words as let nobody mistake it for another.
import { createHash } from 'node:crypto'
import { isKnown } from '../../model/change.ts'
import type { Json } from '../../model/json.ts'
import { formatValue } from '../changes.ts'
import { plural } from '../counts.ts'

/**
 * A long text is told by its size and the first half of its SHA-256; the plan file has it whole.
 *
 * @param kind Of the thing; a value whose type is the same word does not say it again.
 */
export const tellValue = (value: Json, kind = ''): string => {
  if (!isKnown(value)) return 'not known'
  if (!isFields(value)) return tellField(value)
  const entries = Object.entries(value).filter(([key, field]) => key !== 'type' || field !== kind)
  if (entries.length === 0) return 'nothing'
  return entries.map(([key, field]) => (isOwnWord(key, field) ? field : `${key} ${tellField(field)}`)).join(', ')
}

/** Longer texts are told by size and hash. */
const longestText = 60

const tellField = (value: Json): string => {
  if (typeof value !== 'string') return formatValue(value)
  if (value.length <= longestText && !value.trimEnd().includes('\n')) return formatValue(value)
  const bytes = Buffer.from(value)
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 32)
  return `${plural(linesOf(value), 'line')}, ${bytes.length} bytes, SHA-256 ${hash}…`
}

const linesOf = (text: string): number => text.split('\n').length - (text.endsWith('\n') ? 1 : 0)

type Fields = { readonly [key: string]: Json }

const isFields = (value: Json): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

/** These say what the whole is. */
const isOwnWord = (key: string, value: Json): value is string =>
  ownWords.has(key) && typeof value === 'string' && /^[\w-]+$/.test(value)

const ownWords: ReadonlySet<string> = new Set(['type', 'state', 'word'])
