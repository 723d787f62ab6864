// A task on a node with a real shell: looked at, carried out, looked at again; and taken back.
import type { Answer } from '../../src/model/answer.ts'
import type { Change } from '../../src/model/change.ts'
import type { Json } from '../../src/model/json.ts'
import { hostDollar } from '../../src/shell/dollar.ts'
import type { HostShell } from '../../src/shell/host-shell.ts'
import { noDirectory } from '../../src/task/directory.ts'
import type { Task } from '../../src/task/task.ts'
import { livingWorld } from './fake-world.ts'

/** A sandbox has a place of its own for what is kept. */
type Node = HostShell & { path?(...parts: readonly string[]): string }

export type OnNode = {
  check(because?: string): Promise<Answer>
  readonly use: Omit<Parameters<Task['apply']>[0], 'changes'>
}

/** What the task answers on the node, and what it is handed there. */
export const onNode = (task: Task, node: Node, args: object): OnNode => {
  const $ = hostDollar(node)
  const parsed: unknown = task.args.parse(args)
  const world = livingWorld(node)
  const standing = (because: string) => ({
    rest: async () => undefined,
    stands: async () => (because === '' ? { stands: false as const, because } : { stands: true as const, because }),
    resultOf: async () => undefined,
  })
  const place = { cluster: '', order: [], position: 0, lab: true }
  const check = (because = ''): Promise<Answer> =>
    task.check({ world, proof: standing(because), args: parsed, place, wasBegun: false, isRegistered: true })
  const use = {
    $,
    controller: $,
    world,
    args: parsed,
    place,
    converse: () => Promise.reject(),
    lasting: () => Promise.reject(),
    wasBegun: false,
    stopping: new AbortController().signal,
    upload: node.upload,
    directory: noDirectory,
    kept: node.path?.('kept', 'run', 'step') ?? '/var/lib/run/kept/kit/step',
    person: { ask: async () => undefined },
    progress: () => {},
  }
  return { check, use }
}

export type Settled = {
  readonly changes: readonly Change[]
  /** As `register` gets it. */
  readonly result: Json | undefined
  undo(): Promise<unknown> | undefined
}

/** @throws {Error} where a second look does not say that all is as wanted, or that the result is what was foretold. */
export const settleOn = async (task: Task, node: Node, args: object): Promise<Settled> => {
  const { check, use } = onNode(task, node, args)
  const answer = await check()
  const changes = answer.type === 'differs' ? answer.changes : []
  const done = answer.type === 'differs' ? await task.apply({ ...use, changes }) : undefined
  const after = await check('done now')
  if (after.type !== 'same') throw new Error(`not settled: ${JSON.stringify(after)}`)
  const result = { ...fields(after.result), ...fields(done) }
  if (answer.type === 'differs' && answer.result !== undefined && !isWithin(fields(answer.result), result))
    throw new Error(`foretold ${JSON.stringify(answer.result)}, and it is ${JSON.stringify(result)}`)
  return { changes, result, undo: () => task.undo?.({ ...use, changes }) }
}

const fields = (value: Json | undefined): { readonly [name: string]: Json } =>
  typeof value === 'object' && value !== null ? (value as { readonly [name: string]: Json }) : {}

const isWithin = (some: object, all: object): boolean => JSON.stringify({ ...all, ...some }) === JSON.stringify(all)
