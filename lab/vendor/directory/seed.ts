// A tree as a site has it before Messenger is installed: people, an empty context, the cluster with its resource.
import { type Attributes, type DirectoryState, nameOf } from './state.ts'

export type SeedOptions = {
  readonly tree?: string
  readonly adminPassword?: string
  readonly cluster?: string
  readonly nodes?: readonly string[]
  /** The cluster resource of the Messenger partition. */
  readonly resource?: {
    readonly name: string
    readonly address: string
    readonly mountPoint: string
    readonly device: string
  }
}

const resourceDefaults = {
  name: 'MESSENGER',
  address: '10.77.0.50',
  mountPoint: '/mnt/messenger',
  device: '/dev/messenger/data',
}

/** Who may write is `cn=admin,o=acme`; the agents' own user is `nvlmsgr`, with a uid (LUM). */
export const seed = ({
  tree = 'ACME_TREE',
  adminPassword = 'novell',
  cluster = 'msgr1',
  nodes = ['node1', 'node2', 'node3'],
  resource = resourceDefaults,
}: SeedOptions = {}): DirectoryState => ({
  tree,
  entries: {
    'o=acme': { objectClass: ['organization'], o: ['acme'] },
    'cn=admin,o=acme': {
      objectClass: ['inetOrgPerson'],
      cn: ['admin'],
      sn: ['admin'],
      userPassword: [adminPassword],
      acl: ['supervisor'],
    },
    'ou=messenger,o=acme': { objectClass: ['organizationalUnit'], ou: ['messenger'] },
    'ou=users,o=acme': { objectClass: ['organizationalUnit'], ou: ['users'] },
    'cn=nvlmsgr,ou=users,o=acme': {
      objectClass: ['inetOrgPerson', 'posixAccount'],
      cn: ['nvlmsgr'],
      sn: ['nvlmsgr'],
      uid: ['nvlmsgr'],
      uidNumber: ['6001'],
      gidNumber: ['6000'],
      homeDirectory: ['/home/nvlmsgr'],
      loginShell: ['/bin/sh'],
    },
    'cn=msgrgroup,ou=users,o=acme': { objectClass: ['posixGroup'], cn: ['msgrgroup'], gidNumber: ['6000'] },
    ...clusterEntries(`cn=${cluster},o=acme`, nodes, resource),
  },
})

/** How modes and the list of preferred nodes are really encoded is not known; a number and one name per value here. */
const clusterEntries = (
  dn: string,
  nodes: readonly string[],
  resource: NonNullable<SeedOptions['resource']>,
): Record<string, Attributes> => ({
  [dn]: {
    objectClass: ['nCSNetWareCluster'],
    cn: [nameOf(dn)[1]],
    nCSRevision: ['7'],
    nCSCRMResourcePriority: [resource.name],
  },
  ...Object.fromEntries(
    nodes.map((node, index) => [
      `cn=${node},${dn}`,
      { objectClass: ['nCSNCPServer'], cn: [node], nCSNodeNumber: [String(index)] },
    ]),
  ),
  [`cn=${resource.name},${dn}`]: {
    objectClass: ['nCSClusterResource'],
    cn: [resource.name],
    nCSCRMLoadScript: [loadScript(resource)],
    nCSCRMUnloadScript: [unloadScript(resource)],
    nCSCRMLoadTimeout: ['600'],
    nCSCRMUnloadTimeout: ['600'],
    nCSCRMPreferredNodes: [...nodes],
    nCSCRMFailoverMode: ['1'],
    nCSCRMFailbackMode: ['0'],
    nCSCRMIgnoreQuorum: ['0'],
    nCSRevision: ['3'],
  },
})

type Resource = NonNullable<SeedOptions['resource']>

const loadScript = ({ address, mountPoint, device }: Resource): string => `#!/bin/bash
. /opt/novell/ncs/lib/ncsfuncs
exit_on_error mount -t ext4 ${device} ${mountPoint}
exit_on_error add_secondary_ipaddress ${address}
exit 0
`

const unloadScript = ({ address, mountPoint }: Resource): string => `#!/bin/bash
. /opt/novell/ncs/lib/ncsfuncs
ignore_error del_secondary_ipaddress ${address}
exit_on_error umount ${mountPoint}
exit 0
`
