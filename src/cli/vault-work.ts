// What the vault commands do to files: every input is read and opened before the first byte is written.
import { exitCodes, Problem } from '../model/problem.ts'
import { source } from '../text/source.ts'
import { encrypt, isVault, openEnvelope } from '../text/vault.ts'
import { questionsTo } from './ask-hidden.ts'
import { type EncryptionKey, encryptionKey } from './encryption-key.ts'
import { createKeyring } from './keyring.ts'
import type { VaultFlags } from './secret-flags.ts'
import { findSettings } from './settings.ts'
import type { Surroundings } from './surroundings.ts'
import { readInput, type VaultFile, writeOutput } from './vault-files.ts'
import { type VaultSource, vaultSources } from './vault-sources.ts'

export type FileFlags = VaultFlags & {
  /** Another file than the one that was read; `-` is stdout. */
  readonly output?: string
  readonly encryptVaultId?: string
}

export const encryptFiles = async (
  names: readonly string[],
  flags: FileFlags,
  around: Surroundings,
): Promise<number> => {
  const files = await inputs(names, flags, around)
  for (const file of files) if (isVault(textOf(file))) throw encryptedAlready(file)
  const key = await keyFor(flags, around)
  return write(
    files.map(file => ({ told: file.told, bytes: encrypted(file.bytes, key) })),
    flags,
    around,
  )
}

export const decryptFiles = async (names: readonly string[], flags: FileFlags, around: Surroundings): Promise<number> =>
  write(await openAll(await inputs(names, flags, around), sourcesOf(flags, around), around), flags, around)

export const viewFiles = async (names: readonly string[], flags: VaultFlags, around: Surroundings): Promise<number> =>
  decryptFiles(names, { ...flags, output: '-' }, around)

export type RekeyFlags = VaultFlags & { readonly newVaultPasswordFile?: string; readonly newVaultId?: string }

export const rekeyFiles = async (
  names: readonly string[],
  flags: RekeyFlags,
  around: Surroundings,
): Promise<number> => {
  const files = await inputs(names, {}, around)
  const opened = await openAll(files, sourcesOf(flags, around), around)
  const { newVaultId, newVaultPasswordFile } = flags
  const fresh: VaultFlags = {
    ...(newVaultId !== undefined && { vaultId: [newVaultId] }),
    ...(newVaultPasswordFile !== undefined && { vaultPasswordFile: [newVaultPasswordFile] }),
  }
  const key = await encryptionKey(vaultSources(fresh, noSettings, onlyFlags(around)), undefined, around)
  // Where no new vault id is named, a file keeps the one that it has.
  const kept = (index: number) => (newVaultId === undefined ? openEnvelope(textOf(files[index])).label : key.label)
  const written = opened.map(({ told, bytes }, index) => ({
    told,
    bytes: encrypted(bytes, { ...key, label: kept(index) }),
  }))
  return write(written, {}, around)
}

const noSettings = { vault: { ids: [] }, site: '' }

/** What the environment names opens the old text; the new password is named by flags, or asked for. */
const onlyFlags = (around: Surroundings): Surroundings => ({ ...around, environment: () => undefined })

export const keyFor = (flags: FileFlags, around: Surroundings): Promise<EncryptionKey> =>
  encryptionKey(
    sourcesOf(flags, around),
    flags.encryptVaultId ?? around.environment('ANSIBLE_VAULT_ENCRYPT_IDENTITY'),
    around,
  )

export const encrypted = (bytes: Uint8Array, { password, label }: EncryptionKey): Buffer =>
  Buffer.from(encrypt(bytes, password, { label }))

const sourcesOf = (flags: VaultFlags, around: Surroundings): readonly VaultSource[] =>
  vaultSources(flags, findSettings(around.cwd), around)

/** Without a name stdin is read, and stdout written. */
const inputs = async (
  names: readonly string[],
  { output }: FileFlags,
  around: Surroundings,
): Promise<readonly VaultFile[]> => {
  if (output !== undefined && output !== '-' && names.length > 1) throw oneOutput(names)
  return Promise.all((names.length === 0 ? ['-'] : names).map(name => readInput(name, around)))
}

const openAll = async (
  files: readonly VaultFile[],
  sources: readonly VaultSource[],
  around: Surroundings,
): Promise<readonly VaultFile[]> => {
  const asking = questionsTo(around)
  const known: readonly VaultSource[] =
    sources.length > 0 ? sources : [{ label: 'default', from: 'prompt', told: 'prompt' }]
  const keyring = createKeyring(known, asking, around)
  for (;;) {
    const opened = files.map(file => openFile(file, keyring.open))
    const whole = opened.filter(isOpened)
    if (whole.length === opened.length) return whole
    if (!(await asking.askWanted())) throw opened.find(each => each instanceof Problem)
  }
}

const openFile = (file: VaultFile, open: ReturnType<typeof createKeyring>['open']): VaultFile | Problem => {
  const text = textOf(file)
  if (!isVault(text)) return notEncrypted(file)
  const bytes = open(text, source(file.told, text).span(0, text.indexOf('\n')))
  return bytes instanceof Problem ? bytes : { told: file.told, bytes: Buffer.from(bytes) }
}

const isOpened = (each: VaultFile | Problem): each is VaultFile => !(each instanceof Problem)

const textOf = (file: VaultFile | undefined): string => file?.bytes.toString('latin1') ?? ''

const write = (files: readonly VaultFile[], { output }: FileFlags, around: Surroundings): number => {
  for (const { told, bytes } of files) writeOutput(output ?? told, bytes, around)
  return exitCodes.done
}

const encryptedAlready = ({ told }: VaultFile): Problem =>
  new Problem({
    code: 'vault-encrypted-already',
    summary: `${told} is encrypted already`,
    state: 'nothing was written',
    help: 'to give it another password: run vault rekey FILE',
    exit: exitCodes.input,
  })

const notEncrypted = ({ told }: VaultFile): Problem =>
  new Problem({
    code: 'vault-not-encrypted',
    summary: `${told} is not encrypted`,
    wanted: 'a file whose first line begins with $ANSIBLE_VAULT',
    state: 'nothing was written',
    exit: exitCodes.input,
  })

const oneOutput = (names: readonly string[]): Problem =>
  new Problem({
    code: 'output-one-file',
    summary: '--output takes what comes of one file',
    seen: names.join(', '),
    help: 'name one file, or leave out --output: then each is written in its place',
    exit: exitCodes.input,
  })
