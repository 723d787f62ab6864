// Sees that the cluster resource is whole where it runs, and that nothing of it is anywhere else.
import { absolutePath, Problem, plainWord, process, same, task, text, type World, z } from '#task'
import { addresses } from './lib/addresses.ts'
import { comatose, isInOneCluster, membersSeenBy, noMove } from './lib/cluster-problems.ts'
import { type ClusterResource, clusterResource, inWords } from './lib/cluster-resource.ts'
import { isPartition, storage } from './lib/storage.ts'
import { answersFrom, asked } from './lib/watch-answers.ts'

const args = z.strictObject({
  resource: plainWord,
  on: plainWord.optional().meta({ description: 'where it has to run; wherever it runs, or offline, unless told' }),
  partition: z.strictObject({
    kind: z.enum(['plain', 'lvm', 'evms', 'nss']),
    device: absolutePath,
    volume: plainWord.optional().meta({ description: 'NSS volume' }),
    at: absolutePath,
  }),
  address: z.ipv4(),
  agents: z.array(asked.extend({ process: plainWord })).min(1),
  marker: z
    .strictObject({ path: absolutePath, text: z.string() })
    .optional()
    .meta({ description: 'a file on the partition that was written before' }),
})

type Args = z.infer<typeof args>

export default task({
  name: 'resource-whole',
  summary: 'See that partition, address and agents are where the cluster resource runs, and nowhere else',
  example: `
- name: Resource as a whole
  resource-whole:
    resource: Messenger
    partition: { kind: plain, device: /dev/sdb1, at: /mnt/messenger }
    address: 192.0.2.50
    agents: [{ name: Messaging Agent, process: nmma, port: 8300, probe: messaging }]
`,
  args,
  onlyLooks: true,

  async check({ world, args, place }) {
    const seen = await world.look(clusterResource(args.resource))
    if (seen.type !== 'resource') throw noMove(args.resource, seen)
    if (seen.state === 'Comatose') throw await comatose(world, args.resource, seen)
    const node = seen.state === 'Running' ? seen.node : undefined
    const nodes = place.order.includes(node ?? world.host) ? place.order : [...place.order, node ?? world.host]
    const view = world.at(node ?? world.host)
    const members = await membersBothSay(view, nodes)
    const findings = [
      ...whereabouts(args, seen),
      ...nodes
        .filter(each => !members.includes(each))
        .map(each => `${each}: not in one cluster with ${view.host}, by the word of one of them`),
      ...(await eachNode(world, args, { nodes, node })),
      ...(node === undefined ? [] : await overNetwork(world, args, { nodes, node, members })),
    ]
    if (findings.length > 0) throw notWhole(args, { seen, findings })
    return same(tellWhole(args, { seen, nodes }))
  },

  async apply() {},
})

const whereabouts = ({ resource, on }: Args, seen: Extract<ClusterResource, { type: 'resource' }>): string[] => {
  const isThere = on === undefined ? ['Running', 'Offline'].includes(seen.state) : seen.node === on
  const isAtRest = seen.state === 'Running' || (on === undefined && seen.state === 'Offline')
  return isThere && isAtRest ? [] : [`${resource} is ${inWords(seen)}${on === undefined ? '' : `, not on ${on}`}`]
}

/** A node that is cut off is no member for the others, or the others are none for it. */
const membersBothSay = async (view: World, nodes: readonly string[]): Promise<readonly string[]> => {
  // One that tells nothing is a finding of its own.
  const members = (await membersSeenBy(view).catch(nobodyTells)) ?? nodes
  const both = await Promise.all(
    nodes.map(async node => node === view.host || (members.includes(node) && isInOneCluster(view.at(node), view.host))),
  )
  return nodes.filter((_, index) => both[index])
}

type Whereabouts = { readonly nodes: readonly string[]; readonly node: string | undefined }

/** How one node is asked: whether it is the one, and which file system it is, as far as the one can tell. */
type Asking = { readonly isHere: boolean; readonly uuid: string }

/** One that cannot be asked may have anything, and keeps nobody from hearing about the others. */
const eachNode = async (world: World, args: Args, { nodes, node }: Whereabouts): Promise<readonly string[]> => {
  const uuid = node === undefined ? '' : await uuidOn(world.at(node), args)
  const findings = await Promise.all(
    nodes.map(each =>
      onNode(world.at(each), args, { isHere: each === node, uuid }).catch((error: unknown) => {
        if (!(error instanceof Problem)) throw error
        return [`it cannot be told: ${error.message}`]
      }),
    ),
  )
  return findings.flatMap((some, index) => some.map(finding => `${nodes[index]}: ${finding}`))
}

/** Elsewhere what has to be activated is not there to be read. */
const uuidOn = async (world: World, { partition }: Args): Promise<string> =>
  (await world.look(storage(partition.device)).catch(nobodyTells))?.uuid ?? ''

const onNode = async (world: World, args: Args, { isHere, uuid }: Asking): Promise<readonly string[]> => {
  const { partition, address, agents } = args
  const findings: string[] = []
  const claim = (is: boolean, what: string) => {
    if (is !== isHere) findings.push(isHere ? `not so: ${what}` : `${what}, though the resource is not there`)
  }
  const seen = await world.look(storage(partition.device))
  const mounts = seen.mounts.filter(line => isPartition(line, partition, uuid || seen.uuid))
  if (isHere && mounts.length > 1) findings.push(`the partition is mounted ${mounts.length} times`)
  const isMounted = isHere ? mounts.some(({ at }) => at === partition.at) : mounts.length > 0
  claim(isMounted, `the partition is mounted at ${isHere ? partition.at : mounts.map(({ at }) => at).join(', ')}`)
  claim((await world.look(addresses('all'))).ips.includes(address), `${address} is there`)
  for (const { name, process: program } of agents) {
    const { count } = await world.look(process(program))
    claim(count > 0, `${name}: a process ${program} runs`)
  }
  return findings
}

/** The node's own finding says it. */
const nobodyTells = (error: unknown): undefined => {
  if (!(error instanceof Problem)) throw error
}

/** Agents and address from the node itself and from another one; the file that was written before. */
const overNetwork = async (
  world: World,
  args: Args,
  { nodes, node, members }: Whereabouts & { readonly node: string; readonly members: readonly string[] },
): Promise<readonly string[]> => {
  const findings: string[] = []
  const ask = async (from: string) => {
    const { silent, connected } = await answersFrom(world.at(from), args)()
    const asked = `asked from ${from} over ${args.address}`
    if (silent.length > 0) findings.push(`${asked}, no answer: ${silent.join(', ')}`)
    if (connected.length > 0)
      findings.push(`${asked}, nothing but a connection (${from} has no openssl): ${connected.join(', ')}`)
    return true
  }
  await ask(node)
  // One that is down or outside asks nobody, and is a finding of its own: the next one is taken.
  for (const other of nodes.filter(each => each !== node && members.includes(each)))
    if (await ask(other).catch(nobodyTells)) break
  return [...findings, ...(await markerFindings(world.at(node), args))]
}

const markerFindings = async (world: World, { marker }: Args): Promise<readonly string[]> => {
  if (marker === undefined) return []
  const seen = await world.look(text(marker.path))
  return seen.type === 'text' && seen.text === marker.text
    ? []
    : [`${marker.path} does not hold what was written before`]
}

const tellWhole = (
  { resource, marker, agents, address }: Args,
  { seen, nodes }: { readonly seen: ClusterResource; readonly nodes: readonly string[] },
): string => {
  const others = nodes.length - 1
  if (seen.type === 'resource' && seen.state === 'Offline')
    return `${resource} is offline, and nothing of it is on any of ${nodes.length} nodes`
  const agentsTold = agents.length === 1 ? 'the agent answers' : `${agents.length} agents answer`
  return [
    `${resource} is ${inWords(seen)}: mounted there and on none of ${others} others`,
    `${agentsTold} over ${address}`,
    ...(marker === undefined ? [] : ['what was written before is there']),
  ].join(', ')
}

const notWhole = (
  { resource }: Args,
  { seen, findings }: { readonly seen: ClusterResource; readonly findings: readonly string[] },
): Problem =>
  new Problem({
    code: 'resource-not-whole',
    summary: `${resource} is not whole, or something of it is where it does not belong`,
    seen: findings.join('\n'),
    wanted: 'partition, address and agents on the node that it runs on, and nothing of them elsewhere',
    state: `${resource} is ${inWords(seen)}`,
    help: 'look at the traces of its scripts (/var/opt/novell/log/ncs) on the nodes that are named',
  })
