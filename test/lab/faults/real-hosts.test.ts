// Nodes that the inventory does not call a lab's, behind OpenSSH's own server where there is one: nothing is trusted
// beforehand, and another user than root logs in.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { sshdProgram } from '../../../lab/sshd-program.ts'
import { paths } from '../../../lab/words.ts'
import { heldAs } from '../../kit/fault-table.ts'
import { isRoot } from '../e2e/site.ts'
import { type FaultySite, failureOf, openFaultySite } from './faulty-site.ts'

const hasTools = ['ssh-keygen', 'ssh-keyscan'].every(program => !spawnSync(program).error)
const lanes = [
  ['the built-in server', true, { sshd: false }],
  ['sshd (needs openssh-server, and root)', existsSync(sshdProgram) && isRoot, { sshd: true }],
] as const

describe.each(lanes)('behind %s', (_lane, canBe, options) => {
  describe.skipIf(!canBe || !hasTools)('a node (needs openssh-client)', () => {
    let site: FaultySite
    beforeAll(async () => {
      site = await openFaultySite(options)
      site.write('playbooks/motd.yml', motd)
      mkdirSync(`${site.dir}/.ssh`)
    })
    beforeEach(async () => {
      await site.refresh()
      rmSync(`${site.dir}/.ssh/known_hosts`, { force: true })
      site.write('nodes.yml', inventory({}))
    })

    const run = () => site.run('playbook', 'motd', '-i', 'nodes.yml', '--yes')

    const inventory = (variables: object) => {
      const { port } = site.lab.nodes[0] ?? {}
      const own = {
        ansible_host: '127.0.0.1',
        ansible_port: port,
        ansible_ssh_private_key_file: paths(site.lab.dir).key,
      }
      return stringify({ all: { hosts: { web: { ansible_user: 'root', ...own, ...variables } } } })
    }

    /** As the message tells, and nothing else. */
    const trust = async () => {
      const { help = '' } = failureOf(await run())
      const command = help.split('\n').find(line => line.startsWith('ssh-keyscan')) ?? 'false'
      execFileSync('sh', ['-c', command], { stdio: 'ignore' })
    }

    it('whose key nobody knows is not spoken to, until the command that is named was given', async () => {
      const ran = await run()
      expect(ran.status).toBe(6)
      expect(failureOf(ran)).toMatchObject({ code: 'host-key-unknown', state: 'nothing was sent' })
      heldAs('its host key is not known', ran, 'OpenSSH too')
      await trust()
      expect(await run()).toMatchObject({ status: 0 })
      expect(await site.on('node1', 'cat /etc/motd')).toBe('hello')
    })

    it('that knows our key no more', async () => {
      await trust()
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', `${site.dir}/.ssh/other`])
      site.write('nodes.yml', inventory({ ansible_ssh_private_key_file: '.ssh/other' }))
      const ran = await run()
      expect(ran.status).toBe(6)
      expect(failureOf(ran)).toMatchObject({ code: 'login-refused', seen: expect.stringContaining('.ssh/other') })
      heldAs('it knows our key no more', ran, 'OpenSSH too')
      site.write('nodes.yml', inventory({}))
      expect(await run()).toMatchObject({ status: 0 })
    })

    it('without sudo, for another user than root', async () => {
      await trust()
      site.write('nodes.yml', inventory({ ansible_user: 'nvlmsgr', ansible_become: true }))
      await site.on('node1', 'rm -f "$(command -v sudo)"')
      const ran = await run()
      expect(ran.status).toBe(6)
      expect(failureOf(ran)).toMatchObject({
        code: 'no-sudo',
        seen: expect.stringContaining('not found'),
        state: 'nothing was done there',
      })
      heldAs('it has no sudo', ran, 'OpenSSH too')
      site.write('nodes.yml', inventory({}))
      expect(await run()).toMatchObject({ status: 0 })
    })

    it('of whose user sudo wants a password', async context => {
      if ((await site.statusOn('node1', 'command -v sudo')) !== 0) context.skip()
      await trust()
      site.write('nodes.yml', inventory({ ansible_user: 'nvlmsgr', ansible_become: true }))
      const ran = await run()
      expect(ran.status).toBe(6)
      expect(failureOf(ran)).toMatchObject({
        code: 'sudo-password-missing',
        help: expect.stringContaining('ansible_become_password'),
      })
      heldAs('sudo wants a password, and none is given', ran, 'OpenSSH too')
    })
  })
})

const motd = `
- name: Motd
  hosts: all
  tasks:
    - { name: Motd, file: { path: /etc/motd, content: "hello\\n" } }
`
