// Opens locked private keys: by the passphrase that the inventory names, or by a person, who is asked once for each.
import { createHash } from 'node:crypto'
import type { ParsedKey } from 'ssh2'
import { reveal, type Secret } from '../model/secret.ts'
import type { Attended } from './company.ts'
import { readPrivateKey } from './private-key.ts'

/** @returns The key; nothing where no passphrase opens it. */
export type Unlock = (path: string, text: string) => Promise<ParsedKey | undefined>

/** As often as ssh asks. */
const tries = 3

export const unlocker =
  ({ keys, person, unhurried }: Attended, passphrase: Secret | undefined): Unlock =>
  async (path, text) => {
    // Several nodes wait for the same answer; and to open a key takes a second or more, on purpose.
    const once = (name: string, open: () => Promise<ParsedKey | undefined>) => {
      const opened = keys.get(name) ?? open()
      keys.set(name, opened)
      return unhurried(() => opened)
    }
    const named = passphrase && reveal(passphrase)
    const opened = named && (await once(`${path} ${printOf(named)}`, async () => openedBy(text, named)))
    return opened || once(path, () => ask(path, text, person))
  }

/** Tells two passphrases apart, and is none. */
const printOf = (passphrase: string): string => createHash('sha256').update(passphrase).digest('hex')

const ask = async (path: string, text: string, person: Attended['person']): Promise<ParsedKey | undefined> => {
  for (let round = 0; round < tries; round += 1) {
    const answer = await person?.ask({
      title: `The private key ${path} is locked`,
      lines: round === 0 ? [] : ['that passphrase does not open it'],
      prompt: 'Passphrase: ',
      isSecret: true,
    })
    if (!answer) return undefined
    const key = openedBy(text, answer)
    if (key) return key
  }
  return undefined
}

const openedBy = (text: string, passphrase: string): ParsedKey | undefined => {
  const read = readPrivateKey(text, passphrase)
  return read.type === 'open' ? read.key : undefined
}
