// What a check sees of a node, and what an apply may use there.
import type { Json } from '../model/json.ts'
import type { Secret } from '../model/secret.ts'
import type { Conversation } from '../shell/converse.ts'
import type { Dialogue } from '../shell/dialogue.ts'
import type { HostDollar } from '../shell/dollar.ts'
import type { CommandResult } from '../shell/host-shell.ts'
import type { LastingOptions } from '../shell/lasting/lasting-command.ts'
import type { Directory } from './directory.ts'
import type { Person } from './person.ts'
import type { Ref } from './resource.ts'

export type Known<Value> =
  | {
      readonly known: true
      readonly value: Value
      /** True for what is hidden on a volume: nobody has seen it, and nothing vouches for it. */
      readonly isPresumed?: boolean
    }
  | { readonly known: false; readonly because: string }

export type World = {
  readonly host: string
  /**
   * Looks at one thing of the node.
   *
   * In a dry run the changes that earlier steps promised lie over what is there. When the answer cannot be told, the
   * check ends here and its answer is `unknown`.
   */
  look<Value extends Json>(ref: Ref<Value>): Promise<Value>
  /** The same, for a check that can go on without an answer. */
  lookIfKnown<Value extends Json>(ref: Ref<Value>): Promise<Known<Value>>
  /** Another node of the cluster, to be looked at as well. */
  at(host: string): World
}

export type Standing =
  | { readonly stands: true; readonly because: string; readonly result?: Json }
  | { readonly stands: false; readonly because: string }

/** The receipt of this step on this node, for acts that leave no state which shows that they were done. */
export type Proof = {
  /**
   * Looks, and has the receipt rest on what is seen: when it moves, the act is due again.
   *
   * @returns What is there; nothing where it cannot be told before an earlier step is done, and then no receipt stands.
   */
  rest<Value extends Json>(ref: Ref<Value>): Promise<Value | undefined>
  /**
   * Tells whether the act was done and still counts.
   *
   * Right after `apply` it stands by itself, and a receipt is written if the check then answers `same`.
   *
   * @param settings What the act is done with, as far as it matters: other settings make it due again. No secrets.
   */
  stands(settings?: Json): Promise<Standing>
  /**
   * What another step found when it was carried out on this node, by its receipt; nothing where it left none.
   *
   * @param step Its address without the host, such as `install/test`.
   */
  resultOf(step: string): Promise<Json | undefined>
}

/** Where the node stands in the cluster. */
export type Place = {
  readonly cluster: string
  /** The failover list, preferred node first. */
  readonly order: readonly string[]
  /** Index of the node in it, from 0; -1 when it is not a member. */
  readonly position: number
  /** True on the lab's own nodes. */
  readonly lab: boolean
}

export type CheckContext<Args> = {
  /** It was begun on this node before, and nobody has seen its end: what it does meanwhile may still be there. */
  readonly wasBegun: boolean
  /** Somebody takes the result: what it alone says, and takes long to find out, can be left out of it else. */
  readonly isRegistered: boolean
  readonly world: World
  readonly proof: Proof
  readonly args: Args
  readonly place: Place
}

export type ConverseOptions = {
  readonly command: string
  /** What answers and conditions of the dialogue can name. */
  readonly variables: Readonly<Record<string, Json | Secret | undefined>>
  /** Looks whether the program may be started; not called for one that runs since an earlier run. */
  readonly beforeStart?: () => Promise<void>
}

export type ApplyContext<Args, Changes> = {
  readonly $: HostDollar
  /** The nodes as they are at each look, for an act that has to wait for what happens elsewhere too. */
  readonly world: World
  readonly args: Args
  /** The controller, for a task that keeps something there: below a place that the playbook names, and nowhere else. */
  readonly controller: HostDollar
  /** Exactly what `check` answered. */
  readonly changes: Changes
  readonly place: Place
  /** As in `check`. */
  readonly wasBegun: boolean
  /** Heard by a task that only waits: the run is interrupted, and nobody waits for its end any more. */
  readonly stopping: AbortSignal
  /** Carries out a script that goes on when the connection is lost; an exit status other than 0 is an answer. */
  lasting(options: LastingOptions): Promise<CommandResult>
  /** Runs an interactive program on a terminal of its own and answers its prompts; it too goes on by itself. */
  converse(dialogue: Dialogue, options: ConverseOptions): Promise<Conversation>
  upload(bytes: Uint8Array, path: string, mode: string): Promise<void>
  /** The directory that the inventory names; what is changed there is journaled. */
  readonly directory: Directory
  /** Whoever sits at the terminal; what they are asked and answer is journaled. */
  readonly person: Person
  /**
   * Where on the node this step keeps what `undo` needs and no journal may hold, or could not: nothing is there yet.
   *
   * `undo` gets the place that `apply` of the same step had. Make it readable for its owner only (`umask 077`).
   */
  readonly kept: string
  /**
   * One line for the screen: what is being done, where it takes long.
   *
   * @param know.atMostMs That ends within so many milliseconds, or the task ends it.
   */
  progress(text: string, know?: { readonly atMostMs?: number }): void
}
