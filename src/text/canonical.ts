// The one way to write a value down, so that equal values have equal bytes and one digest.
import { createHash } from 'node:crypto'

/** JSON with sorted keys and no spaces; what JSON leaves out (functions, undefined) is left out. Secrets are masked. */
export const canonicalJson = (value: unknown): string => JSON.stringify(value, sorted) ?? 'null'

/** SHA-256 of the canonical JSON, in lower-case hex. */
export const digest = (value: unknown): string => createHash('sha256').update(canonicalJson(value)).digest('hex')

const sorted = (_key: string, value: unknown): unknown => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const entries = Object.entries(value)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
}
