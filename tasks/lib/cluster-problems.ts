// What keeps a cluster resource from being moved, with the way on; a coma with the line of the trace that failed.
import { Problem, probe, type World } from '#task'
import { type ClusterResource, clusterResource, clusterView, inWords } from './cluster-resource.ts'

/** @throws {Problem} `no-cluster`. */
export const membersSeenBy = async (world: World): Promise<readonly string[]> => {
  const view = await world.look(clusterView('members'))
  if (view.type === 'no-cluster') throw noCluster(world.host)
  return view.members
}

/** Whether a node counts another one among the members; one that tells nothing counts nobody. */
export const isInOneCluster = async (world: World, other: string): Promise<boolean> => {
  try {
    return (await membersSeenBy(world)).includes(other)
  } catch (error) {
    if (error instanceof Problem) return false
    throw error
  }
}

/** @throws {Problem} `not-a-member`, `no-cluster`. */
export const assertMember = async (world: World, node: string): Promise<void> => {
  const members = await membersSeenBy(world)
  if (members.includes(node)) return
  throw new Problem({
    code: 'not-a-member',
    summary: `${node} is no member of the cluster now`,
    seen: `members: ${members.join(', ') || 'none'}`,
    wanted: `${node} among them, by the name that Cluster Services has for it`,
    state: 'nothing was moved',
    help: `see \`cluster view\`; on ${node}: whether Cluster Services runs (\`cluster join\`)`,
  })
}

const noCluster = (host: string): Problem =>
  new Problem({
    code: 'no-cluster',
    summary: `Cluster Services is not installed on ${host}`,
    seen: 'no command `cluster`',
    wanted: 'a node of the cluster',
    help: 'run this on the nodes of the failover list',
  })

const helps: Readonly<Record<string, string>> = {
  Alert: 'Cluster Services waits for an answer: give it in iManager (Cluster Manager), then run it again',
  'Quorum Wait': 'bring up nodes until there is a quorum, or set the resource to ignore it',
  Comatose: 'take it offline first: `cluster offline RESOURCE`',
}

/** Why it cannot be moved now, from what is seen of it. */
export const noMove = (name: string, seen: ClusterResource): Problem => {
  if (seen.type === 'no-cluster') return noCluster('the node')
  if (seen.type !== 'resource')
    return new Problem({
      code: 'resource-unknown',
      summary: `No node tells anything about a cluster resource ${name}`,
      seen: seen.type === 'silent' ? '`cluster resources` prints its header alone on every node' : 'others are listed',
      wanted: `${name} among the rows of \`cluster resources\``,
      help: 'compare its name in the inventory with `cluster resources` on the master node',
    })
  return new Problem({
    code: 'resource-moving',
    summary: `${name} is ${inWords(seen)}: it cannot be moved now`,
    seen: inWords(seen),
    wanted: 'a resource that rests, or runs',
    help: helps[seen.state] ?? 'wait until it has come to rest (`cluster resources`), then run it again',
  })
}

/**
 * Sees that Cluster Services leaves a resource alone: where it is anything but offline, or nobody tells, it may move.
 *
 * @param so What follows from it, for what is to be done here.
 * @throws {Problem} `resource-not-offline`; of a coma with the line of the trace that failed.
 */
export const assertOffline = async (world: World, name: string, so: string): Promise<void> => {
  const seen = await world.look(clusterResource(name))
  if (seen.type === 'no-cluster' || (seen.type === 'resource' && seen.state === 'Offline')) return
  const trace = seen.type === 'resource' && seen.state === 'Comatose' ? await traceOf(world, name, seen) : []
  throw notOffline(name, seen, { so, trace })
}

type Online = Exclude<ClusterResource, { readonly type: 'no-cluster' }>
type Why = { readonly so: string; readonly trace: readonly string[] }

const notOffline = (name: string, seen: Online, { so, trace }: Why): Problem =>
  new Problem({
    code: 'resource-not-offline',
    summary: `The cluster resource ${name} is not offline, ${so}`,
    seen: seen.type === 'resource' ? [inWords(seen), failingLine(trace) ?? []].flat().join('\n') : notListed[seen.type],
    wanted: 'Offline',
    help:
      seen.type === 'resource'
        ? `take it offline: \`cluster offline ${name}\`; a comatose resource too`
        : 'compare its name in the inventory with `cluster resources` on the master node (`cluster view` names it)',
    ...excerptOf(trace),
  })

const notListed = {
  silent: '`cluster resources` lists nothing, on this node and on every other that could be asked',
  absent: '`cluster resources` lists others, and no resource of this name',
}

/** @param seen Of a resource that is comatose. */
export const comatose = async (
  world: World,
  name: string,
  seen: Extract<ClusterResource, { type: 'resource' }>,
): Promise<Problem> => {
  const node = seen.node || world.host
  const lines = await traceOf(world, name, seen)
  return new Problem({
    code: 'resource-comatose',
    summary: `${name} is comatose: its script failed on ${node}`,
    seen: failingLine(lines) ?? `no trace can be read on ${node}`,
    wanted: 'a script that ends well, within its time',
    state: `${name} is ${inWords(seen)}`,
    help: `mend what failed, then take it offline first: \`cluster offline ${name}\`; only then can it come online`,
    ...excerptOf(lines),
  })
}

/** Lines of the trace that was written last, its name first; none where it cannot be read. */
const traceOf = async (world: World, name: string, { node }: { readonly node: string }): Promise<readonly string[]> => {
  const trace = await world
    .at(node || world.host)
    .look(probe(lastTrace(name)))
    .catch(nothingToRead)
  return trace?.stdout.split('\n').filter(line => line.trim() !== '') ?? []
}

const excerptOf = (trace: readonly string[]) => (trace.length > 1 ? { excerpt: trace.slice(-6).join('\n') } : {})

/** The trace that was written last: its name, then its end. @source OES, /var/opt/novell/log/ncs */
const lastTrace = (name: string): string =>
  `cd /var/opt/novell/log/ncs && f=$(ls -t ${name}.load.out ${name}.unload.out 2>/dev/null | head -n 1) && [ -n "$f" ] && echo "$f:" && tail -n 20 "$f"`

/** Why nothing can be read does not matter beside the coma itself. */
const nothingToRead = (error: unknown): undefined => {
  if (!(error instanceof Problem)) throw error
}

/**
 * The line that the wrappers of `ncsfuncs` complain of, else the last command that was begun.
 *
 * A script runs with `-x`: a command stands behind `+` before it is carried out.
 */
export const failingLine = ([file, ...lines]: readonly string[]): string | undefined => {
  const complaint = lines.findLast(line => /^ERROR\b/.test(line))
  const begun = lines.filter(line => /^\++ /.test(line) && !/^\++ exit\b/.test(line)).at(-1)
  const line = complaint ?? begun ?? lines.at(-1)
  return line === undefined ? undefined : `${file} ${line}`
}
