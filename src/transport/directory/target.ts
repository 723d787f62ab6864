// Which directory, as whom, and how what is said is kept from others.
import type { Duplex } from 'node:stream'
import type { Secret } from '../../model/secret.ts'

export type DirectoryTarget = {
  readonly address: string
  readonly port: number
  /** `plain` sends the password in the clear. */
  readonly encryption: 'starttls' | 'ldaps' | 'plain'
  /** File with the certificate that signs the server's, PEM or DER; without it those that Node.js trusts. */
  readonly rootCertificate?: string
  /** The name that the server's certificate has to carry; the address unless told otherwise. */
  readonly certificateName?: string
  /** Allows TLS 1.0, SHA-1 and short keys: for servers of 2010 and before. A risk. */
  readonly legacyTls?: boolean
  readonly user: string
  readonly password: Secret
  /** Longest wait for one answer, the connection and the login. */
  readonly timeoutMs: number
}

/** One way to the directory: from here, or through a node. */
export type DirectoryWay = {
  /** For people: `from here`, `through node1`. */
  readonly name: string
  /** @throws {Problem} when no connection can be had; an answer is not asked for yet. */
  open(): Promise<Duplex>
}
