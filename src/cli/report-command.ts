// `run report [RUN]`: what happened in a run, told again from its journal in the form that is asked for.
import { existsSync } from 'node:fs'
import { extname, join } from 'node:path'
import { type Command, Option } from 'commander'
import { journalFile, listRuns, readJournal, readJournalText } from '../journal/index.ts'
import type { RunEvent } from '../model/events.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import {
  junitXml,
  type RunRecord,
  recordHtml,
  recordMarkdown,
  recordOf,
  replayedText,
  replayedTree,
  stateJson,
} from '../report/index.ts'
import { colours } from '../report/palette.ts'
import type { Act } from './act.ts'
import { notBegun } from './earlier-run.ts'
import { writeReview } from './review-command.ts'
import { findSettings } from './settings.ts'
import { isSpokenTo, shapeOf } from './shape.ts'
import { shown } from './shown.ts'
import type { Surroundings } from './surroundings.ts'
import { writeOut } from './write-out.ts'

const formats = ['text', 'tree', 'md', 'html', 'json', 'jsonl', 'junit'] as const
type Format = (typeof formats)[number]

type ReportFlags = {
  readonly format?: Format
  readonly output?: string
  readonly verbose?: true
  readonly diff?: true
  readonly screenReader?: true
}

export const addReportCommand = (run: Command, around: Surroundings, act: Act): void => {
  run
    .command('report')
    .argument('[run]', 'a run by its name, such as 2026-11-23-0612; else the newest')
    .description('tell again what happened in a run')
    .addOption(
      new Option(
        '--format <format>',
        'text: as the run printed it; tree: as it stood at its end; md, html: for the change record; json: how all stands; jsonl: every event; junit: for test reports; else by the ending of -o, else text',
      ).choices(formats),
    )
    .option('-o, --output <file>', 'where to write it; to stdout without it')
    .option('-v, --verbose', 'as text: also looks, commands and what they answer')
    .option('-D, --diff', 'as text: also what each change is made of')
    .option('--screen-reader', 'as text: words in the place of signs; also RUN_SCREEN_READER=1')
    .action((name: string | undefined, flags: ReportFlags) => act(async () => report(name, flags, around)))
}

const report = (name: string | undefined, flags: ReportFlags, around: Surroundings): number => {
  const { runs } = findSettings(around.cwd)
  const run = name ?? newest(runs)
  const format = formatOf(flags)
  const events = readJournal(runs, run)
  if (!events.some(({ type }) => type === 'run-started')) throw notBegun(run)
  // A run that was held to a plan is told beside that plan, by the one document there is for it.
  if (isDocument(format) && existsSync(join(runs, run, 'plan.json')))
    return writeReview(undefined, { run, format, ...(flags.output !== undefined && { output: flags.output }) }, around)
  const told: Told = { events, run, runs, flags, around }
  writeOut(forms[format](told), flags.output, around)
  if (!events.some(({ type }) => type === 'run-ended')) around.stderr.write(`${noEnd(run)}\n`)
  return exitCodes.done
}

type Told = {
  readonly events: readonly RunEvent[]
  readonly run: string
  readonly runs: string
  readonly flags: ReportFlags
  readonly around: Surroundings
}

const forms: Readonly<Record<Format, (told: Told) => string>> = {
  text: told => replayedText(told.events, { ...journalOf(told), ...more(told) }),
  // How far in a line stands cannot be heard.
  tree: told =>
    isSpokenTo(told.flags, told.around)
      ? forms.text(told)
      : replayedTree(told.events, { ...journalOf(told), ...screenOf(told) }),
  md: told => recordMarkdown(recordOrThrow(told)),
  html: told => recordHtml(recordOrThrow(told)),
  json: ({ events }) => stateJson(events),
  jsonl: ({ runs, run }) => readJournalText(runs, run),
  junit: ({ events }) => junitXml(events),
}

const journalOf = ({ runs, run, around }: Told) => ({ journal: shown(journalFile(runs, run), around) })

/** More than the run showed can be asked for, less cannot. */
const more = ({ flags, around }: Told) => ({
  ...(flags.verbose && { verbose: true }),
  ...(flags.diff && { diff: true }),
  ...shapeOf(flags, around, flags.output === undefined ? around.stdout : {}),
})

const screenOf = ({ around: { stdout, colour }, flags: { output } }: Told) => {
  const { columns } = stdout
  if (output !== undefined || columns === undefined) return {}
  return { columns, ...(colour && { palette: colours }) }
}

const isDocument = (format: Format): format is 'md' | 'html' => format === 'md' || format === 'html'

const endings: Readonly<Record<string, Format>> = {
  '.md': 'md',
  '.html': 'html',
  '.json': 'json',
  '.jsonl': 'jsonl',
  '.xml': 'junit',
}

const formatOf = ({ format, output = '' }: ReportFlags): Format => format ?? endings[extname(output)] ?? 'text'

const newest = (runs: string): string => {
  const [found] = listRuns(runs)
  if (found) return found.run
  throw new Problem({
    code: 'run-missing',
    summary: 'No run is kept here, so there is none to tell of',
    seen: runs,
    help: 'carry a playbook out first, or go to where its run.yml is',
    exit: exitCodes.input,
  })
}

const noEnd = (run: string): string => `Run ${run} has no end in its journal: it is under way, or broke off.`

const recordOrThrow = ({ events, run }: Told): RunRecord => {
  const record = recordOf(events)
  if (record) return record
  throw notBegun(run)
}
