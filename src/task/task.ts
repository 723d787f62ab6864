// A task module: keeps one thing true, or does one act and proves it.
import type { z } from 'zod'
import type { Answer } from '../model/answer.ts'
import type { Change } from '../model/change.ts'
import type { Json } from '../model/json.ts'
import type { ByHand } from '../model/plan-file.ts'
import type { ChangesOf } from './answers.ts'
import type { ApplyContext, CheckContext } from './world.ts'

export type TaskDefinition<Args extends z.ZodType, Given extends Answer> = {
  /** The key in a playbook; the file is named so too. */
  readonly name: string
  /** One sentence that says what the task keeps true, without a full stop. */
  readonly summary: string
  /** Steps that show its use, in YAML, for `run docs`. */
  readonly example?: string
  readonly args: Args
  /** What `register` hands on. */
  readonly result?: z.ZodType<Json>
  /** It only ever looks, and is the same or fails: there is nothing that it could change. */
  readonly onlyLooks?: boolean
  /** All that `apply` does is wait: nothing changes by it. A dry run tells what it would wait for. */
  readonly onlyWaits?: boolean
  /** Each of its arguments is a variable of that name for the steps after it. */
  readonly givesVariables?: boolean
  /** `apply` runs a foreign program: only its guard and the changes that it declares are known before. */
  readonly opaque?: boolean
  /**
   * All that `apply` sets going on the node it does through `converse` and `lasting`: begun and cut off, it is called
   * again with the same changes, and takes up what it had set going.
   */
  readonly lasting?: boolean
  /** The argument that a playbook may write without a name: `shell: echo hello`. */
  readonly freeForm?: string
  /** Other names of arguments, as Ansible has them: `{ dest: 'path' }`. */
  readonly aliases?: Readonly<Record<string, string>>
  /** Arguments that Ansible has and that are not here, each with what to write instead. */
  readonly instead?: Readonly<Record<string, string>>
  /** Other tasks that Ansible has, whose work this one does: each with what to write. */
  readonly inPlaceOf?: Readonly<Record<string, string>>
  /** Programs whose work it does, for who would carry one out by a command: each with what to write. */
  readonly programs?: Readonly<Record<string, string>>
  /** Looks, and only looks. */
  check(context: CheckContext<z.output<Args>>): Promise<Given>
  /** Makes exactly the changes that it was handed. @returns The result for `register`, where there is one. */
  apply(context: ApplyContext<z.output<Args>, ChangesOf<Given>>): Promise<Json | undefined> | Promise<void>
  /** Takes the changes back, where that can be done. */
  undo?(context: ApplyContext<z.output<Args>, ChangesOf<Given>>): Promise<unknown>
  /**
   * What there is to take back where things go on living, such as data that programs work on: the changes as if they had
   * been made to what is there now. A change that is left as it was has to read as the run left it, or nothing is touched.
   */
  grown?(context: Grown<z.output<Args>>): readonly Change[]
  /** What came of `apply`, in one line for the screen and the report, where its changes do not say it. */
  tell?(result: Json): string
  /** A person does it: what they are told, for whoever reviews a plan; nothing where these arguments need no person. */
  byHand?(args: z.output<Args>): ByHand | undefined
}

/** What a run changed, each change with what is there now. */
export type Grown<Args> = {
  readonly args: Args
  readonly seen: readonly { readonly change: Change; readonly now: Json }[]
}

/** A task whose own types are behind it: what the engine works with. */
export type Task = {
  readonly type: 'task'
  readonly name: string
  readonly summary: string
  readonly example?: string
  readonly args: z.ZodType
  readonly result?: z.ZodType
  readonly onlyLooks?: boolean
  readonly onlyWaits?: boolean
  readonly givesVariables?: boolean
  readonly opaque: boolean
  readonly lasting?: boolean
  readonly freeForm?: string
  readonly aliases?: Readonly<Record<string, string>>
  readonly instead?: Readonly<Record<string, string>>
  readonly inPlaceOf?: Readonly<Record<string, string>>
  readonly programs?: Readonly<Record<string, string>>
  check(context: CheckContext<unknown>): Promise<Answer>
  apply(context: ApplyContext<unknown, readonly Change[]>): Promise<Json | undefined>
  undo?(context: ApplyContext<unknown, readonly Change[]>): Promise<unknown>
  grown?(context: Grown<unknown>): readonly Change[]
  tell?(result: Json): string
  byHand?(args: unknown): ByHand | undefined
}

/** Defines a task module. */
export const task = <const Args extends z.ZodType, Given extends Answer>(
  definition: TaskDefinition<Args, Given>,
): Task =>
  // The engine hands `apply` what `check` of the same module answered, so the narrower types hold at run time.
  ({ opaque: false, ...definition, type: 'task' }) as unknown as Task
