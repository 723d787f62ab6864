// Reads a journal back: every whole line in order, without a gap.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { distance } from 'fastest-levenshtein'
import type { RunEvent } from '../model/events.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import { assertAllSummed, fromLine } from './format.ts'

export const journalFile = (dir: string, run: string): string => join(dir, run, 'events.jsonl')

/**
 * All events of a run.
 *
 * A last line that was cut off by a crash is read over: what it said had not happened yet.
 *
 * @throws {Problem} `run-unknown`, `journal-damaged`, `journal-version`, `journal-gap`.
 */
export const readJournal = (dir: string, run: string): readonly RunEvent[] => readLines(fileOf(dir, run)).events

/** The same; nothing where the journal cannot be read, since nothing can be concluded from it. */
export const readableJournal = (dir: string, run: string): readonly RunEvent[] => {
  try {
    return readJournal(dir, run)
  } catch (error) {
    if (error instanceof Problem) return []
    throw error
  }
}

/** All of it as the bytes in which it is kept: JSON lines. @throws {Problem} As `readJournal`. */
export const readJournalText = (dir: string, run: string): string => {
  const file = fileOf(dir, run)
  return readFileSync(file).subarray(0, readLines(file).size).toString()
}

/** A name, and never a path: what lies outside is no run. */
const fileOf = (dir: string, run: string): string => {
  const known = existsSync(dir) ? readdirSync(dir) : []
  const file = journalFile(dir, run)
  if (known.includes(run) && existsSync(file)) return file
  throw new Problem({
    code: 'run-unknown',
    summary: `There is no run ${run} here`,
    seen: `no journal of it in ${dir}`,
    help: [nearestRun(run, known), '`run history` lists the runs that are kept'].filter(Boolean).join(' '),
    exit: exitCodes.input,
  })
}

/** The names of runs look much alike: one slip of the hand is all that is taken for one. */
const nearestRun = (run: string, known: readonly string[]): string => {
  const name = known.find(other => distance(run, other) <= 1)
  return name === undefined ? '' : `did you mean \`${name}\`?`
}

export type Lines = {
  readonly events: readonly RunEvent[]
  readonly isTorn: boolean
  /** Length of the whole lines, in bytes. */
  readonly size: number
}

/** @throws {Problem} As `readJournal`, but for `run-unknown`. */
export const readLines = (file: string): Lines => {
  const text = readFileSync(file, 'utf8')
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  const lines = whole.split('\n').slice(0, -1)
  const events = lines.map((line, index) => fromLine(line, `${file}:${index + 1}`))
  assertAllSummed(lines, file)
  events.forEach((event, index) => {
    if (event.seq !== index + 1) throw gap(file, index, event)
  })
  return { events, isTorn: whole.length < text.length, size: Buffer.byteLength(whole) }
}

const gap = (file: string, index: number, { seq }: RunEvent): Problem =>
  new Problem({
    code: 'journal-gap',
    summary: 'The journal misses events, so nothing can be concluded from it',
    seen: `event ${seq} at ${file}:${index + 1}`,
    wanted: `event ${index + 1}`,
    help: 'start a new run: it looks at every node again and believes no journal',
  })
