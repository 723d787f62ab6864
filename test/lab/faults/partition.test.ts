// What stands in the way of the partition: it is mounted nowhere afterwards, or the report says exactly where it still is.
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { heldAs } from '../../kit/fault-table.ts'
import { eventsOf } from '../e2e/changes.ts'
import { mountedOn } from '../e2e/machines.ts'
import { type FaultySite, failoverPlay, failureOf, holdsOf, openFaultySite, outcomesOf } from './faulty-site.ts'

let site: FaultySite
beforeAll(async () => {
  site = await openFaultySite()
})
beforeEach(() => site.refresh())

const small = ['playbook', 'small'] as const
const onNode1 = [...small, '--limit', 'node1'] as const
const point = '/mnt/messenger'

const mountPartition = (node: string, at: string) =>
  site.on(node, `mkdir -p ${at} && mount -t ext4 ${site.lab.device} ${at}`)

describe('the partition on another node', () => {
  it('at its mount point: that node is named, and nothing is mounted a second time', async () => {
    await mountPartition('node2', point)
    const ran = await site.run(...onNode1)
    expect(ran.status).toBe(1)
    expect(failureOf(ran)).toMatchObject({
      code: 'held-by-another-node',
      host: 'node1',
      seen: `node2: ${site.lab.device} is mounted at ${point}`,
      state: 'the partition was not taken on node1',
    })
    heldAs('another node has the partition', ran)
    expect(mountedOn(site.lab)).toEqual(['node2'])
    await site.on('node2', `umount ${point}`)
    await site.finishes(...onNode1)
  })

  it('at another place: the node and the place are named', async () => {
    await mountPartition('node2', '/mnt/elsewhere')
    const ran = await site.run(...onNode1)
    expect(ran.status).toBe(1)
    expect(failureOf(ran)).toMatchObject({
      code: 'partition-mounted-elsewhere',
      host: 'node2',
      seen: `${site.lab.device} at /mnt/elsewhere`,
      help: expect.stringContaining('`umount /mnt/elsewhere`'),
    })
    heldAs('another node has the partition mounted elsewhere', ran)
    expect(ran.stderr).toContain('step small/data@node1, on node2')
    await site.on('node2', 'umount /mnt/elsewhere')
    await site.finishes(...onNode1)
  })

  it('is seen by a dry run too, which ends alike', async () => {
    await mountPartition('node2', point)
    const ran = await site.run(...onNode1, '--dry-run')
    expect(ran.status).toBe(1)
    expect(outcomesOf(ran)).toMatchObject({ 'small/data@node1': 'failed' })
  })
})

it('another file system at the mount point is left alone', async () => {
  await site.on('node1', `mkdir -p ${point} && mount -t tmpfs other ${point} && touch ${point}/theirs`)
  const ran = await site.run(...onNode1)
  expect(ran.status).toBe(1)
  expect(failureOf(ran)).toMatchObject({
    code: 'wrong-file-system',
    seen: 'other (tmpfs)',
    wanted: site.lab.device,
    state: 'the partition was not taken on node1',
  })
  heldAs('another file system is at the mount point', ran)
  expect(await site.on('node1', `ls ${point}`)).toBe('theirs')
  await site.on('node1', `umount ${point}`)
  await site.finishes(...onNode1)
})

it('a device that is not there cannot be mounted, and is named', async () => {
  await site.on('node1', `mv ${site.lab.device} ${site.lab.device}.away`)
  const ran = await site.run(...onNode1)
  expect(ran.status).toBe(1)
  expect(failureOf(ran).seen).toContain(site.lab.device)
  heldAs('the device of the partition is not there', ran)
  expect(mountedOn(site.lab)).toEqual([])
  await site.on('node1', `mv ${site.lab.device}.away ${site.lab.device}`)
  await site.finishes(...onNode1)
})

it('one that can only be read fails the step that writes, and is given back', async () => {
  site.write('playbooks/readonly.yml', failoverPlay({ held }).replace('at: "', 'options: ro\n          at: "'))
  const ran = await site.run('playbook', 'readonly', '--limit', 'node1')
  expect(ran.status).toBe(1)
  expect(failureOf(ran)).toMatchObject({
    code: 'command-failed',
    seen: expect.stringContaining('Read-only file system'),
  })
  heldAs('the partition can only be read', ran)
  expect(holdsOf(ran)).toEqual(['hold-intended node1', 'hold-acquired node1', 'hold-released node1'])
  expect(mountedOn(site.lab)).toEqual([])
  site.write('playbooks/readonly.yml', failoverPlay({ held }))
  await site.finishes('playbook', 'readonly', '--limit', 'node1')
})

it('one that is full fails the step that writes, and is given back', async () => {
  await mountPartition('node1', point)
  await site.on('node1', `cd ${point} && cat /dev/zero >fill 2>/dev/null; while echo x >>rest; do :; done 2>/dev/null`)
  await site.on('node1', `umount ${point}`)
  const ran = await site.run(...onNode1)
  expect(ran.status).toBe(1)
  expect(failureOf(ran)).toMatchObject({
    code: 'command-failed',
    seen: expect.stringContaining('No space left on device'),
  })
  heldAs('the partition is full', ran)
  expect(mountedOn(site.lab)).toEqual([])
  await mountPartition('node1', point)
  await site.on('node1', `rm ${point}/fill ${point}/rest; umount ${point}`)
  await site.finishes(...onNode1)
})

describe('one that somebody still uses', () => {
  beforeEach(() => site.write('playbooks/busy.yml', failoverPlay({ held: sitsThere })))
  const busy = ['playbook', 'busy'] as const

  it('stays mounted, and who uses it is told; nobody else may take it; the next run gives it back', async () => {
    const ran = await site.run(...busy, '--limit', 'node1')
    expect(ran.status).toBe(1)
    const { seen, ...failure } = failureOf(ran)
    heldAs('the partition is in use when it is given back', ran)
    expect(failure).toMatchObject({
      code: 'partition-busy',
      host: 'node1',
      state: expect.stringContaining('still mounted on'),
      help: expect.stringContaining(`umount ${point}`),
    })
    const [, pid] = /^(\d+) \(sleep\)$/.exec(seen ?? '') ?? []
    expect(ran.stderr).toMatch(/^may be held {2}partition on node1$/m)
    expect(mountedOn(site.lab)).toEqual(['node1'])

    const second = await site.run(...busy, '--limit', 'node1')
    expect(second.status).toBe(1)
    expect(failureOf(second)).toMatchObject({ code: 'partition-busy', host: 'node1' })

    await site.on('node1', `kill ${pid}`)
    const third = await site.finishes(...busy, '--limit', 'node1')
    expect(outcomesOf(third)).toEqual({ 'busy/sit@node1': 'same' })
    expect(eventsOf(third.events, 'notice').map(({ text }) => text)).toEqual([
      `an earlier run left the partition on node1: ${site.lab.device} is mounted at ${point}`,
    ])
  })

  it('keeps the next node from its turn', async () => {
    const ran = await site.run(...busy)
    expect(ran.status).toBe(1)
    expect(Object.keys(outcomesOf(ran))).toEqual(['busy/sit@node1'])
    expect(mountedOn(site.lab)).toEqual(['node1'])
  })
})

const held = '- { name: Data, file: { path: "{{ mount_point }}/data", content: "kept\\n" } }'

/** A process that outlives its step, with the partition as its directory. */
const sitsThere = `
- name: Sit
  shell:
    cmd: cd {{ mount_point }} && touch /var/sat && (setsid sleep 300 </dev/null >/dev/null 2>&1 &)
    creates: /var/sat
`
