// The lab is loaded when it is asked for; a run on real nodes never reads it.
import { join } from 'node:path'
import type * as lab from '../../lab/index.ts'
import type { Target } from '../transport/target.ts'

export type { DirectoryKind, Lab } from '../../lab/index.ts'

export const loadLab = (): Promise<typeof lab> => import('../../lab/index.ts')

/** How a node of the lab is reached: its own key, its own known hosts, nothing of the user's. */
export const labTarget = (host: string, connection: lab.Connection): Target => ({
  host,
  address: connection.host,
  port: connection.port,
  user: connection.user,
  identityFiles: [connection.privateKeyFile],
  knownHostsFiles: [connection.knownHostsFile],
  connectTimeoutMs: 10_000,
})

/** Where the lab of a site keeps its state. */
export const labDirectory = (state: string): string => join(state, 'lab')
