// A run that is kept, as it stands in the list of runs: how it went in words, and what it has to do with other runs.
import type { KeptRun, UnreadableRun } from '../journal/index.ts'
import type { StepOutcome } from '../model/events.ts'
import { exitCodes } from '../model/problem.ts'
import { oneLine, type TableShape, tableLines, tellCounts } from '../report/index.ts'
import { formatDuration } from '../text/duration.ts'

/** A run in the list, with what only the others know of it. */
export type PastRun =
  | (KeptRun & {
      readonly resumedBy?: string
      readonly undoneBy?: string
      /** Of one without an end; nothing where that cannot be told from here. */
      readonly isUnderWay?: boolean
    })
  | UnreadableRun

/**
 * @param kept Newest first.
 * @param isUnderWay Whether the process of a run without an end still lives.
 */
export const withLaterRuns = (
  kept: readonly (KeptRun | UnreadableRun)[],
  isUnderWay: (run: string) => boolean | undefined,
): readonly PastRun[] =>
  kept.map(past => {
    if ('problem' in past) return past
    const resumedBy = kept.find(later => 'mode' in later && later.resumes === past.run)?.run
    const undoneBy = kept.find(later => 'mode' in later && later.undoes === past.run && later.mode === 'run')?.run
    const lives = past.exitCode === undefined ? isUnderWay(past.run) : undefined
    const standing = lives === undefined ? {} : { isUnderWay: lives }
    return {
      ...past,
      ...standing,
      ...(resumedBy !== undefined && { resumedBy }),
      ...(undoneBy !== undefined && { undoneBy }),
    }
  })

/** Whether somebody should look at it: it did not end as wanted, or nobody can tell. */
export const isFailed = (past: PastRun): boolean =>
  'problem' in past || (past.exitCode !== exitCodes.done && past.isUnderWay !== true)

/** What is the same in every run has no word of its own here. */
const endings: Readonly<Record<number, string>> = {
  [exitCodes.failed]: 'failed',
  [exitCodes.input]: 'failed: the input is wrong',
  [exitCodes.drift]: 'stopped: something is not what it was',
  [exitCodes.locked]: 'another run had the cluster',
  [exitCodes.waits]: 'waits for a person',
  [exitCodes.unreachable]: 'a node was out of reach',
  [exitCodes.unknown]: 'nobody knows how it ended',
  [exitCodes.interrupted]: 'interrupted',
}

/** How it went: `done`, `nothing to do`, `failed`, … */
export const outcomeOf = (past: PastRun): string => {
  if ('problem' in past) return `its journal cannot be read: ${past.problem.message}`
  const { exitCode, counts } = past
  if (exitCode === undefined) return withoutEnd(past.isUnderWay)
  if (exitCode !== exitCodes.done) return endings[exitCode] ?? 'ended'
  const did = (outcome: StepOutcome) => (counts?.[outcome] ?? 0) > 0
  if (did('would-change') || did('unknown')) return 'found changes'
  return did('changed') ? 'done' : 'nothing to do'
}

const withoutEnd = (isUnderWay: boolean | undefined): string => {
  if (isUnderWay === undefined) return 'no end: it is under way, or broke off'
  return isUnderWay ? 'under way' : 'broke off'
}

/** A table without a line that is cut; the newest first, as they came. */
export const historyText = (past: readonly PastRun[], shape: TableShape = {}): string => {
  const rows = past.map(each => rowOf(each).map(oneLine))
  return tableLines({ heads, rows }, shape)
    .map(line => `${line}\n`)
    .join('')
}

const heads = ['RUN', 'BEGAN', 'TOOK', 'MODE', 'PLAYBOOK', 'CLUSTER', 'EXIT', 'OUTCOME']

const rowOf = (past: PastRun): readonly string[] => {
  const began = localTime(past.started)
  if ('problem' in past) return [past.run, began, '-', '-', '-', '-', '-', outcomeOf(past)]
  const { run, mode, cluster, exitCode, ms, counts = {} } = past
  const told = [outcomeOf(past), tellCounts(counts), ...relatives(past)].filter(Boolean)
  const playbook = past.playbook.replaceAll(' ', '-')
  const took = ms === undefined ? '-' : formatDuration(ms)
  return [run, began, took, mode, playbook, cluster, exitCode === undefined ? '-' : `${exitCode}`, told.join('; ')]
}

const relatives = (past: Exclude<PastRun, UnreadableRun>): readonly string[] => [
  ...(past.resumes === undefined ? [] : [`goes on with ${past.resumes}`]),
  ...(past.resumedBy === undefined ? [] : [`gone on with by ${past.resumedBy}`]),
  ...(past.undoneBy === undefined ? [] : [`taken back by ${past.undoneBy}`]),
]

/** To the second, on the clock of whoever reads it. */
const localTime = (iso: string): string => {
  const at = new Date(iso)
  const two = (n: number) => String(n).padStart(2, '0')
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-')
  return `${day} ${[at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':')}`
}
