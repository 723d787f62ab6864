// Opens what is encrypted with the vault passwords that there are; nobody is asked twice for one of them.
import { exitCodes, Problem } from '../model/problem.ts'
import type { Span } from '../model/span.ts'
import { decrypt, defaultLabel, type Envelope, openEnvelope, VaultDamage } from '../text/vault.ts'
import type { OpenVault } from '../text/vaulted.ts'
import type { Questions } from './ask-hidden.ts'
import type { Surroundings } from './surroundings.ts'
import { passwordOf, type VaultSource } from './vault-sources.ts'

export type Keyring = {
  readonly open: OpenVault
  /** The password of one source; nothing as long as somebody has to be asked for it. */
  passwordOf(source: VaultSource): string | Problem | undefined
  readonly sources: readonly VaultSource[]
}

export const createKeyring = (sources: readonly VaultSource[], asking: Questions, around: Surroundings): Keyring => {
  const read = new Map<VaultSource, string | Problem>()
  const password = (source: VaultSource): string | Problem | undefined => {
    const known = read.get(source) ?? passwordOf(source, asking, around)
    if (known !== undefined) read.set(source, known)
    return known
  }
  const opened = new Map<string, Uint8Array>()
  return {
    sources,
    passwordOf: password,
    open(text, span) {
      const before = opened.get(text)
      if (before) return before
      const found = openWith(text, span, { sources, password })
      if (!(found instanceof Problem)) opened.set(text, found)
      return found
    },
  }
}

type Keys = {
  readonly sources: readonly VaultSource[]
  readonly password: (source: VaultSource) => string | Problem | undefined
}

const openWith = (text: string, span: Span, keys: Keys): Uint8Array | Problem => {
  try {
    return tryEach(openEnvelope(text), span, keys)
  } catch (error) {
    if (error instanceof VaultDamage) return damaged(span, error.message)
    throw error
  }
}

/** The passwords of its own vault id first, then the others: a vault id is a hint, as in Ansible. */
const tryEach = (envelope: Envelope, span: Span, { sources, password }: Keys): Uint8Array | Problem => {
  const isOwn = ({ label }: VaultSource) => label === envelope.label
  const ordered = [...sources.filter(isOwn), ...sources.filter(source => !isOwn(source))]
  let unread: Problem | undefined
  let isAsking = false
  for (const source of ordered) {
    const key = password(source)
    if (key instanceof Problem) unread ??= key
    else if (key === undefined) isAsking = true
    else {
      const opened = decrypt(envelope, key)
      if (opened) return opened
    }
  }
  if (unread) return unread.with({ span })
  return sources.length === 0 || isAsking ? missing(envelope, span, isAsking) : wrong(envelope, span, ordered)
}

const named = ({ label }: Envelope): string => (label === defaultLabel ? '' : ` of the vault id ${label}`)

const missing = (envelope: Envelope, span: Span, isAsking: boolean): Problem =>
  new Problem({
    code: 'vault-password-missing',
    summary: `The vault password${named(envelope)} is not known`,
    span,
    ...(isAsking && { seen: 'it cannot be asked for: there is no terminal' }),
    help: `add --ask-vault-pass, \`--vault-id ${envelope.label}@FILE\` or --vault-password-file FILE, or write \`vault_password_file:\` in run.yml`,
    exit: exitCodes.input,
  })

const wrong = (envelope: Envelope, span: Span, tried: readonly VaultSource[]): Problem =>
  new Problem({
    code: 'vault-password-wrong',
    summary: `No vault password opens this${named(envelope)}`,
    span,
    seen: `tried: ${tried.map(({ told }) => told).join(', ')}`,
    wanted: 'the password that it was encrypted with, and its text as it was then',
    help: 'name the source of its password: --vault-id LABEL@SOURCE; or encrypt it anew',
    exit: exitCodes.input,
  })

const damaged = (span: Span, seen: string): Problem =>
  new Problem({
    code: 'vault-damaged',
    summary: 'This encrypted text is damaged',
    span,
    seen,
    wanted: 'a text of ansible-vault, version 1.1 or 1.2, AES256, whole',
    help: 'take it from where it was copied, all lines of it, or encrypt the value anew',
    exit: exitCodes.input,
  })
