// `run vault encrypt-string`: a value as it goes into a file of variables.
import { exitCodes, Problem } from '../model/problem.ts'
import { askHidden } from './ask-hidden.ts'
import { showWarnings } from './show-error.ts'
import type { Surroundings } from './surroundings.ts'
import { readInput, writeOutput } from './vault-files.ts'
import { encrypted, type FileFlags, keyFor } from './vault-work.ts'

export type StringFlags = FileFlags & {
  /** Names of the values on the command line, in their order. */
  readonly name?: readonly string[]
  readonly stdinName?: string
  readonly prompt?: boolean
}

type Named = { readonly name: string | undefined; readonly bytes: Buffer }

export const encryptStrings = async (
  texts: readonly string[],
  flags: StringFlags,
  around: Surroundings,
): Promise<number> => {
  const values = await valuesOf(texts, flags, around)
  const key = await keyFor(flags, around)
  const lines = values.map(({ name, bytes }) => asValue(name, encrypted(bytes, key).toString()))
  writeOutput(flags.output ?? '-', Buffer.from(lines.join('')), around)
  return exitCodes.done
}

/** @source what `ansible-vault encrypt_string` prints: ten blanks before each line. */
const asValue = (name: string | undefined, text: string): string =>
  `${name === undefined ? '' : `${name}: `}!vault |\n${text.trimEnd().replace(/^/gm, ' '.repeat(10))}\n`

const valuesOf = async (
  texts: readonly string[],
  flags: StringFlags,
  around: Surroundings,
): Promise<readonly Named[]> => {
  const { name: names = [], stdinName, prompt } = flags
  const typed = texts.filter(text => text !== '-')
  const readsStdin = stdinName !== undefined || texts.includes('-') || (typed.length === 0 && !prompt)
  if (typed.length > 0) showWarnings([inCommandLine()], around)
  return [
    ...(prompt ? [{ name: typed.length === 0 ? names[0] : undefined, bytes: await askValue(around) }] : []),
    ...typed.map((text, index) => ({ name: names[index], bytes: Buffer.from(text) })),
    ...(readsStdin
      ? [{ name: stdinName ?? (typed.length === 0 ? names[0] : undefined), bytes: await fromStdin(around) }]
      : []),
  ]
}

const askValue = async (around: Surroundings): Promise<Buffer> => {
  if (around.isTerminal) return Buffer.from(await askHidden('Text to encrypt', around))
  throw new Problem({
    code: 'secret-missing',
    summary: 'The text to encrypt cannot be asked for: there is no terminal',
    help: 'hand it over on stdin: run vault encrypt-string --stdin-name NAME',
    exit: exitCodes.input,
  })
}

/** All of it, as Ansible does; a line break that nobody meant is told. */
const fromStdin = async (around: Surroundings): Promise<Buffer> => {
  const { bytes } = await readInput('-', around)
  if (bytes.at(-1) === 0x0a) showWarnings([endsWithLineBreak()], around)
  return bytes
}

const inCommandLine = (): Problem =>
  new Problem({
    code: 'secret-in-command-line',
    summary: 'What stands in a command line can be read by every user of this machine, and is kept by the shell',
    help: 'use --prompt, or --stdin-name NAME and a pipe',
  })

const endsWithLineBreak = (): Problem =>
  new Problem({
    code: 'secret-with-line-break',
    summary: 'The text ends with a line break, which is a part of the secret now',
    help: "`printf '%s' TEXT` leaves it out, and so does --prompt",
  })
