// One event is one line of JSON; each line says by which version of the format it was written, and carries its sum.
import { crc32 } from 'node:zlib'
import type { EventBody, RunEvent } from '../model/events.ts'
import type { Json } from '../model/json.ts'
import { Problem } from '../model/problem.ts'
import { masked, type Redact } from './masked.ts'

/** Raised when a reader of the version before would misread a line; a new field or a new kind of event raises nothing. */
const formatVersion = 1 as const

/** An event as it is written, in the journal and to whoever listens (`--events`): one line of JSON. */
export type WrittenEvent = {
  /** Version of this form. */
  readonly v: typeof formatVersion
} & RunEvent & {
    /** CRC-32 of the line up to here, in hexadecimal. */
    readonly sum: string
  }

export type Stamp = { readonly seq: number; readonly at: string }

/**
 * @returns The line with its line break, free of secrets; its sum stands last, over all before it. And the event as it
 *   can be read back from it.
 */
export const toLine = (body: EventBody, { seq, at, redact }: Stamp & { readonly redact: Redact }) => {
  const written = masked(body, redact) as Record<string, Json> & EventBody // what is masked keeps its shape
  const event: RunEvent = { seq, at, ...written }
  const whole: Omit<WrittenEvent, 'sum'> = { v: formatVersion, ...event }
  const text = JSON.stringify(whole).slice(0, -1)
  return { line: `${text},"sum":"${sumOf(text)}"}\n`, event }
}

/**
 * @param place `file:line`, for the message.
 * @throws {Problem} `journal-damaged` when the line is no event, `journal-version` when it is of another format.
 */
export const fromLine = (line: string, place: string): RunEvent => {
  const { v, sum: _, ...event } = parseLine(line, place)
  if (v === formatVersion) return event as RunEvent
  throw new Problem({
    code: 'journal-version',
    summary: 'The journal was written by another version of this program',
    seen: `version ${v} at ${place}`,
    wanted: `version ${formatVersion}`,
    help: 'read it with the version that wrote it: the `version` field of its first line names it',
  })
}

/** Finds what a disk or a cable damages: a bit that turned makes another word, which reads as well as the right one. */
const sumOf = (text: string): string => crc32(text).toString(16).padStart(8, '0')

type Line = Stamp & { readonly v: unknown; readonly type: string; readonly sum?: unknown }

const parseLine = (line: string, place: string): Line => {
  const value = parseJson(line)
  if (isLine(value) && isWhole(line, value)) return value
  throw damaged(line, place)
}

/**
 * Where one line has a sum all have one: else it is the sum's own name that was damaged.
 *
 * @throws {Problem} `journal-damaged`
 */
export const assertAllSummed = (lines: readonly string[], file: string): void => {
  const without = lines.findIndex(line => !hasSum(line))
  if (without >= 0 && lines.some(hasSum)) throw damaged(lines[without] ?? '', `${file}:${without + 1}`)
}

const hasSum = (line: string): boolean => /,"sum":"[0-9a-f]{8}"\}$/.test(line)

const damaged = (line: string, place: string): Problem =>
  new Problem({
    code: 'journal-damaged',
    summary: 'The journal holds a line that is not an event as it was written',
    seen: `${place}: ${line.slice(0, 80)}`,
    wanted: 'a JSON object with `seq` and `type`, and the sum of what stands before it',
    help: 'somebody or something else wrote into this file; carry the playbook out again: it looks at every node and believes no journal',
  })

/** Lines of the first days have no sum; whoever takes it away by hand knows what they do. */
const isWhole = (line: string, { sum }: Line): boolean => {
  if (sum === undefined) return true
  const end = `,"sum":"${sum}"}`
  const text = line.replace(/\n$/, '')
  return text.endsWith(end) && sumOf(text.slice(0, -end.length)) === sum
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
