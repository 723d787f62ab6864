// JSON as Python writes it.
import { isMapping } from './values.ts'

/** A space after comma and colon. */
export const inOneLine = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(inOneLine).join(', ')}]`
  if (!isMapping(value)) return JSON.stringify(value) ?? 'null'
  return `{${Object.entries(value)
    .map(([key, each]) => `${inOneLine(key)}: ${inOneLine(each)}`)
    .join(', ')}}`
}

/** Nothing beyond ASCII. */
export const inAscii = (json: string): string =>
  json.replace(/[\u007f-\uffff]/g, sign => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
