// `run review`: a plan as a document for whoever has to agree to it; after the run, with what came of it.
import { existsSync, readFileSync } from 'node:fs'
import { extname, join, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { readJournal } from '../journal/index.ts'
import type { RunEvent } from '../model/events.ts'
import type { PlanFile } from '../model/plan-file.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import { readPlan } from '../plan/plan-file.ts'
import { type Review, type ReviewOptions, reviewHtml, reviewJson, reviewMarkdown, reviewOf } from '../report/index.ts'
import type { Act } from './act.ts'
import { findApproval, signCommand } from './approval.ts'
import { findSettings, type Settings } from './settings.ts'
import { shown } from './shown.ts'
import type { Surroundings } from './surroundings.ts'
import { writeOut } from './write-out.ts'

type Format = 'md' | 'html' | 'json'

export type ReviewFlags = {
  readonly format?: Format
  /** File to write, from where the user stands; else it goes to stdout. */
  readonly output?: string
  /** The run that carried it out. */
  readonly run?: string
}

export const addReviewCommand = (run: Command, around: Surroundings, act: Act): void => {
  run
    .command('review')
    .argument('[plan]', 'a file that `run plan` wrote; with --run, the copy that the run took is read without it')
    .description('write a plan as a document to agree to; with --run, planned against done')
    .addOption(
      new Option('--format <format>', 'form of it; by the ending of -o, else md').choices(['md', 'html', 'json']),
    )
    .option('-o, --output <file>', 'where to write it; to stdout without it')
    .option('--run <run>', 'the run that carried it out, such as 2026-11-23-0612')
    .action((file: string | undefined, flags: ReviewFlags) => act(async () => writeReview(file, flags, around)))
}

/** @returns What the process should end with. */
export const writeReview = (name: string | undefined, flags: ReviewFlags, around: Surroundings): number => {
  const settings = findSettings(around.cwd)
  const events = flags.run === undefined ? undefined : eventsOf(settings.runs, flags.run)
  const file = planFileOf(name, flags, settings, around)
  const told = shown(file, around)
  const plan = readPlan(readFileSync(file, 'utf8'), told)
  if (events) assertOfPlan(plan, events)
  const approval = approvalOf(plan, { settings, file: told, isDone: events !== undefined })
  const review = reviewOf(plan, { file: told, ...(approval && { approval }), ...(events && { events }) })
  writeOut(forms[formatOf(flags)](review), flags.output, around)
  return exitCodes.done
}

const forms: Readonly<Record<Format, (review: Review) => string>> = {
  md: reviewMarkdown,
  html: reviewHtml,
  json: reviewJson,
}

const formatOf = ({ format, output = '' }: ReviewFlags): Format => {
  if (format) return format
  const ending = extname(output).slice(1)
  return ending === 'html' || ending === 'json' ? ending : 'md'
}

const planFileOf = (
  name: string | undefined,
  { run }: ReviewFlags,
  { runs }: Settings,
  around: Surroundings,
): string => {
  const file = name === undefined ? run && join(runs, run, 'plan.json') : resolve(around.cwd, name)
  if (file === undefined) throw noPlanNamed()
  if (existsSync(file)) return file
  throw new Problem({
    code: 'file-not-found',
    summary: name === undefined ? `Run ${run} did not follow a plan` : `There is no file ${name}`,
    help: name === undefined ? 'name the plan that it is held against' : 'make a plan: run plan PLAYBOOK -o FILE',
    exit: exitCodes.input,
  })
}

const noPlanNamed = (): Problem =>
  new Problem({
    code: 'word-missing',
    summary: '`run review` needs a <plan>, or a run with --run',
    help: '`run review --help` tells what there is',
    exit: exitCodes.input,
  })

/** With the events of the runs that it went on with before its own. */
const eventsOf = (runs: string, run: string, later: readonly string[] = []): readonly RunEvent[] => {
  const events = readJournal(runs, run)
  const resumed = startOf(events)?.resumes
  // A journal that somebody wrote could go round in a circle.
  if (resumed === undefined || resumed === run || later.includes(resumed)) return events
  return [...eventsOf(runs, resumed, [...later, run]), ...events]
}

const startOf = (events: readonly RunEvent[]) => events.find(event => event.type === 'run-started')

/** @throws {Problem} `run-of-another-plan`. */
const assertOfPlan = ({ digest, body }: PlanFile, events: readonly RunEvent[]): void => {
  const started = startOf(events)
  const isSame = started?.cluster === body.cluster && started.playbook === body.playbook && started.mode === 'run'
  if (isSame && (started.plan === undefined || started.plan === digest)) return
  throw new Problem({
    code: 'run-of-another-plan',
    summary: `Run ${started?.run ?? ''} did not carry out this plan`,
    seen: `${started?.mode} of ${started?.playbook} on ${started?.cluster}, plan ${started?.plan ?? 'none'}`,
    wanted: `run of ${body.playbook} on ${body.cluster}, plan ${digest}`,
    help: 'name the run that carried out this plan, or leave the plan out: the copy that the run took is read',
    exit: exitCodes.input,
  })
}

type Approving = { readonly settings: Settings; readonly file: string; readonly isDone: boolean }

const approvalOf = (plan: PlanFile, { settings, file, isDone }: Approving): ReviewOptions['approval'] => {
  const { approval } = settings
  if (!approval) return undefined
  return {
    signers: signersIn(approval.allowedSigners),
    command: signCommand(plan, file),
    isRequired: approval.isRequired,
    ...(isDone && { by: findApproval(plan, file, approval).by }),
  }
}

/** @source OpenSSH, ssh-keygen(1), "ALLOWED SIGNERS": the principals stand first, with commas between them. */
const signersIn = (file: string): readonly string[] => {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
  const principals = lines.filter(line => /^[^\s#]/.test(line)).flatMap(line => line.split(/\s/)[0]?.split(',') ?? [])
  return [...new Set(principals)]
}
