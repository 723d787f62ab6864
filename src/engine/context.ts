// What every part of a run shares.
import type { EventBody, Mode } from '../model/events.ts'
import type { Json } from '../model/json.ts'
import type { Owner } from '../model/lock.ts'
import type { Secret } from '../model/secret.ts'
import type { Outline } from '../plan/outline.ts'
import type { Voice } from '../shell/dialogue.ts'
import type { HostShell } from '../shell/host-shell.ts'
import { type LookDollar, lookDollar } from '../shell/look-dollar.ts'
import { type Directory, noDirectory } from '../task/directory.ts'
import type { Person } from '../task/person.ts'
import type { Place } from '../task/world.ts'
import type { BegunActs } from './begun.ts'
import type { ByHand } from './by-hand.ts'
import type { Consent } from './consent.ts'
import type { Follow } from './follow.ts'
import type { LookAhead } from './look-ahead.ts'
import type { Formerly } from './outlook.ts'
import type { Promises } from './promises.ts'
import type { Receipts } from './receipts.ts'
import type { Resumed } from './resumed.ts'

/** How the engine reaches nodes. */
export type Nodes = {
  /**
   * The shell of a node; connects at the first call, and again when the connection was lost.
   *
   * @throws {Problem} `host-unreachable`, `login-refused`, `host-key-unknown`, …
   */
  shell(host: string): Promise<HostShell>
  /** This machine, for what is kept of a node here; none where nothing is. */
  readonly controller?: HostShell
  /** The directory as a node's steps ask it; connects at the first question. None where the inventory names none. */
  directory?(host: string): Directory
  close(): Promise<void>
}

export const directoryOf = ({ directory }: Nodes, host: string): Directory => directory?.(host) ?? noDirectory

/** Whoever brings nodes without a controller has no step that keeps anything on it. */
export const controllerOf = ({ controller }: Nodes): HostShell => {
  if (controller) return controller
  throw new Error('nobody brought a controller')
}

/** For looks: how a command ends is an answer. */
export const lookingAt =
  ({ shell }: Nodes) =>
  async (host: string): Promise<LookDollar> =>
    lookDollar(await shell(host))

/** Gives a dialogue its answers; templates live on a floor of their own. */
export type VoiceOf = (variables: Readonly<Record<string, Json | Secret | undefined>>) => Voice

export type RunOptions = {
  readonly mode: Mode
  readonly runId: string
  /** How many hosts work at the same time, where their order does not matter. */
  readonly forks: number
  /** Holds stay taken at the end. */
  readonly keepHolds: boolean
  /** Nodes that cannot be asked and of which a person says that they hold nothing, with the reason. */
  readonly assumeReleased: ReadonlyMap<string, string>
  /** The tokens of earlier runs that took a hold on a host and did not give it back, as the journals here say. */
  leftHeld?(hold: string, host: string): readonly string[]
  /** Takes secrets out of what is kept on a node beside a task's own work; without it nothing is secret. */
  mask?<Value>(value: Value): Value
  /** Addresses of acts that a person has looked at, whose end nobody knew: begin anew, or take as done. */
  readonly again?: ReadonlySet<string>
  readonly takenAsDone?: ReadonlySet<string>
  /** How long steps took in earlier runs; nobody knows unless told. */
  readonly formerly?: Formerly
  /** What it takes from the runs that it goes on with. */
  readonly resumed?: Resumed | undefined
  /** The plan that the run is held to. */
  readonly follow?: Follow
  /** Who is asked before each step that is due, `user@controller`; nobody unless told. */
  readonly confirmedBy?: string
  /** That person hears what is shown. */
  readonly isSpoken?: boolean
  /** Answers programs in the place of their dialogues. */
  readonly byHand?: ByHand
}

export type Context = RunOptions & {
  readonly outline: Outline
  readonly nodes: Nodes
  readonly promises: Promises
  readonly receipts: Receipts
  readonly begun: BegunActs
  readonly ahead: LookAhead
  readonly voiceOf: VoiceOf
  readonly person: Person
  /** Asked before each step that is due, where the run is one that asks. */
  readonly consent?: Consent
  /** Whose run it is, where it takes anything; what it holds is marked with it. */
  readonly owner?: Owner
  emit(event: EventBody): void
  /** Waits until the events up to now survive a crash: before anything is changed. */
  onDisk(): Promise<void>
  /** Milliseconds of a clock that never goes back. */
  now(): number
  /** The time of day, ISO 8601, UTC. */
  timeOfDay(): string
  placeOf(host: string): Place
  /** Results that steps on a host registered. */
  registered(host: string): Record<string, unknown>
  /** Set by the first interrupt: what is at hand is finished, nothing new is begun. */
  isStopping(): boolean
}
