// What a template sees beside the variables of its own host: those of others, files and the environment of this machine.
import { describe, expect, it } from 'vitest'
import { createLookups } from '../../src/cli/lookups.ts'
import { Secret } from '../../src/model/secret.ts'
import { secretsIn } from '../../src/template/tree.ts'
import { carry } from '../kit/carry.ts'
import { faults, lay, outlined } from '../kit/language.ts'
import { memoryCluster } from '../kit/memory-cluster.ts'

const inventory = `
all:
  hosts:
    node1: { rack: 7, door: "{{ inventory_hostname }}-{{ rack }}" }
    node2: { rack: 8, door: "{{ inventory_hostname }}-{{ rack }}", peer: "{{ hostvars['node1'].door }}" }
`
const told = (value: string) => `
- hosts: node2
  vars: { shade: deep }
  tasks: [{ name: Told, keep: { key: a, value: "v${value}" } }]
`
const deed = async (value: string, inputs = {}) =>
  (await carry(outlined(told(value), { inventory, inputs }), memoryCluster(['node1', 'node2']))).deeds[0]

describe('`hostvars`', () => {
  it.each([
    ["{{ hostvars['node1']['rack'] }}", 'node2: set a v7'],
    ['{{ hostvars.node1.door }}', 'node2: set a vnode1-7'],
    ['{{ hostvars[groups.all[0]].rack }}', 'node2: set a v7'],
    ['{{ peer }}', 'node2: set a vnode1-7'],
    ["{{ hostvars['node1'].shade }}", 'node2: set a vdeep'],
    ["{{ hostvars['node9'].rack | default('none') }}", 'node2: set a vnone'],
    ["{{ groups.all | map('extract', hostvars, 'rack') | join('-') }}", 'node2: set a v7-8'],
  ])('%s', async (value, line) => expect(await deed(value)).toBe(line))

  it('of a host or a variable that is not there is told before anything connects', () => {
    expect(faults(told("{{ hostvars['node9'].rack }}"), { inventory })).toContain(
      'The variable `hostvars.node9` is not defined',
    )
    expect(faults(told('{{ hostvars.node1.rak }}'), { inventory })).toContain(
      'The variable `hostvars.node1.rak` is not defined',
    )
  })
})

describe('`lookup`', () => {
  const find = (name: string) =>
    name === 'motd' ? { file: 'files/motd', bytes: Buffer.from('hello\n\n') } : { known: ['motd'] }
  const environment = (name: string) => ({ HOME: '/home/me', ADMIN_PASSWORD: 'geheim' })[name]
  const inputs = { lookups: createLookups(find, { environment }) }

  it.each([
    ["{{ lookup('file', 'motd') }}", 'node2: set a vhello'],
    ["{{ lookup('env', 'HOME') }}", 'node2: set a v/home/me'],
    ["{{ lookup('env', 'NO') | default('none', true) }}", 'node2: set a vnone'],
    ["{{ lookup('ansible.builtin.env', 'NO', default='other') }}", 'node2: set a vother'],
    ["{{ lookup('file', 'motd', rstrip=false) | length }}", 'node2: set a v7'],
    ["{{ lookup('file', 'motd', errors='ignore') }}", 'node2: set a vhello'],
    ["{{ lookup('file', 'mod', errors='ignore') is none }}", 'node2: set a vTrue'],
    ["{{ query('file', 'motd', 'motd') | join('+') }}", 'node2: set a vhello+hello'],
  ])('%s', async (value, line) => expect(await deed(value, inputs)).toBe(line))

  it('of a variable that is called a password gives a secret', () => {
    const outline = outlined("- hosts: node1\n  tasks: [{ say: { msg: \"{{ lookup('env', 'ADMIN_PASSWORD') }}\" } }]", {
      inputs,
    })
    const [node] = outline.plays[0]?.nodes ?? []
    const prepared = node?.type === 'step' ? node.prepare('node1', {}) : undefined
    expect(secretsIn(prepared?.type === 'due' ? prepared.args : undefined)).toEqual([expect.any(Secret)])
  })

  it.each([
    ["{{ lookup('file', 'mod') }}", 'There is no file mod beside the playbook'],
    ["{{ lookup('file', 'mod', errors='warn') }}", 'Its argument `errors` must be one of strict, ignore'],
    ["{{ lookup('pipe', 'date') }}", 'There is no lookup `pipe`'],
  ])('%s is told, with the way out', (value, said) =>
    expect(faults(told(value), { inventory, inputs })).toContain(said),
  )

  it('is nowhere where nobody gives it', () => {
    expect(lay(told("{{ lookup('env', 'HOME') }}"), { inventory }).problems.map(({ code }) => code)).toEqual([
      'template-failed',
    ])
  })
})

describe('the test `version`', () => {
  it.each([
    ["'2.10.1' is version('2.9', '>=')", 'True'],
    ["'2.9' is version('2.9')", 'True'],
    ["'1.0' is version('1.0.1', 'lt')", 'True'],
    ["'11.3rc1' is version('11.3', 'gt')", 'True'],
    ["'2.2' is version('2.2', '!=')", 'False'],
  ])('%s: %s', async (expression, said) => expect(await deed(`{{ ${expression} }}`)).toBe(`node2: set a v${said}`))
})
