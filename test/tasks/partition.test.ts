// The guard of the partition: what one node says of it, how it is taken, how it is given back.
import { describe, expect, it } from 'vitest'
import { resourceStates } from '../../tasks/lib/cluster-resource.ts'
import partition from '../../tasks/partition.ts'
import { handle, problemOf, stateOf } from '../kit/fake-world.ts'
import { lastTraceOf, traced } from '../kit/last-trace.ts'
import type { Row } from '../kit/scripted-host.ts'

const device = '/dev/messenger/data'
const at = '/mnt/messenger'
const plain = { kind: 'plain', device, fstype: 'ext4', at }
const withAddress = { ...plain, address: { ip: '10.88.1.200', prefix: 24, device: 'eth0' } }
const nss = {
  kind: 'nss',
  device: '/dev/pool/POOL',
  fstype: 'nssvol',
  at: '/media/nss/VOL',
  group: 'POOL',
  volume: 'VOL',
}
const lvm = { ...plain, kind: 'lvm', device: '/dev/vg/data', group: 'vg' }

const root = { source: '/dev/sda1', at: '/', fstype: 'ext3', uuid: 'root' }
const line = (more: object) => ({ source: device, at, fstype: 'ext4', uuid: 'u1', ...more })
const seen = (mounts: readonly object[], more: object = {}) => ({
  [`storage ${device}`]: { present: true, uuid: 'u1', mounts: [root, ...mounts], ...more } as never,
})

const here = 'addresses all'
const asked = 'answering 10.88.1.200'

describe('what a node says of the partition', () => {
  it.each([
    ['mounted nowhere', plain, seen([]), { held: false, because: `${device} is mounted nowhere on it` }],
    [
      'mounted at its place',
      plain,
      seen([line({})]),
      { held: true, isWhole: true, because: `${device} is mounted at ${at}` },
    ],
    [
      'mounted under another name of the same disk',
      plain,
      seen([line({ source: '/dev/dm-7' })]),
      { held: true, isWhole: true, because: `/dev/dm-7 is mounted at ${at}` },
    ],
    [
      'its address alone, which is a part of it',
      withAddress,
      { ...seen([]), [here]: { ips: ['127.0.0.1', '10.88.1.200'] } },
      { held: true, isWhole: false, because: 'it has the address 10.88.1.200' },
    ],
    [
      'mounted, but without its address',
      withAddress,
      { ...seen([line({})]), [here]: { ips: ['127.0.0.1'] }, [asked]: { who: 'nobody' } },
      { held: true, isWhole: false, because: `${device} is mounted at ${at}` },
    ],
    [
      'mounted, with its address',
      withAddress,
      { ...seen([line({})]), [here]: { ips: ['10.88.1.200'] } },
      { held: true, isWhole: true, because: `${device} is mounted at ${at}, it has the address 10.88.1.200` },
    ],
    [
      'a device that the node has not',
      plain,
      { [`storage ${device}`]: { present: false, uuid: '', mounts: [root] } },
      {
        held: false,
        because: `${device} is mounted nowhere on it`,
        obstacle: expect.objectContaining({ message: 'The node has not the device of the partition' }),
      },
    ],
    [
      'an active volume group, nothing mounted',
      lvm,
      { 'storage /dev/vg/data': { present: true, uuid: 'u1', mounts: [root] } },
      { held: true, isWhole: false, because: 'vg is active' },
    ],
    [
      'an inactive volume group',
      lvm,
      { 'storage /dev/vg/data': { present: false, uuid: '', mounts: [root] } },
      { held: false, because: '/dev/vg/data is mounted nowhere on it' },
    ],
    [
      'an active pool with its volume, as OES lists them',
      nss,
      {
        'storage /dev/pool/POOL': {
          present: true,
          uuid: '',
          mounts: [
            root,
            { source: '/dev/pool/POOL', at: '/opt/novell/nss/mnt/.pools/POOL', fstype: 'nsspool', uuid: '' },
            { source: 'VOL', at: '/media/nss/VOL', fstype: 'nssvol', uuid: '' },
          ],
        },
      },
      { held: true, isWhole: true, because: 'VOL is mounted at /media/nss/VOL, the pool POOL is active' },
    ],
    [
      'an active pool whose volume is not mounted',
      nss,
      {
        'storage /dev/pool/POOL': {
          present: true,
          uuid: '',
          mounts: [
            root,
            { source: '/dev/pool/POOL', at: '/opt/novell/nss/mnt/.pools/POOL', fstype: 'nsspool', uuid: '' },
          ],
        },
      },
      { held: true, isWhole: false, because: 'the pool POOL is active' },
    ],
    [
      'a resource that is offline',
      { ...plain, resource: 'MSGR' },
      { ...seen([]), 'cluster-resource MSGR': { type: 'resource', state: 'Offline', node: '' } },
      { held: false, because: `${device} is mounted nowhere on it` },
    ],
    [
      'no Cluster Services at all',
      { ...plain, resource: 'MSGR' },
      { ...seen([]), 'cluster-resource MSGR': { type: 'no-cluster' } },
      { held: false, because: `${device} is mounted nowhere on it` },
    ],
  ])('%s', async (_, args, things, state) => {
    expect(await stateOf(partition, args, { things: things as never })).toEqual(state)
  })

  it('another machine has the address that is a part of it: nobody takes it there', async () => {
    const things = { ...seen([]), [here]: { ips: ['127.0.0.1'] }, [asked]: { who: 'another' } }
    expect(await stateOf(partition, withAddress, { things: things as never })).toMatchObject({
      held: false,
      obstacle: { code: 'address-in-use', fields: { seen: 'another machine has it', state: 'nothing was changed' } },
    })
  })

  it('goes by the UUID that the taker sees: the same name may be another disk here, and the disk have another name', async () => {
    const things = seen([line({ source: '/dev/sdc1', uuid: 'u1' })], { uuid: 'another' })
    expect(await stateOf(partition, plain, { things, identity: { uuid: 'u1' } })).toMatchObject({ held: true })
    const other = seen([line({ at: '/srv', uuid: 'another' })], { uuid: 'another' })
    expect(await stateOf(partition, plain, { things: other, identity: { uuid: 'u1' } })).toMatchObject({ held: false })
  })
})

describe('what stands in the way', () => {
  it('another file system at the mount point', async () => {
    const things = seen([line({ source: '/dev/sdb9', uuid: 'u9' })])
    expect(await problemOf(stateOf(partition, plain, { things }))).toEqual({
      code: 'wrong-file-system',
      summary: 'Something other than the partition is mounted at /mnt/messenger',
      seen: '/dev/sdb9 (ext4)',
      wanted: device,
      help: 'unmount it (`umount /mnt/messenger`), or name another mount point in the inventory',
    })
  })

  it('another file system on top of the partition', async () => {
    const things = seen([line({}), { source: 'tmpfs', at, fstype: 'tmpfs', uuid: '' }])
    expect(await problemOf(stateOf(partition, plain, { things }))).toMatchObject({
      code: 'wrong-file-system',
      seen: 'tmpfs (tmpfs)',
    })
  })

  it('the partition at another place', async () => {
    const things = seen([line({ at: '/srv/old' })])
    expect(await problemOf(stateOf(partition, plain, { things }))).toEqual({
      code: 'partition-mounted-elsewhere',
      summary: 'The partition is mounted, but not at its mount point',
      seen: `${device} at /srv/old`,
      wanted: 'at /mnt/messenger, or nowhere',
      help: 'find out who uses it, then release it: `umount /srv/old`',
    })
  })

  it('a comatose resource, with the line of the trace that failed', async () => {
    const stdout = 'MSGR.load.out:\n+ exit_on_error mount x\nERROR: exit status 32: mount x\n+ exit 32'
    const things = { ...seen([]), 'cluster-resource MSGR': { type: 'resource', state: 'Comatose', node: 'node2' } }
    const elsewhere = { node2: { [lastTraceOf('MSGR')]: traced(stdout) } }
    expect(await problemOf(stateOf(partition, { ...plain, resource: 'MSGR' }, { things, elsewhere }))).toMatchObject({
      code: 'resource-not-offline',
      seen: 'Comatose node2\nMSGR.load.out: ERROR: exit status 32: mount x',
      excerpt: expect.stringContaining('+ exit 32'),
    })
  })

  it('a device of which nobody can tell the file system', async () => {
    expect(await problemOf(stateOf(partition, plain, { things: seen([], { uuid: '' }) }))).toEqual({
      code: 'file-system-unknown',
      summary: `Nobody can tell which file system is on ${device}`,
      seen: `\`blkid ${device}\` gives no UUID`,
      wanted: 'its UUID: by it the partition is recognised under whatever name a node has mounted it',
      help: `try \`blkid -c /dev/null ${device}\` as root on the node`,
    })
  })

  it.each<[string, { type: string; state?: string; node?: string }, string]>([
    ...resourceStates
      .filter(state => state !== 'Offline')
      .map((state): [string, { type: string; state: string; node: string }, string] => [
        state,
        { type: 'resource', state, node: 'node2' },
        `${state} node2`,
      ]),
    ['Loading, nobody knows where', { type: 'resource', state: 'Loading', node: '' }, 'Loading'],
    [
      'not told by any node',
      { type: 'silent' },
      '`cluster resources` lists nothing, on this node and on every other that could be asked',
    ],
    [
      'not among those that are listed',
      { type: 'absent' },
      '`cluster resources` lists others, and no resource of this name',
    ],
  ])('a cluster resource that is %s', async (_, resource, told) => {
    const things = { ...seen([]), 'cluster-resource MSGR': resource }
    const elsewhere = { node2: { [lastTraceOf('MSGR')]: traced('') } }
    expect(await problemOf(stateOf(partition, { ...plain, resource: 'MSGR' }, { things, elsewhere }))).toEqual({
      code: 'resource-not-offline',
      summary: 'The cluster resource MSGR is not offline, so Cluster Services may mount the partition at any time',
      seen: told,
      wanted: 'Offline',
      help:
        resource.type === 'resource'
          ? 'take it offline: `cluster offline MSGR`; a comatose resource too'
          : 'compare its name in the inventory with `cluster resources` on the master node (`cluster view` names it)',
    })
  })
})

const unmounted = 'rootfs / rootfs rw 0 0\n'
const mounted = `${unmounted}${device} ${at} ext4 rw 0 0\n`
const noAddress = '1: lo    inet 127.0.0.1/8 scope host lo\n'
const itsAddress = `${noAddress}2: eth0    inet 10.88.1.200/24 scope global eth0\n`

const node = (rows: readonly Row[] = [], mounts = unmounted, addresses = noAddress): readonly Row[] => [
  ...rows,
  ['exec cat /proc/mounts', mounts],
  ['ip -o addr show', addresses],
  [/^(?:mkdir|mount|umount|sync|vgchange|nss|evms|ip addr|if command -v arping)/, ''],
]

const looks = ['exec cat /proc/mounts', 'ip -o addr show']
const deeds = (commands: readonly string[]) => commands.filter(command => !looks.includes(command))

describe('taking it', () => {
  it.each([
    ['plain', plain, ['mkdir -p /mnt/messenger', `mount -t ext4 -o noatime,nodiratime ${device} ${at}`]],
    [
      'on clustered LVM',
      lvm,
      ['vgchange -a ey vg', 'mkdir -p /mnt/messenger', `mount -t ext4 -o noatime,nodiratime /dev/vg/data ${at}`],
    ],
    ['on NSS, where the pool brings the volume', nss, ['nss /poolact=POOL', 'mkdir -p /media/nss/VOL']],
    [
      'with its address, which is announced',
      withAddress,
      [
        'mkdir -p /mnt/messenger',
        `mount -t ext4 -o noatime,nodiratime ${device} ${at}`,
        'ip addr add 10.88.1.200/24 dev eth0',
        'if command -v arping >/dev/null 2>&1; then arping -q -c 1 -U -I eth0 10.88.1.200; fi || :',
      ],
    ],
  ])('%s', async (_, args, commands) => {
    expect(deeds(await handle('acquire', partition, { args, table: node() }))).toEqual(commands)
  })

  it('takes only what is missing', async () => {
    const onlyMounted = await handle('acquire', partition, { args: withAddress, table: node([], mounted) })
    expect(deeds(onlyMounted).slice(0, 2)).toEqual(['mkdir -p /mnt/messenger', 'ip addr add 10.88.1.200/24 dev eth0'])
    const onlyAddress = await handle('acquire', partition, {
      args: withAddress,
      table: node([], unmounted, itsAddress),
    })
    expect(deeds(onlyAddress)).toEqual([
      'mkdir -p /mnt/messenger',
      `mount -t ext4 -o noatime,nodiratime ${device} ${at}`,
    ])
  })

  it('goes no further when the mount fails', async () => {
    const table = node([[/^mount /, { exitCode: 32, stderr: 'mount: wrong fs type' }]])
    expect(await problemOf(handle('acquire', partition, { args: withAddress, table }))).toMatchObject({
      code: 'command-failed',
      seen: 'mount: wrong fs type',
    })
  })

  it('says what an inventory lacks before anything is done', async () => {
    const { group: _, ...args } = lvm
    expect(await problemOf(handle('acquire', partition, { args, table: [] }))).toEqual({
      code: 'partition-incomplete',
      summary: 'The partition has no volume group',
      wanted: 'the name of the volume group, as `group:` of the partition in the inventory',
      help: 'add it to the partition in the inventory',
    })
  })
})

describe('giving it back', () => {
  it.each([
    ['plain', plain, ['sync', `umount ${at}`]],
    ['on clustered LVM', lvm, ['sync', `umount ${at}`, 'vgchange -a n vg']],
    ['with its address', withAddress, ['sync', `umount ${at}`, 'ip addr del 10.88.1.200/24 dev eth0']],
  ])('%s', async (_, args, commands) => {
    const released = await handle('release', partition, { args, table: node([], mounted, itsAddress) })
    expect(deeds(released)).toEqual(commands)
  })

  it('gives back only what is there', async () => {
    const released = await handle('release', partition, { args: withAddress, table: node([], unmounted, itsAddress) })
    expect(deeds(released)).toEqual(['sync', 'ip addr del 10.88.1.200/24 dev eth0'])
  })

  it('names who still uses it, leaves the address where it is, and forces nothing', async () => {
    const table = node(
      [
        ['umount /mnt/messenger', { exitCode: 32, stderr: 'target is busy' }],
        [/^for p in/, '4711 (nmma)\n'],
        [/^ip addr del/, new Error('the address must stay')],
      ],
      mounted,
      itsAddress,
    )
    expect(await problemOf(handle('release', partition, { args: withAddress, table }))).toEqual({
      code: 'partition-busy',
      summary: 'The partition at /mnt/messenger is in use and cannot be unmounted',
      seen: '4711 (nmma)',
      wanted: 'nobody uses it',
      state: 'it is still mounted on this node; no other node may mount it',
      help: 'end what uses it, then `umount /mnt/messenger`',
    })
  })

  it('does not deactivate a pool that is in use', async () => {
    const table = node(
      [
        [/^for p in/, '4711 (nmma)\n'],
        [/^nss/, new Error('the pool must stay active')],
      ],
      `${unmounted}VOL /media/nss/VOL nssvol rw 0 0\n`,
    )
    expect(await problemOf(handle('release', partition, { args: nss, table }))).toMatchObject({
      code: 'partition-busy',
      seen: '4711 (nmma)',
    })
  })
})

describe('what the steps inside see of it', () => {
  it('is a mount at the mount point', () => {
    expect(partition.provides(partition.args.parse(plain))).toEqual([
      {
        kind: 'mount',
        key: at,
        before: { type: 'unmounted' },
        after: { type: 'mounted', source: device, fstype: 'ext4' },
      },
    ])
  })
})
