// Which SSH algorithms are offered: today's; the old ones only for a host that was told to need them.
import type { Algorithms } from 'ssh2'
import { matchesGlob } from '../text/glob.ts'
import { hostKeyAlgorithms, modernHostKeys } from './host-key.ts'
import type { KnownKey } from './known-hosts.ts'

/** How old a server may be: `true` is OpenSSH 4 to 6; `oldest` also lets in what was weak by then. */
export type Legacy = boolean | 'oldest'

export type AlgorithmKind = 'hostKey' | 'kex' | 'cipher' | 'mac'

/** Lists as ssh_config has them: `+a,b` behind the usual ones, `^a` before, `-a` without, or a list of its own. */
export type Chosen = Partial<Readonly<Record<AlgorithmKind | 'signature', string>>>

export type Wishes = { readonly legacyAlgorithms?: Legacy; readonly algorithms?: Chosen }

/** What ssh2 is told. */
export const algorithmsFor = (known: readonly KnownKey[], wishes: Wishes): Algorithms => {
  const { hostKey, kex, cipher, mac } = offered(wishes)
  // ssh2 names each algorithm in its types; what it does not know was left out.
  return {
    serverHostKey: hostKeyAlgorithms(known, hostKey),
    kex,
    cipher,
    hmac: mac,
  } as Algorithms
}

/** The old algorithms that a host is offered, for whoever weighs the risk; none with today's. */
export const riskyAlgorithms = (wishes: Wishes): readonly string[] => {
  const all = offered(wishes)
  const old = kinds.flatMap(kind => all[kind].filter(name => !usual[kind].includes(name)))
  return [...old, ...(signsWithSha1(wishes) && !old.includes('ssh-rsa') ? ['ssh-rsa'] : [])]
}

/** Whether an RSA key may sign with SHA-1. */
export const signsWithSha1 = ({ legacyAlgorithms = false, algorithms = {} }: Wishes): boolean =>
  legacyAlgorithms !== false || listed(algorithms.signature, { usual: [], all: ['ssh-rsa'] }).includes('ssh-rsa')

/**
 * The least that a host has to be allowed, so that each kind of algorithm has one in common.
 *
 * @param theirs What the server offers; a kind that nobody heard of fits.
 */
export const legacyThatSuits = (
  theirs: Partial<Readonly<Record<AlgorithmKind, readonly string[]>>>,
): 'nothing' | 'legacy' | 'oldest' | 'unheard-of' => {
  const suits = (legacyAlgorithms: Legacy) => {
    const ours = offered({ legacyAlgorithms })
    return kinds.every(kind => theirs[kind]?.some(name => ours[kind].includes(name)) ?? true)
  }
  if (suits(false)) return 'nothing'
  if (suits(true)) return 'legacy'
  return suits('oldest') ? 'oldest' : 'unheard-of'
}

const kinds: readonly AlgorithmKind[] = ['hostKey', 'kex', 'cipher', 'mac']

const offered = ({ legacyAlgorithms = false, algorithms = {} }: Wishes): Record<AlgorithmKind, readonly string[]> => {
  const of = (kind: AlgorithmKind) => {
    const base = [
      ...usual[kind],
      ...(legacyAlgorithms === false ? [] : legacy[kind]),
      ...(legacyAlgorithms === 'oldest' ? oldest[kind] : []),
    ]
    return listed(algorithms[kind], { usual: base, all: [...usual[kind], ...legacy[kind], ...oldest[kind]] })
  }
  return { hostKey: of('hostKey'), kex: of('kex'), cipher: of('cipher'), mac: of('mac') }
}

type Lists = { readonly usual: readonly string[]; readonly all: readonly string[] }

/** @source ssh_config(5), `Ciphers`; names that the library does not know are left out, as long as one is left. */
const listed = (list: string | undefined, { usual, all }: Lists): readonly string[] => {
  if (list === undefined) return usual
  const sign = /^[-+^]/.exec(list)?.[0]
  const patterns = list.replace(/^[-+^]/, '').split(',')
  const meant = patterns.flatMap(pattern => all.filter(name => matchesGlob(pattern, name)))
  if (sign === '-') return usual.filter(name => !meant.includes(name))
  if (sign === '^') return [...new Set([...meant, ...usual])]
  if (sign === '+') return [...new Set([...usual, ...meant])]
  return meant.length > 0 ? [...new Set(meant)] : usual
}

type PerKind = Readonly<Record<AlgorithmKind, readonly string[]>>

const usual: PerKind = {
  hostKey: modernHostKeys,
  kex: [
    'curve25519-sha256',
    'curve25519-sha256@libssh.org',
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521',
    'diffie-hellman-group-exchange-sha256',
    'diffie-hellman-group16-sha512',
    'diffie-hellman-group18-sha512',
    'diffie-hellman-group14-sha256',
  ],
  // ChaCha20 comes last: of two connections one inside the other, ssh2 garbles the inner one when both use it.
  cipher: [
    'aes128-gcm@openssh.com',
    'aes256-gcm@openssh.com',
    'aes128-ctr',
    'aes192-ctr',
    'aes256-ctr',
    'chacha20-poly1305@openssh.com',
  ],
  mac: [
    'hmac-sha2-256-etm@openssh.com',
    'hmac-sha2-512-etm@openssh.com',
    'hmac-sha1-etm@openssh.com',
    'hmac-sha2-256',
    'hmac-sha2-512',
    'hmac-sha1',
  ],
}

/** @source release notes of OpenSSH 6.7 (CBC), 7.6 and 8.2 (SHA-1 key exchanges), 8.8 (ssh-rsa) */
const legacy: PerKind = {
  hostKey: ['ssh-rsa'],
  kex: ['diffie-hellman-group-exchange-sha1', 'diffie-hellman-group14-sha1'],
  cipher: ['aes256-cbc', 'aes192-cbc', 'aes128-cbc'],
  mac: [],
}

/** @source release notes of OpenSSH 6.9 and 7.0 (group 1), 7.0 (ssh-dss), 6.7 (MD5), 7.4 (3des-cbc) */
const oldest: PerKind = {
  hostKey: ['ssh-dss'],
  kex: ['diffie-hellman-group1-sha1'],
  cipher: ['3des-cbc'],
  mac: ['hmac-md5'],
}
