// Carries out an outline, or foretells what that would do: connects, grows the tree, tells how it ended.

import { setImmediate } from 'node:timers/promises'
import { Listr } from 'listr2'
import { addressOf } from '../model/address.ts'
import { type Counted, countedAs, countsOf } from '../model/counts.ts'
import type { EventBody, InputPrint, RunEvent, Showing } from '../model/events.ts'
import { type ExitCode, exitCodes } from '../model/problem.ts'
import type { RunRequest } from '../model/request.ts'
import type { Risk } from '../model/risk.ts'
import type { Place } from '../model/span.ts'
import { type Outline, outlinedHandlers, outlinedHead, outlinedSteps } from '../plan/outline.ts'
import { TreeRenderer, type View } from '../report/index.ts'
import type { Person } from '../task/person.ts'
import { createBegunActs } from './begun.ts'
import { type Consent, createConsent } from './consent.ts'
import type { Context, Nodes, RunOptions, VoiceOf } from './context.ts'
import { createFlow, type Flow } from './flow.ts'
import type { Locking } from './lock/cluster-lock.ts'
import { createLookAhead } from './look-ahead.ts'
import { meetNodes } from './meet-nodes.ts'
import type { Notes } from './notes.ts'
import { timesOf } from './outlook.ts'
import { asProblem, recordOf } from './problems.ts'
import { createPromises } from './promises.ts'
import { createReceipts } from './receipts.ts'
import { type SetOut, setOut } from './set-out.ts'
import { growTree } from './tree.ts'

/** Of what a run was read from. */
export type Prints = {
  /** Sorted by name; a file that has gone since has an empty print. */
  readonly now: readonly InputPrint[]
  /** Of large files. */
  readonly later: readonly LaterPrint[]
}

/** A print that takes long: it is told when it is there. */
export type LaterPrint = { readonly file: string; take(): Promise<InputPrint> }

export type Errand = {
  readonly outline: Outline
  readonly nodes: Nodes
  readonly options: RunOptions
  readonly voiceOf: VoiceOf
  readonly person: Person
  /** What was asked for, to ask for the same again. */
  readonly request: RunRequest
  prints?(): Prints
  /** Where each step is written, for the journal. */
  readonly places?: Readonly<Record<string, Place>>
  /** The run that this one goes on with. */
  readonly resumes?: string
  /** What was asked for and makes it less safe. */
  readonly risks?: readonly Risk[]
  /** The line that was typed, for the journal. */
  readonly command: string
  /** What of the events the screen shows, for the journal. */
  readonly showing?: Showing
  readonly version: string
  /** Writes an event to the journal and hands it to the views. */
  emit(event: EventBody): RunEvent
  /** Waits until the events up to now survive a crash. @throws {Problem} where they cannot be kept. */
  onDisk(): Promise<void>
  now(): number
  timeOfDay(): string
  isStopping(): boolean
  /** Keeps other runs away from the cluster; a dry run takes no lock. */
  readonly locking?: Locking
  /** Paints while the run goes on; without it nothing is painted. */
  readonly screen?: View
}

/** @returns What the process should end with. */
export const carryOut = async (errand: Errand): Promise<ExitCode> => {
  const started = errand.now()
  const way = await setOut(errand)
  try {
    return await goThrough(errand, way, started)
  } finally {
    // It is given back by then, unless the first event could not be written.
    await way.lock.release()
  }
}

const goThrough = async (given: Errand, way: SetOut, started: number): Promise<ExitCode> => {
  const times = timesOf(given.options.formerly)
  const { consent, errand } = withConsent({ ...given, options: { ...given.options, formerly: times.formerly } })
  const ends = new Map<string, Counted>(
    outlinedSteps(errand.outline).map(step => [addressOf(step), 'not-reached'] as const),
  )
  const all = [...outlinedSteps(errand.outline), ...outlinedHandlers(errand.outline)]
  const waits = new Set(all.filter(({ onlyWaits }) => onlyWaits).map(addressOf))
  let isLeftOut = false
  let isOver = false
  const emit = (event: EventBody) => {
    // A node may answer, or give up, when nobody waits for it any more.
    if (isOver) return
    if (event.type === 'step-ended') {
      // What is tried again counts once, as it ended.
      ends.set(addressOf(event), countedAs({ ...event, onlyWaits: waits.has(addressOf(event)) }))
      isLeftOut ||= event.leftOutBy !== undefined
      times.hear(event)
    }
    if (event.type === 'block-rescued' && ends.get(event.step) === 'failed') ends.set(event.step, 'let-pass')
    errand.emit(event)
  }
  const flow = createFlow(errand.outline.plays, errand.isStopping)
  const prints = errand.prints?.()
  emit(firstEvent({ ...errand, prints }))
  const told = tellLater(prints, emit).catch(error => flow.fail('', asProblem(error)))
  try {
    await runTree(errand, { emit, flow, ...(consent && { consent }) }, way)
    if (flow.problems.length === 0 && !errand.isStopping()) errand.options.follow?.assertAllMet()
  } catch (error) {
    flow.fail('', asProblem(error))
  }
  // Who stops a run waits for steps, and not for what tells only whether a file is still the same.
  if (!errand.isStopping()) await told
  const counts = countsOf([...ends.values()])
  const exitCode = exitCodeOf(errand, flow, { isLeftOut })
  const [problem] = flow.problems
  const ended = { type: 'run-ended', exitCode, counts, ms: errand.now() - started } as const
  isOver = true
  errand.emit(problem ? { ...ended, problem: recordOf(problem) } : ended)
  return exitCode
}

type Announced = Omit<Errand, 'prints'> & { readonly prints?: Prints | undefined }

const firstEvent = ({
  outline,
  options,
  command,
  version,
  request,
  prints,
  places,
  resumes,
  risks = [],
  showing,
}: Announced): EventBody => ({
  type: 'run-started',
  run: options.runId,
  mode: options.mode,
  version,
  ...outlinedHead(outline),
  steps: outlinedSteps(outline),
  ...(places && { places }),
  command,
  ...(showing && { showing }),
  request,
  ...(prints && { inputs: prints.now }),
  ...(prints && prints.later.length > 0 && { inputsLater: prints.later.map(({ file }) => file) }),
  ...(resumes !== undefined && { resumes }),
  ...(risks.length > 0 && { risks }),
  ...(options.follow && { plan: options.follow.digest }),
})

/**
 * Nobody waits for them but the end of the run: nodes are on their way before the first is taken. One after the other: each
 * takes memory, and time from a step that waits for the sum of its own.
 */
const tellLater = async (prints: Prints | undefined, emit: (event: EventBody) => unknown): Promise<void> => {
  await setImmediate()
  for (const { take } of prints?.later ?? []) emit({ type: 'input-summed', ...(await take()) })
}

/** Who is asked before each step can stop the run as Ctrl-C does. */
const withConsent = (errand: Errand): { readonly errand: Errand; readonly consent?: Consent } => {
  const { options, person, emit, isStopping } = errand
  if (options.confirmedBy === undefined) return { errand }
  const consent = createConsent({
    by: options.confirmedBy,
    person,
    isSpoken: options.isSpoken ?? false,
    emit,
    isStopping,
  })
  return { consent, errand: { ...errand, isStopping: () => isStopping() || consent.isStopped() } }
}

type Telling = { readonly emit: (event: EventBody) => void; readonly flow: Flow; readonly consent?: Consent }

const runTree = async (errand: Errand, telling: Telling, way: SetOut): Promise<void> => {
  try {
    await growAndRun(errand, telling, await meetNodes({ ...errand, ...telling, way }))
  } finally {
    const left = await way.lock.release()
    if (left.length > 0) telling.emit({ type: 'notice', text: `the lock could not be given back (${left.join(', ')})` })
  }
}

const growAndRun = async (errand: Errand, { emit, flow, consent }: Telling, notes: readonly Notes[]): Promise<void> => {
  const { outline, screen, locking } = errand
  const results = new Map<string, Record<string, unknown>>()
  const registered = (host: string) => {
    const there = results.get(host) ?? {}
    results.set(host, there)
    return there
  }
  const context: Context = {
    ...errand.options,
    ...errand,
    ...(locking && { owner: locking.owner }),
    ...(consent && { consent }),
    emit,
    receipts: createReceipts(notes.flatMap(({ receipts }) => receipts)),
    begun: createBegunActs(notes.flatMap(({ begun }) => begun)),
    promises: createPromises(nodesOf(outline)),
    ahead: createLookAhead(errand.now),
    registered,
    placeOf: host => ({
      cluster: outline.cluster,
      order: outline.order,
      position: outline.order.indexOf(host),
      lab: outline.lab,
    }),
  }
  await new Listr(growTree(context, flow), {
    exitOnError: true,
    registerSignalListeners: false,
    renderer: TreeRenderer,
    fallbackRenderer: TreeRenderer,
    rendererOptions: { view: screen },
  }).run()
}

const nodesOf = ({ order, plays }: Outline): readonly string[] => [...order, ...plays.flatMap(play => play.allHosts)]

const exitCodeOf = (
  { isStopping }: Errand,
  { problems }: Flow,
  { isLeftOut }: { readonly isLeftOut: boolean },
): ExitCode => {
  const unknown = problems.find(problem => problem.exit === exitCodes.unknown)
  if (unknown) return unknown.exit
  if (isStopping()) return exitCodes.interrupted
  return problems[0]?.exit ?? (isLeftOut ? exitCodes.waits : exitCodes.done)
}
