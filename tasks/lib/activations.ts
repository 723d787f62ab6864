// What has to be switched on before a partition can be mounted, for each kind of shared storage; and off after.
import { type HostDollar, Problem } from '#task'

type Named = { readonly group?: string | undefined; readonly volume?: string | undefined; readonly at: string }

type Activation = {
  activate($: HostDollar, named: Named): Promise<void>
  deactivate($: HostDollar, named: Named): Promise<void>
}

const named = (value: string | undefined, what: string): string => {
  if (value !== undefined) return value
  throw new Problem({
    code: 'partition-incomplete',
    summary: `The partition has no ${what}`,
    wanted: `the name of the ${what}, as \`group:\` of the partition in the inventory`,
    help: 'add it to the partition in the inventory',
  })
}

const plain: Activation = { activate: async () => {}, deactivate: async () => {} }

/** Clustered LVM: exclusive, so that LVM itself refuses a second node. @source Messenger 11.2 is silent; OES 11, NCS */
const lvm: Activation = {
  async activate($, { group }) {
    await $`vgchange -a ey ${named(group, 'volume group')}`
  },
  async deactivate($, { group }) {
    await $`vgchange -a n ${named(group, 'volume group')}`
  },
}

/** @source Messenger 2.2, 11.2.3, load script for a traditional Linux volume */
const evms: Activation = {
  async activate($, { group }) {
    await $`evms -f /var/opt/novell/ncs/ContainerActivate -rl ${named(group, 'EVMS container')} "$(uname -n)"`
  },
  async deactivate($, { group }) {
    await $`evms -f /var/opt/novell/ncs/ContainerDeactivate -rl ${named(group, 'EVMS container')} "$(uname -n)"`
  },
}

/** The pool brings its volumes: activated they are mounted, deactivated they are not. */
const nss: Activation = {
  async activate($, { group }) {
    await $`nss /poolact=${named(group, 'NSS pool')}`
  },
  async deactivate($, { group }) {
    await $`nss /pooldeact=${named(group, 'NSS pool')}`
  },
}

export const activations = { plain, lvm, evms, nss } as const satisfies Record<string, Activation>
