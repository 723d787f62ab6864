// JSON as Python writes it.
import { isMapping } from './values.ts'

/** What stands between items, and between a key and its value. */
export type Separators = readonly [string, string]

/** A space after comma and colon, unless told. */
export const inOneLine = (value: unknown, separators: Separators = [', ', ': ']): string => {
  const [comma, colon] = separators
  const inner = (each: unknown) => inOneLine(each, separators)
  if (Array.isArray(value)) return `[${value.map(inner).join(comma)}]`
  if (!isMapping(value)) return JSON.stringify(value) ?? 'null'
  return `{${Object.entries(value)
    .map(([key, each]) => `${inner(key)}${colon}${inner(each)}`)
    .join(comma)}}`
}

/** Nothing beyond ASCII. */
export const inAscii = (json: string): string =>
  json.replace(/[\u007f-\uffff]/g, sign => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
