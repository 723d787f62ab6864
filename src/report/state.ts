// A run as it stands after some of its events: what every view and report is made from.
import { addressOf } from '../model/address.ts'
import type { Change } from '../model/change.ts'
import type { OutlinedPlay, OutlinedStep, ProblemRecord, RunEvent } from '../model/events.ts'
import type { Outlook } from '../model/outlook.ts'

type EventOf<Type extends RunEvent['type']> = Extract<RunEvent, { readonly type: Type }>
export type RunStarted = EventOf<'run-started'>
export type RunEnded = EventOf<'run-ended'>
export type StepEnded = EventOf<'step-ended'>

/** One step on one host. */
export type StepState = {
  readonly outlined: OutlinedStep
  /** ISO 8601; not there while its turn has not come. */
  readonly startedAt?: string
  /** What it set out to make; there from the moment on when the host may have been touched. */
  readonly intended?: readonly Change[]
  /** The last line that it told on its way. */
  readonly progress?: string
  /** What was said last of how long it goes on, and when. */
  readonly outlook?: { readonly at: string; readonly all: readonly Outlook[] }
  readonly ended?: StepEnded
}

export type StepPhase = 'pending' | 'running' | 'ended'

export const phaseOf = ({ startedAt, ended }: StepState): StepPhase => {
  if (ended) return 'ended'
  return startedAt === undefined ? 'pending' : 'running'
}

/** One host in one play. */
export type HostState = {
  readonly host: string
  readonly steps: readonly StepState[]
}

export type PlayState = {
  readonly outlined: OutlinedPlay
  readonly isStarted: boolean
  readonly hosts: readonly HostState[]
}

export type OpenHold = {
  readonly hold: string
  readonly host: string
  /** `intended`: nobody knows whether it was acquired. `failed`: acquiring or releasing it went wrong. */
  readonly state: 'intended' | 'acquired' | 'kept' | 'failed'
}

export type AtInterrupt = {
  /** By `step@host`. */
  readonly running: readonly string[]
  readonly held: readonly Pick<OpenHold, 'hold' | 'host'>[]
}

/** Where a step stands: play, host in it, step on that. */
export type Place = readonly [play: number, host: number, step: number]

export type RunState = {
  readonly started?: RunStarted
  readonly plays: readonly PlayState[]
  /** By `step@host`. */
  readonly places: ReadonlyMap<string, Place>
  readonly connected: readonly string[]
  readonly unreachable: readonly { readonly host: string; readonly problem: ProblemRecord }[]
  readonly holds: readonly OpenHold[]
  /** In the order in which they came; those that `ignore_errors` let pass are not among them. */
  readonly problems: readonly ProblemRecord[]
  readonly notices: readonly string[]
  readonly assumed: readonly { readonly host: string; readonly reason: string }[]
  /** Name of the signal. */
  readonly interrupted?: string
  /** What was at hand and what was held when it came. */
  readonly atInterrupt?: AtInterrupt
  /** A receipt, a handler that was asked for, or a hold: journal or node has something that no look tells. */
  readonly remembers: boolean
  readonly ended?: RunEnded
}

export const nothingYet: RunState = {
  plays: [],
  places: new Map(),
  connected: [],
  unreachable: [],
  holds: [],
  problems: [],
  notices: [],
  assumed: [],
  remembers: false,
}

/** @returns Nothing for a step that no event has named yet. */
export const stepAt = ({ places, plays }: RunState, { step, host }: OfStep): StepState | undefined => {
  const [play, at, index] = places.get(addressOf({ step, host })) ?? []
  return play === undefined || at === undefined || index === undefined
    ? undefined
    : plays[play]?.hosts[at]?.steps[index]
}

type OfStep = { readonly step: string; readonly host: string }

export const allSteps = ({ plays }: RunState): readonly StepState[] =>
  plays.flatMap(play => play.hosts.flatMap(host => host.steps))
