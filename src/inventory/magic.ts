// The variables that every host has without anybody writing them.
import type { Variables } from '../template/render.ts'
import type { Host, Inventory } from './inventory.ts'

/** Names that are there by themselves, and that nobody can set. */
export const standingNames: ReadonlySet<string> = new Set([
  ...['inventory_hostname', 'inventory_hostname_short', 'group_names', 'groups', 'hostvars', 'lookup'],
  ...['cluster_name', 'failover_list', 'preferred_node'],
])

/** As in Ansible where Ansible has them; those of the cluster besides. */
export const magicVariables = ({ name, groups }: Host, inventory: Inventory): Variables => ({
  inventory_hostname: name,
  inventory_hostname_short: name.split('.')[0],
  group_names: groups.filter(group => group !== 'all').toSorted(),
  ...clusterVariables(inventory),
})

/** What holds for no host in particular, such as in `hosts:` of a play. */
export const clusterVariables = ({ groups, cluster: { name, failoverList } }: Inventory): Variables => ({
  groups: Object.fromEntries(groups.map(group => [group.name, group.hosts])),
  cluster_name: name,
  failover_list: failoverList,
  ...(failoverList.length > 0 && { preferred_node: failoverList[0] }),
})
