// A node dies while the agents run on it: the next one of the list has them, alive, with what was written before.
// And while the resource is online, nobody takes the partition and no test starts an agent.
import { beforeAll, describe, expect, it } from 'vitest'
import { labKill } from '../../../lab/index.ts'
import type { RunEvent } from '../../../src/model/events.ts'
import { openWithResource, placeOf, waitForPlace } from './failover.ts'
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

describe('while the resource is online', () => {
  beforeAll(async () => {
    await site.on('node1', 'cluster online MESSENGER node1')
    await waitForPlace(site, 'Running node1')
    await site.on('node1', 'echo kept >/mnt/messenger/proof; sync')
  })

  it.each([
    ['the agents’ test', 'install/agents-test', 'node1'],
    ['the installer', 'install/installer', 'node2'],
    ['a directory on the partition', 'paths/archive-store', 'node1'],
  ])('%s is refused, on a node that tells and on one that does not', async (_, step, host) => {
    // What each rests on is moved, so that it is due.
    await site.on(host, 'rm -rf /var/lib/run/receipts')
    const run = await site.run('step', step, '--host', host, '--yes')
    expect(run.status).toBe(1)
    expect(problems(run.events)).toMatchObject([{ code: 'resource-not-offline', seen: 'Running node1' }])
    expect([mountedOn(site.lab), runningOn(site.lab, 'nmma')]).toEqual([['node1'], ['node1']])
  })

  it('its node dies, and the next one has it, with agents that answer a third one', async () => {
    await labKill(site.lab.dir, 'node1')
    await waitForPlace(site, 'Running node2', 'node2')
    expect(await site.on('node2', 'cat /mnt/messenger/proof')).toBe('kept')
    expect([mountedOn(site.lab), runningOn(site.lab, 'nmma'), runningOn(site.lab, 'nmaa')]).toEqual([
      ['node2'],
      ['node2'],
      ['node2'],
    ])
    const asked = (request: string, port: number) =>
      site.on(
        'node3',
        `perl -MIO::Socket::INET -e '$s=IO::Socket::INET->new(PeerAddr=>"10.88.1.100",PeerPort=>${port},Timeout=>5) or die; print $s "${request}"; print while <$s>'`,
      )
    expect(await asked('GET /logout HTTP/1.0\\r\\n\\r\\n', 8310)).toContain('53505')
    expect(await placeOf(site, 'node2')).toBe('Running node2')
  })
})
