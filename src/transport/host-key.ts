// A host key is verified before anything else is said; each refusal comes with the command that mends it.
import { createHash } from 'node:crypto'
import { exitCodes, Problem } from '../model/problem.ts'
import { quoteWord } from '../shell/quote.ts'
import { type Endpoint, type KnownKey, nameOf, typeOf, type Verdict } from './known-hosts.ts'

export type ShownKey = Endpoint & {
  /** Inventory name of the node. */
  readonly host: string
  readonly key: Buffer
  /** How known_hosts names it. */
  readonly knownAs: Endpoint
  /** The file that a new key belongs into. */
  readonly file: string
  /** Lines that speak of it and cannot be read, each with its place. */
  readonly broken?: readonly string[]
}

/** What to tell of a key that is not known; undefined when it is. */
export const hostKeyProblem = (verdict: Verdict, shown: ShownKey): Problem | undefined => {
  switch (verdict.type) {
    case 'known':
      return undefined
    case 'unknown':
      return verdict.others.some(({ marker }) => marker === 'cert-authority')
        ? certificateOnly(shown)
        : unknownKey(shown, verdict.others)
    case 'changed':
      return changedKey(shown, verdict.was)
    case 'revoked':
      return revokedKey(shown, verdict.by)
  }
}

/** The host key algorithms to ask for, those of known keys first: a server then shows the key that can be verified. */
export const hostKeyAlgorithms = (known: readonly KnownKey[], offered: readonly string[]): readonly string[] => {
  const isKnown = (algorithm: string) =>
    known.some(({ marker, type }) => marker === 'none' && (keyTypes[algorithm] ?? algorithm) === type)
  return [...offered.filter(isKnown), ...offered.filter(algorithm => !isKnown(algorithm))]
}

/** `SHA256:…` as OpenSSH prints it. */
export const fingerprint = (key: Buffer): string =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`

export const modernHostKeys: readonly string[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
]

const keyTypes: Readonly<Record<string, string>> = { 'rsa-sha2-512': 'ssh-rsa', 'rsa-sha2-256': 'ssh-rsa' }

const unknownKey = (shown: ShownKey, others: readonly KnownKey[]): Problem =>
  new Problem({
    ...common(shown),
    code: 'host-key-unknown',
    summary: `The host key of ${shown.host} is not known`,
    wanted:
      others.length > 0 ? `a key of type ${others.map(({ type }) => type).join(' or ')}` : `a line in ${shown.file}`,
    help: scanAndCompare(shown),
    ...(shown.broken?.length && { excerpt: ['passed over:', ...shown.broken].join('\n') }),
  })

/** Somebody looked at the fingerprint and did not say yes. */
export const nobodyAgreed = (shown: ShownKey): Problem =>
  new Problem({
    ...common(shown),
    code: 'host-key-unknown',
    summary: `The host key of ${shown.host} is not known, and nobody agreed to it`,
    wanted: '`yes`, or the fingerprint',
    help: scanAndCompare(shown),
  })

/** A key that is trusted only once would have to be trusted anew each time. */
export const keyNotKept = (shown: ShownKey, because: string): Problem =>
  new Problem({
    ...common(shown),
    code: 'host-key-not-kept',
    summary: `The host key of ${shown.host} is new and cannot be written down`,
    seen: because,
    wanted: `a line in ${shown.file}`,
    help: `let ${shown.file} be written, or name another file (\`UserKnownHostsFile\` in ~/.ssh/config)`,
  })

const changedKey = (shown: ShownKey, was: KnownKey): Problem =>
  new Problem({
    ...common(shown),
    code: 'host-key-changed',
    summary: `The host key of ${shown.host} is another one than before`,
    wanted: `${describeKey(was.key)}, from ${was.path}:${was.line}`,
    help: [
      'ask whoever runs the node whether it was set up anew; somebody may stand in between. If it was:',
      `ssh-keygen -R ${quoteWord(nameOf(shown.knownAs))} -f ${quoteWord(was.path)} && ${scan({ ...shown, file: was.path })}`,
      andCompare(shown),
    ].join('\n'),
  })

const revokedKey = (shown: ShownKey, by: KnownKey): Problem =>
  new Problem({
    ...common(shown),
    code: 'host-key-revoked',
    summary: `The host key of ${shown.host} was revoked`,
    wanted: 'a key that is not marked @revoked',
    help: `the node needs a new host key; the mark stands in ${by.path}:${by.line}`,
  })

const certificateOnly = (shown: ShownKey): Problem =>
  new Problem({
    ...common(shown),
    code: 'host-key-certificate',
    summary: `${shown.host} is known by a certificate authority only, and host certificates cannot be verified here`,
    wanted: `a line with its own key in ${shown.file}`,
    help: scanAndCompare(shown),
  })

const common = (shown: ShownKey) => ({
  host: shown.host,
  seen: describeKey(shown.key),
  state: 'nothing was sent',
  exit: exitCodes.unreachable,
})

/** Type and fingerprint. */
export const describeKey = (key: Buffer): string => `${typeOf(key)} ${fingerprint(key)}`

const scanAndCompare = (shown: ShownKey): string => `${scan(shown)}\n${andCompare(shown)}`

const andCompare = ({ key }: ShownKey): string =>
  `and compare the fingerprint with the node's own: ${ownFingerprint(key)}`

/** ssh-keyscan writes the address; under an alias the line has to bear that. */
const scan = ({ address, port, key, file, knownAs }: ShownKey): string => {
  const command = `ssh-keyscan -p ${port} -t ${scanName(key)} ${quoteWord(address)}`
  const name = nameOf(knownAs)
  const renamed = name === nameOf({ address, port }) ? '' : ` | sed ${quoteWord(`s/^[^ #]*/${name}/`)}`
  return `${command}${renamed} >> ${quoteWord(file)}`
}

/** The command that tells the key on the node itself. */
export const ownFingerprint = (key: Buffer): string => `ssh-keygen -lf /etc/ssh/ssh_host_${scanName(key)}_key.pub`

/** What `ssh-keyscan -t` and the names of the key files call a key type. */
const scanName = (key: Buffer): string => {
  const type = typeOf(key)
  if (type.startsWith('ecdsa-')) return 'ecdsa'
  return type.replace(/^ssh-/, '').replace('dss', 'dsa')
}
