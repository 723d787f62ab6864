// Bringing the cluster resource to a node: what is due, what stands in the way, how it is waited for and measured.
import { describe, expect, it } from 'vitest'
import resourcePlace from '../../tasks/resource-place.ts'
import { answerOf, apply, isDown, problemOf, type Things } from '../kit/fake-world.ts'
import { lastTraceOf, traced } from '../kit/last-trace.ts'
import { type Row, scriptedHost } from '../kit/scripted-host.ts'

const seen = (state: string, node = '') => ({ type: 'resource' as const, state, node })
const ref = 'cluster-resource MSGR'
const members = { 'cluster-view members': { type: 'view' as const, members: ['node1', 'node2', 'node3'] } }
const here = { resource: 'MSGR' }
const away = { resource: 'MSGR', state: 'offline' }

describe('what is due', () => {
  it.each([
    ['it runs here', here, seen('Running', 'node1'), 'MSGR is Running node1'],
    ['it runs where it is wanted', { ...here, node: 'node2' }, seen('Running', 'node2'), 'MSGR is Running node2'],
    ['it is offline, and wanted so', away, seen('Offline'), 'MSGR is Offline'],
  ])('nothing when %s; where it was is told all the same', async (_, args, value, because) => {
    expect(await answerOf(resourcePlace, args, { things: { ...members, [ref]: value } })).toEqual({
      type: 'same',
      because,
      result: { before: { state: value.state, node: value.node } },
    })
  })

  it.each([
    ['online, nobody is served meanwhile that was before', here, seen('Offline'), seen('Running', 'node1'), undefined],
    ['online from nowhere', here, seen('Unassigned'), seen('Running', 'node1'), undefined],
    [
      'a move, and the agents are down meanwhile',
      here,
      seen('Running', 'node2'),
      seen('Running', 'node1'),
      'the agents are down, for how long is not known before',
    ],
    [
      'offline, and the agents are down',
      away,
      seen('Running', 'node2'),
      seen('Offline'),
      'the agents are down, until somebody brings it online',
    ],
    ['offline out of a coma', away, seen('Comatose', 'node2'), seen('Offline'), undefined],
  ])('%s', async (_, args, before, after, meanwhile) => {
    const answer = await answerOf(resourcePlace, args, { things: { ...members, [ref]: before } })
    expect(answer).toMatchObject({
      type: 'differs',
      changes: [{ kind: 'cluster-resource', key: 'MSGR', before, after }],
    })
    expect(answer.type === 'differs' && answer.changes[0]?.meanwhile).toBe(meanwhile)
  })
})

describe('what stands in the way', () => {
  describe('a node without the mount point', () => {
    const given = (kind: string) => ({ ...here, partition: { kind, device: '/dev/dat', volume: 'VOL', at: '/mnt/m' } })
    const place = { order: ['node1', 'node2'] }
    const by = { owner: 'root', group: 'root', mode: '0755' }
    const free = { 'storage /dev/dat': { present: true, uuid: 'u', mounts: [] } }
    const there = { ...members, ...free, 'file /mnt/m': { type: 'directory' as const, ...by } }
    const gone = { ...members, ...free, 'file /mnt/m': { type: 'absent' as const } }
    const asked = (kind: string, node2: Things) =>
      answerOf(resourcePlace, given(kind), {
        things: { ...there, [ref]: seen('Offline') },
        place,
        elsewhere: { node2 },
      })

    it('is found before anything moves, whichever is at hand: there its load script would end in a coma', async () => {
      expect(await problemOf(asked('plain', gone))).toMatchObject({
        code: 'mount-point-not-there',
        seen: 'node2: nothing at /mnt/m',
        state: 'nothing was moved',
      })
      expect(await asked('plain', there)).toMatchObject({ type: 'differs' })
    })

    it('gets it with an NSS volume', async () => {
      expect(await asked('nss', gone)).toMatchObject({ type: 'differs' })
    })
  })

  it('a cluster in which nobody else could ask: nothing is moved', async () => {
    const things = { 'cluster-view members': { type: 'view' as const, members: ['node1'] }, [ref]: seen('Offline') }
    const given = { ...here, address: '10.0.0.9', agents: [{ name: 'MA', probe: 'messaging', port: 8300 }] }
    const place = { order: ['node1', 'node2'] }
    expect(await problemOf(answerOf(resourcePlace, given, { things, place }))).toMatchObject({
      code: 'nobody-to-ask',
      seen: 'members: node1, says node1; none of node2 says so too',
      state: 'nothing was moved',
    })
    const view = { 'cluster-view members': { type: 'view' as const, members: place.order } }
    const alone = { 'cluster-view members': { type: 'view' as const, members: ['node2'] } }
    const with2 = (node2: Things) => ({ things: { ...things, ...view }, place, elsewhere: { node2 } })
    for (const node2 of [alone, isDown])
      expect(await problemOf(answerOf(resourcePlace, given, with2(node2)))).toMatchObject({ code: 'nobody-to-ask' })
    const whole = with2(view)
    expect(await answerOf(resourcePlace, given, whole)).toMatchObject({ type: 'differs' })
    expect(await answerOf(resourcePlace, given, { things, place: { order: ['node1'] } })).toMatchObject({
      type: 'differs',
    })
  })

  it.each([
    ['an alert', here, seen('Alert', ''), 'resource-moving', 'Cluster Services waits for an answer'],
    ['no quorum', here, seen('Quorum Wait'), 'resource-moving', 'bring up nodes until there is a quorum'],
    ['a load under way', here, seen('Loading', 'node2'), 'resource-moving', 'wait until it has come to rest'],
    ['an unload under way', away, seen('Unloading', 'node2'), 'resource-moving', 'wait until it has come to rest'],
    ['a name that nobody knows', here, { type: 'absent' as const }, 'resource-unknown', 'compare its name'],
    ['nodes that say nothing', here, { type: 'silent' as const }, 'resource-unknown', 'compare its name'],
    ['no cluster', here, { type: 'no-cluster' as const }, 'no-cluster', 'run this on the nodes'],
  ])('%s', async (_, args, value, code, help) => {
    const scene = { things: { ...members, [ref]: value } }
    expect(await problemOf(answerOf(resourcePlace, args, scene))).toMatchObject({
      code,
      help: expect.stringContaining(help),
    })
  })

  it('a node that is no member: nothing is moved', async () => {
    const things = { [ref]: seen('Offline'), 'cluster-view members': { type: 'view' as const, members: ['node2'] } }
    expect(await problemOf(answerOf(resourcePlace, here, { things }))).toMatchObject({
      code: 'not-a-member',
      seen: 'members: node2',
      state: 'nothing was moved',
    })
  })

  describe('a partition that is mounted by other means', () => {
    const partition = { kind: 'plain', device: '/dev/data' }
    const line = (source: string, uuid: string) => ({ source, at: '/mnt/messenger', fstype: 'ext4', uuid })
    const free = { 'storage /dev/data': { present: true, uuid: 'U', mounts: [line('/dev/root', 'R')] } }
    const taken = { 'storage /dev/data': { present: true, uuid: 'U', mounts: [line('/dev/sdx', 'U')] } }
    const scene = (value: object, elsewhere: Record<string, object>) => ({
      things: { ...members, ...free, [ref]: value },
      elsewhere,
    })
    const ask = (value: object, elsewhere: Record<string, object>) =>
      answerOf(resourcePlace, { ...here, partition }, scene(value, elsewhere) as never)

    it.each([
      ['offline', seen('Offline')],
      ['running on a third node', seen('Running', 'node2')],
    ])('keeps the resource from being brought here while it is %s', async (_, value) => {
      expect(await problemOf(ask(value, { node2: free, node3: taken }))).toMatchObject({
        code: 'partition-in-use',
        seen: 'node3: /dev/sdx is mounted at /mnt/messenger',
        state: 'nothing was moved',
      })
    })

    it('is none where the resource runs', async () => {
      expect(await ask(seen('Running', 'node2'), { node2: taken, node3: free })).toMatchObject({ type: 'differs' })
    })

    it('may be on a node that cannot be asked', async () => {
      const problem = await problemOf(ask(seen('Offline'), { node2: isDown, node3: free }))
      expect(problem.code).toBe('host-unreachable')
    })
  })

  const trace = lastTraceOf('MSGR')
  it.each([
    ['MSGR.load.out:\n+ false\nERROR: exit status 1: false', 'MSGR.load.out: ERROR: exit status 1: false'],
    ['MSGR.load.out:\n+ sleep 60\n', 'MSGR.load.out: + sleep 60'],
    ['MSGR.unload.out:\n+ umount /mnt\numount: busy\n+ exit 1', 'MSGR.unload.out: + umount /mnt'],
    ['', 'no trace can be read on node2'],
  ])('a coma, with the line that failed: %j', async (stdout, told) => {
    const things = { ...members, [ref]: seen('Comatose', 'node2') }
    const elsewhere = { node2: { [trace]: traced(stdout) } }
    expect(await problemOf(answerOf(resourcePlace, here, { things, elsewhere }))).toMatchObject({
      code: 'resource-comatose',
      seen: told,
      help: expect.stringContaining('take it offline first: `cluster offline MSGR`'),
    })
  })
})

const table = (row: string) => `Name State Node Lives\n${row}\n`
const resources = /LC_ALL=C cluster resources/
const answering = /^perl /
const alive = 'HTTP/1.0 200 OK\r\n\r\n&NM_A_SZ_RESULT_CODE=53505'
const dead = { exitCode: 1 }

const agents = [{ name: 'Messaging Agent', probe: 'messaging', port: 8300 }]
const measured = { ...here, agents, address: '10.0.0.9', answer_within: 1, within: 2 }
const running = [
  { kind: 'cluster-resource', key: 'MSGR', before: seen('Running', 'node2'), after: seen('Running', 'node1') },
]
const offline = [{ ...running[0], kind: 'cluster-resource', key: 'MSGR', before: seen('Offline'), after: null }]

const clusterView = (nodes: string) => `Cluster msgr1\nCluster nodes [${nodes}]\n`
const views = /LC_ALL=C cluster view/
const allMembers: Row = [views, clusterView('node1, node2, node3')]
const moving = (more: readonly Row[]): readonly Row[] => [[/^cluster /, ''], ...more, allMembers]
const firstDeed = (commands: readonly string[]) => commands.find(command => /^cluster /.test(command))

describe('the move', () => {
  it('is asked for, waited for, and measured from a node that has the address neither before nor after', async () => {
    const node1 = moving([
      [resources, [table('MSGR Unloading node2 3'), table('MSGR Loading node1 3'), table('MSGR Running node1 4')]],
      [answering, [dead, alive]],
    ])
    const node3 = scriptedHost([[answering, [alive, alive, dead, dead, alive]], allMembers], 'node3')
    const { host, result, told } = await apply(resourcePlace, measured, node1, {
      changes: running,
      others: { node3, node2: scriptedHost([], 'node2') },
    })
    expect(firstDeed(host.commands)).toBe('cluster migrate MSGR node1')
    expect(told).toEqual(['MSGR is Unloading node2', 'MSGR is Loading node1'])
    expect(result).toMatchObject({ before: { state: 'Running', node: 'node2' }, node: 'node1', asked_from: 'node3' })
    const { downtime_ms } = result as { downtime_ms: number } // its schema is tried in the lab
    expect(downtime_ms).toBeGreaterThan(150)
    expect(resourcePlace.tell?.(result ?? null)).toMatch(
      /^runs on node1; \d+\.\d s without an answer, asked from node3$/,
    )
  })

  it('begins when the one that watches has had an answer, however fast the agents are gone then', async () => {
    let silent = 0
    const move = {
      get stdout() {
        silent = 2
        return ''
      },
    }
    const node1: readonly Row[] = [
      [/^cluster /, move],
      allMembers,
      [resources, table('MSGR Running node1 4')],
      [answering, alive],
    ]
    const watching = scriptedHost([[answering, alive], allMembers], 'node3')
    const node3: typeof watching = {
      ...watching,
      async run(script, options) {
        const said = await watching.run(script, options)
        silent -= 1
        return silent < 0 ? said : { ...said, exitCode: 1, stdout: '' }
      },
    }
    const { result } = await apply(resourcePlace, measured, node1, {
      changes: running,
      others: { node3, node2: scriptedHost([], 'node2') },
    })
    expect(result).toMatchObject({ downtime_ms: expect.any(Number), asked_from: 'node3' })
  })

  it('has no downtime where nobody was served before', async () => {
    const node1 = moving([
      [resources, table('MSGR Running node1 4')],
      [answering, alive],
    ])
    const node2 = scriptedHost([[answering, [dead, alive]], allMembers], 'node2')
    const { host, result } = await apply(resourcePlace, measured, node1, { changes: offline, others: { node2 } })
    expect(firstDeed(host.commands)).toBe('cluster online MSGR node1')
    expect(result).not.toHaveProperty('downtime_ms')
    expect(resourcePlace.tell?.(result ?? null)).toBe('runs on node1')
  })

  it('is watched from a member of the cluster: the silence of another one would say nothing', async () => {
    const node1: readonly Row[] = [
      [/^cluster /, ''],
      [views, clusterView('node1, node3')],
      [resources, table('MSGR Running node1 4')],
      [answering, alive],
    ]
    const others = {
      node2: scriptedHost([], 'node2'),
      node3: scriptedHost([[answering, [dead, alive]], allMembers], 'node3'),
    }
    const { result } = await apply(resourcePlace, measured, node1, { changes: offline, others })
    expect(result).toMatchObject({ asked_from: 'node3' })
  })

  it('is not called one without announcement where the one that watched has left the cluster', async () => {
    const node1: readonly Row[] = [
      [/^cluster /, ''],
      [views, [clusterView('node1, node3'), clusterView('node1')]],
      [resources, table('MSGR Running node1 4')],
      [answering, alive],
    ]
    const node3 = scriptedHost([[answering, [alive, dead]], allMembers], 'node3')
    const problem = await problemOf(apply(resourcePlace, measured, node1, { changes: running, others: { node3 } }))
    expect(problem).toMatchObject({
      code: 'watcher-left',
      summary: 'node3, from which the agents were asked, is no member of the cluster any more',
      state: 'MSGR runs on node1',
    })
  })

  it('to nowhere is waited for too', async () => {
    const { host, result } = await apply(
      resourcePlace,
      away,
      moving([[resources, [table('MSGR Unloading node2 3'), table('MSGR Offline 3')]]]),
      { changes: running },
    )
    expect(firstDeed(host.commands)).toBe('cluster offline MSGR')
    expect(resourcePlace.tell?.(result ?? null)).toBe('offline')
  })

  it.each([
    ['elsewhere', table('MSGR Running node3 4'), 'resource-not-there', 'MSGR is Running node3'],
    ['not in time', table('MSGR Loading node1 4'), 'resource-not-there', 'MSGR is Loading node1'],
  ])('that ends %s is told with where it is', async (_, said, code, state) => {
    const node1 = moving([[resources, said]])
    const args = { ...here, within: 0.3 }
    expect(await problemOf(apply(resourcePlace, args, node1, { changes: running }))).toMatchObject({ code, state })
  })

  it('whose agents do not answer is told by their names', async () => {
    const node1 = moving([
      [resources, table('MSGR Running node1 4')],
      [answering, dead],
    ])
    const node3 = scriptedHost([[answering, dead], allMembers], 'node3')
    expect(
      await problemOf(apply(resourcePlace, measured, node1, { changes: running, others: { node3 } })),
    ).toMatchObject({
      code: 'agents-silent',
      seen: expect.stringContaining('Messaging Agent'),
      state: 'MSGR runs on node1',
    })
  })

  it.each([
    [
      'late',
      [alive, ...Array(8).fill(dead), alive],
      /^node3 reached the agents \d\.\d s after they answered on node1$/,
    ],
    ['never', [alive, dead], /^the agents answer on node1, and do not answer node3$/],
  ])('is not announced where another node finds the agents %s', async (_, replies, told) => {
    const node1 = moving([
      [resources, table('MSGR Running node1 4')],
      [answering, alive],
    ])
    const node3 = scriptedHost([[answering, replies], allMembers], 'node3')
    const args = { ...measured, answer_within: 3, announce_within: 0.2 }
    const problem = await problemOf(apply(resourcePlace, args, node1, { changes: running, others: { node3 } }))
    expect(problem).toMatchObject({ code: 'address-not-announced', state: 'MSGR runs on node1' })
    expect(problem.seen).toMatch(told)
  })
})
