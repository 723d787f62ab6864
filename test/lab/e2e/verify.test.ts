// The verification of an installed cluster: nothing to find, offline and online; every fault of every node; no trace.
import { beforeAll, expect, it } from 'vitest'
import { labRestore, labSnapshot } from '../../../lab/index.ts'
import type { RunEvent } from '../../../src/model/events.ts'
import { setResource } from '../resource.ts'
import { openWithResource, waitForPlace } from './failover.ts'
import { differences, fingerprint } from './fingerprint.ts'
import { atRest } from './machines.ts'
import type { Site } from './site.ts'

let site: Site

beforeAll(async () => {
  site = await openWithResource({ nodes: 3 })
  await labSnapshot(site.lab.dir, 'installed')
})

const findings = (events: readonly RunEvent[]): readonly string[] =>
  events.flatMap(event =>
    event.type === 'step-ended' && event.problem ? [`${event.step}@${event.host}: ${event.problem.code}`] : [],
  )

it('finds nothing on a cluster that is as it should be, and leaves no trace', async () => {
  const before = await fingerprint(site.lab)
  const run = await site.run('playbook', 'verify')
  expect([findings(run.events), run.status]).toEqual([[], 0])
  expect(differences(before, await fingerprint(site.lab))).toEqual([])
})

it('finds nothing either while the resource is online', async () => {
  await site.on('node1', 'cluster online MESSENGER node2')
  await waitForPlace(site, 'Running node2')
  const run = await site.run('playbook', 'verify')
  expect([findings(run.events), run.status]).toEqual([[], 0])
  const looked = run.events.flatMap(event =>
    event.type === 'step-ended' && event.step === 'verify/messaging-agent-queue' ? [[event.host, event.outcome]] : [],
  )
  expect(looked).toEqual(
    expect.arrayContaining([
      ['node1', 'skipped'],
      ['node2', 'same'],
      ['node3', 'skipped'],
    ]),
  )
})

it('tells every fault of every node, mends none, and ends with 1', async () => {
  await labRestore(site.lab.dir, 'installed')
  await atRest(site.lab)
  await site.on('node1', 'chkconfig novell-nmaa on')
  await site.on('node2', 'rm /etc/init.d/novell-nmaa; echo "--queue /elsewhere" >>/etc/opt/novell/messenger/strtup.ma')
  await site.on('node3', 'rmdir /mnt/messenger/x 2>/dev/null; mount -t ext4 /dev/messenger/data /mnt/messenger')
  const before = await fingerprint(site.lab)
  const run = await site.run('playbook', 'verify')
  expect(run.status).toBe(1)
  expect(findings(run.events)).toEqual(
    expect.arrayContaining([
      'verify/archive-agent-not-at-boot@node1: not-as-it-should-be',
      'verify/installed@node2: not-installed',
      'verify/startup-file-of-the-messaging-agent@node2: switch-hides-directory',
      'verify/whole-where-it-runs@node1: resource-not-whole',
    ]),
  )
  expect(run.stderr).toContain('node3: the partition is mounted at /mnt/messenger, though the resource is not there')
  expect(differences(before, await fingerprint(site.lab))).toEqual([])
})

it('tells of scripts that are others: in the directory, and in the copies of the node that the resource runs on', async () => {
  await labRestore(site.lab.dir, 'installed')
  await atRest(site.lab)
  await site.on('node1', 'cluster online MESSENGER node2')
  await waitForPlace(site, 'Running node2')
  const other = '#!/bin/bash\n. /opt/novell/ncs/lib/ncsfuncs\nexit 0\n'
  for (const name of ['node1', 'node2']) await site.on(name, `printf '${other}' >/var/opt/novell/ncs/MESSENGER.unload`)
  await setResource(site.lab, { nCSCRMUnloadScript: [other.replaceAll('\\n', '\n')] })
  const before = await fingerprint(site.lab)
  const run = await site.run('playbook', 'verify')
  expect([findings(run.events), run.status]).toEqual([
    [
      'verify/scripts-of-the-cluster-resource@node1: not-as-it-should-be',
      'verify/copies-of-the-scripts@node2: copies-differ',
    ],
    1,
  ])
  expect(differences(before, await fingerprint(site.lab))).toEqual([])
})

it('is refused nothing by a node that is down: what it has nobody knows, and the others are told', async () => {
  await labRestore(site.lab.dir, 'installed')
  await atRest(site.lab)
  await site.on('node3', 'ip link set eth0 down')
  const run = await site.run('playbook', 'verify')
  expect(run.status).toBe(1)
  expect(findings(run.events).every(line => line.includes('@node3') || line.includes('whole-where-it-runs'))).toBe(true)
})
