// Who is there while a connection is made: a person to ask, and ears for what a person should know afterwards.
import type { ParsedKey } from 'ssh2'
import type { Person } from '../task/person.ts'
import type { Greeting } from './greeting.ts'

export type Company = {
  /** Not there without a terminal: then nothing is asked. */
  readonly person?: Person
  /** Takes one line for the journal and the screen. */
  tell(text: string): void
  /** Hears what each server says before anybody logs in, also where nobody gets further; not there where nobody asks. */
  greeted?(host: string, greeting: Greeting): void
  /** Locked keys by their files, and by the passphrase that the inventory names; they are opened once. */
  readonly keys: Map<string, Promise<ParsedKey | undefined>>
}

/** The same while one connection is made. */
export type Attended = Company & {
  /** Waits without hurry: the time that a person takes is not the server's. */
  unhurried<T>(errand: () => Promise<T>): Promise<T>
}

/** Nobody to ask, nobody to tell. */
export const alone = (): Company => ({ tell: () => {}, keys: new Map() })
