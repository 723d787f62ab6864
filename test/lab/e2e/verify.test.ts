// Verification and doctor of an installed cluster: nothing to find, offline and online; every fault of every node; no trace.
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { parse } from 'yaml'
import { labRestore, labSnapshot } from '../../../lab/index.ts'
import type { RunEvent } from '../../../src/model/events.ts'
import { doctorText } from '../../../src/report/index.ts'
import { setResource } from '../resource.ts'
import { heldInDocs } from './docs-held.ts'
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

it('tells of modes, timeouts and scripts that are others: in the directory, and in the copies of the node that the resource runs on', async () => {
  await labRestore(site.lab.dir, 'installed')
  await atRest(site.lab)
  await site.on('node1', 'cluster online MESSENGER node2')
  await waitForPlace(site, 'Running node2')
  const other = '#!/bin/bash\n. /opt/novell/ncs/lib/ncsfuncs\nexit 0\n'
  for (const name of ['node1', 'node2']) await site.on(name, `printf '${other}' >/var/opt/novell/ncs/MESSENGER.unload`)
  await setResource(site.lab, {
    nCSCRMUnloadScript: [other.replaceAll('\\n', '\n')],
    nCSCRMLoadTimeout: ['60'],
    nCSCRMFailoverMode: ['0'],
  })
  const before = await fingerprint(site.lab)
  const run = await site.run('playbook', 'verify')
  expect([findings(run.events), run.status]).toEqual([
    [
      'verify/modes-of-the-cluster-resource@node1: not-as-it-should-be',
      'verify/scripts-of-the-cluster-resource@node1: not-as-it-should-be',
      'verify/copies-of-the-scripts@node2: copies-differ',
    ],
    1,
  ])
  for (const field of ['failover_mode', 'load_timeout', 'unload_script']) expect(run.stderr).toContain(field)
  expect(differences(before, await fingerprint(site.lab))).toEqual([])
})

describe('run doctor', () => {
  /** `uid@node2`: what a finding is about, and where. */
  const diagnosed = (stdout: string): readonly string[] => {
    const { findings } = JSON.parse(stdout) as { findings: readonly { about: string; hosts: readonly string[] }[] }
    return findings.map(({ about, hosts }) => `${about}@${hosts.join()}`)
  }

  it('finds nothing on an installed cluster, tells the names that nobody wrote down, and leaves no trace', async () => {
    await labRestore(site.lab.dir, 'installed')
    await atRest(site.lab)
    const before = await fingerprint(site.lab)
    const run = await site.run('doctor', '--format', 'json')
    expect(differences(before, await fingerprint(site.lab))).toEqual([])
    expect([diagnosed(run.stdout), run.status]).toEqual([[], 0])
    heldInDocs('healthy', doctorText(JSON.parse(run.stdout)))
    const { inventory } = JSON.parse(run.stdout)
    // What the inventory says already is not told again.
    expect(Object.keys(parse(inventory).all.vars)).toEqual(['paths_in_directory'])
    expect(parse(inventory).all.vars).toMatchObject({
      paths_in_directory: {
        store: { object: expect.stringMatching(/^cn=/), attribute: expect.stringMatching(/^nnm/) },
      },
    })
  })

  it('minds that the resource is online, and takes its address and partition there for what they are', async () => {
    await site.on('node1', 'cluster online MESSENGER node2')
    await waitForPlace(site, 'Running node2')
    const run = await site.run('doctor', '--format', 'json')
    expect([diagnosed(run.stdout), run.status]).toEqual([['cluster resource@node1,node2,node3'], 0])
  })

  it('finds each fault at its node, mends none, and ends with 1', async () => {
    await labRestore(site.lab.dir, 'installed')
    await atRest(site.lab)
    const later = '#!/bin/sh\\nexec /bin/date -d "1 hour" "$@"\\n'
    await Promise.all([
      site.on(
        'node1',
        'chkconfig novell-nmaa on; mount -t ext4 /dev/messenger/data /mnt/messenger; rm /usr/bin/script',
      ),
      site.on(
        'node2',
        `printf '${later}' >/usr/local/bin/date; chmod +x /usr/local/bin/date; rm /media/messenger/install`,
      ),
      site.on('node2', 'ip addr add 10.88.1.100/24 dev eth0'),
      site.on('node3', 'mount -t ext4 /dev/messenger/data /mnt/messenger; mount -t tmpfs -o size=1m none /tmp'),
      site.on('node3', "sed -i 's/:6001:/:6009:/' /etc/passwd"),
    ])
    await setResource(site.lab, { nCSCRMPreferredNodes: ['node2', 'node1', 'node3'] })
    const before = await fingerprint(site.lab)
    const run = await site.run('doctor', '--format', 'json')
    expect(differences(before, await fingerprint(site.lab))).toEqual([])
    expect(run.status).toBe(1)
    const { rows: _, lines: __, ...ofFaults } = JSON.parse(run.stdout)
    heldInDocs('faults', doctorText({ ...ofFaults, rows: [], lines: [] }))
    expect(diagnosed(run.stdout).toSorted()).toEqual([
      "agents' user@node1,node2,node3", // not the same on all
      "agents' user@node3", // not the number of the inventory
      'boot start@node1',
      'clock@node1,node2,node3', // too far apart
      'clock@node2',
      'failover list in the directory@node1',
      'free space@node3',
      'installation program@node2',
      'partition@node1,node3',
      'secondary address@node1,node3', // another machine answers
      'secondary address@node2',
      'tools@node1',
    ])
  })

  it('tells of nodes that are down as rows, and of the others all that they say', async () => {
    await labRestore(site.lab.dir, 'installed')
    await atRest(site.lab)
    for (const name of ['node2', 'node3'])
      expect((await site.run('lab', 'kill', name)).stdout).toBe(
        `${name} is without power; \`run lab boot ${name}\` starts it again.\n`,
      )
    await vi.waitUntil(async () => (await site.on('node1', 'cluster view')).includes('Cluster nodes [node1]'), 60_000)
    const run = await site.run('doctor')
    for (const name of ['node2', 'node3']) expect((await site.run('lab', 'boot', name)).stdout).toBe(`${name} is up.\n`)
    expect(run.status).toBe(6)
    expect(run.stdout).toMatch(/\? node2 {2}node2 cannot be reached/)
    expect(run.stdout).toMatch(/\? node3 {2}node3 cannot be reached/)
    expect(run.stdout).toMatch(/✔ agents' user +nvlmsgr, uid 6001/)
    expect(run.stdout).toMatch(/✖ node1 {2}node2, node3 of the failover list is no member of the cluster now/)
  })
})

it('is refused nothing by a node that is down: what it has nobody knows, and the others are told', async () => {
  await labRestore(site.lab.dir, 'installed')
  await atRest(site.lab)
  await site.on('node3', 'ip link set eth0 down')
  const run = await site.run('playbook', 'verify')
  expect(run.status).toBe(1)
  expect(findings(run.events).every(line => line.includes('@node3') || line.includes('whole-where-it-runs'))).toBe(true)
})
