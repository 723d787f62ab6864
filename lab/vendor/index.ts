// The vendor's side of the lab: stand-ins that play the real things as far as they are known, and nothing of `run`.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

export { Cluster, type ClusterState } from './cluster/cluster.ts'
export { clusterPort, serveCluster } from './cluster/server.ts'
export { seed } from './directory/seed.ts'
export { type RunningDirectory, startDirectory } from './directory/server.ts'
export type { DirectoryState } from './directory/state.ts'

export type VendorFile = {
  /** Where it goes on a node, absolute. */
  readonly path: string
  /** As `chmod` takes it: `755` or `644`. */
  readonly mode: '755' | '644'
  readonly text: string
}

/**
 * All that a node of the lab has of the vendor's before it starts: media, commands, configuration.
 *
 * @param root The directory `lab/vendor/root` of the repository; its files lie as they do on a node.
 */
export const vendorFiles = (root: string): VendorFile[] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map(name => join(root, name))
    .filter(path => statSync(path).isFile())
    .sort()
    .map(path => ({
      path: `/${relative(root, path).split(sep).join('/')}`,
      mode: (statSync(path).mode & 0o100) === 0 ? '644' : '755',
      text: readFileSync(path, 'utf8'),
    }))
