// The drill on a cluster that is installed: down the failover list and back, proved on each node, and as it began.
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { labRestore, labSnapshot } from '../../../lab/index.ts'
import type { RunEvent } from '../../../src/model/events.ts'
import { setResource } from '../resource.ts'
import { openWithResource, placeOf, waitForPlace } from './failover.ts'
import { atRest, mountedOn, runningOn } from './machines.ts'
import type { Site } from './site.ts'

let site: Site

beforeAll(async () => {
  site = await openWithResource({
    nodes: 3,
    vary: vars => {
      vars.drill = { announce_within: 3, answer_within: 20, move_within: 60 }
    },
  })
  await labSnapshot(site.lab.dir, 'installed')
})
afterEach(async () => {
  await labRestore(site.lab.dir, 'installed')
  await atRest(site.lab)
})

const endsOf = (events: readonly RunEvent[]) => events.flatMap(event => (event.type === 'step-ended' ? [event] : []))

/** How each move ended, in the order of the run. */
const movesOf = (events: readonly RunEvent[]): readonly string[] =>
  endsOf(events).flatMap(({ step, told }) =>
    told === undefined ? [] : [`${step}: ${told.replace(/\d+\.\d s/, 'N s')}`],
  )

const problemsOf = (events: readonly RunEvent[]) => endsOf(events).flatMap(({ problem }) => problem ?? [])

describe('a drill', () => {
  it('goes down the list and back, tells each downtime, and ends offline where it began offline', async () => {
    const dry = await site.run('playbook', 'drill', '--dry-run', '--detailed-exitcode')
    expect(dry).toMatchObject({ status: 10, stdout: expect.stringContaining('meanwhile the agents are down') })
    const run = await site.run('playbook', 'drill')
    expect(problemsOf(run.events)).toEqual([])
    expect(run.status).toBe(0)
    expect(movesOf(run.events)).toEqual([
      'drill/resource-here: runs on node1',
      'drill/resource-here: runs on node2; N s without an answer, asked from node3',
      'drill/resource-here: runs on node3; N s without an answer, asked from node1',
      'drill/back-on-the-preferred-node: runs on node1; N s without an answer, asked from node2',
      'drill/as-it-began: offline',
    ])
    const down = endsOf(run.events).find(({ step, host }) => step === 'drill/resource-here' && host === 'node2')?.result
    expect(down).toMatchObject({ downtime_ms: expect.any(Number), announced_ms: expect.any(Number) })
    expect(run.stderr).toMatch(/runs on node2; \d+\.\d s without an answer/)
    expect(await placeOf(site)).toBe('Offline')
    expect([mountedOn(site.lab), runningOn(site.lab, 'nmma'), runningOn(site.lab, 'nmaa')]).toEqual([[], [], []])
    await site.on(
      'node1',
      'mount -t ext4 /dev/messenger/data /mnt/messenger && ls -a /mnt/messenger >/tmp/there; umount /mnt/messenger',
    )
    expect(await site.on('node1', 'cat /tmp/there')).not.toContain('.run-drill')
  })

  it('ends where the resource was online', async () => {
    await site.on('node1', 'cluster online MESSENGER node2')
    await waitForPlace(site, 'Running node2')
    const run = await site.run('playbook', 'drill')
    expect(problemsOf(run.events)).toEqual([])
    expect(movesOf(run.events).map(line => line.split(';')[0])).toEqual([
      'drill/resource-here: runs on node1',
      'drill/resource-here: runs on node2',
      'drill/resource-here: runs on node3',
      'drill/back-on-the-preferred-node: runs on node1',
      'drill/as-it-began: runs on node2',
    ])
    expect(await placeOf(site)).toBe('Running node2')
    expect(runningOn(site.lab, 'nmma')).toEqual(['node2'])
  })

  it('finds an address that is not announced, by a node that remembers it elsewhere', async () => {
    for (const { name } of site.lab.nodes) await site.on(name, 'echo announce=0 >/etc/lab/cluster')
    const run = await site.run('playbook', 'drill')
    expect(run.status).toBe(1)
    expect(problemsOf(run.events)).toMatchObject([
      {
        code: 'address-not-announced',
        step: 'drill/resource-here@node2',
        seen: expect.stringMatching(
          /^(?:the agents answer on node2, and do not answer node3|node3 reached the agents)/,
        ),
        state: 'MESSENGER runs on node2',
      },
    ])
    expect(await placeOf(site)).toBe('Running node2')
  })

  it('tells a coma by the line of the trace that failed, and the way on; the next one refuses until then', async () => {
    await setResource(site.lab, {
      nCSCRMUnloadScript: ['#!/bin/bash\n. /opt/novell/ncs/lib/ncsfuncs\nexit_on_error false here\nexit 0\n'],
    })
    const wanted = {
      code: 'resource-comatose',
      seen: 'MESSENGER.unload.out: ERROR: exit status 1: false here',
      state: 'MESSENGER is Comatose node1',
      help: expect.stringContaining('`cluster offline MESSENGER`'),
    }
    const run = await site.run('playbook', 'drill')
    expect(run.status).toBe(1)
    expect(problemsOf(run.events)).toMatchObject([{ ...wanted, step: 'drill/resource-here@node2' }])
    const again = await site.run('playbook', 'drill')
    expect(problemsOf(again.events)).toMatchObject([{ ...wanted, step: 'drill/resource-here@node1' }])
  })

  it('moves nothing where the cluster prefers another node than the inventory', async () => {
    await setResource(site.lab, { nCSCRMPreferredNodes: ['node2', 'node1', 'node3'] })
    for (const flags of [['--dry-run'], []]) {
      const run = await site.run('playbook', 'drill', ...flags)
      expect(run.status).toBe(1)
      expect(problemsOf(run.events)).toMatchObject([
        { code: 'preferred-node-differs', step: 'failover-list/preferred-node@node1' },
      ])
    }
    expect(await placeOf(site)).toBe('Offline')
  })

  it('brings nothing to a node that is no member', async () => {
    await site.on('node2', 'ip link set eth0 down')
    const run = await site.run('playbook', 'drill')
    expect(run.status).toBe(1)
    expect(problemsOf(run.events)[0]).toMatchObject({
      code: 'resource-not-whole',
      seen: 'node2: not in one cluster with node1, by the word of one of them',
    })
    expect(await placeOf(site)).toMatch(/^(?:Running node1|Offline)$/)
  })
})
