// Keeps the cluster resource online on one node, or offline; and measures how long nobody was answered while it moved.
import { absolutePath, change, due, type HostDollar, Problem, plainWord, same, task, type World, z } from '#task'
import { assertMember, comatose, isInOneCluster, membersSeenBy, noMove } from './lib/cluster-problems.ts'
import { type ClusterResource, clusterResource, inWords } from './lib/cluster-resource.ts'
import { assertMountedNowhere, assertMountPoints, partitionArgs } from './lib/partition-free.ts'
import { type Answers, answersFrom, asked, neighbourOf, watchAnswers } from './lib/watch-answers.ts'

const seconds = z.number().min(0)

const args = z
  .strictObject({
    resource: plainWord,
    state: z.enum(['online', 'offline']).default('online'),
    node: plainWord.optional().meta({ description: 'where it is to be online; the node at hand unless told' }),
    partition: z
      .strictObject({
        ...partitionArgs,
        at: absolutePath.optional().meta({ description: 'its mount point, which every node has to have' }),
      })
      .optional()
      .meta({ description: 'it is brought online only where no node has this mounted by other means' }),
    agents: z.array(asked).default([]).meta({ description: 'who has to answer over the secondary address' }),
    address: z.ipv4().optional().meta({ description: 'the secondary address, where agents are asked' }),
    within: seconds.default(1260).meta({
      description: 'seconds for the whole move; longer than the timeouts of unload and load script together',
    }),
    answer_within: seconds.default(60).meta({ description: 'seconds until the agents answer on the node itself' }),
    announce_within: seconds.default(5).meta({
      description: 'seconds until another node reaches them too: longer, and the address was not announced',
    }),
  })
  .refine(({ agents, address }) => agents.length === 0 || address !== undefined, {
    path: ['address'],
    message: 'the secondary address, over which the agents are asked',
  })

type Args = z.infer<typeof args>

export default task({
  name: 'resource-place',
  summary: 'Have the cluster resource online on one node, or offline',
  example: `
- name: Resource on this node
  resource-place: { resource: Messenger, state: online }
`,
  args,
  result: z.object({
    before: z.object({ state: z.string(), node: z.string() }),
    node: z.string().optional(),
    downtime_ms: z.number().optional(),
    announced_ms: z.number().optional(),
    asked_from: z.string().optional(),
    only: z.literal('connection').optional(),
  }),

  async check({ world, args, place }) {
    const seen = await world.look(clusterResource(args.resource))
    if (seen.type !== 'resource') throw noMove(args.resource, seen)
    const after = wantedOf(args, world.host)
    const result = { before: { state: seen.state, node: seen.node } }
    if (seen.state === after.state && seen.node === after.node)
      return same(`${args.resource} is ${inWords(seen)}`, result)
    if (args.state === 'online') {
      if (seen.state === 'Comatose') throw await comatose(world, args.resource, seen)
      await assertMember(world, after.node)
      await assertWatched(world, args, { order: place.order, left: seen.node, wanted: after.node })
    }
    if (!ways[args.state].includes(seen.state)) throw noMove(args.resource, seen)
    if (args.state === 'online' && args.partition) {
      const others = othersThan(seen, place.order)
      await assertMountPoints(world, args.partition, others)
      await assertMountedNowhere(world, args.partition, others)
    }
    const meanwhile = meanwhileOf(args, seen)
    return {
      ...due('', { ...change(clusterResource(args.resource), seen, after), ...(meanwhile && { meanwhile }) }),
      result,
    }
  },

  async apply({ $, world, args, changes: [{ before }], place, progress }) {
    const { state, agents } = args
    const wanted = wantedOf(args, world.host)
    const left = before.type === 'resource' ? { state: before.state, node: before.node } : { state: '', node: '' }
    const isWatched = state === 'online' && agents.length > 0
    const answers = isWatched
      ? await watcherOf(world, { order: place.order, left: left.node, wanted: wanted.node })
      : undefined
    const watch = answers === undefined ? undefined : watchAnswers(answersFrom(world.at(answers), args))
    try {
      await watch?.begin(left.state === 'Running' ? firstAnswerMs : 0)
      await command($, args, { wanted: wanted.node, isRunning: left.state === 'Running' })
      await waitUntil(world, args, { wanted, left: left.node, progress })
      if (state === 'offline') return { before: left }
      const { readyAt, isAnswered } = await waitForAgents(world, args, wanted)
      const told = watch && settled(await watch.untilAnswered(readyAt, args.answer_within * 1000), isAnswered)
      if (told && answers && told.only === undefined)
        await assertAnnounced(world, args, { told, from: answers, to: wanted.node })
      const { downtime_ms, ...announced } = told ?? {}
      return {
        before: left,
        node: wanted.node,
        ...announced,
        // Nobody was answered before a resource that was offline, so nobody missed it.
        ...(downtime_ms !== undefined && left.state === 'Running' && { downtime_ms }),
        ...(answers !== undefined && { asked_from: answers }),
      }
    } finally {
      await watch?.stop()
    }
  },

  tell(result) {
    const { node, downtime_ms, asked_from, only } = told.parse(result)
    if (node === undefined) return 'offline'
    if (only !== undefined) return `runs on ${node}; no more than a connection was seen, for want of openssl on a node`
    if (downtime_ms === undefined) return `runs on ${node}`
    return `runs on ${node}; ${(downtime_ms / 1000).toFixed(1)} s without an answer, asked from ${asked_from}`
  },
})

/** Longest wait for an answer before the move; where there is none, nobody can tell how long there was none. */
const firstAnswerMs = 10_000

const told = z.object({
  node: z.string().optional(),
  downtime_ms: z.number().optional(),
  asked_from: z.string().optional(),
  only: z.literal('connection').optional(),
})

const wantedOf = ({ state, node }: Pick<Args, 'state' | 'node'>, host: string) =>
  state === 'offline'
    ? ({ type: 'resource', state: 'Offline', node: '' } as const)
    : ({ type: 'resource', state: 'Running', node: node ?? host } as const)

/** From which states a command leads there; from the others somebody has to wait, or to answer. */
const ways: Readonly<Record<Args['state'], readonly string[]>> = {
  online: ['Offline', 'Unassigned', 'Running'],
  offline: ['Running', 'Comatose', 'Unassigned', 'Quorum Wait', 'Alert'],
}

/** Where it runs, its partition is mounted by right. */
const othersThan = ({ state, node }: { readonly state: string; readonly node: string }, order: readonly string[]) =>
  order.filter(each => state !== 'Running' || each !== node)

const meanwhileOf = ({ state }: Args, seen: ClusterResource): string | undefined => {
  if (seen.type !== 'resource' || seen.state !== 'Running') return undefined
  return state === 'offline'
    ? 'the agents are down, until somebody brings it online'
    : 'the agents are down, for how long is not known before'
}

const command = async (
  $: HostDollar,
  { resource, state }: Args,
  { wanted, isRunning }: { readonly wanted: string; readonly isRunning: boolean },
): Promise<void> => {
  if (state === 'offline') await $`cluster offline ${resource}`
  else if (isRunning) await $`cluster migrate ${resource} ${wanted}`
  else await $`cluster online ${resource} ${wanted}`
}

type Wanted = { readonly state: string; readonly node: string }

type Progress = (text: string, know: { readonly atMostMs: number }) => void

type Waiting = { readonly wanted: Wanted; readonly left: string; progress: Progress }

/** @throws {Problem} `resource-comatose`, `resource-not-there`. */
const waitUntil = async (world: World, { resource, within }: Args, { wanted, left, progress }: Waiting) => {
  let last = ''
  for (const end = Date.now() + within * 1000; ; await pause()) {
    const seen = await world.look(clusterResource(resource))
    if (seen.type === 'resource' && seen.state === wanted.state && seen.node === wanted.node) return
    if (seen.type === 'resource' && seen.state === 'Comatose') throw await comatose(world, resource, seen)
    if (inWords(seen) !== last) progress(`${resource} is ${inWords(seen)}`, { atMostMs: Math.max(0, end - Date.now()) })
    last = inWords(seen)
    const isElsewhere = seen.type === 'resource' && seen.state === 'Running' && seen.node !== left
    if (Date.now() > end || isElsewhere) throw notThere(resource, { seen: last, wanted, within })
  }
}

const pause = () => new Promise(resolve => setTimeout(resolve, 200))

/** When agents were ready is known only where they answered: a connection settles no time. */
const settled = (told: Answers, isAnswered: boolean): Answers => {
  if (isAnswered || told.announced_ms === undefined) return told
  const { announced_ms: _, ...rest } = told
  return { ...rest, only: 'connection' }
}

type Ready = { readonly readyAt: number; readonly isAnswered: boolean }

/** @returns When all of them answered on the node that has the address; `isAnswered`: and not with a mere connection. */
const waitForAgents = async (world: World, args: Args, { node }: Wanted): Promise<Ready> => {
  const here = answersFrom(world.at(node), args)
  for (const end = performance.now() + args.answer_within * 1000; ; await pause()) {
    const { silent, connected } = await here()
    if (silent.length === 0) return { readyAt: performance.now(), isAnswered: connected.length === 0 }
    if (performance.now() > end) throw silentThere(args, { node, silent })
  }
}

type Watching = { readonly order: readonly string[]; readonly left: string; readonly wanted: string }

/** Only who is in one cluster with the other is in its network, and both have to say so: nobody else is asked from. */
const watcherOf = async (world: World, { order, ...move }: Watching): Promise<string | undefined> => {
  const members = await membersSeenBy(world)
  for (let left = order.filter(node => members.includes(node)); ; ) {
    const node = neighbourOf(left, move)
    if (node === undefined || (await isInOneCluster(world.at(node), move.wanted))) return node
    left = left.filter(each => each !== node)
  }
}

/** @throws {Problem} `nobody-to-ask` where a move could be seen from no other node. */
const assertWatched = async (world: World, { agents }: Args, { order, ...move }: Watching): Promise<void> => {
  if (agents.length === 0 || order.length < 2) return
  if ((await watcherOf(world, { order, ...move })) !== undefined) return
  const members = await membersSeenBy(world)
  const others = order.filter(node => node !== move.wanted)
  throw new Problem({
    code: 'nobody-to-ask',
    summary: `No other node is in one cluster with ${move.wanted}, so nobody can ask it over the network`,
    seen: `members: ${members.join(', ')}, says ${world.host}; none of ${others.join(', ')} says so too`,
    wanted: 'one more node of the failover list among them',
    state: 'nothing was moved',
    help: `see \`cluster view\`; on ${others.join(', ')}: whether Cluster Services runs (\`cluster join\`), and the network`,
  })
}

type Announced = { readonly told: Answers; readonly from: string; readonly to: string }

const assertAnnounced = async (world: World, args: Args, { told, from, to }: Announced): Promise<void> => {
  const { announce_within, address, resource } = args
  if (told.announced_ms !== undefined && told.announced_ms <= announce_within * 1000) return
  const isThere = (await membersSeenBy(world)).includes(from) && (await isInOneCluster(world.at(from), to))
  if (!isThere) throw watcherLeft(args, { from, to })
  throw new Problem({
    code: 'address-not-announced',
    summary: `${from} went on asking for ${address} where it was before`,
    seen:
      told.announced_ms === undefined
        ? `the agents answer on ${to}, and do not answer ${from}`
        : `${from} reached the agents ${(told.announced_ms / 1000).toFixed(1)} s after they answered on ${to}`,
    wanted: `an answer within ${announce_within} s: whoever remembers the address has to be told that it moved`,
    state: `${resource} runs on ${to}`,
    help: `see whether the load script announces the address (\`add_secondary_ipaddress\`; by hand: \`arping -U -c 1 -I DEVICE ${address}\` on ${to}), and whether a switch holds that back`,
  })
}

/** Its silence then says nothing about the address. */
const watcherLeft = ({ resource }: Args, { from, to }: Omit<Announced, 'told'>): Problem =>
  new Problem({
    code: 'watcher-left',
    summary: `${from}, from which the agents were asked, is no member of the cluster any more`,
    seen: `no answer to ${from}`,
    wanted: 'a node that stays in the cluster while the resource moves',
    state: `${resource} runs on ${to}`,
    help: `see \`cluster view\`; on ${from}: whether Cluster Services runs (\`cluster join\`), and the network; then run it again`,
  })

const notThere = (
  resource: string,
  { seen, wanted, within }: { readonly seen: string; readonly wanted: Wanted; readonly within: number },
): Problem =>
  new Problem({
    code: 'resource-not-there',
    summary: `${resource} did not come to where it is wanted`,
    seen: `${seen}, after at most ${within} s`,
    wanted: `${wanted.state} ${wanted.node}`.trim(),
    state: `${resource} is ${seen}`,
    help: 'see `cluster resources`, and the traces below /var/opt/novell/log/ncs on the node; `within` is longer than both timeouts of its scripts',
  })

const silentThere = (
  { resource, address, answer_within }: Args,
  { node, silent }: { readonly node: string; readonly silent: readonly string[] },
): Problem =>
  new Problem({
    code: 'agents-silent',
    summary: `${resource} runs on ${node}, and not every agent answers`,
    seen: `no answer over ${address} within ${answer_within} s: ${silent.join(', ')}`,
    wanted: 'an answer of each agent over the secondary address',
    state: `${resource} runs on ${node}`,
    help: `look at the agents there: their init scripts' \`status\`, their logs, and the trace of the load script; \`run playbook verify\` tells what of the installation is missing`,
  })
