// Where vault passwords come from: flags, then the environment, then run.yml; each with the vault id that it is for.
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { exitCodes, Problem } from '../model/problem.ts'
import { defaultLabel, isVault, isVaultLabel } from '../text/vault.ts'
import type { Questions } from './ask-hidden.ts'
import { printedBy } from './local-program.ts'
import type { VaultFlags } from './secret-flags.ts'
import type { Settings } from './settings.ts'
import { shown } from './shown.ts'
import type { Surroundings } from './surroundings.ts'

export type VaultSource = {
  readonly label: string
  /** A path that is absolute, or what asks at the terminal. */
  readonly from: { readonly file: string } | 'prompt'
  /** As the user named it. */
  readonly told: string
}

/** In the order in which they are tried. */
export const vaultSources = (
  flags: VaultFlags,
  { vault, site }: Pick<Settings, 'vault' | 'site'>,
  around: Surroundings,
): readonly VaultSource[] => {
  const { cwd } = around
  const variable = (name: string) =>
    around
      .environment(name)
      ?.split(',')
      .map(part => part.trim())
      .filter(Boolean) ?? []
  return [
    ...(flags.vaultId ?? []).map(text => sourceOf(text, cwd)),
    ...(flags.vaultPasswordFile ?? []).map(text => fileSource(text, cwd)),
    ...(flags.askVaultPass ? [sourceOf('prompt', cwd)] : []),
    ...variable('ANSIBLE_VAULT_IDENTITY_LIST').map(text => sourceOf(text, cwd)),
    ...(around.environment('ANSIBLE_VAULT_PASSWORD_FILE')
      ? [fileSource(around.environment('ANSIBLE_VAULT_PASSWORD_FILE') ?? '', cwd)]
      : []),
    ...vault.ids.map(text => sourceOf(text, site)),
    ...(vault.passwordFile === undefined ? [] : [fileSource(vault.passwordFile, site)]),
  ]
}

/** `LABEL@SOURCE`, or a source alone. @throws {Problem} `vault-id-wrong` */
const sourceOf = (text: string, base: string): VaultSource => {
  const at = text.indexOf('@')
  const [label, source] = at === -1 ? [defaultLabel, text] : [text.slice(0, at) || defaultLabel, text.slice(at + 1)]
  if (!isVaultLabel(label) || source === '') throw wrongId(text)
  return source === 'prompt' || source === 'prompt_ask_vault_pass'
    ? { label, from: 'prompt', told: text }
    : { ...fileSource(source, base), label, told: text }
}

const fileSource = (name: string, base: string): VaultSource => ({
  label: defaultLabel,
  from: { file: resolve(base, name) },
  told: name,
})

/** @returns Nothing as long as somebody has to be asked for it. */
export const passwordOf = (
  source: VaultSource,
  asking: Questions,
  around: Surroundings,
): string | Problem | undefined => {
  const read =
    source.from === 'prompt' ? asking.answerTo(questionFor(source)) : readPassword(source, source.from.file, around)
  return read === '' ? unreadable(source, 'it is empty') : read
}

const questionFor = ({ label }: VaultSource): string =>
  label === defaultLabel ? 'Vault password' : `Vault password (${label})`

/** White space at the ends is no part of a password in a file, as in Ansible. */
const readPassword = (source: VaultSource, file: string, around: Surroundings): string | Problem => {
  if (!existsSync(file) || statSync(file).isDirectory())
    return unreadable(source, `there is no file ${shown(file, around)}`)
  if (isExecutable(file)) return fromProgram(source, file)
  try {
    const text = readFileSync(file, 'utf8')
    return isVault(text) ? unreadable(source, 'it is encrypted itself') : text.trim()
  } catch (cause) {
    return unreadable(source, cause instanceof Error ? cause.message : String(cause))
  }
}

const fromProgram = (source: VaultSource, file: string): string | Problem => {
  // By its name Ansible knows a program that serves several vault ids.
  const isClient = /-client(\.[^.]+)?$/.test(basename(file))
  const printed = printedBy([file, ...(isClient ? ['--vault-id', source.label] : [])], dirname(file))
  return 'text' in printed ? printed.text.replace(/^[\r\n]+|[\r\n]+$/g, '') : unreadable(source, printed.fault)
}

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK)
    // For root every file that anybody may carry out is one.
    return (statSync(file).mode & 0o111) !== 0
  } catch {
    return false
  }
}

const wrongId = (seen: string): Problem =>
  new Problem({
    code: 'vault-id-wrong',
    summary: 'This names no source of a vault password',
    seen,
    wanted: 'LABEL@SOURCE, where the source is a file, a program, or prompt',
    exit: exitCodes.input,
  })

const unreadable = ({ told }: VaultSource, seen: string): Problem =>
  new Problem({
    code: 'vault-password-unreadable',
    summary: `${told} gives no vault password`,
    seen,
    wanted: 'a file with the password, a program that prints it, or prompt',
    help: 'correct --vault-id or --vault-password-file, ANSIBLE_VAULT_PASSWORD_FILE, or `vault_password_file:` in run.yml',
    exit: exitCodes.input,
  })
