// What Cluster Services on a node tells: the state of a resource and its node, and which nodes are members.
import { type Output, resource, z } from '#task'

/** @source Novell Cluster Services: all that a resource can be. */
export const resourceStates = [
  'Running',
  'Offline',
  'Loading',
  'Unloading',
  'Comatose',
  'Unassigned',
  'NDS_Sync',
  'Quorum Wait',
  'Alert',
] as const

const schema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('no-cluster') }),
  /** The node did not say: some old ones print the header alone. */
  z.object({ type: z.literal('silent') }),
  /** Others are listed, and this one is not. */
  z.object({ type: z.literal('absent') }),
  z.object({ type: z.literal('resource'), state: z.enum(resourceStates), node: z.string() }),
])

export type ClusterResource = z.infer<typeof schema>

const noCluster = 44

/** The key is its name. All members say the same of it, so where one says nothing another one is asked. */
export const clusterResource = resource<ClusterResource>({
  kind: 'cluster-resource',
  schema,
  exits: [0, noCluster],
  ofCluster: { isSilent: ({ type }) => type === 'silent' },
  read: $ => $`command -v cluster >/dev/null 2>&1 || exit ${noCluster}; LC_ALL=C cluster resources`,
  parse: (output, name) => (output.exitCode === noCluster ? { type: 'no-cluster' } : parseTable(output, name)),
  covers: (_, { kind }) => (goesAlong.has(kind) ? { type: 'unknown' } : undefined),
})

/** What comes and goes on the nodes with a resource: partition, address, agents. */
const goesAlong: ReadonlySet<string> = new Set([
  'mount',
  'storage',
  'addresses',
  'process',
  'commands',
  'service',
  'port',
  'agent-answer',
])

/** @source Novell Cluster Services, `cluster resources`: `Name State Node Lives`, with BCC a column before the node */
const parseTable = ({ stdout }: Pick<Output, 'stdout'>, name: string): ClusterResource | undefined => {
  const [header, ...rows] = stdout.split('\n').flatMap(line => (line.trim() === '' ? [] : [line.trim().split(/\s+/)]))
  if (rows.length === 0) return { type: 'silent' }
  const row = rows.find(([first]) => first === name)
  if (!row) return { type: 'absent' }
  const [words, state] = stateIn(row.slice(1))
  if (state === undefined || header?.[0] !== 'Name') return undefined
  return { type: 'resource', state, node: nodeOf(row.slice(1 + words), header.slice(2)) }
}

/** How many words it is of; releases differ in its capitals, and in what stands between two words. */
const stateIn = (said: readonly string[]): readonly [words: number, state?: (typeof resourceStates)[number]] => {
  for (const words of [2, 1]) {
    const state = resourceStates.find(each => plain(each) === plain(said.slice(0, words).join(' ')))
    if (state !== undefined) return [words, state]
  }
  return [0]
}

const plain = (state: string): string => state.toLowerCase().replaceAll('_', ' ')

/** Without a node its column is empty, and what follows moves up: then there are fewer words than columns. */
const nodeOf = (words: readonly string[], columns: readonly string[]): string =>
  words.length < columns.length ? '' : (words[columns.indexOf('Node')] ?? '')

const view = z.discriminatedUnion('type', [
  z.object({ type: z.literal('no-cluster') }),
  z.object({ type: z.literal('view'), members: z.array(z.string()) }),
])

/** The nodes that are members now, as one of them sees it. */
export const clusterView = resource<z.infer<typeof view>>({
  kind: 'cluster-view',
  schema: view,
  exits: [0, noCluster],
  read: $ => $`command -v cluster >/dev/null 2>&1 || exit ${noCluster}; LC_ALL=C cluster view`,
  parse({ stdout, exitCode }) {
    if (exitCode === noCluster) return { type: 'no-cluster' }
    const [, members] = /^\s*Cluster nodes\s*\[([^\]]*)\]/m.exec(stdout) ?? []
    return members === undefined ? undefined : { type: 'view', members: members.split(/[\s,]+/).filter(Boolean) }
  },
})

/** `Running node2`. */
export const inWords = (seen: ClusterResource): string =>
  seen.type === 'resource' ? `${seen.state} ${seen.node}`.trim() : seen.type
