// The tasks that keep something in the directory, whole: looked at, made, looked at again and taken back, on a real server.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer } from '../../src/model/answer.ts'
import { hostDollar } from '../../src/shell/dollar.ts'
import { readNow } from '../../src/task/resource.ts'
import type { Task } from '../../src/task/task.ts'
import type { World } from '../../src/task/world.ts'
import clusterPolicies from '../../tasks/cluster-policies.ts'
import clusterScripts from '../../tasks/cluster-scripts.ts'
import directoryAttribute from '../../tasks/directory-attribute.ts'
import failoverList from '../../tasks/failover-list.ts'
import {
  agentDn,
  type ClusterDirectory,
  resourceDn,
  slapdWithCluster,
  standIn,
  whose,
} from '../kit/cluster-directory.ts'
import { settingsOf, storages, templateOf } from '../kit/cluster-scripts.ts'
import { apply, problemOf } from '../kit/fake-world.ts'
import { scriptedHost } from '../kit/scripted-host.ts'
import { hasSlapd } from '../transport/directory/slapd.ts'

const codes = { failover: { auto: '1', manual: '0' }, failback: { auto: '1', disable: '0' } }
const below = 'cn=Service,o=acme'
const wanted = '/mnt/messenger/queue'
const path = { below, instead_of: '/var/opt/queue', value: wanted }
const scripts = {
  ...whose,
  load_script: templateOf('load script'),
  unload_script: templateOf('unload script'),
  settings: settingsOf(storages.plain),
  unload_timeout: 300,
}
const policies = { ...whose, nodes: ['node3', 'node1', 'node2'], failback: 'auto', codes }

const keepers: readonly (readonly [string, Task, object, string])[] = [
  ['a path of the agents', directoryAttribute, path, agentDn],
  ['the scripts and a timeout', clusterScripts, scripts, resourceDn],
  ['preferred nodes and modes', clusterPolicies, policies, resourceDn],
]

describe.each([
  ['the stand-in of the lab', standIn, true],
  ["OpenLDAP's server", slapdWithCluster, hasSlapd],
] as const)('%s', (_, start, isThere) => {
  describe.skipIf(!isThere)('keeps', () => {
    let there: ClusterDirectory
    beforeAll(async () => {
      there = await start()
    })
    afterAll(() => there?.close())

    const entryOf = async (dn: string) => (await there.directory.search({ base: dn, scope: 'base' }))?.[0]?.attributes
    const without = (attributes: object | undefined) => ({ ...attributes, nCSRevision: 'any' })

    const check = (task: Task, args: object): Promise<Answer> => {
      const $ = hostDollar(scriptedHost([]))
      const world: World = {
        host: 'node1',
        look: ref => readNow($, ref, there.directory),
        lookIfKnown: async ref => ({ known: true, value: await readNow($, ref, there.directory) }),
        at: () => world,
      }
      const nobody = () => Promise.reject(new Error('nothing is proved here'))
      const proof = { rest: nobody, stands: nobody, resultOf: nobody }
      const place = { cluster: 'msgr1', order: ['node1'], position: 0, lab: true }
      return task.check({ world, proof, args: task.args.parse(args), place, wasBegun: false, isRegistered: false })
    }

    const changesOf = async (task: Task, args: object) => {
      const answer = await check(task, args)
      if (answer.type !== 'differs') throw new Error(JSON.stringify(answer))
      return answer.changes
    }

    it.each(keepers)('%s: made, the same then, and taken back', async (_name, task, args, dn) => {
      const before = await entryOf(dn)
      const changes = await changesOf(task, args)
      expect(await entryOf(dn)).toEqual(before)
      await apply(task, args, [], { changes, directory: there.directory })
      expect(await check(task, args)).toMatchObject({ type: 'same' })
      await apply(task, args, [], { changes, directory: there.directory, undo: true })
      expect(without(await entryOf(dn))).toEqual(without(before))
    })

    it.each(keepers)('%s: nothing of it where somebody else was faster', async (_name, task, args, dn) => {
      const before = await entryOf(dn)
      const changes = await changesOf(task, args)
      await apply(task, args, [], { changes, directory: there.directory })
      const made = await entryOf(dn)
      const late = await problemOf(apply(task, args, [], { changes, directory: there.directory }))
      expect(late).toMatchObject({
        code: expect.stringMatching(/^directory-(?:value-moved|changed-meanwhile|conflict)/),
      })
      expect(await entryOf(dn)).toEqual(made)
      await apply(task, args, [], { changes, directory: there.directory, undo: true })
      expect(without(await entryOf(dn))).toEqual(without(before))
    })

    it('the failover list of the cluster apart from another one', async () => {
      const nodes = ['node1', 'node2', 'node3']
      expect(await check(failoverList, { ...whose, nodes })).toMatchObject({ type: 'same' })
      expect(await problemOf(check(failoverList, { ...whose, nodes: nodes.toReversed() }))).toMatchObject({
        code: 'failover-list-differs',
      })
    })
  })
})
