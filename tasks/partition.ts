// Holds the shared partition: mounted at its mount point on one node, and on no other.
import { absolutePath, change, type HostDollar, hold, mount, Problem, userName, z } from '#task'
import { activations } from './lib/activations.ts'
import { addresses } from './lib/addresses.ts'
import { clusterResource } from './lib/cluster-resource.ts'
import { fileSystem, type Storage, storage } from './lib/storage.ts'

const args = z.strictObject({
  kind: z.enum(['plain', 'lvm', 'evms', 'nss']).meta({ description: 'what has to be activated before the mount' }),
  device: absolutePath,
  fstype: userName,
  at: absolutePath,
  options: z.string().default('noatime,nodiratime'),
  group: z.string().optional().meta({ description: 'volume group, EVMS container, or NSS pool' }),
  volume: z.string().optional().meta({ description: 'NSS volume' }),
  resource: z.string().optional().meta({ description: 'cluster resource that owns the partition; must be offline' }),
  address: z
    .strictObject({ ip: z.ipv4(), prefix: z.int().min(1).max(32), device: z.string() })
    .optional()
    .meta({ description: 'secondary address that the agents bind to; held together with the partition' }),
})

type Args = z.infer<typeof args>

export default hold({
  name: 'partition',
  summary: 'Hold the shared partition on one node: activate, mount, add the secondary address; and the reverse',
  args,

  provides: ({ at, device, fstype }) => [
    change(mount(at), { type: 'unmounted' }, { type: 'mounted', source: device, fstype }),
  ],

  identity: ({ device }) => fileSystem(device),

  async look({ world, args }) {
    if (args.resource !== undefined) assertOffline(await world.look(clusterResource(args.resource)), args.resource)
    const held = whereMounted(await world.look(storage(args.device)), args)
    if (held !== undefined) return { held: true, because: held }
    if (args.address) {
      const { ips } = await world.look(addresses('all'))
      if (ips.includes(args.address.ip)) return { held: true, because: `it has the address ${args.address.ip}` }
    }
    return { held: false, because: `${args.device} is mounted nowhere on it` }
  },

  async acquire({ $, args }) {
    const { device, fstype, at, options, address } = args
    await activations[args.kind].activate($, args)
    await $`mkdir -p ${at}`
    if (args.kind !== 'nss') await $`mount -t ${fstype} -o ${options} ${device} ${at}`
    if (address) await addAddress($, address)
  },

  async release({ $, args }) {
    const { at, address } = args
    if (address) await $`ip addr del ${`${address.ip}/${address.prefix}`} dev ${address.device} 2>/dev/null || :`
    await $`sync`
    if (args.kind !== 'nss') await unmount($, at)
    await activations[args.kind].deactivate($, args)
  },
})

/** A neighbour that remembers the address at another node would go on asking there, so it is announced. */
const addAddress = async ($: HostDollar, { ip, prefix, device }: NonNullable<Args['address']>): Promise<void> => {
  await $`ip addr add ${`${ip}/${prefix}`} dev ${device}`
  await $`if command -v arping >/dev/null 2>&1; then arping -q -c 1 -U -I ${device} ${ip}; fi || :`
}

/** Where the partition is mounted on the node, in words; nothing when it is not. */
const whereMounted = ({ mounts }: Storage, { device, at, kind }: Args): string | undefined => {
  const top = mounts.findLast(line => line.at === at)
  const here = mounts.filter(line => line.isIt)
  if (top && !top.isIt && kind !== 'nss') throw wrongFileSystem(top, { device, at })
  const elsewhere = here.find(line => line.at !== at)
  if (elsewhere) throw mountedElsewhere(elsewhere.at, { device, at })
  return top ? `${top.source} is mounted at ${at}` : undefined
}

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

const assertOffline = (
  seen: { readonly type: string; readonly state?: string; readonly node?: string },
  name: string,
): void => {
  if (seen.type === 'no-cluster' || seen.state === 'Offline') return
  throw new Problem({
    code: 'resource-not-offline',
    summary: `The cluster resource ${name} is not offline, so Cluster Services may mount the partition at any time`,
    seen:
      seen.type === 'silent'
        ? '`cluster resources` does not list it on this node'
        : `${seen.state} ${seen.node}`.trim(),
    wanted: 'Offline',
    help: `take it offline: \`cluster offline ${name}\`; a comatose resource too`,
  })
}

/** Whoever still uses it is named: an unmount by force would lose what they write. */
const unmount = async ($: HostDollar, at: string): Promise<void> => {
  const tried = await $({ nothrow: true })`umount ${at}`
  if (tried.exitCode === 0) return
  const users = await $({
    nothrow: true,
  })`for p in /proc/[0-9]*; do for l in "$p"/cwd "$p"/root "$p"/exe "$p"/fd/*; do t=$(readlink "$l" 2>/dev/null) || continue; case $t in ${at}|${at}/*) read -r s <"$p/stat"; echo "$s" | cut -d' ' -f1,2; break;; esac; done; done; :`
  throw new Problem({
    code: 'partition-busy',
    summary: `The partition at ${at} is in use and cannot be unmounted`,
    seen: users.stdout.trim() || tried.stderr.trim(),
    wanted: 'nobody uses it',
    state: 'it is still mounted on this node; no other node may mount it',
    help: `end what uses it, then \`umount ${at}\``,
  })
}
