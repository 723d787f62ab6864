// Whether the cluster resource is whole where it runs, and nothing of it is elsewhere: all findings at once.
import { describe, expect, it } from 'vitest'
import type { Json } from '../../src/model/json.ts'
import installation from '../../tasks/installation.ts'
import resourceState from '../../tasks/resource-state.ts'
import resourceWhole from '../../tasks/resource-whole.ts'
import sameUid from '../../tasks/same-uid.ts'
import { answerOf, isDown, problemOf, type Things } from '../kit/fake-world.ts'

const device = '/dev/messenger/data'
const at = '/mnt/messenger'
const root = { source: '/dev/sda1', at: '/', fstype: 'ext3', uuid: 'root' }
const itself = { source: device, at, fstype: 'ext4', uuid: 'u1' }
const answer = (probe: string, port: number) => `agent-answer ${probe} 10.0.0.9 ${port} 1`

type Node = {
  readonly mounts?: readonly object[]
  readonly address?: boolean
  readonly count?: number
  readonly answers?: boolean
}

const view = (...members: readonly string[]): Things => ({
  'cluster-view members': { type: 'view', members: [...members] },
})

const all = view('node1', 'node2', 'node3')

const nodeWith = ({ mounts = [], address = false, count = 0, answers = true }: Node): Things => ({
  [`storage ${device}`]: { present: true, uuid: 'u1', mounts: [root, ...mounts] } as Json,
  'addresses all': { ips: ['127.0.0.1', ...(address ? ['10.0.0.9'] : [])] },
  'process nmma': { count, users: [] },
  'process nmaa': { count, users: [] },
  [answer('messaging', 8300)]: { answers },
  [answer('archive', 8310)]: { answers },
})

const whole: Node = { mounts: [itself], address: true, count: 1 }
const args = {
  resource: 'MSGR',
  partition: { kind: 'plain', device, at },
  address: '10.0.0.9',
  agents: [
    { name: 'Messaging Agent', probe: 'messaging', port: 8300, process: 'nmma' },
    { name: 'Archive Agent', probe: 'archive', port: 8310, process: 'nmaa' },
  ],
}
const runs = { 'cluster-resource MSGR': { type: 'resource' as const, state: 'Running', node: 'node1' } }
const rests = { 'cluster-resource MSGR': { type: 'resource' as const, state: 'Offline', node: '' } }

const scene = (resource: Things, one: Node, two: Node = {}, more: Things = {}) => ({
  things: { ...resource, ...all, ...nodeWith(one), ...more },
  elsewhere: { node2: { ...all, ...nodeWith(two) }, node3: { ...all, ...nodeWith({}) } },
})

it('is not whole where a node without openssl saw no more than a connection', async () => {
  const only = { answers: true, only: 'connection' }
  const { things, elsewhere } = scene(runs, whole)
  const asked = { ...things, [answer('messaging', 8300)]: only }
  expect(await problemOf(answerOf(resourceWhole, args, { things: asked, elsewhere }))).toMatchObject({
    code: 'resource-not-whole',
    seen: 'asked from node1 over 10.0.0.9, nothing but a connection (node1 has no openssl): Messaging Agent',
  })
})

describe('a cluster resource', () => {
  it.each([
    [
      'whole',
      args,
      scene(runs, whole),
      'MSGR is Running node1: mounted there and on none of 2 others, 2 agents answer over 10.0.0.9',
    ],
    ['offline', args, scene(rests, {}), 'MSGR is offline, and nothing of it is on any of 3 nodes'],
    [
      'with what was written before',
      { ...args, on: 'node1', marker: { path: '/mnt/messenger/.m', text: 'x' } },
      scene(runs, whole, {}, { 'text /mnt/messenger/.m': { type: 'text', text: 'x' } }),
      'MSGR is Running node1: mounted there and on none of 2 others, 2 agents answer over 10.0.0.9, what was written before is there',
    ],
  ])('that is %s', async (_, given, world, because) => {
    expect(await answerOf(resourceWhole, given, world)).toEqual({ type: 'same', because })
  })

  it.each<[string, object, ReturnType<typeof scene>, readonly string[]]>([
    [
      'without anything, though it runs',
      args,
      scene(runs, { answers: false }, {}),
      [
        'node1: not so: the partition is mounted at /mnt/messenger',
        'node1: not so: 10.0.0.9 is there',
        'node1: not so: Messaging Agent: a process nmma runs',
        'node1: not so: Archive Agent: a process nmaa runs',
        'asked from node1 over 10.0.0.9, no answer: Messaging Agent, Archive Agent',
      ],
    ],
    [
      'that is also elsewhere',
      args,
      scene(runs, whole, { ...whole, mounts: [{ ...itself, at: '/other' }] }),
      [
        'node2: the partition is mounted at /other, though the resource is not there',
        'node2: 10.0.0.9 is there, though the resource is not there',
        'node2: Messaging Agent: a process nmma runs, though the resource is not there',
        'node2: Archive Agent: a process nmaa runs, though the resource is not there',
      ],
    ],
    [
      'that is mounted twice',
      args,
      scene(runs, { ...whole, mounts: [itself, { ...itself, at: '/other' }] }),
      ['node1: the partition is mounted 2 times'],
    ],
    [
      'of which something runs, though it is offline',
      args,
      scene(rests, { count: 1 }),
      [
        'node1: Messaging Agent: a process nmma runs, though the resource is not there',
        'node1: Archive Agent: a process nmaa runs, though the resource is not there',
      ],
    ],
    [
      'on another node than it should be',
      { ...args, on: 'node2' },
      scene(runs, whole),
      ['MSGR is Running node1, not on node2'],
    ],
    [
      'that lost what was written before',
      { ...args, marker: { path: '/mnt/messenger/.m', text: 'x' } },
      scene(runs, whole, {}, { 'text /mnt/messenger/.m': { type: 'absent' } }),
      ['/mnt/messenger/.m does not hold what was written before'],
    ],
    [
      'that waits for an answer',
      args,
      scene({ 'cluster-resource MSGR': { type: 'resource', state: 'Alert', node: '' } }, {}),
      ['MSGR is Alert'],
    ],
  ])('%s', async (_, given, world, findings) => {
    expect(await problemOf(answerOf(resourceWhole, given, world))).toMatchObject({
      code: 'resource-not-whole',
      seen: findings.join('\n'),
    })
  })
})

describe('a node outside of the cluster', () => {
  it.each([
    ['by the word of the others', view('node1', 'node3'), all],
    ['by its own', all, view('node2')],
  ])(
    '%s is a finding and asks nobody, since its silence would be taken for that of the agents',
    async (_, ours, its) => {
      const world = {
        things: { ...runs, ...ours, ...nodeWith(whole) },
        elsewhere: { node2: { ...its, ...nodeWith({ answers: false }) }, node3: { ...all, ...nodeWith({}) } },
      }
      expect(await problemOf(answerOf(resourceWhole, args, world))).toMatchObject({
        seen: 'node2: not in one cluster with node1, by the word of one of them',
      })
    },
  )
})

describe('a node that is down', () => {
  it('is a finding, and another one asks the agents', async () => {
    const world = {
      things: { ...runs, ...view('node1', 'node3'), ...nodeWith(whole) },
      elsewhere: { node2: isDown, node3: { ...all, ...nodeWith({ answers: false }) } },
    }
    expect(await problemOf(answerOf(resourceWhole, args, world))).toMatchObject({
      seen: [
        'node2: not in one cluster with node1, by the word of one of them',
        'node2: it cannot be told: node2 cannot be reached',
        'asked from node3 over 10.0.0.9, no answer: Messaging Agent, Archive Agent',
      ].join('\n'),
    })
  })
})

describe('the node that it runs on', () => {
  it('is what the verification ends with where it is down', async () => {
    const world = {
      things: {
        'cluster-resource MSGR': { type: 'resource' as const, state: 'Running', node: 'node2' },
        ...all,
        ...nodeWith({}),
      },
      elsewhere: { node2: isDown, node3: { ...all, ...nodeWith({}) } },
    }
    expect(await problemOf(answerOf(resourceWhole, args, world))).toMatchObject({ code: 'host-unreachable' })
  })
})

describe('what is told of the state', () => {
  it('is the state and the node', async () => {
    expect(await answerOf(resourceState, { resource: 'MSGR' }, { things: runs })).toEqual({
      type: 'same',
      because: 'MSGR is Running node1',
      result: { state: 'Running', node: 'node1' },
    })
  })

  it('is nothing of a resource that nobody knows', async () => {
    const things = { 'cluster-resource MSGR': { type: 'absent' as const } }
    expect(await problemOf(answerOf(resourceState, { resource: 'MSGR' }, { things }))).toMatchObject({
      code: 'resource-unknown',
    })
  })
})

const knows = (uid: number): Things => ({ 'user nvlmsgr': { type: 'user', uid, group: 'g' } })

describe('one uid', () => {
  it('is told with its number', async () => {
    const world = { things: knows(6001), elsewhere: { node2: knows(6001), node3: knows(6001) } }
    expect(await answerOf(sameUid, { name: 'nvlmsgr' }, world)).toEqual({
      type: 'same',
      because: 'nvlmsgr is uid 6001 on 3 nodes',
    })
  })

  it.each<[string, Things, string]>([
    ['another number', knows(6002), 'node1: 6001\nnode2: 6002\nnode3: 6001'],
    ['none', { 'user nvlmsgr': { type: 'absent' } }, 'node1: 6001\nnode2: unknown\nnode3: 6001'],
  ])('is not there where a node has %s', async (_, node2, seen) => {
    const world = { things: knows(6001), elsewhere: { node2, node3: knows(6001) } }
    expect(await problemOf(answerOf(sameUid, { name: 'nvlmsgr' }, world))).toMatchObject({ code: 'uid-differs', seen })
  })

  it('is not there where no node knows the user', async () => {
    const nobody: Things = { 'user nvlmsgr': { type: 'absent' } }
    const world = { things: nobody, elsewhere: { node2: nobody, node3: nobody } }
    expect(await problemOf(answerOf(sameUid, { name: 'nvlmsgr' }, world))).toMatchObject({ code: 'uid-differs' })
  })
})

describe('an installation', () => {
  const there = { type: 'file' as const, owner: 'root', group: 'root', mode: '0755' }
  const given = { package: 'msgr', paths: ['/one', '/two'] }

  it('is there', async () => {
    const things = {
      'package msgr': { type: 'installed' as const, version: '2' },
      'file /one': there,
      'file /two': there,
    }
    expect((await answerOf(installation, given, { things })).type).toBe('same')
  })

  it('is told by all that is missing', async () => {
    const things = {
      'package msgr': { type: 'absent' as const },
      'file /one': there,
      'file /two': { type: 'absent' as const },
    }
    expect(await problemOf(answerOf(installation, given, { things }))).toMatchObject({
      code: 'not-installed',
      seen: 'missing: package msgr, /two',
    })
  })
})
