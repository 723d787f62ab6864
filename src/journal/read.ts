// Reads a journal back: every whole line in order, without a gap.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
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
export const readJournal = (dir: string, run: string): readonly RunEvent[] => {
  const file = journalFile(dir, run)
  if (existsSync(file)) return readLines(file).events
  throw new Problem({
    code: 'run-unknown',
    summary: `There is no run ${run} here`,
    seen: `no file ${file}`,
    help: `each run that is kept has a name of its own there: ls ${dir}`,
    exit: exitCodes.input,
  })
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
