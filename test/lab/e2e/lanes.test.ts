// The same job in the lab's other lanes: behind OpenSSH's own server, and without any privilege.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sshdProgram } from '../../../lab/sshd-program.ts'
import { expectAsForetold } from './changes.ts'
import type { Ran } from './command.ts'
import { runFile } from './command.ts'
import { differences, type Fingerprint, fingerprint } from './fingerprint.ts'
import { mountedOn, runningOn } from './machines.ts'
import { asNobody, isRoot, openSite, type Site, type SiteOptions } from './site.ts'

/** Another account may be kept out of the checkout by the directories above it. */
const isReadable = spawnSync(asNobody[0] ?? '', [...asNobody.slice(1), 'test', '-r', runFile]).status === 0

const lanes: readonly (readonly [name: string, canBe: boolean, options: SiteOptions])[] = [
  ['behind sshd (needs openssh-server, and root)', existsSync(sshdProgram) && isRoot, { sshd: true }],
  ['without root (needs a checkout that everybody may read)', !isRoot || isReadable, { isUnprivileged: true }],
]

describe.each(lanes)('%s', (_name, canBe, options) => {
  describe.skipIf(!canBe)('a cluster', () => {
    let site: Site
    let before: Fingerprint
    let dry: Ran

    beforeAll(async () => {
      site = await openSite(options)
      before = await fingerprint(site.lab)
      dry = await site.dryRun()
    })
    afterAll(() => site?.close())

    it('is left without a trace by a dry run', async () => {
      expect(dry.status).toBe(10)
      expect(differences(before, await fingerprint(site.lab))).toEqual([])
    })

    it('is installed as the dry run foretold, and left clean', async () => {
      const run = await site.run('playbook', 'install')
      expect(run).toMatchObject({ status: 0 })
      expectAsForetold(run, dry)
      expect([...mountedOn(site.lab), ...runningOn(site.lab, 'nmma'), ...runningOn(site.lab, 'nmaa')]).toEqual([])
    })

    it('says what it lacks, and only what the lane cannot show', () => {
      const refused = options.isUnprivileged
        ? ['a block device with a real file system', 'a root over the whole machine']
        : []
      expect(site.lab.lacks.filter(lack => lack !== 'chown to a second user')).toEqual(refused)
    })

    it('has nothing to do then', async () => {
      expect((await site.dryRun()).status).toBe(0)
    })
  })
})
