// Reads secrets from where they are kept: environment, file, program, vault, or the person at the terminal.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { exitCodes, Problem } from '../model/problem.ts'
import { Secret } from '../model/secret.ts'
import { splitWords } from '../shell/split-words.ts'
import type { ReadSecret, SecretReading, SecretReference } from '../template/secrets.ts'
import { isVault } from '../text/vault.ts'
import { textOf } from '../text/vaulted.ts'
import { questionsTo } from './ask-hidden.ts'
import { createKeyring, type Keyring } from './keyring.ts'
import { printedBy } from './local-program.ts'
import type { SecretFlags } from './secret-flags.ts'
import type { Settings } from './settings.ts'
import type { Surroundings } from './surroundings.ts'
import { vaultSources } from './vault-sources.ts'

/** What was asked for on the command line, for hosts whose inventory has none. */
export type LoginPasswords = { readonly password?: Secret; readonly becomePassword?: Secret }

export type SecretSources = SecretReading & {
  /** Reads, asks for what was not known, and reads again: so each is asked for once, and only where it is needed. */
  settled<Value>(read: () => Promise<Value>): Promise<Value>
  /** @throws {Problem} `secret-missing` where nobody can be asked. */
  loginPasswords(): LoginPasswords
}

export const secretSources = (flags: SecretFlags, settings: Settings, around: Surroundings): SecretSources => {
  const asking = questionsTo(around)
  const keyring = createKeyring(vaultSources(flags, settings, around), asking, around)
  const passwords = wantedPasswords(flags)
  const commands = new Map<string, string | Problem>()
  const read: Record<SecretReference['from'], (reference: SecretReference) => ReturnType<ReadSecret>> = {
    env: ({ name }) => around.environment(name),
    file: reference => fromFile(reference, keyring, around),
    ask: ({ name }) => asking.answerTo(name),
    command(reference) {
      const key = `${besideOf(reference, around)}\0${reference.name}`
      const printed = commands.get(key) ?? fromCommand(reference, around)
      commands.set(key, printed)
      return printed
    },
  }
  return {
    openVault: keyring.open,
    readSecret: reference => read[reference.from](reference),
    async settled(work) {
      for (const question of Object.values(passwords)) asking.answerTo(question)
      for (;;) {
        const done = await work()
        if (!(await asking.askWanted())) return done
      }
    },
    loginPasswords: () => answered(passwords, question => asking.answerTo(question)),
  }
}

type Wanted = { readonly password?: string; readonly becomePassword?: string }

const wantedPasswords = ({ askPass, askBecomePass }: SecretFlags): Wanted => ({
  ...(askPass && { password: 'Login password' }),
  ...(askBecomePass && { becomePassword: `Become password${askPass ? ' (empty: the same)' : ''}` }),
})

const answered = (
  { password, becomePassword }: Wanted,
  answerTo: (question: string) => string | undefined,
): LoginPasswords => {
  const login = password === undefined ? undefined : (answerTo(password) ?? nobodyThere(password))
  const become = becomePassword === undefined ? undefined : (answerTo(becomePassword) ?? nobodyThere(becomePassword))
  return {
    ...(login !== undefined && { password: new Secret('--ask-pass', login) }),
    ...(become !== undefined && { becomePassword: new Secret('--ask-become-pass', become || login || '') }),
  }
}

const nobodyThere = (question: string): never => {
  throw new Problem({
    code: 'secret-missing',
    summary: `${question}: it cannot be asked for, there is no terminal`,
    help: 'name it in the inventory: `ansible_password` or `ansible_become_password`, such as `{ secret: env:NAME }`',
    exit: exitCodes.input,
  })
}

/** Directory of the file that the reference is written in; for `-e`, where the user stands. */
const besideOf = ({ span }: SecretReference, { cwd }: Surroundings): string => dirname(resolve(cwd, span.file))

/** A file ends its only line; the line break is not part of the secret. */
const fromFile = (
  reference: SecretReference,
  { open }: Keyring,
  around: Surroundings,
): string | Problem | undefined => {
  const path = resolve(besideOf(reference, around), reference.name)
  if (!existsSync(path)) return undefined
  const text = readFileSync(path, 'utf8')
  const opened = isVault(text) ? textOf(open(text, reference.span), reference.span) : text
  return typeof opened === 'string' ? opened.replace(/\r?\n$/, '') : opened
}

const fromCommand = (reference: SecretReference, around: Surroundings): string | Problem => {
  const { name, label, span } = reference
  const printed = printedBy(splitWords(name), besideOf(reference, around))
  const isEmpty = 'text' in printed && printed.text.trim() === ''
  if ('text' in printed && !isEmpty) return printed.text.replace(/\r?\n$/, '')
  return new Problem({
    code: 'secret-command-failed',
    summary: `The program that prints the secret ${label} failed`,
    span,
    seen: 'fault' in printed ? printed.fault : 'it printed nothing',
    help: `try it by hand: \`${name}\``,
    exit: exitCodes.input,
  })
}
