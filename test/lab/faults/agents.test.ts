// Agents that do not start, do not stop, or would fall into the trap of a queue with another owner.
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { labRestore, labSnapshot } from '../../../lab/index.ts'
import { heldAs } from '../../kit/fault-table.ts'
import { mountedOn, runningOn } from '../e2e/machines.ts'
import { type FaultySite, failoverPlay, failureOf, openFaultySite, outcomesOf } from './faulty-site.ts'

let site: FaultySite
beforeAll(async () => {
  site = await openFaultySite()
  site.write('playbooks/agents.yml', failoverPlay({ held: agentsTest }))
  // All but the test itself, so that each case needs only that.
  const ran = await site.run('playbook', 'install', '--limit', 'node1', '--to', 'owner-of-the-logs')
  expect(ran, ran.stderr).toMatchObject({ status: 0 })
  await labSnapshot(site.lab.dir, 'installed')
})
beforeEach(() => labRestore(site.lab.dir, 'installed'))

const test = ['playbook', 'agents', '--limit', 'node1'] as const
const programs = ['nmma', 'nmaa'] as const

/** Nodes on which an agent runs, by its program. */
const running = () => programs.flatMap(program => runningOn(site.lab, program).map(node => `${program} on ${node}`))

it('one that does not start: its log is shown, the other is stopped, the partition is given back', async () => {
  await site.on('node1', 'mv /opt/novell/messenger/bin/nmaa /opt/novell/messenger/bin/nmaa.away')
  const ran = await site.run(...test)
  expect(ran.status).toBe(1)
  expect(failureOf(ran)).toMatchObject({
    code: 'agent-not-started',
    summary: 'The Archive Agent does not run 1 s after its start',
    seen: expect.stringMatching(/unused[\s\S]*nmaa: (?:not found|No such file)/),
    state: 'no agent is left running',
    help: expect.stringContaining('/etc/init.d/novell-nmaa start'),
  })
  heldAs('an agent does not start', ran)
  expect([...running(), ...mountedOn(site.lab)]).toEqual([])
  await site.on('node1', 'mv /opt/novell/messenger/bin/nmaa.away /opt/novell/messenger/bin/nmaa')
  await site.finishes(...test)
})

it('one whose port another program has: it does not pass for running', async () => {
  await site.on('node1', `setsid perl -e '${squatter}' </dev/null >/dev/null 2>&1 &`)
  const ran = await site.run(...test)
  expect(ran.status).toBe(1)
  expect(failureOf(ran)).toMatchObject({ code: 'agent-not-started', seen: expect.stringContaining('EADDRINUSE') })
  expect([...running(), ...mountedOn(site.lab)]).toEqual([])
  await site.on('node1', 'pkill -x perl')
  await site.finishes(...test)
})

it('one that does not stop: it is named as left running, and is in the way of the next test until it is ended', async () => {
  await site.on('node1', "printf '%s\\n' installer_step=0 agent_start=0 agent_stop=100 >/etc/lab/delays")
  const ran = await site.run(...test)
  expect(ran.status).toBe(1)
  expect(failureOf(ran)).toMatchObject({
    code: 'agent-not-stopped',
    state: expect.stringMatching(/^left running: 1 process nmma, of \w+; 1 process nmaa, of \w+$/),
    help: expect.stringContaining('`pkill -9 -x nmaa` if it stays'),
  })
  expect(mountedOn(site.lab)).toEqual([])
  heldAs('an agent does not stop', ran)
  expect(running()).toEqual(['nmma on node1', 'nmaa on node1'])

  const second = await site.run(...test)
  expect(second.status).toBe(1)
  expect(failureOf(second)).toMatchObject({ code: 'agent-left-over', state: 'no agent was started' })

  await site.on('node1', 'pkill -9 -x nmma; pkill -9 -x nmaa; echo agent_stop=0 >/etc/lab/delays')
  await site.finishes(...test)
})

it('a connection that is lost while they run: over a new one they are stopped', async () => {
  await site.fault('node1', { kind: 'drop', when: 'novell-nmaa start' })
  const ran = await site.run(...test)
  expect(ran.status).toBe(7)
  expect(failureOf(ran)).toMatchObject({
    code: 'connection-lost',
    state: expect.stringMatching(/nobody knows whether .*; no agent is left running$/),
  })
  heldAs('the connection is lost while agents run', ran)
  expect([...running(), ...mountedOn(site.lab)]).toEqual([])
  await site.finishes(...test)
})

describe('the trap: a queue that belongs to another', () => {
  beforeEach(async context => {
    if (site.lacks('chown to a second user')) context.skip()
    await site.on('node1', 'chown root /var/opt/novell/messenger/ma/queue')
  })

  it('is seen before the start, so that no agent is there that nobody can stop', async () => {
    const ran = await site.run(...test)
    expect(ran.status).toBe(1)
    expect(failureOf(ran)).toMatchObject({
      code: 'wrong-owner',
      seen: '/var/opt/novell/messenger/ma/queue: root',
      wanted: 'nvlmsgr',
      state: 'no agent was started',
      help: expect.stringContaining('chown -R nvlmsgr /var/opt/novell/messenger/ma/queue'),
    })
    expect([...running(), ...mountedOn(site.lab)]).toEqual([])
    await site.on('node1', 'chown -R nvlmsgr /var/opt/novell/messenger/ma/queue')
    await site.finishes(...test)
  })

  it('is mended by the step before, in the whole playbook', async () => {
    const ran = await site.finishes('playbook', 'install', '--limit', 'node1')
    expect(outcomesOf(ran)).toMatchObject({
      'install/owner-of-the-data@node1': 'changed',
      'install/agents-test@node1': 'changed',
    })
  })
})

const agent = (name: string, short: string, port: number, probe: string): string => `
          - name: ${name}
            service: novell-nm${short}
            process: nm${short}
            port: ${port}
            probe: ${probe}
            queue: /var/opt/novell/messenger/${short}/queue
            startup: /etc/opt/novell/messenger/strtup.${short}`

const agentsTest = `
- name: Test
  agents-test:
        user: "{{ agents_user }}"
        start_within: 1
        stop_within: 1
        agents:${agent('Messaging Agent', 'ma', 8300, 'messaging')}${agent('Archive Agent', 'aa', 8310, 'archive')}
`

const squatter =
  'use IO::Socket::INET; my $s = IO::Socket::INET->new(LocalPort => 8310, Listen => 5, ReuseAddr => 1); while (my $c = $s->accept) { print $c "HTTP/1.0 200 OK\\r\\n\\r\\n"; close $c }'
