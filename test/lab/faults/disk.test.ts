// Disks of a node that take no more: what was begun is told, and the next run finishes it.
import { beforeAll, beforeEach, expect, it } from 'vitest'
import { heldAs } from '../../kit/fault-table.ts'
import { mountedOn } from '../e2e/machines.ts'
import { type FaultySite, failureOf, openFaultySite, outcomesOf } from './faulty-site.ts'

let site: FaultySite
beforeAll(async () => {
  site = await openFaultySite()
})
beforeEach(() => site.refresh())

const install = ['playbook', 'install', '--limit', 'node1', '--to', 'installer'] as const

/** A file system of a few blocks, none of them free. */
const fill = (path: string) =>
  site.on(
    'node1',
    `mkdir -p ${path} && mount -t tmpfs -o size=64k full ${path} && cat /dev/zero >${path}/fill 2>/dev/null; test -s ${path}/fill`,
  )

const mend = (path: string) => site.on('node1', `umount ${path}`)

it('where a file is written', async () => {
  await fill('/srv/full')
  site.write('playbooks/full.yml', full)
  const ran = await site.run('playbook', 'full', '--limit', 'node1')
  expect(ran.status).toBe(1)
  expect(failureOf(ran)).toMatchObject({
    code: 'command-failed',
    seen: expect.stringContaining('No space left on device'),
    state: 'nothing of it was done',
  })
  heldAs('a disk of the node is full', ran)
  await mend('/srv/full')
  await site.finishes('playbook', 'full', '--limit', 'node1')
})

it('where the installation program unpacks: it ends by itself, and is read', async () => {
  await fill('/opt/novell/messenger')
  const ran = await site.run(...install)
  expect(ran.status).toBe(1)
  expect(failureOf(ran)).toMatchObject({
    code: 'dialogue-ended-early',
    seen: '"The files could not be copied. Is the disk full?"',
    state: expect.stringContaining('it ended by itself, exit status 7'),
  })
  heldAs('the disk is full on which the installation program unpacks', ran)
  expect(mountedOn(site.lab)).toEqual([])
  await mend('/opt/novell/messenger')
  await site.finishes(...install)
})

it('on the partition, where the installation program writes', async () => {
  const point = '/mnt/filled'
  await site.on(
    'node1',
    `mkdir ${point} && mount ${site.lab.device} ${point} && cd ${point} && cat /dev/zero >fill 2>/dev/null; while echo x >>rest; do :; done 2>/dev/null`,
  )
  await site.on('node1', `umount ${point}`)
  const ran = await site.run(...install)
  expect(ran.status).toBe(1)
  expect(failureOf(ran)).toMatchObject({ code: 'dialogue-ended-early', seen: '"Cannot write to /mnt/messenger."' })
  expect(mountedOn(site.lab)).toEqual([])
  await site.on('node1', `mount ${site.lab.device} ${point} && rm ${point}/fill ${point}/rest && umount ${point}`)
  await site.finishes(...install)
})

it('where receipts are kept: an act that is done is not lost, but told', async () => {
  site.write('playbooks/act.yml', act)
  await fill('/var/lib/run/receipts')
  const ran = await site.run('playbook', 'act', '--limit', 'node1')
  expect(ran.status).toBe(1)
  expect(failureOf(ran)).toMatchObject({ code: 'receipt-not-written', state: expect.stringContaining('done') })
  heldAs('the disk is full where receipts are kept', ran)
  await mend('/var/lib/run/receipts')
  const again = await site.finishes('playbook', 'act', '--limit', 'node1')
  expect(outcomesOf(again)).toEqual({ 'act/act@node1': 'changed' })
})

it('where locks lie: nothing is begun there, since nothing would keep another run away', async () => {
  site.write('playbooks/act.yml', act)
  await fill('/var/lib/run')
  const ran = await site.run('playbook', 'act', '--limit', 'node1')
  expect(ran.status).toBe(1)
  expect(failureOf(ran)).toMatchObject({ code: 'lock-not-taken', host: 'node1', state: 'nothing was done there' })
  expect(await site.statusOn('node1', 'test -e /var/acts')).toBe(1)
  heldAs('the disk is full where locks are kept', ran)
  await mend('/var/lib/run')
  await site.finishes('playbook', 'act', '--limit', 'node1')
})

const full = `
- name: Full
  hosts: failover_list
  tasks:
    - { name: Written, file: { path: /srv/full/it, content: "hello\\n" } }
`

const act = `
- name: Act
  hosts: failover_list
  tasks:
    - { name: Act, shell: echo done >>/var/acts }
`
