// From events to the state of a run, one event at a time. Pure: nothing that was handed out is ever changed.
import { addressOf } from '../model/address.ts'
import type { InputPrint, OutlinedStep, ProblemRecord, RunEvent } from '../model/events.ts'
import { tellCount } from './outlook-words.ts'
import type { AtInterrupt, HostState, OpenHold, Place, PlayState, RunStarted, RunState, StepState } from './state.ts'
import { allSteps, nothingYet, phaseOf } from './state.ts'

/** The state after all of these events. */
export const foldAll = (events: Iterable<RunEvent>): RunState => {
  let state = nothingYet
  for (const event of events) state = fold(state, event)
  return state
}

/** Copies only the way down to the step that the event is about, so it stays cheap with thousands of steps. */
export const fold = (state: RunState, event: RunEvent): RunState => {
  switch (event.type) {
    case 'run-started':
      return outline(event)
    case 'input-summed':
      return withInput(state, event)
    case 'notice':
      return { ...state, notices: [...state.notices, event.text] }
    case 'host-connected':
      return { ...state, connected: [...state.connected, event.host] }
    case 'host-unreachable': {
      const { host, problem } = event
      return withProblem({ ...state, unreachable: [...state.unreachable, { host, problem }] }, problem)
    }
    case 'play-started':
      return { ...state, plays: replace(state.plays, event.play, play => ({ ...play, isStarted: true })) }
    case 'step-started':
    case 'step-intended':
    case 'step-progressed':
    case 'step-lasts':
    case 'prompt-answered':
    case 'step-ended':
      return foldStep(state, event)
    case 'block-rescued':
      return rescued(state, event)
    case 'hold-intended':
    case 'hold-acquired':
    case 'hold-kept':
    case 'hold-released':
    case 'hold-failed':
      return foldHold(state, event)
    case 'released-assumed':
      return isAssumed(state, event.host) ? state : { ...state, assumed: [...state.assumed, assumption(event)] }
    case 'run-interrupted':
      return { ...state, interrupted: event.signal, atInterrupt: atInterrupt(state) }
    case 'run-ended':
      return withProblem({ ...state, ended: event }, event.problem)
    case 'handler-notified':
    case 'receipt-written':
      return { ...state, remembers: true }
    case 'step-checked':
    case 'step-asked':
    case 'command':
    case 'cluster-locked':
    case 'lock-broken':
    case 'transcript':
    case 'receipt-withdrawn':
      return state
    default:
      return unheardOf(event, state)
  }
}

/** As if it had been told with the others. */
const withInput = (state: RunState, { file, sha256 }: InputPrint): RunState => {
  const { started } = state
  if (!started) return state
  const inputs = [...(started.inputs ?? []), { file, sha256 }].sort((one, other) => (one.file < other.file ? -1 : 1))
  return { ...state, started: { ...started, inputs } }
}

const atInterrupt = (state: RunState): AtInterrupt => ({
  running: allSteps(state)
    .filter(step => phaseOf(step) === 'running')
    .map(({ outlined }) => addressOf(outlined)),
  held: state.holds.filter(hold => hold.state === 'acquired').map(({ hold, host }) => ({ hold, host })),
})

const assumption = ({ host, reason }: Extract<RunEvent, { type: 'released-assumed' }>) => ({ host, reason })

/** Each hold asks anew; the answer was given once. */
const isAssumed = ({ assumed }: RunState, host: string): boolean => assumed.some(other => other.host === host)

/** A journal of a later version may hold events that we have no word for: they change nothing. */
const unheardOf = (_event: never, state: RunState): RunState => state

const outline = (started: RunStarted): RunState => {
  const plays = started.plays.map((outlined, play): PlayState => {
    const steps = started.steps.filter(step => step.play === play)
    const hosts = outlined.hosts.map(host => ({
      host,
      steps: steps.filter(step => step.host === host).map(step => ({ outlined: step })),
    }))
    return { outlined, isStarted: false, hosts }
  })
  return { ...nothingYet, started, plays, places: placesOf(plays) }
}

const placesOf = (plays: readonly PlayState[]): ReadonlyMap<string, Place> =>
  new Map(
    plays.flatMap(({ hosts }, play) =>
      hosts.flatMap(({ host, steps }, at) =>
        steps.map(({ outlined }, step): [string, Place] => [
          addressOf({ step: outlined.step, host }),
          [play, at, step],
        ]),
      ),
    ),
  )

type StepEvent = Extract<
  RunEvent,
  {
    type: 'step-started' | 'step-intended' | 'step-progressed' | 'step-lasts' | 'prompt-answered' | 'step-ended'
  }
>

const foldStep = (before: RunState, event: StepEvent): RunState => {
  const [state, [play, host, step]] = placed(before, event)
  const plays = replace(state.plays, play, one => ({
    ...one,
    hosts: replace(one.hosts, host, (it: HostState) => ({
      ...it,
      steps: replace(it.steps, step, s => next(s, event)),
    })),
  }))
  const problem = event.type === 'step-ended' && !event.ignored ? event.problem : undefined
  return withProblem({ ...state, plays }, problem)
}

/** The failure stays to be seen, and is none of the run. */
const rescued = (before: RunState, { step, host }: Extract<RunEvent, { type: 'block-rescued' }>): RunState => {
  const address = addressOf({ step: step.replace(/@.*$/, ''), host })
  const place = before.places.get(address)
  const problems = before.problems.filter(problem => problem.step !== address)
  if (!place) return { ...before, problems }
  const [play, at, index] = place
  const plays = replace(before.plays, play, one => ({
    ...one,
    hosts: replace(one.hosts, at, (it: HostState) => ({
      ...it,
      steps: replace(it.steps, index, (s: StepState) => (s.ended ? { ...s, ended: { ...s.ended, ignored: true } } : s)),
    })),
  }))
  return { ...before, plays, problems }
}

const next = (step: StepState, event: StepEvent): StepState => {
  switch (event.type) {
    case 'step-started':
      return { outlined: step.outlined, startedAt: event.at }
    case 'step-intended':
      return { ...step, intended: event.changes }
    case 'step-progressed':
      return withOutlook({ ...step, progress: event.text }, event)
    case 'step-lasts':
      return withOutlook(step, event)
    case 'prompt-answered':
      return event.count ? { ...step, progress: tellCount('prompt', event.count) } : step
    case 'step-ended':
      return { ...step, ended: event }
  }
}

/** What is said last counts: of what it does now something else is known, or nothing. */
const withOutlook = (
  { outlook: _, ...step }: StepState,
  { outlook, at }: Extract<StepEvent, { outlook?: unknown }>,
): StepState => (outlook ? { ...step, outlook: { at, all: outlook } } : step)

/** A step that no outline named, such as a handler's, is added where the run is. */
const placed = (state: RunState, { step, host }: StepEvent): readonly [RunState, Place] => {
  const address = addressOf({ step, host })
  const place = state.places.get(address)
  if (place) return [state, place]
  const play = Math.max(
    0,
    state.plays.findLastIndex(({ isStarted }) => isStarted),
  )
  const outlined: OutlinedStep = { step, name: step, task: '', host, play, within: [] }
  const plays = replace(state.plays.length ? state.plays : [emptyPlay], play, one => ({
    ...one,
    hosts: withStep(one.hosts, host, { outlined }),
  }))
  const places = placesOf(plays)
  return [{ ...state, plays, places }, places.get(address) ?? [0, 0, 0]]
}

const emptyPlay: PlayState = { outlined: { name: '', strategy: 'linear', hosts: [] }, isStarted: true, hosts: [] }

const withStep = (hosts: readonly HostState[], host: string, step: StepState): readonly HostState[] =>
  hosts.some(one => one.host === host)
    ? hosts.map(one => (one.host === host ? { ...one, steps: [...one.steps, step] } : one))
    : [...hosts, { host, steps: [step] }]

type HoldEvent = Extract<RunEvent, { readonly type: `hold-${string}` }>

const holdStates = {
  'hold-intended': 'intended',
  'hold-acquired': 'acquired',
  'hold-kept': 'kept',
  'hold-released': undefined,
  'hold-failed': 'failed',
} as const satisfies Record<HoldEvent['type'], OpenHold['state'] | undefined>

const foldHold = (state: RunState, event: HoldEvent): RunState => {
  const { hold, host } = event
  const others = state.holds.filter(one => one.hold !== hold || one.host !== host)
  const now = holdStates[event.type]
  const holds = now ? [...others, { hold, host, state: now }] : others
  return withProblem({ ...state, holds, remembers: true }, event.type === 'hold-failed' ? event.problem : undefined)
}

const withProblem = (state: RunState, problem: ProblemRecord | undefined): RunState =>
  problem ? { ...state, problems: [...state.problems, problem] } : state

const replace = <T>(all: readonly T[], index: number, change: (one: T) => T): readonly T[] => {
  const one = all[index]
  return one === undefined ? all : all.with(index, change(one))
}
