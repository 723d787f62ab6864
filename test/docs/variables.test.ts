// docs/variables.md has the levels in their order: each pair of them is tried.
import { expect, it } from 'vitest'
import { readExtraVars } from '../../src/cli/extra-vars.ts'
import { carry } from '../kit/carry.ts'
import { outlined } from '../kit/language.ts'
import { memoryCluster } from '../kit/memory-cluster.ts'
import { readText } from './pages.ts'

const levels = [...readText('docs/variables.md').matchAll(/^\| `([\w-]+)` \|/gm)].map(([, level = '']) => level)
const known = [
  'inventory-group',
  'group_vars',
  'inventory-host',
  'host_vars',
  'play',
  'vars_files',
  'block-and-task',
  'loop',
  'given',
  'extra',
]

it('are those that there are', () => expect(levels.toSorted()).toEqual(known.toSorted()))

/** What a host sees of `it` where these levels give it, each with its own name as the value. */
const seen = async (given: readonly string[]): Promise<string> => {
  const at = (level: string, text: string) => (given.includes(level) ? text : '')
  const inventory = `
all:
  children:
    g:
      hosts: { node1: { x: 1${at('inventory-host', ', it: inventory-host')} } }
      vars: { x: 1${at('inventory-group', ', it: inventory-group')} }
`
  const playbook = `
- hosts: node1
  vars: { x: 1${at('play', ', it: play')} }
  vars_files: [v.yml]
  tasks:
    - { name: Give, set_fact: { x: 1${at('given', ', it: given')} } }
    - name: Told
      vars: { x: 1${at('block-and-task', ', it: block-and-task')} }
      keep: { key: a, value: "{{ it }}" }
      ${at('loop', 'loop: [loop]')}
      ${at('loop', 'loop_control: { loop_var: it }')}
`
  const besides = (['group', 'host'] as const).map(of => ({
    of,
    name: of === 'group' ? 'g' : 'node1',
    file: `${of}_vars/it.yml`,
    text: `x: 1\n${at(`${of}_vars`, `it: ${of}_vars`)}\n`,
  }))
  const { variables: extra } = await readExtraVars(given.includes('extra') ? ['it=extra'] : ['x=1'], '.')
  const files = { 'v.yml': `x: 1\n${at('vars_files', 'it: vars_files')}\n` }
  const cluster = memoryCluster(['node1'])
  await carry(outlined(playbook, { inventory, besides, files, inputs: { extra } }), cluster)
  return cluster.node('node1').things.get('a') ?? ''
}

const pairs = levels.flatMap((lower, at) => levels.slice(at + 1).map(higher => [higher, lower] as const))

it.each(pairs)('%s counts more than %s', async (higher, lower) => {
  expect(await seen([lower])).toBe(lower)
  expect(await seen([lower, higher])).toBe(higher)
})
