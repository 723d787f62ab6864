// What ansible-vault encrypted within YAML: opened by whoever has the password, or a problem with its place.
import { exitCodes, Problem } from '../model/problem.ts'
import { Secret } from '../model/secret.ts'
import type { Span } from '../model/span.ts'
import { source } from './source.ts'

/** @returns What was encrypted, or why it cannot be had. */
export type OpenVault = (text: string, span: Span) => Uint8Array | Problem

export const vaultTags: ReadonlySet<string> = new Set(['!vault', '!vault-encrypted'])

type Vaulted = { readonly label: string; readonly span: Span; readonly openVault: OpenVault | undefined }

/** One value, with its place in the file around it. */
export const openVaulted = (text: string, { label, span, openVault }: Vaulted): Secret | Problem => {
  const opened = openVault ? textOf(openVault(text, span), span) : misplaced(span)
  return opened instanceof Problem ? opened : new Secret(label, opened)
}

/** A file that is encrypted as a whole. */
export const openWhole = (
  { file, text }: { readonly file: string; readonly text: string },
  openVault: OpenVault | undefined,
): string | Problem => {
  const span = source(file, text).span(0, Math.max(1, text.indexOf('\n')))
  return openVault ? textOf(openVault(text, span), span) : misplaced(span)
}

/** Bytes as text; what is no UTF-8 cannot be a variable. */
export const textOf = (opened: Uint8Array | Problem, span: Span): string | Problem => {
  if (opened instanceof Problem) return opened
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(opened)
  } catch {
    return new Problem({
      code: 'vault-no-text',
      summary: 'What was encrypted here is no text',
      span,
      seen: `${opened.length} bytes that are not UTF-8`,
      help: 'encrypt it anew from a text',
      exit: exitCodes.input,
    })
  }
}

const misplaced = (span: Span): Problem =>
  new Problem({
    code: 'vault-misplaced',
    summary: 'Nothing that is encrypted can stand here',
    span,
    wanted: 'encrypted variables, in an inventory, in a playbook’s `vars:`, in a file of variables',
    help: 'put it into a variable, and name the variable here',
    exit: exitCodes.input,
  })
