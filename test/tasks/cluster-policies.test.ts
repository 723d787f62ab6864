// Preferred nodes and modes: compared, written in the form that is there or handed over, taken back.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Change } from '../../src/model/change.ts'
import type { Directory } from '../../src/task/directory.ts'
import clusterPolicies from '../../tasks/cluster-policies.ts'
import failoverList from '../../tasks/failover-list.ts'
import { type ClusterDirectory, cluster, resourceDn, standIn, whose } from '../kit/cluster-directory.ts'
import { answerOf, apply, problemOf, type Things } from '../kit/fake-world.ts'

const order = ['node1', 'node2', 'node3']
const turned = ['node2', 'node1', 'node3']
const policies = { type: 'policies', dn: resourceDn, preferred_nodes: order, failover_mode: '1', failback_mode: '0' }
const codes = { failover: { auto: '1', manual: '0' }, failback: { auto: '1', disable: '0' } }

const world = (seen: object = {}, names: readonly string[] = order): Things => ({
  [`cluster-policies MESSENGER of ${cluster}`]: { ...policies, ...seen },
  [`cluster-nodes ${cluster}`]: { type: 'nodes', names },
})
const absent = (missing: string): Things => ({
  [`cluster-policies MESSENGER of ${cluster}`]: { type: 'absent', missing },
})

describe('the policies', () => {
  const args = { ...whose, nodes: order }

  it('are the same, modes too', async () => {
    const wanted = { ...args, failover: 'auto', failback: 'disable', codes }
    expect(await answerOf(clusterPolicies, wanted, { things: world() })).toMatchObject({
      type: 'same',
      because: 'the directory says node1 → node2 → node3, failover auto, failback disable',
    })
  })

  it('are held against what is told alone: modes without nodes', async () => {
    const modes = (failback: string) => ({ ...whose, failover: 'auto', failback, codes })
    expect(await answerOf(clusterPolicies, modes('disable'), { things: world({ preferred_nodes: null }) })).toEqual({
      type: 'same',
      because: 'the directory says failover auto, failback disable',
    })
    expect(await answerOf(clusterPolicies, modes('auto'), { things: world() })).toMatchObject({
      type: 'differs',
      changes: [{ after: { ...policies, failback_mode: '1' } }],
    })
  })

  it('differ in order and mode, and keep their form', async () => {
    const wanted = { ...args, nodes: turned, failover: 'manual', codes }
    expect(await answerOf(clusterPolicies, wanted, { things: world() })).toMatchObject({
      type: 'differs',
      changes: [
        {
          kind: 'cluster-policies',
          before: policies,
          after: { ...policies, preferred_nodes: turned, failover_mode: '0' },
        },
      ],
    })
  })

  it('leave a mode alone of which nothing is said', async () => {
    const things = world({ failover_mode: { base64: 'AP8=' } })
    expect(await answerOf(clusterPolicies, args, { things })).toMatchObject({ type: 'same' })
  })

  it.each<[string, object, Things, string]>([
    ['a mode without codes', { failover: 'manual' }, world(), 'value-not-understood'],
    [
      'a mode whose code is not told',
      { failover: 'manual', codes: { failover: { auto: '1' } } },
      world(),
      'value-not-understood',
    ],
    ['a mode that is not set', { failback: 'auto', codes }, world({ failback_mode: null }), 'attribute-not-set'],
    ['nodes in a form of their own', {}, world({ preferred_nodes: 'node1#1#0' }), 'value-not-understood'],
    ['no nodes', {}, world({ preferred_nodes: null }), 'attribute-not-set'],
    ['a node that is none', {}, world({}, ['node1', 'node2']), 'node-not-in-cluster'],
    ['no resource', {}, absent('resource'), 'cluster-object-not-found'],
    ['no cluster', {}, absent('cluster'), 'cluster-object-not-found'],
    [
      'two resources',
      {},
      { [`cluster-policies MESSENGER of ${cluster}`]: { type: 'several', dns: ['cn=a', 'cn=b'] } },
      'cluster-object-found-twice',
    ],
  ])('are not guessed: %s', async (_, more, things, code) => {
    expect(await problemOf(answerOf(clusterPolicies, { ...args, ...more }, { things }))).toMatchObject({ code })
  })

  it('are refused for a name that no resource can have', () => {
    for (const resource of ['MSG-R', 'a b', '', 'x'.repeat(64)])
      expect(clusterPolicies.args.safeParse({ ...args, resource }).success).toBe(false)
  })

  it('handed over and not understood, rest on a word', async () => {
    const wanted = { ...args, failover: 'auto', by: 'hand' }
    expect(await answerOf(clusterPolicies, wanted, { things: world() })).toMatchObject({
      type: 'differs',
      changes: [{ after: { unknown: true } }],
    })
    expect(await answerOf(clusterPolicies, wanted, { things: world(), receipt: 'stands' })).toMatchObject({
      type: 'same',
    })
  })

  it('are a step by hand for a reviewer only where they are handed over', () => {
    const parsed = (more: object) => clusterPolicies.args.parse({ ...args, failover: 'auto', ...more })
    expect(clusterPolicies.byHand?.(parsed({}))).toBeUndefined()
    expect(clusterPolicies.byHand?.(parsed({ by: 'hand' }))?.text).toBe(
      [
        'In iManager, Clusters > Cluster Options > cn=msgr1,o=acme > MESSENGER > Details, set:',
        'Preferred Nodes: node1, node2, node3, in this order and no others',
        'General > Policies, Failover Mode: auto',
      ].join('\n'),
    )
  })
})

describe('carried out', () => {
  let there: ClusterDirectory
  beforeEach(async () => {
    there = await standIn()
  })
  afterEach(() => there.close())

  const change = { kind: 'cluster-policies', key: `MESSENGER of ${cluster}`, before: policies } as const
  const changes: readonly Change[] = [
    { ...change, after: { ...policies, preferred_nodes: turned, failback_mode: '1' } },
  ]
  const args = { ...whose, nodes: turned, failback: 'auto', codes }

  it('they are written in their order, the revision is raised, and undo brings back what was there', async () => {
    await apply(clusterPolicies, args, [], { changes, directory: there.directory })
    expect(await there.values('nCSCRMPreferredNodes')).toEqual(turned)
    expect(await there.values('nCSCRMFailbackMode')).toEqual(['1'])
    expect(await there.values('nCSRevision')).toEqual(['4'])
    await apply(clusterPolicies, args, [], { changes, directory: there.directory, undo: true })
    expect(await there.values('nCSCRMPreferredNodes')).toEqual(order)
    expect(await there.values('nCSCRMFailbackMode')).toEqual(['0'])
    expect(await there.values('nCSRevision')).toEqual(['5'])
  })

  it('by hand, the person is asked until the directory says the same, and nothing is written', async () => {
    await there.set({ nCSCRMPreferredNodes: turned })
    let looks = 0
    const directory: Directory = {
      ...there.directory,
      async search(question) {
        if (question.where?.equals === 'MESSENGER' && ++looks === 2) await there.set({ nCSCRMFailbackMode: ['1'] })
        return there.directory.search(question)
      },
    }
    const { told } = await apply(clusterPolicies, { ...args, by: 'hand' }, [], { changes, directory, typed: ['', ''] })
    const asked = told.filter(text => text.startsWith('By hand'))
    expect(asked).toHaveLength(2)
    expect(asked[0]).toContain('Preferred Nodes: node2, node1, node3, in this order and no others')
    expect(asked[1]).toContain('Not done yet: still otherwise in the directory: failback_mode')
    expect(await there.values('nCSRevision')).toEqual(['3'])
  })

  it('by hand, it is taken back by hand: what is to stand there is told as the directory has it', async () => {
    const { told } = await apply(clusterPolicies, { ...args, by: 'hand' }, [], {
      changes,
      directory: there.directory,
      typed: [''],
      undo: true,
    })
    expect(told.join('\n')).toContain('Preferred Nodes (nCSCRMPreferredNodes):\nnode1\nnode2\nnode3')
    expect(await there.values('nCSRevision')).toEqual(['3'])
  })

  it('by hand, it waits for somebody where nobody is there, and says what is still otherwise', async () => {
    const waiting = apply(clusterPolicies, { ...args, by: 'hand' }, [], {
      changes,
      directory: there.directory,
      typed: [''],
    })
    expect(await problemOf(waiting)).toMatchObject({
      code: 'waits-for-person',
      seen: 'still otherwise in the directory: preferred_nodes, failback_mode',
      exit: 5,
    })
  })
})

describe('the failover list', () => {
  const answer = (preferred_nodes: string | readonly string[], more: object = {}) =>
    answerOf(failoverList, { ...whose, nodes: order, ...more }, { things: world({ preferred_nodes }) })

  it('is that of the cluster', async () => {
    expect(await answer(order)).toEqual({ type: 'same', because: 'the cluster has node1 → node2 → node3' })
  })

  it('is another: a problem that names both', async () => {
    expect(await problemOf(answer(['node1', 'node3', 'node2']))).toMatchObject({
      code: 'failover-list-differs',
      seen: 'node1 → node3 → node2 (cluster)',
      wanted: 'node1 → node2 → node3 (inventory)',
    })
  })

  it('counts by its preferred node alone where that is asked', async () => {
    expect(await answer(['node1', 'node3'], { whole: false })).toMatchObject({ type: 'same' })
    expect(await problemOf(answer(turned, { whole: false }))).toMatchObject({ code: 'preferred-node-differs' })
  })

  it('counts in any order where its nodes alone are asked for: a resource comes to no other node', async () => {
    expect(await answer(turned, { order: false })).toMatchObject({ type: 'same' })
    expect(await problemOf(answer(['node1', 'node3'], { order: false }))).toMatchObject({
      code: 'node-not-preferred',
      seen: 'node1 → node3 (cluster)',
    })
    expect(await answer('node1#1', { order: false })).toMatchObject({ type: 'same' })
  })

  it('of one node can be compared, though nobody could write a second one beside it', async () => {
    expect(await problemOf(answer('node1'))).toMatchObject({ code: 'failover-list-differs', seen: 'node1 (cluster)' })
    expect(await answer('node1', { whole: false })).toMatchObject({ because: 'the cluster prefers node1' })
  })

  it('that cannot be read is told, and refuses nothing: nobody knows that it differs', async () => {
    expect(await problemOf(answer('node1#1'))).toMatchObject({ code: 'value-not-understood' })
    expect(await answer('node1#1', { whole: false })).toMatchObject({ type: 'same' })
  })

  it('with a node that is none is refused', async () => {
    const things = world({}, ['node1', 'node2'])
    for (const whole of [true, false])
      expect(await problemOf(answerOf(failoverList, { ...whose, nodes: order, whole }, { things }))).toMatchObject({
        code: 'node-not-in-cluster',
      })
  })
})
