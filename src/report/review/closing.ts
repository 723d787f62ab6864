// What came of a plan: planned against done, step by step, with times, problems, transcripts and what is left to do.
import { addressOf } from '../../model/address.ts'
import { type Change, isKnown, nameOf } from '../../model/change.ts'
import type { ProblemRecord, RunEvent, StepOutcome } from '../../model/events.ts'
import type { PlannedStep } from '../../model/plan-file.ts'
import { canonicalJson } from '../../text/canonical.ts'
import { foldAll } from '../fold.ts'
import { allSteps, type OpenHold, type RunState } from '../state.ts'
import { wayOn } from '../way-on.ts'
import { groupBy } from './group-by.ts'
import { type Transcript, transcriptsOf } from './transcripts.ts'

export type StepDone = {
  readonly step: string
  readonly host: string
  /** Nothing for a step that the plan does not know. */
  readonly planned?: StepOutcome
  readonly outcome: StepOutcome
  readonly isAsPlanned: boolean
  readonly because: string
  /** Planned and done. */
  readonly made: readonly Change[]
  /** Planned, and not known to be done. */
  readonly missed: readonly Change[]
  /** Done, and not planned. */
  readonly invented: readonly Change[]
  /** Planned and done, but it came out otherwise. */
  readonly otherwise: readonly { readonly planned: Change; readonly done: Change }[]
  readonly ms?: number
}

export type Closing = {
  readonly run: string
  readonly command: string
  /** The command that goes on from it. */
  readonly wayOn: string
  /** ISO 8601, UTC. */
  readonly started: string
  /** The last thing that is known of it. */
  readonly last: string
  readonly ms?: number
  /** Not there where it did not end. */
  readonly exitCode?: number
  readonly interrupted?: string
  readonly steps: readonly StepDone[]
  readonly problems: readonly ProblemRecord[]
  readonly openHolds: readonly OpenHold[]
  readonly assumed: RunState['assumed']
  readonly transcripts: readonly Transcript[]
}

export const closingOf = (planned: readonly PlannedStep[], events: readonly RunEvent[]): Closing => {
  const state = foldAll(events)
  const [first] = events
  return {
    run: state.started?.run ?? '',
    command: state.started?.command ?? '',
    wayOn: wayOn(state),
    started: first?.at ?? '',
    last: events.at(-1)?.at ?? '',
    ...(state.ended && { ms: sumOf(events), exitCode: state.ended.exitCode }),
    ...(state.interrupted !== undefined && { interrupted: state.interrupted }),
    steps: stepsDone(planned, { state, events }),
    problems: uniqueProblems(state),
    openHolds: state.holds,
    assumed: state.assumed,
    transcripts: transcriptsOf(events),
  }
}

/** All runs together, without the time between them. */
const sumOf = (events: readonly RunEvent[]): number =>
  events.reduce((sum, event) => (event.type === 'run-ended' ? sum + event.ms : sum), 0)

type Ended = Extract<RunEvent, { type: 'step-ended' }>

const stepsDone = (
  planned: readonly PlannedStep[],
  { state, events }: { readonly state: RunState; readonly events: readonly RunEvent[] },
): readonly StepDone[] => {
  const ends = groupBy(
    events.filter((event): event is Ended => event.type === 'step-ended'),
    addressOf,
  )
  const known = new Set(planned.map(addressOf))
  const more = allSteps(state)
    .map(({ outlined }) => outlined)
    .filter(step => !known.has(addressOf(step)))
  return [
    ...planned.map(step => compare(step, ends.get(addressOf(step)) ?? [])),
    ...more.map(({ step, host }) => compare({ step, host, changes: [] }, ends.get(addressOf({ step, host })) ?? [])),
  ]
}

type Expected = Pick<PlannedStep, 'step' | 'host' | 'changes'> & { readonly outcome?: StepOutcome }

/** A run that was resumed ends a step several times: the last word counts, and what each of them changed. */
const compare = ({ step, host, outcome: planned, changes }: Expected, ends: readonly Ended[]): StepDone => {
  const last = ends.at(-1)
  const outcome = last?.outcome ?? 'not-reached'
  const done = ends.filter(end => end.outcome === 'changed').flatMap(end => end.changes.map(inPlanForm))
  const doneOf = (change: Change) => done.find(other => nameOf(other) === nameOf(change))
  const made = changes.filter(change => fits(change.after, doneOf(change)?.after))
  const missed = changes.filter(change => doneOf(change) === undefined)
  const otherwise = changes.flatMap(change => {
    const other = doneOf(change)
    return other === undefined || made.includes(change) ? [] : [{ planned: change, done: other }]
  })
  const invented = done.filter(change => changes.every(other => nameOf(other) !== nameOf(change)))
  const isLeft = outcome === 'failed' || outcome === 'not-reached' || outcome === 'unknown'
  return {
    step,
    host,
    ...(planned && { planned }),
    outcome,
    isAsPlanned: !isLeft && missed.length + invented.length + otherwise.length === 0,
    because: last?.problem?.summary ?? last?.because ?? '',
    made,
    missed,
    invented,
    otherwise,
    ...(ends.length > 0 && { ms: ends.reduce((sum, { ms }) => sum + ms, 0) }),
  }
}

/** A plan's file has its fields in another order than a journal; side by side they read alike. */
const inPlanForm = (change: Change): Change => JSON.parse(canonicalJson(change))

/** What nobody could know before fits whatever it came to be. */
const fits = (planned: unknown, done: unknown): boolean => {
  if (done === undefined) return false
  if (!isKnown(planned)) return true
  if (!isRecord(planned) || !isRecord(done)) return canonicalJson(planned) === canonicalJson(done)
  const keys = new Set([...Object.keys(planned), ...Object.keys(done)])
  return [...keys].every(key => fits(planned[key], done[key]))
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const uniqueProblems = ({ problems }: RunState): readonly ProblemRecord[] =>
  [...groupBy(problems, ({ code, step, host }) => `${code} ${step} ${host}`).values()].map(([first]) => first)
