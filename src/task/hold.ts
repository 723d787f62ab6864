// Something that is held around a block of steps, by one node at a time: taken when a step needs it, given back after.
import type { z } from 'zod'
import type { Change } from '../model/change.ts'
import type { Json } from '../model/json.ts'
import type { Problem } from '../model/problem.ts'
import type { HostDollar } from '../shell/dollar.ts'
import type { Ref } from './resource.ts'
import type { Place, World } from './world.ts'

export type HoldState = {
  /** True also where only a part of it is there: a node that has a part stands in the way of the others. */
  readonly held: boolean
  /** False where a part of it is missing, so that it has to be acquired all the same; whole unless told. */
  readonly isWhole?: boolean
  readonly because: string
  /** Why this node could not take it now; of no matter to the others. */
  readonly obstacle?: Problem
}

export type HoldContext<Args> = {
  readonly world: World
  readonly args: Args
  readonly place: Place
  /** What `identity` saw on the node that wants the hold, whichever node is asked; nothing where it sees none. */
  readonly identity?: Json
}

export type HandlingContext<Args> = {
  readonly $: HostDollar
  readonly args: Args
  readonly place: Place
}

export type HoldDefinition<Args extends z.ZodType> = {
  readonly name: string
  readonly summary: string
  /** Steps that show its use, in YAML, for `run docs`. */
  readonly example?: string
  readonly args: Args
  /** What is so on the node while it holds: the looks of the steps inside go through these. Pure. */
  provides(args: z.output<Args>): readonly Change[]
  /**
   * What tells one such thing from another that has taken its name, such as a file system's UUID.
   *
   * `notKnownYet` where nobody can see it before the hold is taken; then receipts are taken at their word.
   */
  identity?(args: z.output<Args>): Ref
  /**
   * Asks one node whether it holds. The engine asks every node of the failover list before one may take it.
   *
   * @throws {Problem} when the node stands in the way, such as another file system at the mount point.
   */
  look(context: HoldContext<z.output<Args>>): Promise<HoldState>
  /** Takes what is missing: a part of it may be there already. */
  acquire(context: HandlingContext<z.output<Args>>): Promise<unknown>
  /** Gives back what is there: a part of it may be missing. */
  release(context: HandlingContext<z.output<Args>>): Promise<unknown>
}

export type Hold = {
  readonly type: 'hold'
  readonly name: string
  readonly summary: string
  readonly example?: string
  readonly args: z.ZodType
  provides(args: unknown): readonly Change[]
  identity?(args: unknown): Ref
  look(context: HoldContext<unknown>): Promise<HoldState>
  acquire(context: HandlingContext<unknown>): Promise<unknown>
  release(context: HandlingContext<unknown>): Promise<unknown>
}

/** Defines a hold module. */
export const hold = <const Args extends z.ZodType>(definition: HoldDefinition<Args>): Hold =>
  // The engine validates the arguments with `args` before it hands them over, so the narrower types hold at run time.
  ({ ...definition, type: 'hold' }) as unknown as Hold
