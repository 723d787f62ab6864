// What goes into a journal holds no secret: a Secret writes itself masked, and known secret strings are struck out.
import type { Json } from '../model/json.ts'

/** Strikes the secrets that are known out of one text. */
export type Redact = (text: string) => string

/**
 * The value as it may be written.
 *
 * Works on each string by itself and not on the finished line: JSON escapes quotes and line breaks, and a secret that
 * holds one would no longer be found there.
 *
 * @param value What `JSON.stringify` takes; anything with a `toJSON`, such as a `Secret`, writes itself.
 */
export const masked = (value: unknown, redact: Redact): Json => {
  if (typeof value === 'string') return redact(value)
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value
  if (typeof value !== 'object') return null
  if ('toJSON' in value && typeof value.toJSON === 'function') return masked(value.toJSON(), redact)
  if (Array.isArray(value)) return value.map(item => masked(item, redact))
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [redact(key), masked(item, redact)]),
  )
}
