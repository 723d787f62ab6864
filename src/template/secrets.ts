// Secrets by reference: `{ secret: env:NAME }` in a variable stands for a value that is kept elsewhere.
import { exitCodes, Problem } from '../model/problem.ts'
import { Secret } from '../model/secret.ts'
import type { Span } from '../model/span.ts'
import { type Located, type LocatedScalar, textOf } from '../text/located.ts'

type SecretReference = {
  /** The environment of this process, a file on this machine, or the person at the terminal. */
  readonly from: 'env' | 'file' | 'ask'
  /** The variable's or the file's name; for `ask`, what to ask for. */
  readonly name: string
  /** What the secret is called wherever it would be seen. */
  readonly label: string
  readonly span: Span
}

/** @returns Nothing when it is not there. */
export type ReadSecret = (reference: SecretReference) => string | undefined

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
  const reference = parseReference(textOf(node) ?? '', label, node.span)
  const value = reference === undefined ? undefined : read(reference)
  const problems = reference === undefined ? [wrongForm(node.span)] : value === undefined ? [notThere(reference)] : []
  return { secret: new Secret(label, value ?? ''), problems }
}

const parseReference = (text: string, label: string, span: Span): SecretReference | undefined => {
  if (text === 'ask') return { from: 'ask', name: label, label, span }
  const [, from, name = ''] = /^(env|file|ask):(.+)$/.exec(text) ?? []
  return from === 'env' || from === 'file' || from === 'ask' ? { from, name, label, span } : undefined
}

/** What stands there may be the secret itself, so the line is shown without it. */
const wrongForm = ({ excerpt, column, width, ...place }: Span): Problem => {
  const masked = `${excerpt.slice(0, column - 1)}••••••${excerpt.slice(column - 1 + width)}`
  const span = { ...place, column, width: 6, excerpt: masked }
  return new Problem({
    code: 'secret-form',
    summary: 'A secret is named by where it is kept',
    span,
    wanted: 'env:NAME, file:PATH or ask',
    help: 'a secret itself has no place in this file',
    exit: exitCodes.input,
  })
}

const notThere = ({ from, name, span }: SecretReference): Problem => {
  const words = {
    env: {
      summary: `The environment variable ${name} is not set`,
      help: `set it for this command: read -rs ${name}; export ${name}`,
    },
    file: { summary: `There is no file ${name} to read the secret from`, help: 'correct its name, or write the file' },
    ask: {
      summary: `The secret ${name} cannot be asked for: there is no terminal`,
      help: 'write env:NAME or file:PATH',
    },
  }
  return new Problem({ code: 'secret-missing', ...words[from], span, exit: exitCodes.input })
}
