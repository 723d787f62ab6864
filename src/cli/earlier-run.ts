// An earlier run, read back so that the same can be asked for again: by `run undo` and `run resume`.
import { readJournal } from '../journal/index.ts'
import type { RunEvent } from '../model/events.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import type { RunRequest } from '../model/request.ts'
import { foldAll, type RunState } from '../report/index.ts'
import { changedInputs, printInputs } from './input-prints.ts'
import type { Inputs } from './inputs.ts'

export type EarlierRun = {
  readonly run: string
  readonly events: readonly RunEvent[]
  /** What they come to. */
  readonly state: RunState
  readonly started: NonNullable<RunState['started']>
  readonly request: RunRequest
}

/** @throws {Problem} `run-unknown`, `run-not-begun`, `run-dry`, `request-unknown`, `request-masked`, … */
export const readEarlierRun = (dir: string, run: string): EarlierRun => {
  const events = readJournal(dir, run)
  const state = foldAll(events)
  const { started } = state
  if (!started) throw notBegun(run)
  if (started.mode === 'dry-run') throw onlyDry(run, started.command)
  const { request } = started
  if (!request) throw notRecorded(run, started.command)
  if (request.extraVars?.some(text => text.includes('•••'))) throw isMasked(run, started.command)
  return { run, events, state, started, request }
}

export type MovedFiles = {
  /** Those that were read then and read otherwise now. */
  readonly files: readonly string[]
  /** Those of which nobody knows: that run was cut off before their sums were there. */
  readonly unknown: readonly string[]
}

export const movedFiles = async (
  { started: { inputs, inputsLater = [] } }: Pick<EarlierRun, 'started'>,
  { files, sums, settings }: Inputs,
): Promise<MovedFiles> => {
  if (!inputs) return { files: [], unknown: [] }
  const unknown = inputsLater.filter(name => !inputs.some(({ file }) => file === name))
  const changed = changedInputs(inputs, await printInputs(files, settings.site, sums))
  return { files: changed.filter(file => !unknown.includes(file)), unknown }
}

/** The same, line by line. */
export const tellMoved = async (earlier: EarlierRun, inputs: Inputs): Promise<readonly string[]> => {
  const { files, unknown } = await movedFiles(earlier, inputs)
  return [
    ...(files.length > 0 ? [`changed since run ${earlier.run}: ${files.join(', ')}`] : []),
    ...(unknown.length > 0 ? [`perhaps changed since run ${earlier.run}: ${unknown.join(', ')}`] : []),
  ]
}

/** @throws {Problem} `other-cluster` where the inventory names another cluster now. */
export const assertSameCluster = ({ started, run }: EarlierRun, { outline }: Inputs): void => {
  if (started.cluster === outline.cluster) return
  throw new Problem({
    code: 'other-cluster',
    summary: `Run ${run} was on another cluster than the one that its inventory names now`,
    seen: outline.cluster,
    wanted: started.cluster,
    state: 'nothing was touched',
    help: `put ${outline.inventory} back as it was`,
    exit: exitCodes.drift,
  })
}

export const notBegun = (run: string): Problem =>
  new Problem({
    code: 'run-not-begun',
    summary: `Run ${run} ended before it began: its journal is empty`,
    state: 'it touched nothing',
    help: 'carry the playbook out anew',
    exit: exitCodes.input,
  })

const onlyDry = (run: string, command: string): Problem =>
  new Problem({
    code: 'run-dry',
    summary: `${run} was a dry run, and touched nothing`,
    seen: `\`${command}\``,
    wanted: 'a run that was carried out',
    help: '`run history` lists the runs, and which of them were dry runs',
    exit: exitCodes.input,
  })

const notRecorded = (run: string, command: string): Problem =>
  new Problem({
    code: 'request-unknown',
    summary: `The journal of run ${run} does not say what was asked for`,
    help: `it was written by an older version of this program; what was typed then: \`${command}\``,
    exit: exitCodes.input,
  })

/** What a journal masks it cannot give back. */
const isMasked = (run: string, command: string): Problem =>
  new Problem({
    code: 'request-masked',
    summary: `Run ${run} was given a secret with -e, which its journal does not keep`,
    help: `type its command again, with the secret: \`${command}\``,
    exit: exitCodes.input,
  })
