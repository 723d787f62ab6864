// Carries out one playbook from the command line: inputs, journal, screen, engine, exit code.
import { resolve } from 'node:path'
import type { ByHand } from '../engine/by-hand.ts'
import { carryOut } from '../engine/carry-out.ts'
import type { RunOptions } from '../engine/context.ts'
import type { Follow } from '../engine/follow.ts'
import type { Resumed } from '../engine/resumed.ts'
import { createRun, type Journal, openJournal } from '../journal/index.ts'
import type { Mode, ProblemRecord, RunEvent } from '../model/events.ts'
import { exitCodes } from '../model/problem.ts'
import type { RunRequest } from '../model/request.ts'
import type { Secret } from '../model/secret.ts'
import { dialogueVoice } from '../plan/dialogue-voice.ts'
import { type Outline, placesOf } from '../plan/outline.ts'
import {
  failuresOf,
  fold,
  nothingYet,
  planJson,
  planMarkdown,
  planOf,
  planText,
  type RunState,
  recordMarkdown,
  recordOf,
  screenView,
} from '../report/index.ts'
import { confirm, type Intent } from './confirm.ts'
import { type OpenNodes, openNodes } from './connections.ts'
import { formerTimes } from './former-times.ts'
import { beginPrints } from './input-prints.ts'
import { type Inputs, readInputs } from './inputs.ts'
import { noteReach } from './kept-code.ts'
import { leftHeldBy } from './left-held.ts'
import { livesHere, lockingOf, whoIsAt } from './locking.ts'
import { lookedAt } from './looked-at.ts'
import { maskOf } from './mask.ts'
import type { Room } from './person.ts'
import { createReception } from './reception.ts'
import { requestOf } from './request.ts'
import { risksOnTheWay } from './risks.ts'
import type { SecretFlags } from './secret-flags.ts'
import { isSpokenTo, shapeOf } from './shape.ts'
import { shown } from './shown.ts'
import { watchSignals } from './signals.ts'
import { siteName } from './site-path.ts'
import { endsOfStopped, stoppedAtOnce } from './stopped.ts'
import type { Surroundings } from './surroundings.ts'

/** What can be asked for again, and what is about this one time. */
export type RunFlags = Omit<RunRequest, 'playbook' | 'undo'> &
  SecretFlags & {
    readonly check?: boolean
    readonly diff?: boolean
    readonly dryRun?: boolean
    readonly detailedExitcode?: boolean
    readonly format: 'text' | 'md' | 'json'
    readonly forks?: number
    readonly yes?: boolean
    readonly verbose: number
    readonly assumeReleased?: readonly string[]
    readonly reason?: string
    readonly keep?: boolean
    readonly confirm?: boolean
    /** Where events go as they happen. */
    readonly events?: string
    readonly screenReader?: boolean
    readonly again?: readonly string[]
    readonly done?: readonly string[]
    /** Who answers programs in the place of their dialogues, as soon as the screen can make room. */
    readonly byHand?: ByHandAt
  }

export type ByHandAt = ByHand & { open(seat: { readonly room: Room; learn(secrets: readonly Secret[]): void }): void }

export const runPlaybook = async (name: string, flags: RunFlags, around: Surroundings): Promise<number> => {
  const inputs = await readInputs(name, flags, around)
  const at = { cwd: around.cwd, site: inputs.settings.site }
  return conduct({ inputs, request: requestOf(name, flags, at), flags }, around)
}

export type Conduct = {
  readonly inputs: Inputs
  readonly request: RunRequest
  /** The run that this one goes on with, and what it takes from it. */
  readonly resumes?: string
  readonly resumed?: Resumed
  readonly flags: RunFlags
  /** The plan that it is held to. */
  readonly held?: Held
  /** Tells a dry run in another way, while its nodes can still be asked. */
  readonly tell?: (foretold: Foretold) => Promise<void>
}

export type Held = {
  readonly follow: Follow
  /** Throws where the plan does not fit any more; nothing has begun by then. */
  assertReady(nodes: OpenNodes): Promise<void>
  /** Takes the plan for a run that has the cluster; throws where another run has the plan. */
  take(run: string): void
}

export type Foretold = {
  readonly exitCode: number
  readonly state: RunState
  /** As they stand in the journal. */
  readonly events: readonly RunEvent[]
  readonly nodes: OpenNodes
}

/** One run, or dry run, of what was read: its journal, its screen, and what the process should end with. */
export const conduct = async (
  { inputs, request, resumes, resumed, flags, held, tell }: Conduct,
  around: Surroundings,
): Promise<number> => {
  const { outline, settings, targetOf } = inputs
  const mode: Mode = flags.check || flags.dryRun ? 'dry-run' : 'run'
  const looked = lookedAt(outline, flags)
  const showing = { verbose: flags.verbose > 0, diff: Boolean(flags.diff || flags.dryRun) }
  const changes = mayChange(outline, mode)
  if (changes) await confirm(intentOf(outline, flags), around)

  const reception = createReception(around, inputs.redactor.learn)
  const nodes = openNodes(targetOf, {
    directoryOf: inputs.directoryOf,
    company: reception.company,
    cwd: around.cwd,
  })
  const runId = await begin(nodes, { runs: settings.runs, held }).catch(error => {
    reception.close()
    throw error
  })
  const began = clock()
  const { redact } = inputs.redactor
  const journal = openJournal(settings.runs, runId, { redact })
  const whose = { run: runId, cluster: outline.cluster, request, settings, why: redact(around.command), around }
  const screen = screenView({
    stream: around.stderr,
    isTerminal: around.isTerminal,
    isDumb: around.isDumb,
    colour: around.colour,
    verbose: showing.verbose,
    isSpoken: isSpokenTo(flags, around),
    diff: showing.diff && mode === 'run',
    journal: shown(journal.file, around),
  })
  if (around.events) journal.listen(around.events)
  const kept = keepState(journal, screen.show)
  const stopping = (signal: string) => reception.soon({ type: 'run-interrupted', signal })
  const leave = (signal: string) => {
    const stop = { signal, at: new Date(), ms: Math.round(clock() - began) }
    const state = kept.state()
    const ends = endsOfStopped(state, stop)
    for (const event of ends) journal.emit(event)
    screen.close()
    around.stderr.write(`${stoppedAtOnce(state, ends)}\n`)
  }
  const signals = around.watch?.(stopping) ?? watchSignals(stopping, leave)
  try {
    reception.open({ emit: journal.emit, room: screen })
    flags.byHand?.open({ room: screen, learn: inputs.redactor.learn })
    screen.open()
    const exitCode = await carryOut({
      outline,
      nodes,
      options: {
        mode,
        runId,
        forks: flags.forks ?? settings.forks,
        keepHolds: flags.keep ?? false,
        assumeReleased: inputs.released,
        mask: maskOf(redact),
        leftHeld: leftHeldBy(settings.runs, { run: runId, cluster: outline.cluster, lives: livesHere() }),
        formerly: formerTimes(settings.runs, { run: runId, playbook: outline.playbook, cluster: outline.cluster }),
        ...looked,
        resumed,
        ...(held && { follow: held.follow }),
        ...personally(flags, around),
      },
      voiceOf: dialogueVoice,
      person: reception.person,
      request,
      prints: () => beginPrints(inputs.files, settings.site, inputs.sums),
      places: placesOf(outline, file => siteName(resolve(around.cwd, file), settings.site)),
      ...(resumes !== undefined && { resumes }),
      risks: risksOnTheWay(inputs),
      command: around.command,
      showing,
      version: around.version,
      emit: reception.emit,
      onDisk: journal.onDisk,
      now: () => Math.round(clock()),
      timeOfDay: () => new Date().toISOString(),
      isStopping: signals.isStopping,
      screen,
      ...(changes && { locking: { ...lockingOf(whose), onLocked: () => held?.take(runId) } }),
    })
    screen.close()
    if (mode === 'run') return exitCode
    const foretold = { exitCode, state: kept.state(), events: kept.events, nodes }
    if (tell) await tell(foretold)
    else tellPlan(foretold.state, flags, around)
    return exitCode === exitCodes.done && flags.detailedExitcode && findsWork(kept.state())
      ? exitCodes.changes
      : exitCode
  } finally {
    screen.close()
    signals.stop()
    noteReach(kept.events)
    tellGithub(kept, { run: runId, inputs, around })
    await nodes.close()
    reception.close()
    journal.close()
  }
}

/** Milliseconds. With the first word to `performance` Node.js loads a library for it, which takes one of them. */
const clock = (): number => process.uptime() * 1000

/** Where all plays only look, nobody is kept from anything, and nobody has to agree. */
const mayChange = ({ plays }: Outline, mode: Mode): boolean => mode === 'run' && plays.some(({ reads }) => !reads)

/** What a person at the terminal does in the course of it. */
const personally = (
  flags: RunFlags,
  around: Surroundings,
): Pick<RunOptions, 'confirmedBy' | 'byHand' | 'isSpoken'> => ({
  ...(flags.confirm && { confirmedBy: whoIsAt(around), isSpoken: isSpokenTo(flags, around) }),
  ...(flags.byHand && { byHand: flags.byHand }),
})

const intentOf = ({ playbook, cluster, inventory, order, lab }: Outline, { yes = false }: RunFlags): Intent => ({
  cluster,
  lab,
  about: `${playbook} on cluster ${cluster} (${inventory}): ${order.join(' → ')}`,
  yes,
  help: 'look at a dry run first (--dry-run), then run it from a terminal, or with --yes',
})

/** A run gets its name when nothing stands in the way of it any more. */
const begin = async (
  nodes: OpenNodes,
  { runs, held }: { readonly runs: string; readonly held: Held | undefined },
): Promise<string> => {
  try {
    await held?.assertReady(nodes)
    return createRun(runs, new Date())
  } catch (error) {
    await nodes.close()
    throw error
  }
}

/** Folds what happens as it happens, and hands it to the screen. */
const keepState = (journal: Journal, show: (event: RunEvent) => void) => {
  let state = nothingYet
  const events: RunEvent[] = []
  journal.listen(event => {
    events.push(event)
    state = fold(state, event)
    show(event)
  })
  return { events, state: (): RunState => state }
}

/** Beside the lines of the change, and on the page of the job. */
const tellGithub = (
  { events, state }: ReturnType<typeof keepState>,
  { run, inputs, around: { github } }: { readonly run: string; readonly inputs: Inputs; readonly around: Surroundings },
): void => {
  if (!github) return
  const [record, plan] = [recordOf(events), planOf(state())]
  if (!record) return
  github.annotate('error', failuresOf(state()).map(placedIn(inputs)))
  const isForetold = record.started.mode === 'dry-run' && state().ended?.exitCode === exitCodes.done && plan
  github.summarize(
    isForetold ? planMarkdown(plan) : recordMarkdown(record),
    `\`run report ${run} --format md\` has it, where the run was carried out.`,
  )
}

/** What went wrong with a node as a whole is marked where the inventory has the node. */
const placedIn =
  ({ hostPlaces }: Inputs) =>
  (problem: ProblemRecord): ProblemRecord => {
    const span = problem.span ?? hostPlaces.get(problem.host ?? '')
    return span ? { ...problem, span } : problem
  }

const findsWork = ({ ended }: RunState): boolean =>
  ended !== undefined && ended.counts['would-change'] + ended.counts.unknown > 0

/** @param file What a plan is called, and what is to be done with it, once it is written down. */
export const tellPlan = (
  state: RunState,
  flags: RunFlags,
  around: Surroundings,
  file: { readonly digest?: string; readonly next?: string } = {},
): void => {
  const found = planOf(state)
  if (!found) return
  const { format, diff, dryRun } = flags
  const { stdout, colour } = around
  const plan = { ...found, ...file }
  if (format === 'json') stdout.write(planJson(plan))
  else if (format === 'md') stdout.write(planMarkdown(plan))
  else
    stdout.write(
      planText(plan, {
        colour: colour && Boolean(process.stdout.isTTY),
        diff: Boolean(diff || dryRun),
        ...shapeOf(flags, around),
      }),
    )
}
