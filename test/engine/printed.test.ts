// What somebody's own script prints rests on anything on its node: a dry run does not take it for what a run will see.
import { expect, it } from 'vitest'
import { z } from 'zod'
import { same } from '../../src/task/answers.ts'
import { output } from '../../src/task/kinds/index.ts'
import { task } from '../../src/task/task.ts'
import { carry, dryRun } from '../kit/carry.ts'
import { outlined } from '../kit/language.ts'
import { memoryCluster } from '../kit/memory-cluster.ts'
import { held, outline, play, step } from '../kit/outlines.ts'
import { act, keep, theShelf } from '../kit/things.ts'

const print = task({
  name: 'print',
  summary: 'Look what a script prints',
  args: z.object({ script: z.string() }),
  onlyLooks: true,
  check: async ({ world, args }) => same('it only looks', await world.look(output(args.script))),
  async apply() {},
})

const order = ['node1', 'node2']
const printed = step('printed', print, { args: { script: 'cat /srv/stamp' } })
const program = step('program', act, { args: { set: 'stamp' } })
const lamp = step('lamp', keep, { args: { key: 'lamp', value: 'on' } })

const clusterThatPrints = () => {
  const cluster = memoryCluster(order)
  for (const name of order)
    cluster.node(name).meddle = script => (script.includes('/srv/stamp') ? { stdout: 'old\n' } : undefined)
  return cluster
}

const onNode1 = { 'printed@node1': 'same', 'printed@node2': 'same' }

it('is sure where nothing comes before it', async () => {
  const run = await dryRun(outline(order, play(order, [printed])), clusterThatPrints())
  expect(run.outcomes).toEqual(onNode1)
  expect(run.ended('printed@node1')).toMatchObject({ evidence: 'exact', result: { stdout: 'old' } })
})

it('rests on what is changed before it, on its own node', async () => {
  const cluster = clusterThatPrints()
  cluster.node('node2').things.set('lamp', 'on')
  const run = await dryRun(outline(order, play(order, [lamp, printed])), cluster)
  expect(run.outcomes).toMatchObject(onNode1)
  expect([run.ended('printed@node1').evidence, run.ended('printed@node2').evidence]).toEqual(['predicted', 'exact'])
})

it('is not known behind a foreign program, which may change anything', async () => {
  const run = await dryRun(
    outline(order, play(['node1'], [program, lamp]), play(order, [printed])),
    clusterThatPrints(),
  )
  expect(run.outcomes).toMatchObject({ 'printed@node1': 'unknown', 'printed@node2': 'same' })
  expect(run.ended('printed@node1')).toMatchObject({
    because: 'what it prints is known once test/program@node1 is done',
  })
})

it('is what it is where the program has been carried out', async () => {
  const cluster = clusterThatPrints()
  const plays = outline(order, play(order, [program, printed]))
  expect((await carry(plays, cluster)).outcomes).toMatchObject(onNode1)
  expect((await dryRun(plays, cluster)).ended('printed@node1')).toMatchObject({ outcome: 'same', evidence: 'exact' })
})

const byTheShelf = () => {
  const cluster = memoryCluster(order)
  for (const name of order) {
    const node = cluster.node(name)
    node.meddle = script => (script.includes('/srv/stamp') ? { stdout: node.hasShelf ? 'shelf' : 'bare' } : undefined)
  }
  return cluster
}

const inside = (options = {}) => outline(order, play(order, [held(theShelf, printed)], options))

it('inside a hold is what it prints where that is held, in each run', async () => {
  const cluster = byTheShelf()
  for (const _ of ['first', 'second']) {
    const run = await carry(inside(), cluster)
    expect([run.exitCode, run.outcomes]).toEqual([0, onNode1])
    expect(run.ended('printed@node2')).toMatchObject({ result: { stdout: 'shelf' } })
    expect(order.map(name => cluster.node(name).hasShelf)).toEqual([false, false])
  }
})

it('inside a hold is not known to a dry run, nor where none is taken', async () => {
  const because = 'what it prints may rest on hold shelf, which is not taken'
  const cluster = byTheShelf()
  const foretold = await dryRun(inside(), cluster)
  expect(foretold.outcomes).toEqual({ 'printed@node1': 'unknown', 'printed@node2': 'unknown' })
  expect(foretold.ended('printed@node1')).toMatchObject({ because })
  const run = await carry(inside({ reads: true }), cluster)
  expect(run.problem('printed@node1')).toMatchObject({ code: 'cannot-be-told', seen: because })
  expect(cluster.commands.filter(line => /fetch|stamp/.test(line))).toEqual([])
})

it('inside a hold keeps no later node from its turn, and nor does what only tells it', async () => {
  const cluster = byTheShelf()
  const written = `
- hosts: all
  strategy: failover
  tasks:
    - name: By the shelf
      hold: { shelf: {} }
      block:
        - { name: Look, command: { cmd: cat /srv/stamp, reads: true }, register: look }
        - { name: Tell, set_fact: { seen: "{{ look.stdout }}" } }
`
  const run = await carry(outlined(written, { inventory, inputs: { limit: 'node2' } }), cluster)
  expect(run.outcomes).toEqual({ 'look@node2': 'same', 'tell@node2': 'same' })
  expect(run.ended('look@node2')).toMatchObject({ result: { stdout: 'shelf' } })
})

const inventory = 'all: { hosts: { node1: , node2: } }\n'
