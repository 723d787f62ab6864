// One kind of thing that a node has: how to look at it, what its value is, what a change of it means for others.
import type { z } from 'zod'
import type { Change, ResourceName } from '../model/change.ts'
import type { Json } from '../model/json.ts'
import type { HostDollar } from '../shell/dollar.ts'

/** What a probe printed and how it ended. */
export type Output = { readonly stdout: string; readonly stderr: string; readonly exitCode: number | null }

/** What a change of one thing says about another. */
export type Cover =
  /** The other now has this value. */
  | { readonly type: 'value'; readonly value: Json }
  /** The other may have changed too; nobody can tell how. */
  | { readonly type: 'unknown' }
  /** The other's name now means a thing that lies elsewhere, such as a file below a new mount point. */
  | { readonly type: 'moved'; readonly home: string }

export type ResourceDefinition<Value extends Json> = {
  readonly kind: string
  readonly schema: z.ZodType<Value>
  /** Asks the node. Only reads: the lab proves it. */
  read($: HostDollar, key: string): PromiseLike<Output>
  /** Pure. @throws {Problem} when the node's answer cannot be understood. */
  parse(output: Output, key: string): Value
  /** What a change of this thing means for another one; nothing when they do not touch. */
  covers?(change: Change, other: ResourceName): Cover | undefined
  /** Its value on a volume that nobody has touched or vouched for yet. */
  readonly presumed?: Value
}

/** A question that a check can ask: one thing of one kind, on the node at hand. */
export type Ref<Value extends Json = Json> = ResourceName & { readonly resource: ResourceDefinition<Value> }

const definitions = new Map<string, ResourceDefinition<Json>>()

/**
 * Defines a kind of thing once, for all tasks that look at it.
 *
 * @returns A function from a key, such as a path, to what `world.look` takes.
 */
export const resource = <Value extends Json>(definition: ResourceDefinition<Value>): ((key: string) => Ref<Value>) => {
  // Only its own kind hands values to it, so the wider type holds.
  definitions.set(definition.kind, definition as unknown as ResourceDefinition<Json>)
  return key => ({ kind: definition.kind, key, resource: definition })
}

/** The definition behind a change, which itself is plain data. */
export const definitionOf = (kind: string): ResourceDefinition<Json> | undefined => definitions.get(kind)
