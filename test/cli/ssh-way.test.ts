// How a node is reached: what counts more than what, who is gone through, and what of it is a risk.
import { describe, expect, it } from 'vitest'
import type { ReachableTarget } from '../../src/cli/connections.ts'
import { risksOnTheWay } from '../../src/cli/risks.ts'
import type { Settings } from '../../src/cli/settings.ts'
import { sshWay } from '../../src/cli/ssh-way.ts'
import type { Surroundings } from '../../src/cli/surroundings.ts'
import { createTargets } from '../../src/cli/targets.ts'
import { parseInventory } from '../../src/inventory/parse.ts'
import type { Outline } from '../../src/plan/outline.ts'

const settings = { site: '/site', hostKeyChecking: undefined } as Settings // no other of them is asked

/** Somebody with this `~/.ssh/config`. */
const around = (config: string, variables: Readonly<Record<string, string>> = {}): Surroundings =>
  ({
    agent: '/run/agent',
    environment: (name: string) => variables[name],
    sshConfig: { files: [{ path: 'config', text: config }], included: () => [] },
  }) as unknown as Surroundings // no stream of it is asked

const wayTo = (host: string, config: string, more: Partial<Settings> = {}) =>
  sshWay({ host }, { settings: { ...settings, ...more }, around: around(config) })

const targetsOf = async (inventory: string, config = ''): Promise<(host: string) => ReachableTarget> => {
  const read = parseInventory({ file: 'nodes.yml', text: inventory })
  expect(read.problems).toEqual([])
  return createTargets(read, { settings, around: around(config), passwords: {} }).open()
}

describe('hosts on the way', () => {
  const jumpsOf = (config: string) =>
    wayTo('node1', config).target.jumps?.map(({ user, address, port }) => `${user}@${address}:${port}`)

  it.each([
    [
      'one, with its own address, port and user',
      'Host node1\n ProxyJump gate\nHost gate\n HostName 10.0.0.9\n Port 2222\n User ops',
      ['ops@10.0.0.9:2222'],
    ],
    ['two, in the order written', 'Host node1\n ProxyJump ops@outer,ops@inner:23', ['ops@outer:22', 'ops@inner:23']],
    [
      'one that has one itself',
      'Host node1\n ProxyJump ops@inner\nHost inner\n ProxyJump ops@outer',
      ['ops@outer:22', 'ops@inner:22'],
    ],
    ['one by an IPv6 address', 'Host node1\n ProxyJump ops@[::1]:23', ['ops@::1:23']],
  ])('%s', (_, config, jumps) => {
    expect(jumpsOf(config)).toEqual(jumps)
  })

  it('in a circle are a problem, before anything connects', () => {
    const { problems } = wayTo('node1', 'Host node1\n ProxyJump gate\nHost gate\n ProxyJump node1')
    expect(problems.map(({ code, fields }) => [code, fields.seen])).toEqual([
      ['jump-in-circles', 'node1 → gate → node1'],
    ])
  })
})

describe('what becomes of an unknown host key', () => {
  it.each<[string, string, Partial<Settings>, string]>([
    ['unless told otherwise', '', {}, 'strict'],
    ['by ~/.ssh/config', 'StrictHostKeyChecking ask', {}, 'ask'],
    ['by run.yml, which counts more', 'StrictHostKeyChecking ask', { hostKeyChecking: 'accept-new' }, 'accept-new'],
  ])('%s', (_, config, more, checking) => {
    expect(wayTo('node1', config, more).target.hostKeyChecking).toBe(checking)
  })

  it('by the inventory, which counts most', async () => {
    const targetOf = await targetsOf(
      'all: { hosts: { node1: { ansible_host_key_checking: ask } } }',
      'StrictHostKeyChecking accept-new',
    )
    expect(targetOf('node1').hostKeyChecking).toBe('ask')
  })
})

describe('old algorithms', () => {
  const risks = async (inventory: string, config = '') => {
    const outline = { order: ['node1', 'node2'], plays: [] } as unknown as Outline // only its hosts are asked
    return risksOnTheWay({ outline, targetOf: await targetsOf(inventory, config), risks: [] })
  }
  const old = /^reached with SSH algorithms that are not safe any more: ssh-rsa, diffie-hellman-group-exchange-sha1, /

  it('are a risk of the one host that asks for them in the inventory', async () => {
    expect(await risks('all: { hosts: { node1: {}, node2: { ansible_legacy_algorithms: true } } }')).toEqual([
      { host: 'node2', text: expect.stringMatching(old) },
    ])
  })

  it('are one where ~/.ssh/config asks for them', async () => {
    const config = 'Host node1\n KexAlgorithms +diffie-hellman-group14-sha1'
    expect(await risks('all: { hosts: { node1: {}, node2: {} } }', config)).toEqual([
      { host: 'node1', text: 'reached with SSH algorithms that are not safe any more: diffie-hellman-group14-sha1' },
    ])
  })

  it('are one of each node that is reached through a host that needs them', async () => {
    const config = 'Host node2\n ProxyJump gate\nHost gate\n Ciphers +aes128-cbc'
    expect(await risks('all: { hosts: { node1: {}, node2: {} } }', config)).toEqual([
      { host: 'node2', text: 'reached through gate, with SSH algorithms that are not safe any more: aes128-cbc' },
    ])
  })

  it('are none where nobody asks', async () => {
    expect(await risks('all: { hosts: { node1: {}, node2: {} } }')).toEqual([])
  })
})
