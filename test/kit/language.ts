// Playbooks and inventories as they are written, laid over one another and carried out on a cluster in memory.
import { z } from 'zod'
import type { BesideText } from '../../src/inventory/beside.ts'
import { parseInventory } from '../../src/inventory/parse.ts'
import { exitCodes, Problem } from '../../src/model/problem.ts'
import { type BuiltOutline, buildOutline, type OutlineInputs } from '../../src/plan/build-outline.ts'
import type { Outline } from '../../src/plan/outline.ts'
import { knownTasks, type Registry } from '../../src/plan/registry.ts'
import { parsePlaybook } from '../../src/playbook/parse.ts'
import { change, differs, due, same } from '../../src/task/answers.ts'
import { eventually } from '../../src/task/eventually.ts'
import { task } from '../../src/task/task.ts'
import { formatProblems } from '../../src/text/excerpt.ts'
import byHand from '../../tasks/by-hand.ts'
import command from '../../tasks/command.ts'
import pause from '../../tasks/pause.ts'
import setFact from '../../tasks/set_fact.ts'
import { act, keep, theShelf, thing } from './things.ts'

/** Looks at a thing and hands on what it holds; fails where it holds `broken`. */
const see = task({
  name: 'see',
  summary: 'Look at a thing',
  args: z.strictObject({ key: z.string() }),
  async check({ world, args: { key } }) {
    const holds = await world.look(thing(key))
    if (holds === 'broken')
      throw new Problem({
        code: 'broken',
        summary: `${key} is broken`,
        result: { rc: 3, holds },
        exit: exitCodes.failed,
      })
    return same('it only looks', { holds, rc: 0 })
  },
  async apply() {},
})

/** Says something each time: a change of a thing that counts how often. */
const count = task({
  name: 'count',
  summary: 'Count on',
  args: z.strictObject({ key: z.string(), to: z.number() }),
  async check({ world, args: { key, to } }) {
    const seen = await world.look(thing(key))
    return seen === `${to}` ? same('counted', { holds: seen }) : differs(change(thing(key), seen, `${to}`))
  },
  async apply({ $, changes: [{ key, after }] }) {
    await $`set ${key} ${after}`
  },
})

/** Says `same` or fails, as it is told. */
const say = task({
  name: 'say',
  summary: 'Say something',
  args: z.strictObject({ msg: z.unknown().optional(), fail: z.boolean().default(false) }),
  async check({ args }) {
    if (args.fail) throw new Problem({ code: 'said-no', summary: String(args.msg ?? 'no'), exit: exitCodes.failed })
    return same(String(args.msg ?? ''), { msg: JSON.stringify(args.msg ?? null) })
  },
  async apply() {},
})

/** Never comes to an end within a test. */
const linger = task({
  name: 'linger',
  summary: 'Linger',
  args: z.strictObject({ key: z.string() }),
  lasting: true,
  async check({ world, args: { key } }) {
    const seen = await world.look(thing(key))
    return seen === 'x' ? same('') : differs(change(thing(key), seen, 'x'))
  },
  apply: () => new Promise<never>(() => {}),
})

/** Only waits until a thing is there: it looks again and again. */
const await_thing = task({
  name: 'await_thing',
  summary: 'Wait for a thing',
  args: z.strictObject({ key: z.string() }),
  onlyWaits: true,
  async check() {
    return due('it waits')
  },
  async apply({ world, args: { key } }) {
    await eventually(async () => (await world.look(thing(key))) !== '', 20_000)
  },
})

/** Sends command after command, and pauses between them. */
const dawdle = task({
  name: 'dawdle',
  summary: 'Take long over a thing',
  args: z.strictObject({ key: z.string() }),
  async check({ world, args: { key } }) {
    const seen = await world.look(thing(key))
    return seen === 'x' ? same('') : differs(change(thing(key), seen, 'x'))
  },
  async apply({ $, args: { key } }) {
    await eventually(async () => (await $`set ${key} y`).stdout === 'x', 20_000)
  },
})

const registry: Registry = new Map(
  Object.entries({
    ...{ keep, act, see, count, say, linger, await_thing, dawdle, shelf: theShelf },
    ...{ set_fact: setFact, pause, command, 'by-hand': byHand },
  }),
)

const threeNodes = 'all: { hosts: { node1: , node2: , node3: } }\n'

export type Written = {
  readonly inventory?: string
  readonly files?: Readonly<Record<string, string>>
  /** Variables in files beside the inventory. */
  readonly besides?: readonly BesideText[]
  readonly inputs?: Partial<OutlineInputs>
}

/** All that a playbook and an inventory come to, faults included. */
export const lay = (
  playbook: string,
  { inventory = threeNodes, files = {}, besides = [], inputs = {} }: Written = {},
): BuiltOutline => {
  const texts: Readonly<Record<string, string>> = { 'site.yml': playbook, ...files }
  return buildOutline({
    playbook: parsePlaybook('site.yml', {
      knownTasks: knownTasks(registry),
      files: { readText: path => texts[path] },
    }),
    inventory: parseInventory({ file: 'nodes.yml', text: inventory, besides }),
    registry,
    worksheets: new Map(),
    namedFiles: { dialogue: () => ({ known: [] }), template: () => ({ known: [] }), file: () => ({ known: [] }) },
    selection: {},
    lab: false,
    ...inputs,
  })
}

/** The outline of a playbook without a fault. */
export const outlined = (playbook: string, written: Written = {}): Outline => {
  const { outline, problems } = lay(playbook, written)
  if (problems.length > 0) throw new Error(formatProblems(problems))
  return outline
}

/** What is wrong, as the user sees it. */
export const faults = (playbook: string, written: Written = {}): string =>
  formatProblems(lay(playbook, written).problems)
