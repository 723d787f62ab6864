// Killed at any event, and in the middle of any command, and gone on with: the end is that of a run that nobody killed.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { leftHeldBy } from '../../src/cli/left-held.ts'
import { resumedFrom } from '../../src/engine/resumed.ts'
import { realDisk } from '../../src/journal/disk.ts'
import { openJournal, readJournal } from '../../src/journal/index.ts'
import type { RunEvent } from '../../src/model/events.ts'
import type { Lives } from '../../src/model/lock.ts'
import type { Receipt } from '../../src/model/receipt.ts'
import type { Outline } from '../../src/plan/outline.ts'
import type { HostShell } from '../../src/shell/host-shell.ts'
import { due, same } from '../../src/task/answers.ts'
import { task } from '../../src/task/task.ts'
import { type CarryOptions, carry, ownerOf } from '../kit/carry.ts'
import { keepOwners, type MemoryCluster, memoryCluster } from '../kit/memory-cluster.ts'
import { held, outline, play, step } from '../kit/outlines.ts'
import { act, keep, theShelf, thing } from '../kit/things.ts'

const dir = mkdtempSync(join(tmpdir(), 'run-crash-'))
afterAll(() => rmSync(dir, { recursive: true }))

/** Something that can be done over, and leaves a receipt. */
const trial = task({
  name: 'trial',
  summary: 'Try something',
  args: z.object({}),
  async check({ proof }) {
    await proof.rest(thing('shelf/book'))
    const { stands, because } = await proof.stands()
    return stands ? same(because) : due(because)
  },
  async apply({ $ }) {
    await $`set tried yes`
  },
})

const order = ['node1', 'node2'] as const

const book = (name: string, value: string) => step(name, keep, { args: { key: 'shelf/book', value } })
const bell = step('Bell', keep, { args: { key: 'bell', value: 'rung' } })

/** Nodes one after the other, with what is held around an act, a trial and a thing; then all at once, with a handler. */
const whole: Outline = outline(
  order,
  play(
    order,
    [
      step('Ground', keep, { args: { key: 'ground', value: 'level' } }),
      held(
        theShelf,
        step('Act', act, { args: { set: 'acted', rests: ['ground'] } }),
        book('Book', 'read'),
        step('Trial', trial),
      ),
    ],
    { strategy: 'failover', allHosts: order },
  ),
  play(order, [step('Last', keep, { args: { key: 'last', value: 'done' }, notify: ['Bell'] })], { handlers: [bell] }),
)

/** Right after an event; or once a command is carried out, whose answer nobody hears. */
type At = { readonly event: number } | { readonly command: number }

/** Counts what happens, and lets nothing happen any more from one moment on. */
const guillotine = (at: At | undefined) => {
  const count = { events: 0, commands: 0 }
  let die = () => {}
  const dead = new Promise<'dead'>(resolve => {
    die = () => resolve('dead')
  })
  let isDead = false
  const fall = (): Promise<never> => {
    isDead = true
    die()
    return new Promise(() => {})
  }
  return {
    count,
    dead,
    isDead: () => isDead,
    onEvent() {
      count.events += 1
      if (at && 'event' in at && at.event === count.events) void fall()
    },
    shell: (shell: HostShell): HostShell => ({
      ...shell,
      async run(script, options) {
        count.commands += 1
        if (isDead) return fall()
        const result = shell.run(script, options)
        return at && 'command' in at && at.command === count.commands ? result.then(fall) : result
      },
    }),
  }
}

/** A process that is killed loses nothing that it has written. */
const neverSynced = { ...realDisk, sync: () => {}, syncBeside: async () => {} }

let runs = 0
const alive = new Set<string>()
const lives: Lives = ({ run }) => alive.has(run)

/** One run of a controller of its own, which may die on the way. @returns Its name, and its exit code when it did not. */
const runOnce = async (cluster: MemoryCluster, at: At | undefined, options: CarryOptions = {}) => {
  runs += 1
  const runId = `crash-${runs}`
  alive.add(runId)
  const blade = guillotine(at)
  const journal = openJournal(dir, runId, {
    now: () => new Date(Date.UTC(2026, 10, 23) + runs * 60_000),
    disk: neverSynced,
  })
  const nodes = { ...cluster.nodes, shell: async (name: string) => blade.shell(await cluster.nodes.shell(name)) }
  const controller = {
    directory: '/site/locks',
    run: async (script: string, more = {}) => {
      if (blade.isDead()) return new Promise<never>(() => {})
      return { exitCode: 0, stdout: '', stderr: '', ...keepOwners(cluster.controller, script, more) }
    },
  }
  const carried = carry(
    whole,
    { ...cluster, nodes },
    {
      runId,
      leftHeld: leftHeldBy(dir, { run: runId, cluster: whole.cluster, lives }),
      locking: { owner: ownerOf(whole.cluster, runId), controller, lives },
      onDisk: journal.onDisk,
      onEvent(event) {
        if (blade.isDead()) return
        journal.emit(event.type === 'run-started' ? { ...event, run: runId } : event)
        blade.onEvent()
      },
      ...options,
    },
  )
  const end = await Promise.race([carried, blade.dead])
  alive.delete(runId)
  journal.close()
  return { runId, end, count: blade.count, events: readJournal(dir, runId) }
}

/**
 * What is on the nodes, without what names a run or a time. What an act handed on, no person can say for it; and what
 * lies on the shelf may be vouched for by another node, where a resume has not seen it there again.
 */
const picture = (cluster: MemoryCluster) => ({
  shelf: [...cluster.shelf],
  attested: [...new Set(order.flatMap(name => cluster.keptReceipts(name).flatMap(attestsOf)))],
  nodes: order.map(name => {
    const { things, owners, marks, hasShelf } = cluster.node(name)
    const acts = cluster.keptReceipts(name).filter(({ rests }) => rests.length > 1)
    const receipts = acts.map(({ step, settings, rests }) => ({ step, settings, rests }))
    return { name, things: [...things].sort(), receipts, owners: [...owners], marks: [...marks], hasShelf }
  }),
})

const attestsOf = ({ attests }: Receipt): readonly string[] =>
  attests.map(({ kind, key, value }) => `${kind} ${key} ${value}`)

const timesActed = (cluster: MemoryCluster, node: string): number =>
  cluster.commands.filter(command => command === `${node}: set acted done`).length

/** Looks at the nodes as a person would who is asked, and answers. */
const wordsOf = (cluster: MemoryCluster, events: readonly RunEvent[]): CarryOptions => {
  const asked = events.flatMap(event =>
    event.type === 'step-ended' && event.problem?.code === 'end-unknown' ? [event] : [],
  )
  const isDone = (host: string) => cluster.node(host).things.get('acted') === 'done'
  const addresses = (wanted: boolean) =>
    new Set(asked.filter(({ host }) => isDone(host) === wanted).map(({ step, host }) => `${step}@${host}`))
  return asked.length === 0 ? {} : { again: addresses(false), takenAsDone: addresses(true) }
}

const resumeToTheEnd = async (cluster: MemoryCluster, before: readonly RunEvent[]) => {
  const resumed = resumedFrom(before, whole)
  const first = await runOnce(cluster, undefined, { resumed })
  const words = wordsOf(cluster, first.events)
  if (Object.keys(words).length === 0) return { last: first, isAsked: false }
  const events = [...before, ...first.events]
  return { last: await runOnce(cluster, undefined, { resumed: resumedFrom(events, whole), ...words }), isAsked: true }
}

const undisturbed = memoryCluster(order)
const { count, end, events } = await runOnce(undisturbed, undefined)
const all = (how: 'event' | 'command', upTo: number): readonly At[] =>
  Array.from({ length: upTo }, (_, index) => ({ [how]: index + 1 }) as At) // one of its fields, by name
/** Each takes as long as several runs; `npm run crash` leaves none out. */
const isMeant = (_: At, index: number): boolean => process.env.CRASH === 'all' || index % 4 === 0

const kills: readonly At[] = [...all('event', count.events), ...all('command', count.commands)].filter(isMeant)

it('an undisturbed run comes to its end', () => {
  expect(end).toMatchObject({ exitCode: 0 })
  expect(events).toHaveLength(count.events)
  expect(order.map(node => timesActed(undisturbed, node))).toEqual([1, 1])
})

const expectWhole = async (cluster: MemoryCluster, last: Awaited<ReturnType<typeof runOnce>>) => {
  expect(last.end, JSON.stringify(last.events.at(-1))).toMatchObject({ exitCode: 0 })
  expect(picture(cluster)).toEqual(picture(undisturbed))
  expect(order.map(node => timesActed(cluster, node))).toEqual([1, 1])
  expect([...cluster.controller.owners.keys()]).toEqual([])
  const once = await runOnce(cluster, undefined)
  expect(once.events.filter(({ type }) => type === 'step-intended')).toEqual([])
}

describe.each(kills)('killed at %j', at => {
  it('and gone on with, it ends as if it had not been', async () => {
    const cluster = memoryCluster(order)
    const killed = await runOnce(cluster, at)
    expect(killed.end).toBe('dead')
    const { last, isAsked } = await resumeToTheEnd(cluster, killed.events)
    await expectWhole(cluster, last)
    const open = killed.events.findLast(({ type }) => type === 'step-intended' || type === 'step-ended')
    if (isAsked) expect(open).toMatchObject({ type: 'step-intended', step: 'test/act' })
  })
})
