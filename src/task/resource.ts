// One kind of thing that a node has: how to look at it, what its value is, what a change of it means for others.
import type { z } from 'zod'
import { type Change, nameOf, type ResourceName } from '../model/change.ts'
import type { Json } from '../model/json.ts'
import { Problem } from '../model/problem.ts'
import type { SeveralAsked } from '../shell/host-shell.ts'
import type { LookDollar } from '../shell/look-dollar.ts'
import { installing, missingTool } from '../shell/missing-tool.ts'
import { type Directory, noDirectory } from './directory.ts'

/** What a probe printed and how it ended. */
export type Output = { readonly stdout: string; readonly stderr: string; readonly exitCode: number | null }

/** What a change of one thing says about another. */
export type Cover =
  /** The other now has this value. */
  | { readonly type: 'value'; readonly value: Json }
  /** The other is what it was, altered; `notKnownYet` where nobody can tell how. */
  | { readonly type: 'altered'; alter(value: Json): Json }
  /** The other may have changed too; nobody can tell how. */
  | { readonly type: 'unknown' }
  /** The other's name now means a thing that lies elsewhere, such as a file below a new mount point. */
  | { readonly type: 'moved'; readonly home: string }

type Described<Value extends Json> = {
  readonly kind: string
  /** The key as a person reads it, where it is not a name; else it stands there by its kind and key. */
  inWords?(key: string): string
  readonly schema: z.ZodType<Value>
  /** True where the key is a path, so that what is mounted there decides which thing is meant. */
  readonly ofPath?: boolean
  /** What a change of this thing means for another one; nothing when they do not touch. */
  covers?(change: Change, other: ResourceName): Cover | undefined
  /** False for a look that may take long, such as somebody's own program: it is not made before its step is at hand. */
  readonly early?: false
  /** True for what nothing changes that a step does: what was seen of it early counts also behind a change. */
  readonly lasts?: true
  /** Its value on a volume that nobody has touched or vouched for yet. */
  readonly presumed?: Value
}

/** Something that a node has. */
type OfNode<Value extends Json> = Described<Value> & {
  /** Asks the node. Only reads: the lab proves it. */
  read($: LookDollar, key: string): PromiseLike<Output>
  /**
   * How several are asked for with one command, where checks want them at the same time; `read` makes one command then,
   * and what is split off stands for what it would have said.
   */
  readonly together?: Pick<SeveralAsked, 'script' | 'split'>
  /** Exit statuses that `parse` knows the meaning of, 0 unless told; with any other the look itself has failed. */
  readonly exits?: readonly number[] | 'any'
  /** True where the probe is somebody's own script: a program that it does not find is its own affair. */
  readonly isForeign?: true
  /** It lies on the controller, which is asked in the place of the node: one for all nodes. */
  readonly ofController?: true
  /** The nodes share it, and any of them can be asked: where one has nothing to say, the next is. */
  readonly ofCluster?: { isSilent(value: Value): boolean }
  /** Pure. @returns Nothing when the node's answer cannot be understood: it must not pass for an absence. */
  parse(output: Output, key: string): NoInfer<Value> | undefined
}

/** Something that the directory has: one for all nodes. */
type OfDirectory<Value extends Json> = Described<Value> & {
  /** Asks the directory, through whichever node or none. Only reads. */
  ask(directory: Directory, key: string): Promise<Value>
}

export type ResourceDefinition<Value extends Json> = OfNode<Value> | OfDirectory<Value>

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

/**
 * Looks at the node, or at the directory, as it is now.
 *
 * @throws {Problem} `tool-missing`, `look-failed`, `answer-not-understood`; what `Directory` throws.
 */
export const readNow = async <Value extends Json>(
  $: LookDollar,
  { resource, kind, key }: Ref<Value>,
  directory: Directory = noDirectory,
): Promise<Value> => {
  if ('ask' in resource) return resource.schema.parse(await resource.ask(directory, key))
  const what = resource.inWords?.(key) ?? nameOf({ kind, key })
  const together = resource.together && { ...resource.together, kind, key }
  const output = await resource.read($({ nothrow: true, ...(together && { together }) }), key)
  // Before its exit status: a pipe whose first program is not there ends with 0, and would say that there is nothing.
  const tool = resource.isForeign ? undefined : missingTool(output.stderr)
  if (tool !== undefined) throw toolMissing(what, tool)
  const { exits = [0] } = resource
  if (exits !== 'any' && !exits.includes(output.exitCode ?? -1)) throw lookFailed(what, output)
  const value = resource.schema.safeParse(resource.parse(output, key))
  if (value.success) return value.data
  throw notUnderstood(what, output)
}

const toolMissing = (what: string, tool: string): Problem =>
  new Problem({
    code: 'tool-missing',
    summary: `The node has no \`${tool}\`, so it cannot tell about ${what}`,
    wanted: 'an answer: what cannot be looked at counts neither as there nor as absent',
    help: installing(tool),
  })

const lookFailed = (what: string, { stderr, stdout, exitCode }: Output): Problem =>
  new Problem({
    code: 'look-failed',
    summary: `The node cannot tell about ${what}`,
    seen: [`exit status ${exitCode}`, (stderr.trim() || stdout.trim()).slice(0, 500)].filter(Boolean).join(': '),
    wanted: 'an answer: what cannot be looked at counts neither as there nor as absent',
    help: 'run the step with -v to see the command, and try it on the node',
  })

const notUnderstood = (what: string, { stdout, stderr, exitCode }: Output): Problem =>
  new Problem({
    code: 'answer-not-understood',
    summary: `The node's answer about ${what} cannot be understood`,
    seen: stdout.slice(0, 500) || stderr.slice(0, 500) || `nothing, exit status ${exitCode}`,
    help: 'run the step with -v to see the command, and try it on the node',
  })

/** Where all lies that the directory has; the name of no host has a space. */
export const directoryHome = 'the directory'

export const isOfDirectory = (kind: string): boolean => {
  const definition = definitions.get(kind)
  return definition !== undefined && 'ask' in definition
}

/** Where all lies of which the nodes of a cluster say the same. */
export const clusterHome = 'the cluster'

export const isOfCluster = (kind: string): boolean => {
  const definition = definitions.get(kind)
  return definition !== undefined && 'ofCluster' in definition
}

/** Where all lies that is on the controller; the name of no host has a space. */
export const controllerHome = 'the controller'

export const isOfController = (kind: string): boolean => {
  const definition = definitions.get(kind)
  return definition !== undefined && 'ofController' in definition
}

/** What it prints rests on anything on its node, also on what nobody has declared. */
export const isForeign = (kind: string): boolean => {
  const definition = definitions.get(kind)
  return definition !== undefined && 'isForeign' in definition
}

/** What a name that was written down asks for; nothing where no kind of that name is known any more. */
export const refOf = ({ kind, key }: ResourceName): Ref | undefined => {
  const resource = definitions.get(kind)
  return resource && { kind, key, resource }
}

/** The definition behind a change, which itself is plain data. */
export const definitionOf = (kind: string): ResourceDefinition<Json> | undefined => definitions.get(kind)
