// What known_hosts files say about a host key. Pure: text in, verdict out.
import { createHmac } from 'node:crypto'

export type KnownHostsFile = { readonly path: string; readonly text: string }

/** Where a connection goes, as known_hosts names it. */
export type Endpoint = { readonly address: string; readonly port: number }

export type KnownKey = {
  readonly marker: 'none' | 'revoked' | 'cert-authority'
  /** Key type as the line says, such as `ssh-ed25519`. */
  readonly type: string
  /** The public key as it goes over the wire. */
  readonly key: Buffer
  readonly path: string
  /** Counted from 1. */
  readonly line: number
}

export type Verdict =
  | { readonly type: 'known' }
  /** `others` are keys of other types for the same host; a certificate authority among them counts for nothing here. */
  | { readonly type: 'unknown'; readonly others: readonly KnownKey[] }
  | { readonly type: 'changed'; readonly was: KnownKey }
  | { readonly type: 'revoked'; readonly by: KnownKey }

/**
 * All lines that speak of one host, in order of the files.
 *
 * A line that cannot be read is passed over, as OpenSSH does.
 *
 * @source sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"
 */
export const keysOf = (files: readonly KnownHostsFile[], endpoint: Endpoint): readonly KnownKey[] =>
  files.flatMap(({ path, text }) =>
    text.split(/\r?\n/).flatMap((line, index) => {
      const entry = parseLine(line)
      return entry && speaksOf(entry.hosts, endpoint) ? [{ ...entry.key, path, line: index + 1 }] : []
    }),
  )

/** Judges the key that a host showed by what is known of it. */
export const judge = (known: readonly KnownKey[], shown: Buffer): Verdict => {
  const same = known.filter(({ key }) => key.equals(shown))
  const revoked = same.find(({ marker }) => marker === 'revoked')
  if (revoked) return { type: 'revoked', by: revoked }
  if (same.some(({ marker }) => marker === 'none')) return { type: 'known' }
  const plain = known.filter(({ marker }) => marker === 'none')
  const was = plain.find(({ type }) => type === typeOf(shown))
  if (was) return { type: 'changed', was }
  return { type: 'unknown', others: known.filter(({ marker }) => marker !== 'revoked') }
}

/** The type that a public key says of itself: its first field. */
export const typeOf = (key: Buffer): string =>
  key.length < 4 ? '' : key.toString('latin1', 4, 4 + Math.min(key.readUInt32BE(0), key.length))

/** `[host]:port`, or the host alone on port 22. */
export const nameOf = ({ address, port }: Endpoint): string => (port === 22 ? address : `[${address}]:${port}`)

type Entry = { readonly hosts: string; readonly key: Pick<KnownKey, 'marker' | 'type' | 'key'> }

const parseLine = (line: string): Entry | undefined => {
  const words = line.trim().split(/\s+/)
  if (words[0] === '' || words[0]?.startsWith('#')) return undefined
  const marker = words[0]?.startsWith('@') ? words.shift() : undefined
  if (marker !== undefined && marker !== '@revoked' && marker !== '@cert-authority') return undefined
  const [hosts, type, key] = words
  if (!hosts || !type || !key) return undefined
  const bytes = Buffer.from(key, 'base64')
  // The type stands twice, before the key and in it; a line of the oldest protocol has numbers in both places.
  if (typeOf(bytes) !== type) return undefined
  const kind = marker === '@revoked' ? 'revoked' : marker === '@cert-authority' ? 'cert-authority' : 'none'
  return { hosts, key: { marker: kind, type, key: bytes } }
}

const speaksOf = (hosts: string, endpoint: Endpoint): boolean => {
  if (hosts.startsWith('|1|')) return isHashOf(hosts, nameOf(endpoint).toLowerCase())
  const patterns = hosts.toLowerCase().split(',')
  const matching = patterns.filter(pattern => matches(pattern.replace(/^!/, ''), endpoint))
  return matching.length > 0 && !matching.some(pattern => pattern.startsWith('!'))
}

const isHashOf = (hashed: string, name: string): boolean => {
  const [, , salt = '', hash = ''] = hashed.split('|')
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash
}

const matches = (pattern: string, endpoint: Endpoint): boolean => {
  const name = nameOf(endpoint).toLowerCase()
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`).test(name)
}
