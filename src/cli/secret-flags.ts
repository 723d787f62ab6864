// The flags about passwords, which are Ansible's: how a vault is opened, and what is asked before anything connects.
import { type Command, Option } from 'commander'

export type VaultFlags = {
  /** Files, or programs that print the password. */
  readonly vaultPasswordFile?: readonly string[]
  /** `LABEL@SOURCE`: a file, a program, or `prompt`. */
  readonly vaultId?: readonly string[]
  readonly askVaultPass?: boolean
}

export type SecretFlags = VaultFlags & {
  /** The password to log in with, where the inventory has none. */
  readonly askPass?: boolean
  /** The password to become another user with, where the inventory has none. */
  readonly askBecomePass?: boolean
}

const each = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]

export const withSecretFlags = (command: Command): Command =>
  withVaultFlags(command)
    .option('-k, --ask-pass', 'ask for the password to log in with')
    .option('-K, --ask-become-pass', 'ask for the password of sudo or su')

export const withVaultFlags = (command: Command): Command =>
  command
    .option('--vault-password-file <file>', 'file with the vault password, or a program that prints it', each)
    .addOption(new Option('--vault-pass-file <file>').argParser(each).hideHelp())
    .option('--vault-id <label@source>', 'the password of one vault id: a file, a program, or prompt', each)
    .option('-J, --ask-vault-pass', 'ask for the vault password')
    .addOption(new Option('--ask-vault-password').hideHelp().implies({ askVaultPass: true }))
    .hook('preAction', made => {
      // Ansible's other name for the same flag.
      const other: readonly string[] | undefined = made.getOptionValue('vaultPassFile')
      if (other)
        made.setOptionValue('vaultPasswordFile', [...(made.getOptionValue('vaultPasswordFile') ?? []), ...other])
    })
