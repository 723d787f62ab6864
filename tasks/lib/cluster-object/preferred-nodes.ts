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

type Wanted = { readonly nodes: readonly string[] }

/**
 * As the cluster has them.
 *
 * @throws {Problem} `node-not-in-cluster`, `attribute-not-set`, `value-not-understood`.
 */
export const preferredNodes = (seen: Policies, known: readonly string[], { nodes }: Wanted): readonly string[] => {
  const stranger = nodes.find(node => !known.some(each => isSame(each, node)))
  if (stranger !== undefined) throw notInCluster(stranger, known)
  const form = nodesForm(seen.preferred_nodes, known)
  if (!form) throw listUnclear(seen)
  return form.value
}

export const isSameList = (one: readonly string[], other: readonly string[]): boolean =>
  isSame(one.join(' '), other.join(' '))

/** The wanted ones, in the form of those that are there. @throws {Problem} as `preferredNodes`. */
export const writtenNodes = (seen: Policies, known: readonly string[], { nodes }: Wanted): FieldValue => {
  if (isSameList(preferredNodes(seen, known, { nodes }), nodes)) return seen.preferred_nodes
  const written = nodesForm(seen.preferred_nodes, known)?.write(nodes)
  if (written === undefined) throw listUnclear(seen)
  return written
}

const listUnclear = ({ preferred_nodes, dn }: Policies): Problem =>
  notUnderstood(preferred_nodes, {
    attribute: policyFields.preferred_nodes.attribute,
    dn,
    wanted:
      'two nodes at least: names or distinguished names, a value each; or names in one value, one kind of separator between them',
  })

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
