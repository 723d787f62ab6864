// Task modules and a hold for the cluster in memory: they keep a thing, do an act, hold the shelf.
import { z } from 'zod'
import { change, differs, due, same } from '../../src/task/answers.ts'
import { hold } from '../../src/task/hold.ts'
import { resource } from '../../src/task/resource.ts'
import { type Task, task } from '../../src/task/task.ts'

const isOnShelf = (key: string): boolean => key.startsWith('shelf/')

/** One thing on a node; an empty text where it is not there. */
export const thing = resource<string>({
  kind: 'thing',
  schema: z.string(),
  presumed: '',
  read: ($, key) => $`see ${key}`,
  parse: ({ stdout }) => stdout,
})

export const shelf = resource<string>({
  kind: 'shelf',
  schema: z.string(),
  read: $ => $`shelf`,
  parse: ({ stdout }) => stdout.split(' ')[0] ?? '',
  covers: (_, { kind, key }) =>
    kind === 'thing' && isOnShelf(key) ? { type: 'moved', home: 'volume shelf' } : undefined,
})

const shelfId = resource<string>({
  kind: 'shelf-id',
  schema: z.string(),
  read: $ => $`shelf`,
  parse: ({ stdout }) => stdout.split(' ')[1] ?? '',
})

/** Keeps one thing at one value. */
export const keep: Task = task({
  name: 'keep',
  summary: 'Keep one thing at one value',
  args: z.object({ key: z.string(), value: z.string() }),
  async check({ world, args: { key, value } }) {
    const seen = await world.look(thing(key))
    if (seen === value) return same(`${key} is ${value}`)
    return differs(change(thing(key), seen, value))
  },
  async apply({ $, changes: [{ key, after }] }) {
    await $`set ${key} ${after}`
  },
})

/** Does something that leaves no state of its own: `set` is carried out once, as long as what it rests on stays. */
export const act: Task = task({
  name: 'act',
  summary: 'Do something once',
  args: z.object({
    set: z.string(),
    to: z.string().default('done'),
    rests: z.array(z.string()).default([]),
    settings: z.string().optional(),
  }),
  opaque: true,
  async check({ proof, args }) {
    for (const key of args.rests) await proof.rest(thing(key))
    const proved = await proof.stands(args.settings)
    return proved.stands ? same(proved.because, proved.result) : due(proved.because)
  },
  async apply({ $, args }) {
    await $`set ${args.set} ${args.to}`
    return { set: args.set }
  },
})

export const theShelf = hold({
  name: 'shelf',
  summary: 'Hold the shelf',
  args: z.object({}),
  provides: () => [change(shelf('shelf'), 'away', 'here')],
  identity: () => shelfId('shelf'),
  async look({ world }) {
    const seen = await world.look(shelf('shelf'))
    return { held: seen === 'here', because: `the shelf is ${seen}` }
  },
  async acquire({ $ }) {
    await $`fetch`
  },
  async release({ $ }) {
    await $`return`
  },
})
