// `run history`: the runs that are kept here, newest first, each with how it went.
import { type Command, Option } from 'commander'
import { type KeptRun, surveyRuns } from '../journal/index.ts'
import { exitCodes } from '../model/problem.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import type { Act } from './act.ts'
import { countOf } from './command-line.ts'
import { historyText, isFailed, outcomeOf, type PastRun, withLaterRuns } from './history-words.ts'
import { ownerOf } from './left-held.ts'
import { livesHere } from './locking.ts'
import { findSettings } from './settings.ts'
import { shapeOf, spokenOption } from './shape.ts'
import type { Surroundings } from './surroundings.ts'

type HistoryFlags = {
  readonly format: 'text' | 'json'
  readonly limit?: number
  readonly cluster?: string
  readonly playbook?: string
  readonly failed?: boolean
  readonly screenReader?: true
}

/** As many as fit on a screen; the text says how many more there are. */
const usualLimit = 20

export const addHistoryCommand = (run: Command, around: Surroundings, act: Act): void => {
  run
    .command('history')
    .description('list the runs that are kept here, newest first')
    .addOption(new Option('--format <format>', 'form of the list').choices(['text', 'json']).default('text'))
    .option('-n, --limit <n>', `no more than so many; ${usualLimit} as text, all as JSON without it`, countOf)
    .option('--cluster <name>', 'only runs on this cluster')
    .option('--playbook <name>', 'only runs of this playbook')
    .option('--failed', 'only runs that did not end well, or whose journal cannot be read')
    .addOption(spokenOption())
    .action((flags: HistoryFlags) => act(async () => tellHistory(flags, around)))
}

const tellHistory = (flags: HistoryFlags, around: Surroundings): number => {
  const { cwd, stdout, stderr } = around
  const { runs } = findSettings(cwd)
  const lives = livesHere()
  const all = withLaterRuns(surveyRuns(runs), run => {
    const owner = ownerOf(runs, run)
    return owner && lives(owner)
  })
  const chosen = all.filter(past => isMeant(past, flags))
  const shown = chosen.slice(0, flags.limit ?? (flags.format === 'text' ? usualLimit : undefined))
  if (flags.format === 'json') stdout.write(historyJson(shown))
  else if (shown.length > 0) stdout.write(historyText(shown, shapeOf(flags, around)))
  if (flags.format === 'text' && shown.length < chosen.length)
    stdout.write(`… and ${chosen.length - shown.length} before: --limit ${chosen.length}\n`)
  if (shown.length === 0) stderr.write(`${nothingFound(all, flags)}\n`)
  return exitCodes.done
}

/** What a name asks for is in the journal; a journal that cannot be read is left out where a name is asked for. */
const isMeant = (past: PastRun, { cluster, playbook, failed }: HistoryFlags): boolean => {
  if (failed && !isFailed(past)) return false
  if ('problem' in past) return cluster === undefined && playbook === undefined
  return (cluster === undefined || past.cluster === cluster) && (playbook === undefined || past.playbook === playbook)
}

const historyJson = (past: readonly PastRun[]): string =>
  `${JSON.stringify({ version: 1, runs: past.map(fieldsOf) }, null, 2)}\n`

const fieldsOf = (past: PastRun) => {
  const outcome = outcomeOf(past)
  if (!('problem' in past)) return { ...past, outcome }
  const { problem, ...told } = past
  return { ...told, outcome, code: problem.code }
}

const nothingFound = (all: readonly PastRun[], { cluster, playbook }: HistoryFlags): string => {
  if (all.length === 0) return 'No run is kept here.'
  const kept = all.filter((past): past is KeptRun => !('problem' in past))
  const meant = [
    cluster === undefined
      ? undefined
      : otherThan(
          cluster,
          kept.map(past => past.cluster),
        ),
    playbook === undefined
      ? undefined
      : otherThan(
          playbook,
          kept.map(past => past.playbook),
        ),
  ].filter(Boolean)
  return ['No run that is kept here is such a one.', ...meant].join(' ')
}

const otherThan = (asked: string, known: readonly string[]): string | undefined =>
  known.includes(asked) ? undefined : didYouMean(asked, new Set(known))
