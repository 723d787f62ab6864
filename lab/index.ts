// A cluster of nodes on this machine: brought up, looked at, put back, taken down. All of it lives below one directory.
import { resolve } from 'node:path'
import { Problem } from '../src/model/problem.ts'
import { ask, NotUp } from './control.ts'
import { findGrants, lacksOf } from './grants.ts'
import { noSuchNode } from './node-named.ts'
import { partOf } from './plain/network.ts'
import { type Fault, type Lab, paths, pristine } from './words.ts'

export { hasOpenLdap } from './openldap.ts'
export { labShell } from './shell.ts'
export { labDown, labUp, type UpOptions } from './up.ts'
export type { DirectoryKind, Fault, FaultKind, Lab, LabNode, Lack } from './words.ts'

/** How the lab is, or nothing when it is not up. */
export const labStatus = async (dir: string): Promise<Lab | undefined> => {
  try {
    return (await ask(dir, { ask: 'status' })) as Lab
  } catch (error) {
    if (error instanceof NotUp) return undefined
    throw error
  }
}

/** What the lab cannot show, and its addresses; or how it would be if it were brought up now. @throws {Problem} as `labUp`. */
export const labOutlook = async (dir: string): Promise<Pick<Lab, 'lacks' | 'network'>> => {
  const there = await labStatus(dir)
  if (there) return there
  const grants = await findGrants()
  return { lacks: lacksOf(grants), network: await partOf(grants, resolve(dir)) }
}

/**
 * Keeps the state of the lab by a name: all files of the nodes, the shared disk, the directory.
 *
 * @throws {Problem} `lab-down`, `lab-snapshot-name`.
 */
export const labSnapshot = (dir: string, name: string): Promise<void> => asked(dir, { ask: 'snapshot', name })

/**
 * Puts a kept state back. What runs on the nodes ends; SSH ports, keys and open connections stay.
 *
 * @throws {Problem} `lab-down`, `lab-snapshot-unknown`.
 */
export const labRestore = (dir: string, name: string): Promise<void> => asked(dir, { ask: 'restore', name })

/** Puts back the state that the lab came up with. */
export const labReset = (dir: string): Promise<void> => labRestore(dir, pristine)

/** Sets, or with `none` ends, a fault of one node. */
export const labFault = (dir: string, node: string, fault: Fault): Promise<void> =>
  asked(dir, { ask: 'fault', node, fault })

/** Everything in the lab's directory, as its vendor side keeps it. */
export const labDirectory = (dir: string): Promise<unknown> => asked(dir, { ask: 'directory' })

/** Takes the power from a node: all that runs on it ends at once, and nobody reaches it. Its files stay. */
export const labKill = (dir: string, node: string): Promise<void> => asked(dir, { ask: 'kill', node })

/** Starts a node again that was killed. */
export const labBoot = (dir: string, node: string): Promise<void> => asked(dir, { ask: 'boot', node })

export type Connection = {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly privateKeyFile: string
  readonly knownHostsFile: string
}

/**
 * How to reach a node over SSH.
 *
 * @throws {Problem} `lab-node-unknown`.
 */
export const connectionOf = (lab: Lab, node: string): Connection => {
  const found = lab.nodes.find(({ name }) => name === node)
  if (!found)
    throw noSuchNode(
      node,
      lab.nodes.map(({ name }) => name),
    )
  const { key, knownHosts } = paths(lab.dir)
  return { host: '127.0.0.1', port: found.port, user: 'root', privateKeyFile: key, knownHostsFile: knownHosts }
}

const asked = async <T>(dir: string, request: Parameters<typeof ask>[1]): Promise<T> => {
  try {
    return (await ask(dir, request)) as T
  } catch (error) {
    if (!(error instanceof NotUp)) throw error
    throw new Problem({ code: 'lab-down', summary: 'The lab is not up', help: 'run lab up' })
  }
}
