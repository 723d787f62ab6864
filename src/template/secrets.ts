// Secrets by reference: `{ secret: env:NAME }` in a variable stands for a value that is kept elsewhere.
import { exitCodes, Problem } from '../model/problem.ts'
import { Secret } from '../model/secret.ts'
import type { Span } from '../model/span.ts'
import { type Located, type LocatedScalar, textOf } from '../text/located.ts'
import type { OpenVault } from '../text/vaulted.ts'

const sources = ['env', 'file', 'command', 'ask'] as const

export type SecretReference = {
  /** The environment of this process, a file on this machine, a program on it, or the person at the terminal. */
  readonly from: (typeof sources)[number]
  /** The variable's or the file's name, or the words of the program; for `ask`, what to ask for. */
  readonly name: string
  /** What the secret is called wherever it would be seen. */
  readonly label: string
  readonly span: Span
}

/** @returns Nothing when it is not there; a problem where more is to be said. */
export type ReadSecret = (reference: SecretReference) => string | Problem | undefined

/** How a file of variables comes by its secrets. */
export type SecretReading = { readonly readSecret: ReadSecret; readonly openVault: OpenVault }

/** A mapping whose only key is `secret`. */
export const secretNode = (node: Located): LocatedScalar | undefined => {
  const only = node.type === 'map' && node.entries.length === 1 ? node.entries[0] : undefined
  return only?.key === 'secret' && only.node.type === 'scalar' ? only.node : undefined
}

/** The secret that a reference means, or why there is none. An empty one in its place lets the rest be checked. */
export const readReference = (
  node: LocatedScalar,
  label: string,
  read: ReadSecret,
): { readonly secret: Secret; readonly problems: readonly Problem[] } => {
  if (node.value instanceof Secret) return { secret: node.value, problems: [] }
  const reference = parseReference(textOf(node) ?? '', label, node.span)
  if (reference === undefined) return { secret: new Secret(label, ''), problems: [wrongForm(node.span)] }
  const found = read(reference) ?? notThere(reference)
  return typeof found === 'string'
    ? { secret: new Secret(label, found), problems: [] }
    : { secret: new Secret(label, ''), problems: [found] }
}

/** What is filled in could be a secret, and would stand in a command line. */
const parseReference = (text: string, label: string, span: Span): SecretReference | undefined => {
  if (text === 'ask') return { from: 'ask', name: label, label, span }
  const [, word, name = ''] = /^([a-z]+):\s*(\S.*)$/.exec(text) ?? []
  const from = sources.find(source => source === word)
  return from === undefined || name.includes('{{') ? undefined : { from, name, label, span }
}

/** Whether a text names where a secret is kept, as `{ secret: … }` has it. */
export const isReference = (text: string): boolean => parseReference(text, '', nowhere) !== undefined

const nowhere: Span = { file: '', line: 0, column: 1, width: 1, excerpt: '' }

const named = /(passw(or)?d|passphrase|secret|token|(^|_)(pass|pwd))\d*$/i

/** Is what is called so a secret, as far as its name tells? `admin_password` is, `password_file` is not. */
export const isSecretName = (name: string): boolean => named.test(name)

/** A secret in plain text, and what to write instead. */
export const asLiteral = (
  node: LocatedScalar,
  label: string,
): { readonly secret: Secret; readonly warning: Problem } => ({
  secret: new Secret(label, String(node.value)),
  warning: new Problem({
    code: 'secret-in-plain-text',
    summary: `\`${label}\` stands here for everybody to read`,
    span: hidden(node.span),
    help: 'write `{ secret: env:NAME }`, `{ secret: file:PATH }` or `{ secret: ask }`, or what `run vault encrypt-string` prints',
    exit: exitCodes.input,
  }),
})

/** The place without what stands there. */
export const hidden = ({ excerpt, column, width, ...place }: Span): Span => {
  const masked = `${excerpt.slice(0, column - 1)}••••••${excerpt.slice(column - 1 + width)}`
  return { ...place, column, width: 6, excerpt: masked }
}

/** What stands there may be the secret itself, so the line is shown without it. */
const wrongForm = (span: Span): Problem =>
  new Problem({
    code: 'secret-form',
    summary: 'A secret is named by where it is kept',
    span: hidden(span),
    wanted: 'env:NAME, file:PATH, command:WORDS or ask, without {{ }}',
    help: 'a secret itself has no place in this file, unless encrypted: `run vault encrypt-string`',
    exit: exitCodes.input,
  })

const notThere = ({ from, name, span }: SecretReference): Problem => {
  const words = {
    env: {
      summary: `The environment variable ${name} is not set`,
      help: `set it for this command: read -rs ${name}; export ${name}`,
    },
    file: { summary: `There is no file ${name} to read the secret from`, help: 'correct its name, or write the file' },
    command: { summary: `No program is asked for the secret here: ${name}`, help: 'write env:NAME or file:PATH' },
    ask: {
      summary: `The secret ${name} cannot be asked for: there is no terminal`,
      help: 'write env:NAME or file:PATH',
    },
  }
  return new Problem({ code: 'secret-missing', ...words[from], span, exit: exitCodes.input })
}
