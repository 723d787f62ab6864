// What a node, its SSH server or its clock does otherwise than expected, with the partition held where that matters.
import { writeFileSync } from 'node:fs'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { labBoot, labKill } from '../../../lab/index.ts'
import { paths } from '../../../lab/words.ts'
import { heldAs } from '../../kit/fault-table.ts'
import { mountedOn } from '../e2e/machines.ts'
import { type FaultySite, failoverPlay, failureOf, openFaultySite } from './faulty-site.ts'

let site: FaultySite
beforeAll(async () => {
  site = await openFaultySite()
  site.write('playbooks/motd.yml', motd)
  // A name that ends in `.invalid` is nobody's; a silent server is asked often, so that nobody waits here.
  site.write('.ssh/config', 'Host *\n  ServerAliveInterval 2\n  ConnectTimeout 5\n')
})
beforeEach(() => site.refresh())
afterEach(async () => {
  await site.fault('node1', { kind: 'none' })
})

const onNode1 = ['playbook', 'small', '--limit', 'node1'] as const

describe('a node that is not there as it should be', () => {
  const run = (variables: object) => {
    const { port } = site.lab.nodes[0] ?? {}
    const { key, knownHosts } = paths(site.lab.dir)
    const usual = { ansible_host: '127.0.0.1', ansible_port: port, ansible_user: 'root' }
    writeFileSync(
      `${site.dir}/nodes.yml`,
      stringify({ all: { hosts: { node1: { ...usual, ansible_ssh_private_key_file: key, ...variables } } } }),
    )
    site.write(
      '.ssh/config',
      `Host *\n  ServerAliveInterval 2\n  ConnectTimeout 5\n  UserKnownHostsFile ${knownHosts}\n`,
    )
    return site.begin('playbook', 'motd', '-i', 'nodes.yml', '--yes')
  }

  it('its name is known nowhere', async () => {
    const ran = await run({ ansible_host: 'node1.invalid' }).end
    expect(ran.status).toBe(6)
    failureOf(ran)
    heldAs('its name is known nowhere', ran)
  })

  it('its peer freezes while a step works', async () => {
    await site.fault('node1', { kind: 'freeze', when: 'motd.run-new' })
    const ran = await run({}).end
    expect(ran.status).toBe(7)
    failureOf(ran)
    heldAs('it freezes while a step works', ran)
    await site.fault('node1', { kind: 'none' })
    expect(await run({}).end).toMatchObject({ status: 0 })
  })
})

it('commands end, and nobody tells how', async () => {
  await site.fault('node1', { kind: 'no-exit-status' })
  const ran = await site.finishes(...onNode1)
  heldAs('its SSH server tells no exit status', ran)
})

it('allows one channel at a time', async () => {
  await site.fault('node1', { kind: 'max-sessions', max: 1 })
  const ran = await site.finishes('playbook', 'install', '--limit', 'node1', '--to', 'installer')
  heldAs('it allows one channel at a time (`MaxSessions 1`)', ran)
})

describe('a program that is killed', () => {
  const killed = async (cmd: string) => {
    const held = `- { name: Killed, shell: { cmd: "${cmd}", creates: /etc/never } }`
    site.write('playbooks/killed.yml', failoverPlay({ held }))
    const ran = await site.run('playbook', 'killed', '--limit', 'node1')
    failureOf(ran)
    return ran
  }

  it('alone: it has failed', async () => {
    const ran = await killed("sh -c 'kill -9 $$'")
    expect(ran.status).toBe(1)
    heldAs('a program is killed by a signal', ran)
    expect(mountedOn(site.lab)).toEqual([])
  })

  it('with the shell that waits for it: how it ended nobody knows', async () => {
    const ran = await killed('kill -9 $$')
    expect(ran.status).toBe(7)
    heldAs('a program is killed with the shell that waits for it', ran)
  })
})

describe('a node without power in mid-step', () => {
  const held = '- { name: Wait, shell: ": >/etc/begun; sleep 30; echo once >>/etc/waited" }'
  const place = '/var/lib/run/begun/msgr1/slow.wait'
  const onlyWait = ['playbook', 'slow', '--limit', 'node1'] as const

  const dies = async () => {
    site.write('playbooks/slow.yml', failoverPlay({ held }))
    const running = site.begin(...onlyWait)
    await running.said('applying')
    await expect.poll(() => site.statusOn('node1', 'test -e /etc/begun'), { timeout: 30_000 }).toBe(0)
    expect(await site.on('node1', `stat -c '%a %U' ${place} /var/lib/run/begun`)).toBe('700 root\n700 root')
    await labKill(site.lab.dir, 'node1')
    return running
  }

  it('that boots at once', async () => {
    const running = await dies()
    await labBoot(site.lab.dir, 'node1')
    const ran = await running.end
    expect(ran.status).toBe(7)
    failureOf(ran)
    heldAs('it boots in mid-step', ran)
    expect(mountedOn(site.lab)).toEqual([])

    const after = await site.run(...onlyWait)
    expect(after.status).toBe(7)
    failureOf(after)
    heldAs('an earlier run began the step, and the node was off since', after)
    await site.finishes(...onlyWait, '--done', 'slow/wait@node1')
    // What the program printed lies there no more.
    expect(await site.statusOn('node1', `test -e ${place}`)).toBe(1)
  })
})

describe('a clock that is off by a day', () => {
  it.each([
    ['ahead', '+'],
    ['behind', '-'],
  ])('%s: on the node', async (_, sign) => {
    await site.on(
      'node1',
      `mv "$(command -v date)" /usr/bin/date.own && cat >/usr/bin/date <<'X' && chmod 755 /usr/bin/date
#!/bin/sh
case $* in +%s) expr $(/usr/bin/date.own +%s) ${sign} 86400 ;; *) exec /usr/bin/date.own "$@" ;; esac
X`,
    )
    const ran = await site.finishes(...onNode1)
    heldAs('its clock is off by a day', ran)
  })
})

const motd = `
- name: Motd
  hosts: all
  tasks:
    - { name: Motd, file: { path: /etc/motd, content: "hello\\n" } }
`
