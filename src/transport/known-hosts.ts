// What known_hosts files say about a host key. Pure: text in, verdict out.
import { createHmac, randomBytes } from 'node:crypto'
import { matchesOneOf } from '../text/glob.ts'

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

/** A line that speaks of the host, and is passed over. */
export type BrokenLine = { readonly path: string; readonly line: number; readonly because: string }

export type KnownOf = {
  /** In order of the files. */
  readonly keys: readonly KnownKey[]
  readonly broken: readonly BrokenLine[]
}

/**
 * All lines that speak of one host.
 *
 * A line that cannot be read is passed over, as OpenSSH does, and told.
 *
 * @source sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"
 */
export const knownOf = (files: readonly KnownHostsFile[], endpoint: Endpoint): KnownOf => {
  const keys: KnownKey[] = []
  const broken: BrokenLine[] = []
  const name = nameOf(endpoint).toLowerCase()
  for (const { path, text } of files)
    for (const [index, line] of text.split(/\r?\n/).entries()) {
      const entry = parseLine(line)
      if (!entry || !speaksOf(entry.hosts, name)) continue
      const place = { path, line: index + 1 }
      const key = keyOf(entry)
      if (typeof key === 'string') broken.push({ ...place, because: key })
      else keys.push({ ...key, ...place })
    }
  return { keys, broken }
}

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

/**
 * The same, with what is known of that name on the usual port: a key that is known or revoked there is so here.
 *
 * @source OpenSSH's check_host_key, "checking without port identifier"
 */
export const judgeOnPort = (files: readonly KnownHostsFile[], endpoint: Endpoint, shown: Buffer): Verdict => {
  const here = judge(knownOf(files, endpoint).keys, shown)
  if (endpoint.port === usualPort || here.type !== 'unknown') return here
  const there = judge(knownOf(files, { ...endpoint, port: usualPort }).keys, shown)
  return there.type === 'known' || there.type === 'revoked' ? there : here
}

export const usualPort = 22

/** The type that a public key says of itself: its first field. */
export const typeOf = (key: Buffer): string =>
  key.length < 4 ? '' : key.toString('latin1', 4, 4 + Math.min(key.readUInt32BE(0), key.length))

/** `[host]:port`, or the host alone on port 22. */
export const nameOf = ({ address, port }: Endpoint): string => (port === usualPort ? address : `[${address}]:${port}`)

type Entry = {
  readonly mark: string | undefined
  readonly hosts: string
  readonly type: string | undefined
  readonly key: string | undefined
}

const markers: Readonly<Record<string, KnownKey['marker']>> = {
  '@revoked': 'revoked',
  '@cert-authority': 'cert-authority',
}

const parseLine = (line: string): Entry | undefined => {
  const words = line.trim().split(/\s+/)
  if (words[0] === '' || words[0]?.startsWith('#')) return undefined
  const mark = words[0]?.startsWith('@') ? words.shift() : undefined
  const [hosts, type, key] = words
  return hosts ? { mark, hosts, type, key } : undefined
}

/** A word in its place says why it cannot be read. */
const keyOf = ({ mark, type, key }: Entry): Pick<KnownKey, 'marker' | 'type' | 'key'> | string => {
  const marker = mark === undefined ? 'none' : markers[mark]
  if (!marker) return `${mark} is no mark that known_hosts has`
  if (!type || !key) return 'there is no key on it'
  const bytes = Buffer.from(key, 'base64')
  // The type stands twice, before the key and in it; a line of the oldest protocol has numbers in both places.
  return typeOf(bytes) === type ? { marker, type, key: bytes } : `its key is not of the type ${type}`
}

/** @param name In small letters. */
const speaksOf = (hosts: string, name: string): boolean => {
  if (hosts.startsWith('|1|')) return isHashOf(hosts, name)
  return matchesOneOf(hosts.toLowerCase().split(','), name)
}

const isHashOf = (hashed: string, name: string): boolean => {
  const [, , salt = '', hash = ''] = hashed.split('|')
  return hashOf(name, Buffer.from(salt, 'base64')) === hash
}

const hashOf = (name: string, salt: Buffer): string => createHmac('sha1', salt).update(name).digest('base64')

/** A line for a file: the host as it is named, or a hash of its name. */
export const lineFor = (endpoint: Endpoint, key: Buffer, { hashed }: { readonly hashed: boolean }): string => {
  const name = nameOf(endpoint).toLowerCase()
  const salt = randomBytes(20)
  const host = hashed ? `|1|${salt.toString('base64')}|${hashOf(name, salt)}` : name
  return `${host} ${typeOf(key)} ${key.toString('base64')}\n`
}
