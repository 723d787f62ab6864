// A node dies while the agents run on it: the next one of the list has them, alive, with what was written before.
// And while the resource is online, nobody takes the partition and no test starts or stops an agent: it is monitored too.
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { labKill } from '../../../lab/index.ts'
import type { RunEvent } from '../../../src/model/events.ts'
import { atThisPace } from '../../kit/pace.ts'
import { setResource } from '../resource.ts'
import { openWithResource, waitForPlace } from './failover.ts'
import { mountedOn, runningOn } from './machines.ts'
import type { Site } from './site.ts'

let site: Site

const oldNode = 'printf "bcc=1\\nheader_only=1\\n" >/etc/lab/cluster'

beforeAll(async () => {
  // node1 is the master; the others print the header alone, as some old ones do, and yet all of them get the partition.
  site = await openWithResource({ nodes: 3 }, undefined, async fresh => {
    for (const name of ['node2', 'node3']) await fresh.on(name, oldNode)
  })
})

const problems = (events: readonly RunEvent[]) =>
  events.flatMap(event => (event.type === 'step-ended' && event.problem ? [event.problem] : []))

/** What an administrator has it monitored by. @source OES 11, Cluster Services administration, 10.7 */
const monitor = `#!/bin/bash
. /opt/novell/ncs/lib/ncsfuncs
exit_on_error /etc/init.d/novell-nmma status
exit_on_error /etc/init.d/novell-nmaa status
exit 0
`

/** How often it was loaded. */
const lives = async () => Number((await site.on('node1', 'cluster resources')).trim().split(/\s+/).at(-1))

describe('while the resource is online, and monitored', () => {
  beforeAll(async () => {
    await setResource(site.lab, { nCSMonitorScript: [monitor], nCSMonitorInterval: ['1'] })
    await site.on('node1', 'cluster online MESSENGER node2')
    await waitForPlace(site, 'Running node2')
    await site.on('node2', 'echo kept >/mnt/messenger/proof; sync')
  })

  it.each([
    ['the agents’ test', 'install/agents-test'],
    ['the installer', 'install/installer'],
    ['a directory on the partition', 'paths/archive-store'],
  ])('%s is refused, though two nodes of three say nothing of the resource', async (_, step) => {
    // Without its receipt each is due.
    await site.on('node1', 'rm -rf /var/lib/run/receipts')
    const run = await site.run('step', step, '--host', 'node1')
    expect(run.status).toBe(1)
    expect(problems(run.events)).toMatchObject([{ code: 'resource-not-offline', seen: 'Running node2' }])
    expect([mountedOn(site.lab), runningOn(site.lab, 'nmma')]).toEqual([['node2'], ['node2']])
  })

  it('the agents’ test is refused where they run: it would stop them', async () => {
    const run = await site.run('step', 'install/agents-test', '--host', 'node2')
    expect(run.status).toBe(1)
    expect(problems(run.events)).toMatchObject([{ code: 'resource-not-offline', seen: 'Running node2' }])
    expect(runningOn(site.lab, 'nmma')).toEqual(['node2'])
    expect(await lives()).toBe(1)
  })

  it('an agent that is stopped by hand counts as a failure: all of the resource is loaded anew', async () => {
    await site.on('node2', '/etc/init.d/novell-nmma stop')
    await vi.waitFor(async () => expect(await lives()).toBe(2), { timeout: atThisPace(20_000), interval: 200 })
    await waitForPlace(site, 'Running node2')
    expect(runningOn(site.lab, 'nmma')).toEqual(['node2'])
    expect(await site.on('node2', 'cat /var/opt/novell/log/ncs/MESSENGER.monitor.out')).toContain('novell-nmma status')
  })

  it('its node dies, and the next one has it, with agents that answer a third one', async () => {
    await labKill(site.lab.dir, 'node2')
    await waitForPlace(site, 'Running node1')
    expect(await site.on('node1', 'cat /mnt/messenger/proof')).toBe('kept')
    expect([mountedOn(site.lab), runningOn(site.lab, 'nmma'), runningOn(site.lab, 'nmaa')]).toEqual([
      ['node1'],
      ['node1'],
      ['node1'],
    ])
    const asked = (request: string, port: number) =>
      site.on(
        'node3',
        `perl -MIO::Socket::INET -e '$s=IO::Socket::INET->new(PeerAddr=>"10.88.1.100",PeerPort=>${port},Timeout=>5) or die; print $s "${request}"; print while <$s>'`,
      )
    const body = '&tag=NM_A_SZ_TRANSACTION_ID_A&cmd=0&val=1&type=10'
    const post = `POST /topic HTTP/1.0\\r\\nContent-Length: ${body.length}\\r\\n\\r\\n${body}`
    expect(await asked(post, 8300)).toContain('53505')
    expect(await asked('GET /logout HTTP/1.0\\r\\n\\r\\n', 8310)).toContain('53505')
  })
})
