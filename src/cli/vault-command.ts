// `run vault …`: encrypts and decrypts as ansible-vault does, so that either reads what the other wrote.
import type { Command } from 'commander'
import { exitCodes, Problem } from '../model/problem.ts'
import type { Act } from './act.ts'
import { withVaultFlags } from './secret-flags.ts'
import type { Surroundings } from './surroundings.ts'
import { encryptStrings, type StringFlags } from './vault-string.ts'
import { decryptFiles, encryptFiles, type FileFlags, type RekeyFlags, rekeyFiles, viewFiles } from './vault-work.ts'

export const addVaultCommands = (run: Command, around: Surroundings, act: Act): void => {
  const vault = run.command('vault').description('encrypt and decrypt files and values, as ansible-vault does')
  const files = (name: string) => withVaultFlags(vault.command(name).argument('[files...]', 'files; - is stdin'))

  withOutput(files('encrypt').description('encrypt files in their place'))
    .option('--encrypt-vault-id <label>', 'the vault id to encrypt with')
    .action((names: readonly string[], flags: FileFlags) => act(() => encryptFiles(names, flags, around)))

  withOutput(files('decrypt').description('decrypt files in their place')).action(
    (names: readonly string[], flags: FileFlags) => act(() => decryptFiles(names, flags, around)),
  )

  files('view')
    .description('show what is in encrypted files, on stdout')
    .action((names: readonly string[], flags: FileFlags) => act(() => viewFiles(names, flags, around)))

  files('rekey')
    .description('give encrypted files another password')
    .option('--new-vault-password-file <file>', 'file with the new password, or a program that prints it')
    .option('--new-vault-id <label@source>', 'the new vault id, and where its password comes from')
    .action((names: readonly string[], flags: RekeyFlags) => act(() => rekeyFiles(names, flags, around)))

  withOutput(
    withVaultFlags(vault.command('encrypt-string').alias('encrypt_string').argument('[texts...]', 'texts; - is stdin')),
  )
    .description('encrypt a value, printed as it goes into a file of variables')
    .option('-n, --name <name>', 'name of the variable', (name: string, before: readonly string[] = []) => [
      ...before,
      name,
    ])
    .option('--stdin-name <name>', 'name of the variable whose value comes on stdin')
    .option('-p, --prompt', 'ask for the value')
    .option('--encrypt-vault-id <label>', 'the vault id to encrypt with')
    .action((texts: readonly string[], flags: StringFlags) => act(() => encryptStrings(texts, flags, around)))

  for (const name of ['edit', 'create'])
    vault
      .command(name, { hidden: true })
      .argument('[files...]')
      .allowUnknownOption()
      .action(() => act(() => Promise.reject(noEditor(name))))
}

const withOutput = (command: Command): Command => command.option('--output <file>', 'where to write; - is stdout')

/** An editor wants a file, and a file in clear is what a vault is there to avoid. */
const noEditor = (name: string): Problem =>
  new Problem({
    code: 'vault-edit-absent',
    summary: `\`run vault ${name}\` is left out on purpose: an editor would need the text in clear on the disk`,
    help: 'change one value with `run vault encrypt-string -p -n NAME`, or all of a file through a pipe: run vault view FILE | PROGRAM | run vault encrypt --output FILE -',
    exit: exitCodes.input,
  })
