// What is written down holds no secret: a Secret writes itself masked, and known ones are struck out of texts.
import type { Json } from '../model/json.ts'

/** Strikes the secrets that are known out of one text. */
export type Redact = (text: string) => string

/**
 * The value as it may be written, and as it is read back.
 *
 * Works on each string by itself and not on the finished line: JSON escapes quotes and line breaks, and a secret that
 * holds one would no longer be found there. Our own words stay, so that a password that happens to be `same` makes no
 * journal unreadable.
 *
 * @param value What `JSON.stringify` takes; anything with a `toJSON`, such as a `Secret`, writes itself.
 */
export const masked = (value: unknown, redact: Redact): Json => {
  if (typeof value === 'string') return redact(value)
  if (typeof value === 'boolean') return value
  // JSON has no -0, and no number that is none.
  if (typeof value === 'number') return Number.isFinite(value) ? value || 0 : null
  if (typeof value !== 'object' || value === null) return null
  if ('toJSON' in value && typeof value.toJSON === 'function') return masked(value.toJSON(), redact)
  // Where a list has nothing in a place, JSON has null.
  if (Array.isArray(value)) return Array.from(value, item => masked(item, redact))
  const written: Record<string, Json> = {}
  for (const [key, item] of Object.entries(value))
    if (item !== undefined) put(written, keyOf(key, redact), isOwn(key, item) ? item : masked(item, redact))
  return written
}

/** As a field of its own also where it is called as something that every object has. */
const put = (fields: Record<string, Json>, key: string, value: Json): void => {
  if (key === '__proto__')
    Object.defineProperty(fields, key, { value, enumerable: true, writable: true, configurable: true })
  else fields[key] = value
}

/** Whether a text fits, remembered of those that do: a run has the same few words in each of its events. */
const fitting = (pattern: RegExp): ((text: string) => boolean) => {
  const known = new Set<string>()
  return text => {
    if (known.has(text)) return true
    const fits = pattern.test(text)
    if (fits && known.size < 10_000) known.add(text)
    return fits
  }
}

/** A plain word is a name of ours or of a file's; what else stands as a key may come from a program. */
const keyOf = (key: string, redact: Redact): string => (isPlain(key) ? key : redact(key))

const isPlain = fitting(/^[A-Za-z_]+$/)

/** One of our words, or the name of a step or a host; nobody typed it into a program, and none printed it. */
const isOwn = (key: string, item: unknown): item is string =>
  typeof item === 'string' && ((ownFields.has(key) && isName(item)) || (key === 'answer' && answers.has(item)))

const isName = fitting(/^[\w./@[\]-]{1,200}$/)

/** A prompt's answer stands in a field of that name too: only these three words are ours. */
const answers: ReadonlySet<string> = new Set(['same', 'differs', 'unknown'])

const ownFields: ReadonlySet<string> = new Set(['type', 'mode', 'outcome', 'evidence', 'code', 'kind', 'step', 'host'])
