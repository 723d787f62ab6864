// Finds the cluster and its resource in the directory: exactly one each, or in words what there is instead.
import { type Directory, type DirectoryEntry, isSameName, plainWord, valuesOf, z } from '#task'

/** What tells which object is meant; together they are the key of what is looked at. */
export const whose = {
  resource: z
    .string()
    .regex(/^[A-Za-z0-9_]{1,63}$/, 'the name of a cluster resource: at most 63 letters, digits and _')
    .meta({ description: 'the cluster resource' }),
  cluster: plainWord.meta({ description: 'the cluster: its name, or its distinguished name in the directory' }),
}

export type Whose = { readonly resource: string; readonly cluster: string }

export const keyOf = ({ resource, cluster }: Whose): string => `${resource} of ${cluster}`

export const whoseIs = (key: string): Whose => {
  const [, resource = '', cluster = ''] = /^(\S+) of (.*)$/s.exec(key) ?? []
  return { resource, cluster }
}

/** Which of the two is not there, or which there are. */
export type NotOne =
  | { readonly type: 'absent'; readonly missing: 'cluster' | 'resource' }
  | { readonly type: 'several'; readonly dns: readonly string[] }

export type Found = { readonly type: 'found'; readonly entry: DirectoryEntry } | NotOne

/** @source DOMAIN: nodes and resources stand directly below the cluster */
const resourceClasses = ['nCSClusterResource', 'nCSVolumeResource']

export const findResource = async (
  directory: Directory,
  { resource, cluster }: Whose,
  attributes: readonly string[],
): Promise<Found> => {
  const below = await findCluster(directory, cluster)
  if (below.type !== 'found') return below
  const where = { attribute: 'cn', equals: resource }
  const asked = ['objectClass', ...attributes]
  const all = (await directory.search({ base: below.entry.dn, scope: 'one', where, attributes: asked })) ?? []
  const found = all.filter(entry => resourceClasses.some(name => isOfClass(entry, name)))
  return oneOf(found, 'resource')
}

/** Names of the nodes, as the directory writes them. */
export const findNodes = async (directory: Directory, cluster: string): Promise<readonly string[] | NotOne> => {
  const below = await findCluster(directory, cluster)
  if (below.type !== 'found') return below
  const asked = { base: below.entry.dn, scope: 'one', attributes: ['objectClass'] } as const
  const all = (await directory.search(asked)) ?? []
  return all.filter(entry => isOfClass(entry, 'nCSNCPServer')).map(({ dn }) => ownName(dn))
}

const findCluster = async (directory: Directory, cluster: string): Promise<Found> => {
  if (cluster.includes('=')) {
    const found = (await directory.search({ base: cluster, scope: 'base', attributes: ['objectClass'] })) ?? []
    return oneOf(found.filter(isCluster), 'cluster')
  }
  const where = { attribute: 'objectClass', equals: 'nCSNetWareCluster' }
  const all = (await directory.search({ base: '', scope: 'sub', where, attributes: ['objectClass'] })) ?? []
  return oneOf(
    all.filter(({ dn }) => isSameName(ownName(dn), cluster)),
    'cluster',
  )
}

const isCluster = (entry: DirectoryEntry): boolean => isOfClass(entry, 'nCSNetWareCluster')

const isOfClass = (entry: DirectoryEntry, name: string): boolean =>
  valuesOf(entry, 'objectClass').some(value => typeof value === 'string' && isSameName(value, name))

/** `node1` of `cn=node1,cn=msgr1,o=acme`. */
export const ownName = (dn: string): string => /^[^=,]+=((?:\\.|[^,\\])*)/.exec(dn)?.[1] ?? ''

const oneOf = (found: readonly DirectoryEntry[], missing: 'cluster' | 'resource'): Found => {
  const [entry, ...others] = found
  if (!entry) return { type: 'absent', missing }
  return others.length === 0 ? { type: 'found', entry } : { type: 'several', dns: found.map(({ dn }) => dn) }
}
