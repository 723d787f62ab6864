// How values and lists of choices are said in a sentence.
import { Secret } from '../model/secret.ts'

/** `a`, `a or b`, `a, b or c`. */
export const either = (choices: readonly string[]): string => enumerate(choices, 'or')

/** `a`, `a and b`, `a, b and c`. */
export const both = (parts: readonly string[]): string => enumerate(parts, 'and')

const enumerate = (parts: readonly string[], word: string): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} ${word} ${parts.at(-1)}`

/** What a value is and how it reads, such as `the text "8300"` or `a list of 3`. Never a secret. */
export const describe = (value: unknown): string => {
  if (value === undefined || value === null) return 'nothing'
  if (value instanceof Secret) return `the secret ${value.label}`
  if (typeof value === 'string') return value === '' ? 'an empty text' : `the text ${JSON.stringify(shorten(value))}`
  if (typeof value === 'number' || typeof value === 'bigint') return `the number ${value}`
  if (typeof value === 'boolean') return `${value}`
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`
  if (typeof value === 'object') return describeMapping(Object.keys(value))
  return `a ${typeof value}`
}

const describeMapping = (keys: readonly string[]): string =>
  keys.length === 0
    ? 'an empty mapping'
    : `a mapping with ${shorten(both(keys.slice(0, 5)))}${keys.length > 5 ? ', …' : ''}`

/** Cuts a text that is too long for a line, and shows that it did. */
const shorten = (text: string, longest = 60): string =>
  text.length <= longest ? text : `${text.slice(0, longest - 1)}…`

/** Whether a value says true or false, also in the words that Ansible's YAML has for it; nothing where it does not. */
export const truthOf = (value: unknown): boolean | undefined => {
  if (typeof value !== 'string') return typeof value === 'boolean' ? value : undefined
  const word = value.toLowerCase()
  return Object.hasOwn(truths, word) ? truths[word] : undefined
}

const truths: Readonly<Record<string, boolean>> = {
  yes: true,
  on: true,
  true: true,
  no: false,
  off: false,
  false: false,
}

/** The words that are taken for true and false; those for true first. */
export const truthWords: readonly string[] = Object.keys(truths).sort(
  (one, other) => Number(truths[other]) - Number(truths[one]),
)
