// Which runs are kept, newest first, from the first and the last line of each journal.
import { closeSync, existsSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import type { Counts } from '../model/counts.ts'
import type { Mode, RunEvent } from '../model/events.ts'
import { Problem } from '../model/problem.ts'
import { fromLine } from './format.ts'
import { journalFile } from './read.ts'

export type KeptRun = {
  readonly run: string
  readonly mode: Mode
  readonly playbook: string
  readonly cluster: string
  /** ISO 8601, UTC. */
  readonly started: string
  /** The run that it went on with. */
  readonly resumes?: string
  /** The run that it took back. */
  readonly undoes?: string
  /** Not there: the run is under way, or was killed. */
  readonly exitCode?: number
  /** How long it took; there with the exit code. */
  readonly ms?: number
  readonly counts?: Counts
}

/** A folder of a run whose journal cannot be read. */
export type UnreadableRun = {
  readonly run: string
  /** When its journal was written last; ISO 8601, UTC. */
  readonly started: string
  readonly problem: Problem
}

/** @returns Newest first. A folder in which no run began is left out, and one whose journal cannot be read. */
export const listRuns = (dir: string): readonly KeptRun[] =>
  surveyRuns(dir).filter((entry): entry is KeptRun => !('problem' in entry))

/** @returns Newest first, with those that cannot be read. A folder in which no run began is left out. */
export const surveyRuns = (dir: string): readonly (KeptRun | UnreadableRun)[] =>
  (existsSync(dir) ? readdirSync(dir) : [])
    .flatMap(run => summariseOrTell(run, journalFile(dir, run)))
    .sort((a, b) => compare(b.started, a.started) || compare(b.run, a.run))

/** Not `localeCompare`: the order must not hang on the reader's language. */
const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b))

/** One journal that is damaged does not hide the others. */
const summariseOrTell = (run: string, file: string): readonly (KeptRun | UnreadableRun)[] => {
  if (!existsSync(file)) return []
  try {
    return summarise(run, file)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return [{ run, started: statSync(file).mtime.toISOString(), problem: error }]
  }
}

const summarise = (run: string, file: string): readonly KeptRun[] => {
  const [first, last] = firstAndLast(file)
  if (first?.type !== 'run-started') return []
  const { mode, playbook, cluster, resumes, request, at: started } = first
  const undoes = request?.undo
  return [
    {
      run,
      mode,
      playbook,
      cluster,
      started,
      ...(resumes !== undefined && { resumes }),
      ...(undoes !== undefined && { undoes }),
      ...(last?.type === 'run-ended' && { exitCode: last.exitCode, ms: last.ms, counts: last.counts }),
    },
  ]
}

/** A journal may be large, and only its ends are needed: the first line carries the outline, the last is short. */
const firstAndLast = (file: string): readonly (RunEvent | undefined)[] => {
  const fd = openSync(file, 'r')
  try {
    return [firstLine(fd), lastLine(fd)].map(line => (line ? fromLine(line, file) : undefined))
  } finally {
    closeSync(fd)
  }
}

const blockSize = 65_536

const firstLine = (fd: number): string | undefined => {
  const blocks: Buffer[] = []
  for (let at = 0; ; at += blockSize) {
    const block = readBlock(fd, at)
    const end = block.indexOf(10)
    if (end >= 0) return Buffer.concat([...blocks, block.subarray(0, end)]).toString()
    if (block.length < blockSize) return undefined
    blocks.push(block)
  }
}

/** @returns Undefined as well when the last line is longer than one block, which `run-ended` never is. */
const lastLine = (fd: number): string | undefined => {
  const text = readBlock(fd, Math.max(0, fstatSync(fd).size - blockSize)).toString()
  const end = text.lastIndexOf('\n')
  const start = text.lastIndexOf('\n', end - 1)
  return end > 0 && start >= 0 ? text.slice(start + 1, end) : undefined
}

const readBlock = (fd: number, at: number): Buffer => {
  const block = Buffer.alloc(blockSize)
  return block.subarray(0, readSync(fd, block, 0, blockSize, at))
}
