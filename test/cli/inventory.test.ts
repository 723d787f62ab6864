// `run inventory …`: what an inventory comes to, in the order as written, and what it does not have.
import { expect, it } from 'vitest'
import { siteOf } from './scratch-site.ts'

const inventory = `
cluster: { name: msgr1, failover_list: [bob, ada] }
all:
  hosts: { cid: }
  vars: { door: "{{ inventory_hostname }}-door", key: { secret: file:key.txt } }
  children:
    agents:
      hosts: { bob: { door: own }, ada: }
      children: { tests: { hosts: { "dan[1:2]": } } }
`.trimStart()

const site = () => siteOf({ 'inventory.yml': inventory, 'key.txt': 'canary-in-the-inventory' })

it.each([
  [['list'], 'cid\nbob\nada\ndan1\ndan2\n'],
  [['list', 'agents:!tests'], 'bob\nada\n'],
  [['order'], '1  bob\n2  ada\n'],
  [
    ['graph'],
    'all:\n  cid\n  agents:\n    bob\n    ada\n    tests:\n      dan1\n      dan2\nfailover_list:\n  bob\n  ada\n',
  ],
  [
    ['graph', '--screen-reader'],
    'Group all: 1 host, cid; 1 group, agents.\nGroup agents: 2 hosts, bob, ada; 1 group, tests.\nGroup tests: 2 hosts, dan1, dan2.\nGroup failover_list: 2 hosts, bob, ada.\n',
  ],
])('run inventory %s', async (words, stdout) => {
  expect(await site()('inventory', ...words)).toEqual({ status: 0, stdout, stderr: '' })
})

it('run inventory host tells the variables of one, with secrets masked', async () => {
  const { status, stdout } = await site()('inventory', 'host', 'dan1')
  expect(status).toBe(0)
  expect(JSON.parse(stdout)).toEqual({ door: 'dan1-door', key: '••••••', group_names: ['agents', 'tests'] })
})

it('run inventory host knows what a lab says of its nodes', async () => {
  const ofLab =
    'provider: lab\nall: { hosts: { node1: { at: "{{ lab_network }}.9", own: "{{ lab_has_own_network }}" } } }\n'
  const { status, stdout } = await siteOf({ 'inventory.yml': ofLab })('inventory', 'host', 'node1')
  expect(status).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ at: expect.stringMatching(/^[\d.]+\.9$/), own: expect.any(Boolean) })
})

it.each([
  [['list', 'agnets'], 'agents'],
  [['host', 'bab'], 'bob'],
])('run inventory %s says what was meant', async (words, meant) => {
  const { status, stderr } = await site()('inventory', ...words)
  expect([status, stderr]).toEqual([2, expect.stringContaining(`did you mean \`${meant}\`?`)])
})
