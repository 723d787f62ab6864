// The preferred nodes of the resource, held against the failover list of the inventory.
import { Problem, type World } from '#task'
import type { Whose } from './entry.ts'
import type { FieldValue } from './fields.ts'
import { nodesForm } from './forms.ts'
import { clusterNodes, clusterPolicies, type Policies, policyFields } from './kinds.ts'
import { notFound, notUnderstood } from './problems.ts'

type Looking = Pick<World, 'look'>

/** @throws {Problem} `cluster-object-not-found`, `cluster-object-found-twice`. */
export const lookAtPolicies = async (
  world: Looking,
  whose: Whose,
): Promise<{ readonly seen: Policies; readonly known: readonly string[] }> => {
  const seen = await world.look(clusterPolicies(whose))
  if (seen.type !== 'policies') throw notFound(seen, whose)
  const nodes = await world.look(clusterNodes(whose.cluster))
  if (nodes.type !== 'nodes') throw notFound(nodes, whose)
  return { seen, known: nodes.names }
}

export type PreferredNodes = {
  /** As the cluster has them now. */
  readonly value: readonly string[]
  readonly isAsWanted: boolean
  /** The wanted ones, in the form of those that are there. */
  readonly written: FieldValue
}

/** @throws {Problem} `node-not-in-cluster`, `attribute-not-set`, `value-not-understood`. */
export const preferredNodes = (
  { preferred_nodes: there, dn }: Policies,
  known: readonly string[],
  { nodes }: { readonly nodes: readonly string[] },
): PreferredNodes => {
  const stranger = nodes.find(node => !known.some(each => isSame(each, node)))
  if (stranger !== undefined) throw notInCluster(stranger, known)
  const form = nodesForm(there, known)
  const isAsWanted = form !== undefined && isSame(form.value.join(' '), nodes.join(' '))
  const written = isAsWanted ? there : form?.write(nodes)
  if (form && written !== undefined) return { value: form.value, isAsWanted, written }
  throw notUnderstood(there, {
    attribute: policyFields.preferred_nodes.attribute,
    dn,
    wanted:
      'names or distinguished names of nodes, a value each; or names in one value, one kind of separator between them',
  })
}

const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

const notInCluster = (node: string, known: readonly string[]): Problem =>
  new Problem({
    code: 'node-not-in-cluster',
    summary: `${node} of the failover list is no node of the cluster`,
    seen: known.join(', ') || 'no node at all',
    wanted: node,
    state: 'nothing was written',
    help: 'name the hosts of the inventory as the cluster names its nodes; their addresses are `ansible_host`',
  })
