// Carries out an outline, or foretells what that would do: connects, grows the tree, tells how it ended.
import { Listr } from 'listr2'
import type { EventBody, InputPrint, RunEvent, StepOutcome } from '../model/events.ts'
import { type ExitCode, exitCodes } from '../model/problem.ts'
import type { Receipt } from '../model/receipt.ts'
import type { RunRequest } from '../model/request.ts'
import { type Outline, outlinedPlays, outlinedSteps } from '../plan/outline.ts'
import { TreeRenderer, type View } from '../report/index.ts'
import type { Person } from '../task/person.ts'
import type { Context, Nodes, RunOptions, VoiceOf } from './context.ts'
import { createFlow, type Flow } from './flow.ts'
import { asProblem, recordOf } from './problems.ts'
import { createPromises } from './promises.ts'
import { createReceipts, readReceipts } from './receipts.ts'
import { growTree } from './tree.ts'

export type Errand = {
  readonly outline: Outline
  readonly nodes: Nodes
  readonly options: RunOptions
  readonly voiceOf: VoiceOf
  readonly person: Person
  /** What was asked for, to ask for the same again. */
  readonly request: RunRequest
  readonly inputs?: readonly InputPrint[]
  /** The run that this one goes on with. */
  readonly resumes?: string
  /** The line that was typed, for the journal. */
  readonly command: string
  readonly version: string
  /** Writes an event to the journal and hands it to the views. */
  emit(event: EventBody): RunEvent
  now(): number
  timeOfDay(): string
  isStopping(): boolean
  /** Paints while the run goes on; without it nothing is painted. */
  readonly screen?: View
}

/** @returns What the process should end with. */
export const carryOut = async (errand: Errand): Promise<ExitCode> => {
  const started = errand.now()
  const counts = emptyCounts()
  const open = new Set(outlinedSteps(errand.outline).map(addressOf))
  const emit = (event: EventBody) => {
    if (event.type === 'step-ended') {
      counts[event.outcome] += 1
      open.delete(addressOf(event))
    }
    errand.emit(event)
  }
  const flow = createFlow(errand.outline.plays, errand.isStopping)
  emit(announce(errand))
  try {
    await runTree(errand, { emit, flow })
    if (flow.problems.length === 0 && !errand.isStopping()) errand.options.follow?.assertAllMet()
  } catch (error) {
    flow.fail('', asProblem(error))
  }
  counts['not-reached'] = open.size
  const exitCode = exitCodeOf(errand, flow)
  const [problem] = flow.problems
  const ended = { type: 'run-ended', exitCode, counts, ms: errand.now() - started } as const
  emit(problem ? { ...ended, problem: recordOf(problem) } : ended)
  return exitCode
}

const emptyCounts = (): Record<StepOutcome, number> => ({
  same: 0,
  changed: 0,
  'would-change': 0,
  skipped: 0,
  unknown: 0,
  failed: 0,
  'not-reached': 0,
})

const addressOf = ({ step, host }: { readonly step: string; readonly host: string }): string => `${step}@${host}`

const announce = ({ outline, options, command, version, request, inputs, resumes }: Errand): EventBody => ({
  type: 'run-started',
  run: options.runId,
  mode: options.mode,
  version,
  playbook: outline.playbook,
  playbookFile: outline.playbookFile,
  inventory: outline.inventory,
  cluster: outline.cluster,
  lab: outline.lab,
  order: outline.order,
  plays: outlinedPlays(outline),
  steps: outlinedSteps(outline),
  command,
  request,
  ...(inputs && { inputs }),
  ...(resumes !== undefined && { resumes }),
  ...(options.follow && { plan: options.follow.digest }),
})

type Telling = { readonly emit: (event: EventBody) => void; readonly flow: Flow }

const runTree = async (errand: Errand, { emit, flow }: Telling): Promise<void> => {
  const { outline, screen } = errand
  const receipts = createReceipts(await meetNodes(errand, { emit, flow }))
  const results = new Map<string, Record<string, unknown>>()
  const registered = (host: string) => {
    const there = results.get(host) ?? {}
    results.set(host, there)
    return there
  }
  const context: Context = {
    ...errand.options,
    ...errand,
    emit,
    receipts,
    promises: createPromises(),
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

/** Logs in everywhere at once: to those that have something to do, and to all who may hold something. */
const meetNodes = async ({ outline, nodes, now }: Errand, { emit, flow }: Telling): Promise<readonly Receipt[]> => {
  const busy = new Set(outline.plays.flatMap(play => play.hosts))
  const all = new Set([...busy, ...outline.order])
  const met = [...all].map(async host => {
    const started = now()
    try {
      const shell = await nodes.shell(host)
      emit({ type: 'host-connected', host, ms: now() - started })
      return await readReceipts(shell, outline.cluster)
    } catch (error) {
      const problem = asProblem(error).with({ host })
      emit({ type: 'host-unreachable', host, problem: recordOf(problem) })
      if (busy.has(host)) flow.fail(host, problem)
      return []
    }
  })
  return (await Promise.all(met)).flat()
}

const exitCodeOf = ({ isStopping }: Errand, { problems }: Flow): ExitCode => {
  const unknown = problems.find(problem => problem.exit === exitCodes.unknown)
  if (unknown) return unknown.exit
  if (isStopping()) return exitCodes.interrupted
  return problems[0]?.exit ?? exitCodes.done
}
