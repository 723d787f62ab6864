// The resource in a real directory: found, read, written in one modify with the old values asserted and the revision raised.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Problem } from '../../../../src/model/problem.ts'
import type { Directory } from '../../../../src/task/directory.ts'
import type { ResourceDefinition } from '../../../../src/task/resource.ts'
import { keyOf } from '../../../../tasks/lib/cluster-object/entry.ts'
import {
  clusterNodes,
  clusterPolicies,
  clusterScripts,
  type Scripts,
  scriptFields,
} from '../../../../tasks/lib/cluster-object/kinds.ts'
import { writeFields } from '../../../../tasks/lib/cluster-object/write.ts'
import {
  type ClusterDirectory,
  cluster,
  resourceDn,
  slapdWithCluster,
  standIn,
  whose,
} from '../../../kit/cluster-directory.ts'
import { problemOf } from '../../../kit/fake-world.ts'
import { heldAs } from '../../../kit/fault-table.ts'
import { hasSlapd } from '../../../transport/directory/slapd.ts'

const key = keyOf(whose)

const ask = async <Value>({ resource, key }: { resource: object; key: string }, directory: Directory) =>
  (resource as Extract<ResourceDefinition<never>, { ask: unknown }>).ask(directory, key) as Promise<Value>

describe.each([
  ['the stand-in of the lab', standIn, true],
  ["OpenLDAP's server", slapdWithCluster, hasSlapd],
] as const)('%s', (_, start, isThere) => {
  describe.skipIf(!isThere)('has a cluster, and', () => {
    let there: ClusterDirectory
    let first: Scripts
    const now = () => ask<Scripts>(clusterScripts(whose), there.directory)
    beforeAll(async () => {
      there = await start()
      first = await now()
    })
    afterAll(() => there?.close())
    beforeEach(async () => {
      await there.set({
        nCSCRMLoadScript: [String(first.load_script)],
        nCSCRMUnloadScript: [String(first.unload_script)],
        nCSCRMUnloadTimeout: ['600'],
        nCSRevision: ['3'],
      })
    })

    const write = (before: Scripts, after: Scripts, directory: Directory = there.directory) =>
      writeFields(directory, key, { fields: scriptFields, before, after })

    it('tells scripts, policies and nodes', async () => {
      expect(first).toMatchObject({ type: 'scripts', dn: resourceDn, load_timeout: '600', unload_timeout: '600' })
      expect(first.load_script).toContain('exit_on_error mount')
      expect(await ask(clusterPolicies(whose), there.directory)).toEqual({
        type: 'policies',
        dn: resourceDn,
        preferred_nodes: ['node1', 'node2', 'node3'],
        failover_mode: '1',
        failback_mode: '0',
      })
      expect(await ask(clusterNodes(cluster), there.directory)).toEqual({
        type: 'nodes',
        names: ['node1', 'node2', 'node3'],
      })
    })

    it.each([
      [
        { ...whose, resource: 'OTHER' },
        { type: 'absent', missing: 'resource' },
      ],
      [
        { ...whose, resource: 'node1' },
        { type: 'absent', missing: 'resource' },
      ],
      [
        { ...whose, cluster: 'cn=other,o=acme' },
        { type: 'absent', missing: 'cluster' },
      ],
      [
        { ...whose, cluster: 'o=acme' },
        { type: 'absent', missing: 'cluster' },
      ],
    ])('tells what is not there: %j', async (asked, told) => {
      expect(await ask(clusterScripts(asked), there.directory)).toEqual(told)
      expect(await ask(clusterNodes(asked.cluster), there.directory)).toEqual(
        told.missing === 'cluster' ? told : expect.objectContaining({ type: 'nodes' }),
      )
    })

    it('writes both scripts and a timeout at once, in their form, and raises the revision', async () => {
      await there.set({ nCSCRMLoadScript: ['one\r\ntwo'] })
      const before = await now()
      await write(before, { ...before, load_script: 'new\nload\n', unload_script: 'new\n', unload_timeout: '300' })
      expect(await there.values('nCSCRMLoadScript')).toEqual(['new\r\nload'])
      expect(await there.values('nCSCRMUnloadScript')).toEqual(['new\n'])
      expect(await there.values('nCSCRMUnloadTimeout')).toEqual(['300'])
      expect(await there.values('nCSRevision')).toEqual(['4'])
      await write(await now(), before)
      expect(await there.values('nCSCRMLoadScript')).toEqual(['one\r\ntwo'])
      expect(await there.values('nCSRevision')).toEqual(['5'])
    })

    it('writes nothing where it was changed since it was looked at', async () => {
      const before = await now()
      await there.set({ nCSCRMUnloadScript: ['of somebody else\n'] })
      const written = write(before, { ...before, load_script: 'mine\n' })
      const refused = await written.catch((error: unknown) => error as Problem)
      heldAs('somebody else changes the cluster resource between the look and the write', refused as Problem)
      expect(refused).toMatchObject({ code: 'directory-value-moved', exit: 3 })
      expect(await there.values('nCSCRMLoadScript')).toEqual([first.load_script])
    })

    it.each<[string, Readonly<Record<string, readonly string[]>>]>([
      ['the value itself', { nCSCRMLoadScript: ['of somebody else\n'] }],
      ['another one, which raised the revision', { nCSCRMUnloadTimeout: ['30'], nCSRevision: ['4'] }],
    ])('writes nothing where somebody changes %s between the read and the write', async (_, others) => {
      const before = await now()
      const late: Directory = {
        search: question => there.directory.search(question),
        async modify(dn, changes) {
          await there.set(others)
          await there.directory.modify(dn, changes)
        },
      }
      const after = { ...before, load_script: 'mine\n', unload_script: 'mine\n' }
      expect(await problemOf(write(before, after, late))).toMatchObject({ code: 'directory-value-moved', exit: 3 })
      expect(await there.values('nCSCRMUnloadScript')).toEqual([first.unload_script])
      expect(await there.values('nCSCRMLoadScript')).toEqual(others.nCSCRMLoadScript ?? [first.load_script])
    })

    it.each([
      [['three'], 'value-not-understood'],
      [[], 'attribute-not-set'],
    ])('refuses a revision of %j', async (revision, code) => {
      await there.set({ nCSRevision: revision })
      const before = await now()
      expect(await problemOf(write(before, { ...before, load_script: 'mine\n' }))).toMatchObject({ code })
      expect(await there.values('nCSCRMLoadScript')).toEqual([first.load_script])
    })

    it.each([true, false])('that gives no answer is looked at: made %j', async isMade => {
      const before = await now()
      const after = { ...before, load_script: 'mine\n' }
      const mute: Directory = {
        search: question => there.directory.search(question),
        async modify(dn, changes) {
          if (isMade) await there.directory.modify(dn, changes)
          throw new Problem({ code: 'directory-outcome-unknown', summary: 'no answer', exit: 7 })
        },
      }
      const written = write(before, after, mute)
      if (isMade) expect(await written).toBeUndefined()
      else expect(await problemOf(written)).toMatchObject({ code: 'directory-outcome-unknown' })
    })
  })
})

describe('a cluster that is named by its name alone', () => {
  it('is found, and refused where there are two', async () => {
    const there = await standIn()
    try {
      const byName = { ...whose, cluster: 'MSGR1' }
      expect(await ask(clusterScripts(byName), there.directory)).toMatchObject({ type: 'scripts', dn: resourceDn })
      const twice: Directory = {
        modify: () => Promise.reject(new Error('nothing is written here')),
        search: async question => {
          const found = (await there.directory.search(question)) ?? []
          return [...found, ...found.map(entry => ({ ...entry, dn: entry.dn.replace('o=acme', 'o=other') }))]
        },
      }
      expect(await ask(clusterScripts(byName), twice)).toEqual({
        type: 'several',
        dns: [cluster, cluster.replace('o=acme', 'o=other')],
      })
    } finally {
      await there.close()
    }
  })
})
