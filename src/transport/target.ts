// Where a session goes, and as whom.
import type { Chosen, Legacy } from './algorithms.ts'
import type { Credentials } from './login.ts'
import type { HostKeyChecking } from './trust.ts'

export type Target = Credentials & {
  /** Inventory name of the node, for people. */
  readonly host: string
  /** Name or address to connect to. */
  readonly address: string
  readonly port: number
  /** Files that say which host keys are known; a new key belongs into the first. */
  readonly knownHostsFiles: readonly string[]
  /** The name that they have for it, instead of address and port. */
  readonly hostKeyAlias?: string
  /** What becomes of a host that is not known; `strict` unless told otherwise. */
  readonly hostKeyChecking?: HostKeyChecking
  /** New lines bear a hash instead of the name. */
  readonly hashKnownHosts?: boolean
  /** Longest wait for the connection, and again for the login. */
  readonly connectTimeoutMs: number
  /** Old key exchanges, ciphers and signatures, for servers of 2010 and before. A risk; per host only. */
  readonly legacyAlgorithms?: Legacy
  /** Which algorithms, as ssh_config writes it. */
  readonly algorithms?: Chosen
  /** Nobody is asked anything on the way. */
  readonly isBatch?: boolean
  /** What is to be told of how the way was found. */
  readonly notices?: readonly string[]
  /** How often a silent server is asked whether it still lives; after three questions without answer it does not. */
  readonly keepaliveMs?: number
  /** How another user's shell is come by; sudo unless told otherwise. */
  readonly becomeMethod?: 'sudo' | 'su'
  /** For sudo or su; without it sudo gets the user's own `password`. */
  readonly becomePassword?: Credentials['password']
}
