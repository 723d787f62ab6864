// What is asked of a node of a Messenger cluster: by the very looks of the steps that keep it, and what nobody wrote down.
import { bootStart, file, probe, question, quote, type Told, user, z } from '#task'
import { answering } from '../lib/answering.ts'
import { type ClusterResource, clusterResource, clusterView, inWords } from '../lib/cluster-resource.ts'
import { carrierOf } from '../lib/questions/carrier.ts'
import {
  agentServices,
  agentsUser,
  clusterResourceName,
  installer,
  partition,
  secondaryAddress,
} from '../lib/questions/values.ts'
import { isUnit } from '../lib/services.ts'
import { isPartition, storage } from '../lib/storage.ts'

export default [
  question({
    name: 'partition',
    needs: { partition },
    together: 'once',
    help: 'unmount it on all nodes but one, at once: a file system that two nodes have mounted is lost data',
    async ask({ look, values: { partition } }) {
      const { present, uuid, mounts } = await look(storage(partition.device))
      const line = mounts.find(mount => isPartition(mount, partition, uuid))
      if (line) return { text: `mounted at ${line.at}`, value: line.at }
      if (present) return { text: 'not mounted', value: null }
      // What has to be activated first is on no other node while it is active on one.
      if (partition.kind !== 'plain') return { text: `not mounted, ${partition.device} not active`, value: null }
      return { text: `no ${partition.device}`, value: null, wrong: `the device ${partition.device} is not there` }
    },
  }),
  question({
    name: 'file system of the partition',
    needs: { partition },
    async ask({ look, values: { partition } }) {
      const script = `blkid -c /dev/null -s TYPE -o value ${quote(partition.device)}`
      return fileSystemOf((await look(probe(script))).stdout, partition)
    },
  }),
  question({
    name: 'network of the secondary address',
    needs: { secondary_address: secondaryAddress },
    async ask({ look, values: { secondary_address: wanted } }) {
      const { stdout } = await look(probe('ip -o -4 addr show'))
      const found = carrierOf(wanted.ip, stdout)
      if (!found)
        return { text: 'none', wrong: `no network device is in the network of the secondary address ${wanted.ip}` }
      const { device, prefix } = found
      const because = `the device whose network ${wanted.ip} is in, and its prefix`
      return {
        text: `${device}, prefix ${prefix}`,
        lines: [
          { path: ['secondary_address', 'device'], value: device, because },
          { path: ['secondary_address', 'prefix'], value: prefix, because },
        ],
        ...(wanted.device !== undefined &&
          wanted.device !== device && {
            wrong: `\`secondary_address.device\` is ${wanted.device}, and the network is on ${device}`,
          }),
      }
    },
  }),
  question({
    name: 'secondary address',
    needs: { secondary_address: secondaryAddress, cluster_resource: clusterResourceName },
    async ask({ look, values: { secondary_address, cluster_resource } }) {
      const { who } = await look(answering(secondary_address.ip))
      const seen = await look(clusterResource(cluster_resource))
      return addressTold({ who, ip: secondary_address.ip, name: cluster_resource }, seen)
    },
  }),
  question({
    name: 'cluster resource',
    needs: { cluster_resource: clusterResourceName },
    ask: async ({ look, values: { cluster_resource } }) =>
      resourceTold(cluster_resource, inWords(await look(clusterResource(cluster_resource)))),
  }),
  question({
    name: 'resources of the cluster',
    needs: { cluster_resource: z.string().optional() },
    async ask({ look, values: { cluster_resource } }) {
      const { stdout } = await look(probe('cluster resources 2>/dev/null; :'))
      return resourcesTold(stdout, cluster_resource)
    },
  }),
  question({
    name: 'members of the cluster',
    needs: { failover_list: z.array(z.string()).min(1) },
    together: 'same',
    help: 'the cluster is split: mend the network between the nodes before anything else',
    async ask({ look, values: { failover_list } }) {
      const seen = await look(clusterView('cluster'))
      if (seen.type === 'no-cluster') return { text: 'no Cluster Services', mind: 'there is no command `cluster`' }
      const away = failover_list.filter(node => !seen.members.some(each => isSame(each, node)))
      return {
        text: seen.members.join(', '),
        value: seen.members.toSorted(),
        ...(away.length > 0 && { wrong: `${away.join(', ')} of the failover list is no member of the cluster now` }),
      }
    },
  }),
  question({
    name: "agents' user",
    needs: { agents_user: agentsUser, agents_uid: z.int().nullish() },
    together: 'same',
    help: 'give the user one uid everywhere (LUM: `namconfig cache_refresh`): files on the partition belong to the number',
    async ask({ look, values: { agents_user, agents_uid } }) {
      const seen = await look(user(agents_user))
      if (seen.type === 'absent')
        return {
          text: `no ${agents_user}`,
          mind: `${agents_user} is not known: it has to be in the directory, with LUM`,
        }
      const text = `${agents_user}, uid ${seen.uid}, group ${seen.group}`
      const because = `of ${agents_user}, the same on every node that was asked`
      return {
        text,
        value: seen.uid,
        lines: [
          // Root has the same one on every machine.
          ...(seen.uid === 0 ? [] : [{ path: ['agents_uid'], value: seen.uid, because }]),
          { path: ['agents_group'], value: seen.group, because },
        ],
        ...(typeof agents_uid === 'number' &&
          agents_uid !== seen.uid && {
            wrong: `${agents_user} has uid ${seen.uid}, and \`agents_uid\` is ${agents_uid}`,
          }),
      }
    },
  }),
  question({
    name: 'boot start',
    needs: { agent_services: agentServices },
    async ask({ look, values: { agent_services } }) {
      const names = [agent_services.messaging, agent_services.archive]
      return bootTold(await Promise.all(names.map(async name => ({ name, ...(await look(bootStart(name))) }))))
    },
  }),
  question({
    name: 'installation program',
    needs: { installer },
    async ask({ look, values: { installer } }) {
      const [program = ''] = installer.command.split(' ')
      const seen = await look(file(program))
      if (seen.type !== 'absent') return { text: program }
      return {
        text: `no ${program}`,
        mind: `${program} is not there: unpack the media, or correct \`installer.command\``,
      }
    },
  }),
]

const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

type Partition = z.infer<typeof partition>

/** The device of a pool holds volumes, and no file system that `blkid` could name. */
export const fileSystemOf = (type: string, { kind, fstype: wanted }: Pick<Partition, 'kind' | 'fstype'>): Told => {
  if (kind === 'nss') return { text: 'volumes of an NSS pool' }
  if (type === '') return { text: 'not told' }
  const lines = [{ path: ['partition', 'fstype'], value: type, because: 'as `blkid` reads it off the device' }]
  if (wanted === undefined || wanted === type) return { text: type, lines }
  return { text: type, lines, wrong: `\`partition.fstype\` is ${wanted}, and the device has ${type}` }
}

type Holder = {
  readonly who: 'nobody' | 'another' | 'this node'
  readonly ip: string
  readonly name: string
}

/** Somebody has it rightly while the resource runs: it is wrong only where the cluster says that it does not. */
export const addressTold = ({ who, ip, name }: Holder, seen: ClusterResource): Told => {
  const holder = who === 'another' ? 'another machine' : who
  const text = `${holder} has it`
  if (who === 'nobody') return { text }
  if (seen.type !== 'resource') return { text, mind: `${holder} has ${ip}; whether ${name} is offline is not known` }
  return seen.state === 'Offline' ? { text, wrong: `${holder} has ${ip}, and ${name} is offline` } : { text }
}

/** @source Novell Cluster Services: the resource of the cluster's own address is always there */
const ownResource = 'Master_IP_Address_Resource'

/** @param known What the inventory names; the only one there is may be meant where it names none. */
export const resourcesTold = (stdout: string, known: string | undefined): Told => {
  const [header = '', ...rows] = stdout.split('\n').filter(line => line.trim() !== '')
  const names = rows.map(row => row.trim().split(/\s+/)[0] ?? '').filter(name => name !== ownResource)
  const text = names.join(', ') || (header === '' ? 'no Cluster Services' : 'none told by this node')
  const [name, ...others] = names
  if (known !== undefined || name === undefined || others.length > 0) return { text }
  return { text, lines: [{ path: ['cluster_resource'], value: name, because: 'the only resource of the cluster' }] }
}

/** @param seen `Running node2`, or what else is seen of it. */
export const resourceTold = (name: string, seen: string): Told => {
  const [state = ''] = seen.split(' ')
  switch (state) {
    case 'Offline':
      return { text: seen }
    case 'no-cluster':
      return { text: 'no Cluster Services' }
    case 'silent':
      return { text: 'not told by this node' }
    case 'absent':
      return {
        text: 'not there',
        wrong: `the cluster has no resource ${name}: compare \`cluster_resource\` with \`cluster resources\``,
      }
    case 'Comatose':
    case 'Alert':
      return { text: seen, wrong: `${name} is ${seen}: \`cluster offline ${name}\`, then find out why (its load.out)` }
    default:
      return { text: seen, mind: `${name} is ${seen}: it has to be offline while somebody installs` }
  }
}

type Boot = { readonly name: string; readonly state: 'on' | 'off' | 'absent' | 'generated' | 'transient' }

export const bootTold = (seen: readonly Boot[]): Told => {
  const there = seen.filter(({ state }) => state !== 'absent')
  const on = there.filter(({ state }) => state === 'on').map(({ name }) => name)
  const text = there.map(({ name, state }) => `${name} ${state}`).join(', ') || 'no agents installed'
  if (on.length === 0) return { text }
  return { text, wrong: `the agents start with the node: ${on.map(name => `\`${offCommand(name)}\``).join(', ')}` }
}

const offCommand = (service: string): string =>
  isUnit(service) ? `systemctl disable ${service}` : `chkconfig ${service} off`
