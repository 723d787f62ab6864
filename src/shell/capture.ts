// What is kept of the text that a program showed before it asked.
import type { Capture, Captured } from './dialogue.ts'

/** The captured values; undefined when the text does not hold what was to be captured. */
export const captureFrom = (capture: Capture, text: string): Captured | undefined =>
  capture.type === 'groups' ? groupsOf(capture.pattern, text) : listOf(capture.name, capture.pattern, text)

const groupsOf = (pattern: RegExp, text: string): Captured | undefined => {
  const groups = new RegExp(pattern.source, withoutState(pattern)).exec(text)?.groups
  return groups && Object.fromEntries(Object.entries(groups).filter(([, value]) => value !== undefined))
}

const listOf = (name: string, pattern: RegExp, text: string): Captured | undefined => {
  const line = new RegExp(pattern.source, withoutState(pattern))
  // The last line is the prompt itself.
  const finished = text.split('\n').slice(0, -1)
  const pairs = finished.flatMap(each => {
    const { key, value } = line.exec(each)?.groups ?? {}
    return key === undefined || value === undefined ? [] : [[key.trim(), value.trim()]]
  })
  return pairs.length > 0 ? { [name]: Object.fromEntries(pairs) } : undefined
}

/** A pattern with `g` or `y` remembers where it stopped; here each text is read from its begin. */
const withoutState = ({ flags }: RegExp): string => flags.replace(/[gy]/g, '')
