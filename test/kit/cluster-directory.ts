// A directory with a cluster in it: the lab's stand-in, or OpenLDAP's server, asked over LDAP as a run asks it.
import { type DirectoryState, seed, startDirectory } from '../../lab/vendor/index.ts'
import { Secret } from '../../src/model/secret.ts'
import { type OpenDirectory, openDirectory } from '../../src/transport/directory/directory.ts'
import type { DirectoryTarget } from '../../src/transport/directory/target.ts'
import { fromHere } from '../../src/transport/directory/ways.ts'
import { startSlapd } from '../transport/directory/slapd.ts'

export const cluster = 'cn=msgr1,o=acme'
export const resourceDn = `cn=MESSENGER,${cluster}`
export const whose = { resource: 'MESSENGER', cluster }

export type ClusterDirectory = {
  readonly directory: OpenDirectory
  /** Values of attributes of the resource, as whoever else may set them. */
  set(attributes: Readonly<Record<string, readonly string[]>>): Promise<void>
  values(attribute: string): Promise<readonly unknown[]>
  close(): Promise<void>
}

/** Names of no real schema, as the tests of the adapter have them. */
export const agentDn = 'cn=Agent,cn=Service,o=acme'
const messenger: DirectoryState['entries'] = {
  'cn=Service,o=acme': { objectClass: ['nnmThing'], cn: ['Service'] },
  [agentDn]: { objectClass: ['nnmThing'], cn: ['Agent'], nnmQueueDir: ['/var/opt/queue'], nnmLogDir: ['/var/log/a'] },
}

const entries = { ...seed().entries, ...messenger }

export const standIn = async (): Promise<ClusterDirectory> => {
  const running = await startDirectory({ host: '127.0.0.1', port: 0, state: { tree: 'ACME_TREE', entries } })
  const target: DirectoryTarget = {
    address: '127.0.0.1',
    port: running.port,
    encryption: 'plain',
    user: 'cn=admin,o=acme',
    password: new Secret('password', 'novell'),
    timeoutMs: 5000,
  }
  return around(openDirectory(target, [fromHere(target)]), () => running.close())
}

export const slapdWithCluster = async (): Promise<ClusterDirectory> => {
  const slapd = await startSlapd()
  slapd.add(ldifOf(entries))
  const target = slapd.target()
  return around(openDirectory(target, [fromHere(target)]), () => slapd.close())
}

const around = (directory: OpenDirectory, close: () => Promise<void>): ClusterDirectory => {
  const values = async (attribute: string) => {
    const [found] = (await directory.search({ base: resourceDn, scope: 'base', attributes: [attribute] })) ?? []
    return found?.attributes[attribute] ?? []
  }
  return {
    directory,
    values,
    async set(attributes) {
      for (const [attribute, after] of Object.entries(attributes))
        await directory.modify(resourceDn, [{ attribute, before: await values(attribute), after }])
    },
    async close() {
      directory.close()
      await close()
    },
  }
}

/** The cluster, the agents, and what is above them; all else has attributes that OpenLDAP does not know. */
const ldifOf = (all: DirectoryState['entries']): string =>
  Object.entries(all)
    .filter(([dn]) => dn === 'o=acme' || dn.endsWith(cluster) || dn in messenger)
    .map(([dn, attributes]) =>
      [
        `dn: ${dn}`,
        ...Object.entries({ ...(dn === cluster && { cn: ['msgr1'] }), ...attributes }).flatMap(([name, values]) =>
          values.map(value => `${name}:: ${Buffer.from(value).toString('base64')}`),
        ),
        '',
      ].join('\n'),
    )
    .join('\n')
