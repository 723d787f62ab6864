// Nodes that cannot be reached, or not any more: nothing is concluded from silence, and the next run finishes the work.
import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync } from 'node:fs'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sshdProgram } from '../../../lab/sshd-program.ts'
import { paths } from '../../../lab/words.ts'
import { heldAs } from '../../kit/fault-table.ts'
import { eventsOf } from '../e2e/changes.ts'
import { mountedOn } from '../e2e/machines.ts'
import { isRoot } from '../e2e/site.ts'
import { type FaultySite, failoverPlay, failureOf, holdsOf, openFaultySite, outcomesOf } from './faulty-site.ts'

let site: FaultySite
beforeAll(async () => {
  site = await openFaultySite()
})
beforeEach(() => site.refresh())
afterEach(async () => {
  for (const { name } of site.lab.nodes) await site.fault(name, { kind: 'none' })
})

/** Long enough that the node goes away meanwhile; it goes on without its connection. */
const slow = failoverPlay({
  held: '- { name: Wait, shell: { cmd: ": >/etc/begun; sleep 8; echo once >>/etc/waited", creates: /etc/waited } }',
})

const onNode1 = ['playbook', 'small', '--limit', 'node1'] as const

describe('a node that nobody reaches', () => {
  it('stops the run before anything is touched, also on the nodes before it', async () => {
    await site.fault('node2', { kind: 'unreachable' })
    const ran = await site.run('playbook', 'small')
    expect(ran.status).toBe(6)
    expect(failureOf(ran)).toMatchObject({ code: 'host-unreachable', host: 'node2', state: 'nothing was done there' })
    heldAs('nothing listens there', ran)
    expect(outcomesOf(ran)).toEqual({})
    await site.fault('node2', { kind: 'none' })
    await site.finishes('playbook', 'small')
  })

  it('blocks the partition, also where it is outside of --limit', async () => {
    await site.fault('node2', { kind: 'unreachable' })
    const ran = await site.run(...onNode1)
    expect(ran.status).toBe(6)
    expect(failureOf(ran)).toMatchObject({
      code: 'holder-unknown',
      seen: expect.stringContaining('nothing listens on that port'),
      state: 'the partition was not taken on node1',
      help: expect.stringContaining('--assume-released node2 --reason "…"'),
    })
    heldAs('another node of the failover list cannot be asked for the partition', ran)
    expect(outcomesOf(ran)).toEqual({ 'small/mark@node1': 'changed', 'small/data@node1': 'failed' })
    expect(mountedOn(site.lab)).toEqual([])
    await site.fault('node2', { kind: 'none' })
    await site.finishes(...onNode1)
  })

  it('is passed over when a person answers for it, which is written down', async () => {
    await site.fault('node2', { kind: 'unreachable' })
    const ran = await site.finishes(...onNode1, '--assume-released', 'node2', '--reason', 'no power, seen in the rack')
    expect(eventsOf(ran.events, 'released-assumed')).toEqual([
      expect.objectContaining({ host: 'node2', reason: 'no power, seen in the rack' }),
    ])
    expect(ran.stderr).toMatch(/^taken on trust {2}node2 holds nothing: no power, seen in the rack$/m)
    expect(ran.stderr).not.toContain('error[')
  })
})

it('a login that is refused', async () => {
  await site.fault('node1', { kind: 'refuse-login' })
  const ran = await site.run(...onNode1)
  expect(ran.status).toBe(6)
  expect(failureOf(ran)).toMatchObject({
    code: 'login-refused',
    seen: expect.stringContaining('id_ed25519'),
    state: 'nothing was done there',
  })
  heldAs('it does not let us in', ran)
  await site.fault('node1', { kind: 'none' })
  await site.finishes(...onNode1)
})

describe('a host key that is another one than before', () => {
  const tools = ['ssh-keygen', 'ssh-keyscan'].every(program => !spawnSync(program).error)

  it.skipIf(!tools)('stops the run (needs openssh-client), and the command that it names mends it', async () => {
    const { knownHosts } = paths(site.lab.dir)
    copyFileSync(knownHosts, `${knownHosts}.before`)
    await site.fault('node1', { kind: 'other-host-key' })
    const ran = await site.run(...onNode1)
    expect(ran.status).toBe(6)
    const { code, state, help = '' } = failureOf(ran)
    heldAs('its host key is another one than before', ran)
    expect({ code, state }).toEqual({ code: 'host-key-changed', state: 'nothing was sent' })
    const [command = ''] = help.split('\n').filter(line => line.startsWith('ssh-keygen -R'))
    execFileSync('sh', ['-c', command], { stdio: 'ignore' })
    await site.finishes(...onNode1)
    copyFileSync(`${knownHosts}.before`, knownHosts)
  })
})

describe('a connection that is lost', () => {
  it('while somebody only looks is made up for by another look, over a new one', async () => {
    await site.fault('node1', { kind: 'drop', when: '/etc/mark' })
    const ran = await site.finishes(...onNode1)
    expect(outcomesOf(ran)).toEqual({ 'small/mark@node1': 'changed', 'small/data@node1': 'changed' })
  })

  it('while the holders are asked is made up for too', async () => {
    await site.fault('node1', { kind: 'drop', when: '/proc/mounts' })
    const ran = await site.finishes(...onNode1)
    expect(holdsOf(ran)).toEqual(['hold-intended node1', 'hold-acquired node1', 'hold-released node1'])
  })

  it('while a step works has an outcome that nobody knows, until the next run looks', async () => {
    await site.fault('node1', { kind: 'drop', when: 'mark.run-new' })
    const ran = await site.run(...onNode1)
    expect(ran.status).toBe(7)
    expect(failureOf(ran)).toMatchObject({
      code: 'connection-lost',
      state: expect.stringContaining('nobody knows whether'),
    })
    heldAs('the connection is lost while a step works', ran)
    expect(outcomesOf(ran)).toEqual({ 'small/mark@node1': 'unknown' })
    await site.finishes(...onNode1)
    expect(await site.on('node1', 'cat /etc/mark')).toBe('marked')
  })

  it('while the partition is taken: over a new one it is looked at, and given back', async () => {
    await site.fault('node1', { kind: 'drop', when: 'mount -t' })
    const ran = await site.run(...onNode1)
    expect(ran.status).toBe(7)
    expect(failureOf(ran)).toMatchObject({ code: 'connection-lost', state: expect.stringContaining('mount -t') })
    heldAs('the connection is lost while the partition is taken', ran)
    expect(holdsOf(ran)).toEqual(['hold-intended node1', 'hold-released node1'])
    expect(mountedOn(site.lab)).toEqual([])
    await site.finishes(...onNode1)
  })

  it('while the partition is given back: it is asked, and done again if it has to be', async () => {
    await site.fault('node1', { kind: 'drop', when: 'umount ' })
    const ran = await site.finishes(...onNode1)
    heldAs('the connection is lost while the partition is given back', ran)
    expect(holdsOf(ran)).toEqual(['hold-intended node1', 'hold-acquired node1', 'hold-released node1'])
  })

  it('for good, while the partition is held: where it still is, is told, and the next run gives it back', async () => {
    site.write('playbooks/slow.yml', slow)
    const running = site.begin('playbook', 'slow', '--limit', 'node1')
    // Named as soon as it is looked at, which is before the partition is taken.
    await running.said('applying')
    await expect.poll(() => site.statusOn('node1', 'test -e /etc/begun'), { timeout: 30_000 }).toBe(0)
    await site.fault('node1', { kind: 'unreachable' })
    const ran = await running.end
    expect(ran.status).toBe(7)
    failureOf(ran)
    expect(eventsOf(ran.events, 'hold-failed')).toEqual([
      expect.objectContaining({
        problem: expect.objectContaining({
          code: 'hold-in-use',
          state: 'no other node may take the partition',
        }),
      }),
    ])
    expect(ran.stderr).toMatch(/^may be held {2}partition on node1$/m)
    expect(mountedOn(site.lab)).toEqual(['node1'])
    await site.fault('node1', { kind: 'none' })
    await site.finishes('playbook', 'slow', '--limit', 'node1')
  })
})

describe.skipIf(!existsSync(sshdProgram) || !isRoot)('behind sshd (needs openssh-server, and root)', () => {
  let behindSshd: FaultySite
  beforeAll(async () => {
    behindSshd = await openFaultySite({ sshd: true })
  })
  beforeEach(() => behindSshd.refresh())

  it('a session that ends in mid-command: over another one its end is waited for, and it is carried out once', async () => {
    behindSshd.write('playbooks/slow.yml', slow)
    const running = behindSshd.begin('playbook', 'slow', '--limit', 'node1')
    await running.said('applying')
    // The one who says so goes with them.
    await behindSshd.statusOn('node1', 'pkill -x sshd').catch(() => {})
    const ran = await running.end
    expect(ran.status).toBe(0)
    heldAs('its SSH server ends the session in mid-command', ran, 'OpenSSH too')
    expect(outcomesOf(ran)).toEqual({ 'slow/wait@node1': 'changed' })
    expect(await behindSshd.on('node1', 'cat /etc/waited')).toBe('once')
    expect(holdsOf(ran).at(-1)).toBe('hold-released node1')
    expect(mountedOn(behindSshd.lab)).toEqual([])
    await behindSshd.finishes('playbook', 'small')
  })

  const install = ['playbook', 'install', '--limit', 'node1', '--to', 'installer'] as const

  it('a node without `script` and `setsid`: its installer lives on a terminal of its connection', async () => {
    await behindSshd.on('node1', 'for tool in script setsid; do rm -f "$(command -v $tool)"; done')
    const ran = await behindSshd.finishes(...install)
    heldAs('it lacks `script` and `setsid`', ran, 'OpenSSH too')
  })

  it('a node whose login files talk', async () => {
    await behindSshd.on(
      'node1',
      "for file in /etc/profile /root/.profile /root/.bashrc; do echo 'echo Welcome; echo Mind the step >&2' >>$file; done",
    )
    await behindSshd.on('node1', 'echo Welcome >/etc/motd')
    const ran = await behindSshd.finishes(...onNode1)
    heldAs('its login files talk', ran, 'OpenSSH too')
  })
})
