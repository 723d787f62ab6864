// One event is one line of JSON, and each line says by which version of the format it was written.
import type { EventBody, RunEvent } from '../model/events.ts'
import { Problem } from '../model/problem.ts'
import { masked, type Redact } from './masked.ts'

/** Raised when a reader of the version before would misread a line. */
const formatVersion = 1

export type Stamp = { readonly seq: number; readonly at: string }

/** @returns The line with its line break, free of secrets. */
export const toLine = (body: EventBody, { seq, at, redact }: Stamp & { readonly redact: Redact }): string => {
  const fields = Object.entries(body).filter(([, value]) => value !== undefined)
  const written = fields.map(([key, value]) => [key, ownWords.has(key) ? value : masked(value, redact)])
  return `${JSON.stringify({ v: formatVersion, seq, at, ...Object.fromEntries(written) })}\n`
}

/** Fields that hold one of our own words: a password that happens to be `same` must not make the journal unreadable. */
const ownWords: ReadonlySet<string> = new Set(['type', 'mode', 'outcome', 'evidence'])

/**
 * @param place `file:line`, for the message.
 * @throws {Problem} `journal-damaged` when the line is no event, `journal-version` when it is of another format.
 */
export const fromLine = (line: string, place: string): RunEvent => {
  const { v, ...event } = parseLine(line, place)
  if (v === formatVersion) return event as RunEvent
  throw new Problem({
    code: 'journal-version',
    summary: 'The journal was written by another version of this program',
    seen: `version ${v} at ${place}`,
    wanted: `version ${formatVersion}`,
    help: 'read it with the version that wrote it: the `version` field of its first line names it',
  })
}

type Line = Stamp & { readonly v: unknown; readonly type: string }

const parseLine = (line: string, place: string): Line => {
  const value = parseJson(line)
  if (isLine(value)) return value
  throw new Problem({
    code: 'journal-damaged',
    summary: 'The journal holds a line that is not an event',
    seen: `${place}: ${line.slice(0, 80)}`,
    wanted: 'a JSON object with `seq` and `type`',
    help: 'somebody or something else wrote into this file; what stands on the nodes is not touched by this',
  })
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isLine = (value: unknown): value is Line =>
  typeof value === 'object' && value !== null && 'seq' in value && 'type' in value
