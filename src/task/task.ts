// A task module: keeps one thing true, or does one act and proves it.
import type { z } from 'zod'
import type { Change } from '../model/change.ts'
import type { Json } from '../model/json.ts'
import type { AnswerOf } from './answers.ts'
import type { ApplyContext, CheckContext } from './world.ts'

export type TaskDefinition<Args extends z.ZodType, Changes extends readonly Change[], Result> = {
  /** The key in a playbook; the file is named so too. */
  readonly name: string
  /** One sentence for `run docs`, without a full stop. */
  readonly summary: string
  readonly args: Args
  readonly result?: z.ZodType<Result>
  /** `apply` runs a foreign program: only its guard and the changes that it declares are known before. */
  readonly opaque?: boolean
  /** The argument that a playbook may write without a name: `shell: echo hello`. */
  readonly freeForm?: string
  /** Looks, and only looks. */
  check(context: CheckContext<z.output<Args>>): Promise<AnswerOf<Changes, Result>>
  /** Makes exactly the changes that it was handed. */
  apply(context: ApplyContext<z.output<Args>, Changes>): Promise<Result | undefined | void>
  /** Takes the changes back, where that can be done. */
  undo?(context: ApplyContext<z.output<Args>, Changes>): Promise<unknown>
}

/** A task whose own types are behind it: what the engine works with. */
export type Task = {
  readonly type: 'task'
  readonly name: string
  readonly summary: string
  readonly args: z.ZodType
  readonly result?: z.ZodType
  readonly opaque: boolean
  readonly freeForm?: string
  check(context: CheckContext<unknown>): Promise<AnswerOf<readonly Change[], Json>>
  apply(context: ApplyContext<unknown, readonly Change[]>): Promise<Json | undefined>
  undo?(context: ApplyContext<unknown, readonly Change[]>): Promise<unknown>
}

/** Defines a task module. */
export const task = <
  const Args extends z.ZodType,
  const Changes extends readonly Change[] = readonly never[],
  Result = undefined,
>(
  definition: TaskDefinition<Args, Changes, Result>,
): Task =>
  // The engine hands `apply` what `check` of the same module answered, so the narrower types hold at run time.
  ({ opaque: false, ...definition, type: 'task' }) as unknown as Task
