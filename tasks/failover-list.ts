// Sees that the failover list of the inventory is that of the cluster: all of it, its nodes in any order, or the preferred
// node alone.
import { Problem, plainWord, same, task, z } from '#task'
import { whose } from './lib/cluster-object/entry.ts'
import { isSameList, lookAtPolicies, preferredNodes } from './lib/cluster-object/preferred-nodes.ts'

const args = z.strictObject({
  ...whose,
  nodes: z.array(plainWord).min(1).meta({ description: 'the failover list, preferred node first' }),
  whole: z.boolean().default(true).meta({ description: 'false: the preferred node alone' }),
  order: z
    .boolean()
    .default(true)
    .meta({ description: 'false: each node is one of the resource’s, in whatever order' }),
})

type Args = z.infer<typeof args>

export default task({
  name: 'failover-list',
  summary: 'See that the cluster has the failover list of the inventory',
  example: `
- name: Failover list of the cluster
  failover-list: { resource: Messenger, cluster: msgr1, nodes: "{{ failover_list }}" }
`,
  args,
  onlyLooks: true,

  async check({ world, args }) {
    const { seen, known } = await lookAtPolicies(world, args)
    const value = valueOr(() => preferredNodes(seen, known, args))
    if (value instanceof Problem) {
      if ((args.whole && args.order) || value.code === 'node-not-in-cluster') throw value
      return same(`which node the cluster prefers cannot be told: ${value.message}`)
    }
    if (isSameList(value, args.nodes)) return same(`the cluster has ${value.join(' → ')}`)
    if (!args.order) return assertEach(args, value)
    if (args.whole) throw differs('failover-list-differs', 'The failover list', { args, value })
    if (!isSameList(value.slice(0, 1), args.nodes.slice(0, 1)))
      throw differs('preferred-node-differs', 'The preferred node', { args, value })
    return same(`the cluster prefers ${value[0]}`)
  },

  async apply() {},
})

const valueOr = (read: () => readonly string[]): readonly string[] | Problem => {
  try {
    return read()
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
}

/** Cluster Services moves a resource to no other node. */
const assertEach = ({ nodes, resource }: Args, value: readonly string[]) => {
  const missing = nodes.filter(node => !value.some(each => isSameList([each], [node])))
  if (missing.length === 0) return same(`the cluster has all of them: ${value.join(' → ')}`)
  throw new Problem({
    code: 'node-not-preferred',
    summary: `${missing.join(', ')} of the failover list cannot have the cluster resource ${resource}: the cluster does not have it in its list`,
    seen: `${value.join(' → ')} (cluster)`,
    wanted: `${nodes.join(', ')} among them (inventory)`,
    state: 'nothing was changed',
    help: 'give the cluster the same list: `run playbook cluster --only preferred-nodes-and-modes`; or mend `failover_list` of the inventory',
  })
}

type Seen = { readonly args: Args; readonly value: readonly string[] }

const differs = (code: string, what: string, { args: { nodes, resource }, value }: Seen): Problem =>
  new Problem({
    code,
    summary: `${what} of the inventory (${nodes.join(' → ')}) is not that of the cluster resource ${resource} (${value.join(' → ')})`,
    seen: `${value.join(' → ')} (cluster)`,
    wanted: `${nodes.join(' → ')} (inventory)`,
    state: 'nothing was changed',
    help: 'mend `failover_list` of the inventory; or give the cluster the same: `run playbook cluster --only preferred-nodes-and-modes`',
  })
