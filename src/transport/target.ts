// Where a session goes, and as whom.
import type { Credentials } from './login.ts'

export type Target = Credentials & {
  /** Inventory name of the node, for people. */
  readonly host: string
  /** Name or address to connect to. */
  readonly address: string
  readonly port: number
  /** Files that say which host keys are known; a new key belongs into the first. */
  readonly knownHostsFiles: readonly string[]
  /** Longest wait for the connection, and again for the login. */
  readonly connectTimeoutMs: number
  /** Allows SHA-1 signatures, old key exchanges and ciphers: for servers of 2010 and before. A risk; per host only. */
  readonly legacyAlgorithms?: boolean
  /** How often a silent server is asked whether it still lives; after three questions without answer it does not. */
  readonly keepaliveMs?: number
  /** For sudo; without it the user's own `password` is tried. */
  readonly becomePassword?: Credentials['password']
}
