// P8 whatever is chosen: a step on a node is begun only when every step of the nodes before it is verified, by a look.
import { describe, expect, it } from 'vitest'
import type { OutlineStep } from '../../src/plan/outline.ts'
import { chooseSteps, type Selection } from '../../src/plan/selection.ts'
import { carry } from '../kit/carry.ts'
import { memoryCluster } from '../kit/memory-cluster.ts'
import { outline, play, step } from '../kit/outlines.ts'
import { keep } from '../kit/things.ts'

const order = ['node1', 'node2']
const written = [
  step('First', keep, { args: { key: 'a', value: '1' } }),
  step('Last', keep, { args: { key: 'b', value: '2' } }),
]
const tags: Readonly<Record<string, readonly string[]>> = { 'test/first': ['early'], 'test/last': ['late'] }

/** The steps as a playbook has them, chosen as the command line chooses. */
const chosen = (selection: Selection): readonly OutlineStep[] => {
  const choosable = ({ id }: OutlineStep) => ({ id, tags: tags[id] ?? [] })
  const { isSelected } = chooseSteps(written.map(choosable), selection, { hosts: order })
  return written.map(one => ({ ...one, isSelected: host => isSelected(choosable(one), host) }))
}

type Flags = Selection & { readonly hosts?: readonly string[] }

const run = async ({ hosts = order, ...selection }: Flags, done: readonly string[]) => {
  const cluster = memoryCluster(order)
  for (const thing of done) {
    const [host = '', key = '', value = ''] = thing.split(' ')
    cluster.node(host).things.set(key, value)
  }
  const nodes = chosen(selection)
  return carry(outline(order, play(hosts, nodes, { strategy: 'failover', allHosts: order })), cluster)
}

const failed = (...addresses: readonly string[]) => ({ addresses: { addresses: new Set(addresses) } })
const all = ['node1 a 1', 'node1 b 2']

type Case = readonly [name: string, flags: Flags, onNode2: readonly string[]]

const cases: readonly Case[] = [
  ['--limit node2', { hosts: ['node2'] }, ['node2: set a 1', 'node2: set b 2']],
  ['--limit node2 --only last', { hosts: ['node2'], only: ['last'] }, ['node2: set b 2']],
  ['--only last@node2', { only: ['last@node2'] }, ['node2: set b 2']],
  ['--limit node2 --from last', { hosts: ['node2'], from: 'last' }, ['node2: set b 2']],
  ['--limit node2 --to first', { hosts: ['node2'], to: 'first' }, ['node2: set a 1']],
  ['--limit node2 --tags late', { hosts: ['node2'], tags: ['late'] }, ['node2: set b 2']],
  ['--limit node2 --skip-tags early', { hosts: ['node2'], skipTags: ['early'] }, ['node2: set b 2']],
  ['--failed-of, both on node2', failed('test/first@node2', 'test/last@node2'), ['node2: set a 1', 'node2: set b 2']],
  ['--failed-of, one on node2', failed('test/last@node2'), ['node2: set b 2']],
]

describe.each(cases)('%s', (_name, flags, onNode2) => {
  it('is carried out where node1 is found in order by a look', async () => {
    const { exitCode, deeds } = await run(flags, all)
    expect({ exitCode, deeds }).toEqual({ exitCode: 0, deeds: onNode2 })
  })

  it.each([
    ['nothing is done on node1', [], 'test/first@node1'],
    ['one step on node1 is due', ['node1 a 1'], 'test/last@node1'],
    ['one step on node1 is not what it was', ['node1 a 1', 'node1 b 9'], 'test/last@node1'],
  ])('is refused where %s', async (_state, done, open) => {
    const refused = await run(flags, done)
    expect({ exitCode: refused.exitCode, deeds: refused.deeds }).toEqual({ exitCode: 1, deeds: [] })
    const [problem] = refused.of('step-ended').flatMap(({ problem: one }) => one ?? [])
    expect(problem).toMatchObject({ code: 'out-of-turn', host: 'node2' })
    expect(problem?.seen).toContain(open)
  })
})

it('what was left open on both nodes is done in the order of the list, and no more than that', async () => {
  const open = failed('test/last@node1', 'test/first@node2', 'test/last@node2')
  const { exitCode, deeds } = await run(open, ['node1 a 1'])
  expect({ exitCode, deeds }).toEqual({
    exitCode: 0,
    deeds: ['node1: set b 2', 'node2: set a 1', 'node2: set b 2'],
  })
})
