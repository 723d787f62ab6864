// Cluster resources as they are defined in the directory.
import { type Attributes, type DirectoryState, nameOf, normal, parentOf, valuesOf } from '../directory/state.ts'

/** Scripts and timeouts take effect with the next online; a running resource keeps those that it came with. */
export type Scripts = {
  readonly load: string
  readonly unload: string
  readonly loadSeconds: number
  readonly unloadSeconds: number
}

/** A script that is carried out where the resource runs; it takes effect as the others do. */
export type Monitoring = {
  readonly script: string
  readonly everySeconds: number
  readonly timeoutSeconds: number
  /** So many failures within so many seconds are mended on the node itself. */
  readonly tolerated: number
  readonly withinSeconds: number
  /** What is done after one more; to reboot the node is not played. */
  readonly action: 'comatose' | 'migrate'
}

export type Resource = {
  readonly name: string
  readonly scripts: Scripts
  /** Nothing where monitoring is off, as it is unless somebody turns it on. */
  readonly monitoring: Monitoring | undefined
  /** Best first. */
  readonly preferred: readonly string[]
  readonly failover: 'auto' | 'manual'
  readonly failback: 'disable' | 'auto'
  readonly ignoresQuorum: boolean
}

export type ClusterEntry = {
  readonly name: string
  readonly nodes: readonly string[]
  readonly resources: readonly Resource[]
  /** How many nodes have to be there before anything is loaded. */
  readonly quorum: number
}

/** The first cluster of the tree. Nodes and resources stand directly below it. */
export const readCluster = ({ entries }: DirectoryState): ClusterEntry => {
  const all = Object.entries(entries)
  const [dn = '', cluster = {}] = all.find(([, entry]) => isA(entry, 'nCSNetWareCluster')) ?? []
  const below = all.filter(([path]) => normal(parentOf(path)) === normal(dn))
  const nodes = below.filter(([, entry]) => isA(entry, 'nCSNCPServer'))
  const resources = below.filter(([, entry]) => isA(entry, 'nCSClusterResource') || isA(entry, 'nCSVolumeResource'))
  return {
    name: nameOf(dn)[1],
    nodes: nodes.map(([path]) => nameOf(path)[1]),
    resources: resources.map(([path, entry]) => resourceOf(nameOf(path)[1], entry)),
    quorum: Number(valuesOf(cluster, 'nCSQuorumTrigger')[0] ?? 1),
  }
}

const isA = (entry: Attributes, name: string): boolean => valuesOf(entry, 'objectClass').includes(name)

/** What these attributes are really called is not known: the names are the stand-in's own. */
const monitoringOf = (entry: Attributes): Monitoring | undefined => {
  const [script] = valuesOf(entry, 'nCSMonitorScript')
  if (script === undefined) return undefined
  const number = (attribute: string, other: number) => Number(valuesOf(entry, attribute)[0] ?? other)
  return {
    script,
    everySeconds: number('nCSMonitorInterval', 60),
    timeoutSeconds: number('nCSMonitorTimeout', 60),
    tolerated: number('nCSMonitorFailures', 3),
    withinSeconds: number('nCSMonitorPeriod', 600),
    action: valuesOf(entry, 'nCSMonitorAction')[0] === 'migrate' ? 'migrate' : 'comatose',
  }
}

/** How modes and lists are really written is not known: here 1 is yes, and each preferred node is a value. */
const resourceOf = (name: string, entry: Attributes): Resource => {
  const value = (attribute: string, other = ''): string => valuesOf(entry, attribute)[0] ?? other
  return {
    name,
    scripts: {
      load: value('nCSCRMLoadScript'),
      unload: value('nCSCRMUnloadScript'),
      loadSeconds: Number(value('nCSCRMLoadTimeout', '600')),
      unloadSeconds: Number(value('nCSCRMUnloadTimeout', '600')),
    },
    monitoring: monitoringOf(entry),
    preferred: valuesOf(entry, 'nCSCRMPreferredNodes').map(node => (node.includes('=') ? nameOf(node)[1] : node)),
    failover: value('nCSCRMFailoverMode', '1') === '1' ? 'auto' : 'manual',
    failback: value('nCSCRMFailbackMode', '0') === '1' ? 'auto' : 'disable',
    ignoresQuorum: value('nCSCRMIgnoreQuorum', '0') === '1',
  }
}
