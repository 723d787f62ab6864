// The stand-in of Cluster Services: members, resources and their states; scripts that are only listened to.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Cluster, type DirectoryState, seed } from '../../lab/vendor/index.ts'
import { atThisPace } from '../kit/pace.ts'

const nodes = ['node1', 'node2', 'node3']
const dn = 'cn=MESSENGER,cn=msgr1,o=acme'

let state: DirectoryState
let cluster: Cluster
/** Each script that was carried out, as `load@node1`. */
let ran: string[]
/** What a script ends with; what is not here ends with 0, `dead` never ends before its node. */
let ends: Record<string, number | undefined>
/** What fails the next time that it is carried out, and then no more. */
let failsOnce: Set<string>
let cached: Record<string, string>

const runOn = async (node: string, argv: readonly string[], input?: string): Promise<number | undefined> => {
  const [script = '', seconds] = argv.slice(4)
  if (seconds === undefined) {
    cached[`${script}@${node}`] = input ?? ''
    return 0
  }
  const name = `${script.replace('MESSENGER.', '')}@${node}`
  ran.push(name)
  if (failsOnce.delete(name)) return 1
  return name in ends ? ends[name] : 0
}

const set = (attributes: Record<string, readonly string[]>, of = dn): void => {
  const { tree, entries } = state
  state = { tree, entries: { ...entries, [of]: { ...entries[of], ...attributes } } }
}

beforeEach(() => {
  state = seed({ nodes })
  ran = []
  ends = {}
  failsOnce = new Set()
  cached = {}
  cluster = new Cluster({ directory: () => state, runOn })
  for (const node of nodes) cluster.joined(node)
})

afterEach(() => cluster.restart())

/** Types commands on a node, and waits after each until nothing moves. @returns What the last one said. */
const type = async (...commands: readonly string[]): Promise<string> => {
  let last = ''
  for (const command of commands) {
    last = cluster.answer('node1', { argv: command.split(' ') }).text
    await cluster.settled()
  }
  return last
}

const row = (): string =>
  cluster
    .answer('node1', { argv: ['resources'] })
    .text.split('\n')
    .find(line => line.startsWith('MESSENGER'))
    ?.replace(/ +/g, ' ') ?? ''

const left = async (node: string): Promise<void> => {
  cluster.left(node)
  await cluster.settled()
}

describe('the commands', () => {
  it('show the cluster, and its resources', () => {
    expect(cluster.answer('node2', { argv: ['view'] }).text).toBe(
      'Cluster msgr1\nThis node node2 [epoch 3 master node node1]\nCluster nodes [node1, node2, node3]\n',
    )
    expect(cluster.answer('node2', { argv: ['resources'] }).text.replace(/ +/g, ' ')).toBe(
      'Name State Node Lives\nMaster_IP_Address_Resource Running node1 3\nMESSENGER Offline 0\n',
    )
  })

  it('have one more column with BCC', () => {
    const { text } = cluster.answer('node2', { argv: ['status', 'MESSENGER'], release: { bcc: '1' } })
    expect(text.replace(/ +/g, ' ')).toBe('Name State BCC Node Lives\nMESSENGER Offline No 0\n')
  })

  it('print the header alone on an old node that is not the master', () => {
    const lines = (node: string) =>
      cluster
        .answer(node, { argv: ['resources'], release: { header_only: '1' } })
        .text.trim()
        .split('\n').length
    expect([lines('node1'), lines('node2')]).toEqual([3, 1])
  })

  it.each([
    ['online', 'cluster: there is no resource \n'],
    ['online OTHER', 'cluster: there is no resource OTHER\n'],
    ['offline MESSENGER', 'cluster: MESSENGER is Offline\n'],
    ['migrate MESSENGER node2', 'cluster: MESSENGER is Offline\n'],
    ['online MESSENGER node4', 'cluster: node4 is no preferred node of MESSENGER\n'],
    ['alert MESSENGER yes', 'cluster: MESSENGER has no alert\n'],
  ])('refuse %s', (command, text) =>
    expect(cluster.answer('node1', { argv: command.split(' ') })).toEqual({ status: 1, text }),
  )

  it('are not answered to a node that is no member', async () => {
    await left('node3')
    expect(cluster.answer('node3', { argv: ['view'] })).toMatchObject({ status: 1 })
  })
})

describe('a resource', () => {
  it('comes online on its first preferred node, moves, and goes offline', async () => {
    await type('online MESSENGER')
    expect(row()).toBe('MESSENGER Running node1 1')
    await type('migrate MESSENGER node3')
    expect(row()).toBe('MESSENGER Running node3 2')
    await type('offline MESSENGER')
    expect(row()).toBe('MESSENGER Offline 2')
    expect(ran).toEqual(['load@node1', 'unload@node1', 'load@node3', 'unload@node3'])
  })

  it('comes online on the node that was named', async () => {
    await type('online MESSENGER node2')
    expect(row()).toBe('MESSENGER Running node2 1')
  })

  it('is comatose when its load script fails, and has to go offline first, whatever its unload script says', async () => {
    ends = { 'load@node1': 32, 'unload@node1': 32 }
    await type('online MESSENGER')
    expect(row()).toBe('MESSENGER Comatose node1 0')
    expect(await type('online MESSENGER')).toBe('cluster: MESSENGER is Comatose: it has to go offline first\n')
    ends = { 'unload@node1': 32 }
    await type('offline MESSENGER', 'online MESSENGER')
    expect(row()).toBe('MESSENGER Running node1 1')
  })

  it('is comatose when its unload script fails, and stays where it is', async () => {
    ends = { 'unload@node1': 1 }
    await type('online MESSENGER', 'migrate MESSENGER node2')
    expect(row()).toBe('MESSENGER Comatose node1 1')
    expect(ran).not.toContain('load@node2')
  })

  it('takes new scripts when it went offline and online, on every node', async () => {
    set({ nCSCRMLoadScript: ['one'] })
    await type('online MESSENGER')
    set({ nCSCRMLoadScript: ['two'] })
    await type('migrate MESSENGER node2')
    expect(cached).toMatchObject(Object.fromEntries(nodes.map(node => [`MESSENGER.load@${node}`, 'one'])))
    await type('offline MESSENGER', 'online MESSENGER')
    expect(cached).toMatchObject(Object.fromEntries(nodes.map(node => [`MESSENGER.load@${node}`, 'two'])))
  })

  it('waits for a quorum, unless it ignores it', async () => {
    set({ nCSQuorumTrigger: ['3'] }, 'cn=msgr1,o=acme')
    await left('node3')
    await type('online MESSENGER')
    expect(row()).toBe('MESSENGER Quorum Wait 0')
    cluster.joined('node3')
    await cluster.settled()
    expect(row()).toBe('MESSENGER Running node1 1')
    await type('offline MESSENGER')
    set({ nCSCRMIgnoreQuorum: ['1'] })
    await left('node3')
    await type('online MESSENGER')
    expect(row()).toBe('MESSENGER Running node1 2')
  })
})

describe('when its node dies', () => {
  it('a resource comes up on the next of its preferred nodes, and stays there when the node is back', async () => {
    set({ nCSCRMPreferredNodes: ['node1', 'node3', 'node2'] })
    await type('online MESSENGER')
    await left('node1')
    expect(cluster.answer('node2', { argv: ['view'] }).text).toContain('epoch 4 master node node2')
    cluster.joined('node1')
    await cluster.settled()
    expect(row()).toBe('MESSENGER Running node3 2')
    expect(ran).toEqual(['load@node1', 'load@node3'])
  })

  it('it goes back when failback is automatic', async () => {
    set({ nCSCRMFailbackMode: ['1'] })
    await type('online MESSENGER')
    await left('node1')
    cluster.joined('node1')
    await cluster.settled()
    expect(row()).toBe('MESSENGER Running node1 3')
  })

  it('it waits for a person when failover is by hand', async () => {
    set({ nCSCRMFailoverMode: ['0'] })
    await type('online MESSENGER node2')
    await left('node2')
    expect(row()).toBe('MESSENGER Alert 1')
    await type('alert MESSENGER yes')
    expect(row()).toBe('MESSENGER Running node1 2')
  })

  it('it has no node when none of its preferred nodes is there, and takes the first that comes', async () => {
    set({ nCSCRMPreferredNodes: ['node2', 'node3'] })
    await type('online MESSENGER')
    await left('node2')
    await left('node3')
    expect(row()).toBe('MESSENGER Unassigned 2')
    cluster.joined('node3')
    await cluster.settled()
    expect(row()).toBe('MESSENGER Running node3 3')
  })

  it.each([
    ['loading', ['online MESSENGER node2'], 'load@node2', 'MESSENGER Running node1 1'],
    [
      'unloading for a move',
      ['online MESSENGER node2', 'migrate MESSENGER node3'],
      'unload@node2',
      'MESSENGER Running node3 2',
    ],
    ['going offline', ['online MESSENGER node2', 'offline MESSENGER'], 'unload@node2', 'MESSENGER Offline 1'],
  ])('while it was %s', async (_, commands, script, row_) => {
    ends = { [script]: undefined }
    await type(...commands)
    await left('node2')
    expect(row()).toBe(row_)
  })
})

describe('after a restart of all nodes', () => {
  it('what was online comes online again where it was, and nothing else', async () => {
    expect(cluster.dump()).toEqual({})
    await type('online MESSENGER node2')
    const kept = cluster.dump()
    cluster.restart()
    for (const node of nodes) cluster.joined(node)
    expect(row()).toBe('MESSENGER Offline 0')
    cluster.load(kept)
    await cluster.settled()
    expect(row()).toBe('MESSENGER Running node2 1')
  })
})

describe('a shared volume', () => {
  const ask = (node: string, ...argv: string[]) => cluster.answer(node, { argv })
  it('is active on one node until that gives it back or dies', () => {
    expect(ask('node1', 'lock', 'shared').status).toBe(0)
    expect(ask('node1', 'lock', 'shared').status).toBe(0)
    expect(ask('node2', 'lock', 'shared')).toEqual({ status: 1, text: 'shared is active on node1\n' })
    ask('node2', 'unlock', 'shared')
    expect(ask('node2', 'lock', 'shared').status).toBe(1)
    ask('node1', 'unlock', 'shared')
    expect(ask('node2', 'lock', 'shared').status).toBe(0)
    cluster.left('node2')
    expect(ask('node3', 'lock', 'shared').status).toBe(0)
  })
})

describe('a resource that is monitored', () => {
  const monitored = (attributes: Record<string, readonly string[]> = {}) =>
    set({ nCSMonitorScript: ['exit_on_error rcnmma status'], nCSMonitorInterval: ['0.01'], ...attributes })
  const until = (wanted: string) => vi.waitFor(() => expect(row()).toBe(wanted), { timeout: atThisPace(2000) })

  it('stays as it is while its script ends well, which lies on each node beside the others', async () => {
    monitored()
    await type('online MESSENGER')
    await vi.waitFor(() => expect(ran.filter(name => name === 'monitor@node1').length).toBeGreaterThan(2))
    expect(row()).toBe('MESSENGER Running node1 1')
    expect(cached['MESSENGER.monitor@node3']).toBe('exit_on_error rcnmma status')
  })

  it('is unloaded and loaded on its node when its script fails, also where somebody stopped the agents by hand', async () => {
    monitored()
    failsOnce.add('monitor@node1')
    await type('online MESSENGER')
    await until('MESSENGER Running node1 2')
    expect(ran.slice(0, 4)).toEqual(['load@node1', 'monitor@node1', 'unload@node1', 'load@node1'])
  })

  it('is comatose after one failure more than is tolerated', async () => {
    monitored({ nCSMonitorFailures: ['1'] })
    ends = { 'monitor@node1': 1 }
    await type('online MESSENGER')
    await until('MESSENGER Comatose node1 2')
    expect(ran.filter(name => name === 'monitor@node1')).toHaveLength(2)
  })

  it('moves to the next node instead, and from the last to the first', async () => {
    monitored({ nCSMonitorFailures: ['0'], nCSMonitorAction: ['migrate'] })
    ends = { 'monitor@node2': 1, 'monitor@node3': 1 }
    await type('online MESSENGER node2')
    await until('MESSENGER Running node1 3')
  })

  it('is left alone once it is offline, and after a restart of the cluster', async () => {
    monitored()
    await type('online MESSENGER', 'offline MESSENGER')
    const before = ran.length
    await type('online MESSENGER')
    cluster.restart()
    await sleep(50)
    expect(ran.slice(before)).toEqual(['load@node1'])
  })
})
