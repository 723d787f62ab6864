// Private keys in the forms that ssh-keygen and openssl write: OpenSSH's own, PEM, and PKCS #8.
import { createPrivateKey, type KeyObject } from 'node:crypto'
import ssh2, { type ParsedKey } from 'ssh2'

export type PrivateKey =
  | { readonly type: 'open'; readonly key: ParsedKey }
  /** A passphrase is wanted, or another one. `publicKey` is there where the file shows it all the same. */
  | { readonly type: 'locked'; readonly publicKey?: ParsedKey }
  | { readonly type: 'unreadable'; readonly because: string }

/** Reads the text of a private key file. */
export const readPrivateKey = (text: string, passphrase?: string): PrivateKey => {
  const form = pkcs8.test(text) ? fromPkcs8(text, passphrase) : text
  if (typeof form !== 'string') return form
  const key = parsed(form, passphrase)
  if (!(key instanceof Error)) return key.isPrivateKey() ? { type: 'open', key } : { type: 'unreadable', because: only }
  if (!/passphrase|encrypted/i.test(key.message)) return { type: 'unreadable', because: 'no private key' }
  const publicKey = publicPart(text)
  return { type: 'locked', ...(publicKey && { publicKey }) }
}

const only = 'a public key only'

/** A public key as `.pub` files and agents have it. */
export const readPublicKey = (text: string | Buffer): ParsedKey | undefined => {
  const key = parsed(text)
  return key instanceof Error ? undefined : key
}

/** ssh2 throws where it should return: at damaged keys. */
const parsed = (text: string | Buffer, passphrase?: string): ParsedKey | Error => {
  try {
    const key: ParsedKey | Error | readonly ParsedKey[] = ssh2.utils.parseKey(text, passphrase)
    return Array.isArray(key) ? key[0] : (key as ParsedKey | Error) // an array only for a form of several keys
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

const pkcs8 = /-----BEGIN (ENCRYPTED )?PRIVATE KEY-----/

/** ssh2 does not know this form; Node.js turns it into an older one, which has no place for Ed25519. */
const fromPkcs8 = (text: string, passphrase: string | undefined): string | PrivateKey => {
  if (/BEGIN ENCRYPTED/.test(text) && passphrase === undefined) return { type: 'locked' }
  try {
    return olderForm(createPrivateKey({ key: text, format: 'pem', passphrase }))
  } catch {
    return passphrase === undefined ? { type: 'unreadable', because: 'no private key' } : { type: 'locked' }
  }
}

const olderForm = (key: KeyObject): string | PrivateKey => {
  if (key.asymmetricKeyType === 'rsa') return key.export({ type: 'pkcs1', format: 'pem' }).toString()
  if (key.asymmetricKeyType === 'ec') return key.export({ type: 'sec1', format: 'pem' }).toString()
  return { type: 'unreadable', because: 'in a form that is not understood; `ssh-keygen -p -f` writes another' }
}

/**
 * OpenSSH's own form shows the public key before the locked part.
 *
 * @source PROTOCOL.key of OpenSSH: magic, cipher, kdf, kdf options, number of keys, public key
 */
const publicPart = (text: string): ParsedKey | undefined => {
  const [, body] = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*?)-----END/.exec(text) ?? []
  if (body === undefined) return undefined
  const bytes = Buffer.from(body, 'base64')
  let at = Buffer.byteLength('openssh-key-v1\0')
  const field = (): Buffer => {
    const start = at + 4
    at = start + (start <= bytes.length ? bytes.readUInt32BE(at) : 0)
    return bytes.subarray(start, at)
  }
  for (let skipped = 0; skipped < 3; skipped += 1) field()
  at += 4
  const key = field()
  if (key.length < 4) return undefined
  const type = key.toString('latin1', 4, 4 + key.readUInt32BE(0))
  return readPublicKey(`${type} ${key.toString('base64')}`)
}
