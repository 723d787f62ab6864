// Holds the shared partition: mounted at its mount point on one node, and on no other.
import {
  absolutePath,
  change,
  eventually,
  type HostDollar,
  hold,
  mount,
  Problem,
  plainWord,
  readNow,
  userName,
  type World,
  z,
} from '#task'
import { activations } from './lib/activations.ts'
import { addresses } from './lib/addresses.ts'
import { addressInUse, answering } from './lib/answering.ts'
import { assertOffline } from './lib/cluster-problems.ts'
import { fileSystem, isPartition, isSameName, poolType, type Storage, storage, uuidOf } from './lib/storage.ts'
import { endingMs, unmount, usersOf } from './lib/unmount.ts'

const args = z.strictObject({
  kind: z.enum(['plain', 'lvm', 'evms', 'nss']).meta({ description: 'what has to be activated before the mount' }),
  device: absolutePath,
  fstype: userName,
  at: absolutePath,
  options: plainWord.default('noatime,nodiratime'),
  group: plainWord.optional().meta({ description: 'volume group, EVMS container, or NSS pool' }),
  volume: plainWord.optional().meta({ description: 'NSS volume' }),
  resource: plainWord.optional().meta({ description: 'cluster resource that owns the partition; must be offline' }),
  address: z
    .strictObject({ ip: z.ipv4(), prefix: z.int().min(1).max(32), device: plainWord })
    .optional()
    .meta({ description: 'secondary address that the agents bind to; held together with the partition' }),
})

type Args = z.infer<typeof args>

export default hold({
  name: 'partition',
  summary: 'Hold the shared partition on one node: activate, mount, add the secondary address; and the reverse',
  example: `
- name: Partition
  hold:
    partition: { kind: plain, device: /dev/sdb1, fstype: ext3, at: /mnt/messenger }
  block:
    - name: Directory on it
      file: { path: /mnt/messenger/store, state: directory }
`,
  args,

  provides: ({ at, device, fstype }) => [
    change(mount(at), { type: 'unmounted' }, { type: 'mounted', source: device, fstype }),
  ],

  identity: ({ device }) => fileSystem(device),

  async look({ world, args, identity }) {
    if (args.resource !== undefined) await assertOffline(world, args.resource, mayMount)
    const seen = await world.look(storage(args.device))
    if (args.kind !== 'nss' && seen.present && seen.uuid === '') throw unreadable(args.device)
    const mounted = whereMounted(seen, args, uuidOf(identity) || seen.uuid)
    const address = args.address && (await hasAddress(world, args.address.ip))
    const parts = [mounted, whatIsActive(seen, args), address].filter(part => part !== undefined)
    const found = await obstacleOf(world, { args, isPresent: seen.present, hasAddress: address !== undefined })
    const obstacle = found ? { obstacle: found } : {}
    if (parts.length === 0) return { held: false, because: `${args.device} is mounted nowhere on it`, ...obstacle }
    const isWhole = mounted !== undefined && (args.address === undefined || address !== undefined)
    return { held: true, isWhole, because: parts.join(', '), ...obstacle }
  },

  async acquire({ $, args }) {
    const { device, fstype, at, options, address } = args
    await activations[args.kind].activate($, args)
    await $`mkdir -p ${at}`
    if (args.kind !== 'nss' && !(await isMounted($, at))) await $`mount -t ${fstype} -o ${options} ${device} ${at}`
    if (address && !(await ownAddresses($)).includes(address.ip)) await addAddress($, address)
  },

  // The address goes last: a partition that is in use then stays as it is, with all that belongs to it.
  async release({ $, args }) {
    const { at, address, kind } = args
    await $`sync`
    if (await isMounted($, at)) {
      if (kind === 'nss') await assertUnused($, at)
      else await unmount($, at, users => busy(at, users))
    }
    await activations[kind].deactivate($, args)
    if (address && (await ownAddresses($)).includes(address.ip))
      await $`ip addr del ${`${address.ip}/${address.prefix}`} dev ${address.device}`
  },
})

const mayMount = 'so Cluster Services may mount the partition at any time'

const isMounted = async ($: HostDollar, at: string): Promise<boolean> =>
  (await readNow($, mount(at))).type === 'mounted'

const ownAddresses = async ($: HostDollar): Promise<readonly string[]> => (await readNow($, addresses('all'))).ips

type Here = { readonly args: Args; readonly isPresent: boolean; readonly hasAddress: boolean }

/** What keeps the node from having all of it. A second machine with the address would answer in place of the agents. */
const obstacleOf = async (world: World, { args, isPresent, hasAddress }: Here): Promise<Problem | undefined> => {
  if (args.kind === 'plain' && !isPresent) return deviceMissing(args.device)
  if (args.address === undefined || hasAddress) return undefined
  const { who } = await world.look(answering(args.address.ip))
  return who === 'another' ? addressInUse(args.address.ip, 'another machine') : undefined
}

/** Whoever has the address can take it for the partition's node: it counts as a part of the partition. */
const hasAddress = async (world: World, ip: string): Promise<string | undefined> => {
  const { ips } = await world.look(addresses('all'))
  return ips.includes(ip) ? `it has the address ${ip}` : undefined
}

/** A neighbour that remembers the address at another node would go on asking there, so it is announced. */
const addAddress = async ($: HostDollar, { ip, prefix, device }: NonNullable<Args['address']>): Promise<void> => {
  await $`ip addr add ${`${ip}/${prefix}`} dev ${device}`
  await $`if command -v arping >/dev/null 2>&1; then arping -q -c 1 -U -I ${device} ${ip}; fi || :`
}

/** Where the partition is mounted on the node, in words; nothing when it is not. */
const whereMounted = ({ mounts }: Storage, args: Args, uuid: string): string | undefined => {
  const { device, at } = args
  const top = mounts.findLast(line => line.at === at)
  if (top && !isPartition(top, args, uuid)) throw wrongFileSystem(top, { device, at })
  const elsewhere = mounts.find(line => line.at !== at && isPartition(line, args, uuid))
  if (elsewhere) throw mountedElsewhere(elsewhere.at, { device, at })
  return top ? `${top.source} is mounted at ${at}` : undefined
}

/** What is switched on for the mount, in words: that alone keeps other nodes away. */
const whatIsActive = ({ present, mounts }: Storage, { kind, group }: Args): string | undefined => {
  if (kind === 'plain') return undefined
  if (kind !== 'nss') return present ? `${group} is active` : undefined
  const pool = mounts.find(
    ({ fstype, at }) => fstype === poolType && isSameName(at.split('/').at(-1) ?? '', group ?? ''),
  )
  return pool && `the pool ${group} is active`
}

const deviceMissing = (device: string): Problem =>
  new Problem({
    code: 'device-missing',
    summary: 'The node has not the device of the partition',
    seen: `${device} is not there`,
    wanted: 'the shared disk, by the same name on every node',
    help: 'see whether the node sees the disk at all, and by which name: `blkid`, `ls -l /dev/disk/by-uuid`',
  })

const unreadable = (device: string): Problem =>
  new Problem({
    code: 'file-system-unknown',
    summary: `Nobody can tell which file system is on ${device}`,
    seen: `\`blkid ${device}\` gives no UUID`,
    wanted: 'its UUID: by it the partition is recognised under whatever name a node has mounted it',
    help: `try \`blkid -c /dev/null ${device}\` as root on the node`,
  })

const wrongFileSystem = (
  seen: { readonly source: string; readonly fstype: string },
  { device, at }: Pick<Args, 'device' | 'at'>,
): Problem =>
  new Problem({
    code: 'wrong-file-system',
    summary: `Something other than the partition is mounted at ${at}`,
    seen: `${seen.source} (${seen.fstype})`,
    wanted: device,
    help: `unmount it (\`umount ${at}\`), or name another mount point in the inventory`,
  })

const mountedElsewhere = (seen: string, { device, at }: Pick<Args, 'device' | 'at'>): Problem =>
  new Problem({
    code: 'partition-mounted-elsewhere',
    summary: `The partition is mounted, but not at its mount point`,
    seen: `${device} at ${seen}`,
    wanted: `at ${at}, or nowhere`,
    help: `find out who uses it, then release it: \`umount ${seen}\``,
  })

/** A pool would be deactivated under the feet of whoever uses it. */
const assertUnused = async ($: HostDollar, at: string): Promise<void> => {
  let users = ''
  const isUnused = async () => {
    users = await usersOf($, at)
    return users === ''
  }
  if ((await eventually(isUnused, endingMs)) === undefined) throw busy(at, users)
}

const busy = (at: string, users: string): Problem =>
  new Problem({
    code: 'partition-busy',
    summary: `The partition at ${at} is in use and cannot be unmounted`,
    seen: users,
    wanted: 'nobody uses it',
    state: 'it is still mounted on this node; no other node may mount it',
    help: `end what uses it, then \`umount ${at}\``,
  })
