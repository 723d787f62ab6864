// Reads secrets from where an inventory says they are kept: the environment, a file, or the person at the terminal.
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import type { ReadSecret } from '../template/secrets.ts'
import type { Surroundings } from './surroundings.ts'

/** @param base Directory that file names are relative to. */
export const secretReader = (
  { environment }: Surroundings,
  base: string,
  asked: ReadonlyMap<string, string> = new Map(),
): ReadSecret => {
  const read: Record<'env' | 'file' | 'ask', (name: string) => string | undefined> = {
    env: name => environment(name),
    file: name => readIfThere(resolve(base, name)),
    ask: name => asked.get(name),
  }
  return ({ from, name }) => read[from](name)
}

/** A file ends its only line; the line break is not part of the secret. */
const readIfThere = (path: string): string | undefined =>
  existsSync(path) ? readFileSync(path, 'utf8').replace(/\r?\n$/, '') : undefined

/** Asks for each secret once; what is typed is not shown. */
export const askSecrets = async (
  names: readonly string[],
  { stderr, isTerminal }: Surroundings,
): Promise<ReadonlyMap<string, string>> => {
  const answers = new Map<string, string>()
  if (!isTerminal) return answers
  for (const name of names) {
    stderr.write(`${name}: `)
    const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
    const reader = createInterface({ input: process.stdin, output: silent, terminal: true })
    answers.set(name, await reader.question(''))
    reader.close()
    stderr.write('\n')
  }
  return answers
}
