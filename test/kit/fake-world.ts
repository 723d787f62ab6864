// World in, answer out: a world made of values, and a proof that stands or not, to try a check without any node.
import { z } from 'zod'
import type { Answer } from '../../src/model/answer.ts'
import { type Change, nameOf } from '../../src/model/change.ts'
import type { Json } from '../../src/model/json.ts'
import { Problem } from '../../src/model/problem.ts'
import { hostDollar } from '../../src/shell/dollar.ts'
import type { HostShell } from '../../src/shell/host-shell.ts'
import { type Directory, noDirectory } from '../../src/task/directory.ts'
import type { Hold, HoldState } from '../../src/task/hold.ts'
import { readNow } from '../../src/task/resource.ts'
import type { Task } from '../../src/task/task.ts'
import type { Place, Proof, World } from '../../src/task/world.ts'
import { type Row, type ScriptedHost, scriptedHost } from './scripted-host.ts'

/** By `kind key`, such as `file /etc/hosts`. */
export type Things = Readonly<Record<string, Json>>

/** In `Things`: nobody can tell yet. */
export const cannotBeTold = 'cannot be told'

/** In the place of a node's things: it cannot be reached. */
export const isDown: Things = {}

export type Scene = {
  /** It was begun before, and cut off. */
  readonly wasBegun?: boolean
  /** It is, unless told. */
  readonly isRegistered?: boolean
  readonly host?: string
  readonly things?: Things
  /** What other nodes have. */
  readonly elsewhere?: Readonly<Record<string, Things>>
  /** Whether the receipt stands; `undefined`: there is none. */
  readonly receipt?: 'stands' | undefined
  /** What receipts of other steps say, by the step. */
  readonly results?: Readonly<Record<string, Json>>
  readonly place?: Partial<Place>
}

const cluster: Place = { cluster: 'msgr1', order: ['node1', 'node2', 'node3'], position: 0, lab: true }

export const fakeWorld = ({ things = {}, host = 'node1', elsewhere = {} }: Scene): World => {
  const find = (name: { readonly kind: string; readonly key: string }): Json => {
    const value = things[nameOf(name)]
    if (value === undefined) throw new Error(`the test says nothing about ${nameOf(name)} on ${host}`)
    return value
  }
  const assertUp = () => {
    if (things === isDown)
      throw new Problem({ code: 'host-unreachable', summary: `${host} cannot be reached`, exit: 6 })
  }
  return {
    host,
    async look(ref) {
      assertUp()
      const value = find(ref)
      if (value === cannotBeTold) throw new Error(`a look that cannot be answered: ${nameOf(ref)}`)
      return ref.resource.schema.parse(value)
    },
    async lookIfKnown(ref) {
      assertUp()
      const value = find(ref)
      if (value === cannotBeTold) return { known: false, because: 'it is known later' }
      return { known: true, value: ref.resource.schema.parse(value) }
    },
    at(other) {
      const all = { ...elsewhere, [host]: things }
      return fakeWorld({ host: other, elsewhere: all, things: all[other] ?? {} })
    },
  }
}

/** The nodes as they answer at each look. */
export const livingWorld = (host: HostShell, others: Readonly<Record<string, HostShell>> = {}): World => {
  const $ = hostDollar(host)({ nothrow: true })
  return {
    host: host.host,
    look: ref => readNow($, ref),
    lookIfKnown: async ref => ({ known: true, value: await readNow($, ref) }),
    at(name) {
      const other = { ...others, [host.host]: host }[name]
      if (!other) throw new Error(`the test has no node ${name}`)
      return livingWorld(other, { ...others, [host.host]: host })
    },
  }
}

const fakeProof = (world: World, { receipt, results = {} }: Scene): Proof => ({
  async rest(ref) {
    const seen = await world.lookIfKnown(ref)
    return seen.known ? seen.value : undefined
  },
  stands: async () =>
    receipt ? { stands: true, because: 'a receipt stands' } : { stands: false, because: 'no receipt stands' },
  resultOf: async step => results[step],
})

const argsOf = (task: Pick<Task, 'args'>, args: unknown): unknown => task.args.parse(args)

/** What is handed on has to be what the definition says of it: `run docs` shows that. Of a prediction, a part of it. */
const assertResult = (task: Task, result: Json | undefined): void => {
  if (result === undefined || task.result === undefined) return
  const told = task.result instanceof z.ZodObject ? z.strictObject(task.result.shape).partial() : task.result
  told.parse(result)
}

/** What a check answers. */
export const answerOf = async (task: Task, args: unknown, scene: Scene = {}): Promise<Answer> => {
  const world = fakeWorld(scene)
  const answer = await task.check({
    world,
    proof: fakeProof(world, scene),
    args: argsOf(task, args),
    place: { ...cluster, ...scene.place },
    wasBegun: scene.wasBegun ?? false,
    isRegistered: scene.isRegistered ?? true,
  })
  if (answer.type !== 'unknown') assertResult(task, answer.result)
  return answer
}

export type Applied = {
  readonly host: ScriptedHost
  readonly result: Json | undefined
  readonly told: readonly string[]
}

export type ApplyOptions = {
  readonly changes?: readonly Change[]
  readonly place?: Partial<Place>
  readonly exitCode?: number
  /** What the person at the terminal types, one after the other; then they are gone. */
  readonly typed?: readonly string[]
  /** None unless told. */
  readonly directory?: Directory
  /** It was begun before, and cut off. */
  readonly wasBegun?: boolean
  /** `undo` instead of `apply`. */
  readonly undo?: boolean
  /** What is written on the controller; the node stands for it unless told. */
  readonly controller?: HostShell
  /** The other nodes of the cluster, as far as they are looked at. */
  readonly others?: Readonly<Record<string, HostShell>>
}

/** Carries out an apply on a scripted host; an interactive program ends at once, with `exitCode`. */
export const apply = async (
  task: Task,
  args: unknown,
  node: readonly Row[] | ScriptedHost,
  {
    changes = [],
    place,
    exitCode = 0,
    typed = [],
    directory = noDirectory,
    undo = false,
    wasBegun = false,
    others = {},
    controller,
  }: ApplyOptions = {},
): Promise<Applied> => {
  const host = 'run' in node ? node : scriptedHost(node)
  const told: string[] = []
  const answers = [...typed]
  const context: Parameters<Task['apply']>[0] = {
    $: hostDollar(host),
    controller: hostDollar(controller ?? host),
    world: livingWorld(host, others),
    args: argsOf(task, args),
    changes,
    place: { ...cluster, ...place },
    wasBegun,
    stopping: new AbortController().signal,
    lasting: ({ script, stdin }) => host.run(script, { input: stdin ?? '' }),
    async converse(_, { command, variables, beforeStart }) {
      await beforeStart?.()
      told.push(`converse ${command} as ${variables.role}`)
      return { exitCode, transcript: [], captured: {} }
    },
    upload: host.upload,
    directory,
    kept: '/kept',
    person: {
      async ask({ title, lines, prompt }) {
        told.push([title, ...lines, prompt].join('\n'))
        return answers.shift()
      },
    },
    progress: text => told.push(text),
  }
  if (undo) {
    await task.undo?.(context)
    return { host, told, result: undefined }
  }
  const result = await task.apply(context)
  assertResult(task, result)
  return { host, told, result }
}

/** What one node says of a hold. */
export const stateOf = (
  module: Hold,
  args: unknown,
  scene: Scene & { readonly identity?: Json } = {},
): Promise<HoldState> =>
  module.look({
    world: fakeWorld(scene),
    args: module.args.parse(args),
    place: { ...cluster, ...scene.place },
    ...(scene.identity !== undefined && { identity: scene.identity }),
  })

/** Carries out the taking or giving back of a hold on a scripted host; tells what was carried out. */
export const handle = async (
  what: 'acquire' | 'release',
  module: Hold,
  { args, table }: { readonly args: unknown; readonly table: readonly Row[] },
): Promise<readonly string[]> => {
  const host = scriptedHost(table)
  await module[what]({ $: hostDollar(host), args: module.args.parse(args), place: cluster })
  return host.commands
}

/** The problem that a promise fails with, as the user would read its fields. */
export const problemOf = async (promise: Promise<unknown>): Promise<Problem['fields']> => {
  const found = await promise.then(
    value => value,
    (error: unknown) => error,
  )
  if (found instanceof Problem) return found.fields
  throw found instanceof Error ? found : new Error(`no problem, but ${JSON.stringify(found)}`)
}
