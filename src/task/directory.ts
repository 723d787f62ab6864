// The port to the directory: find entries, read one, change values and have the old ones asserted. transport/ implements it.
import { exitCodes, Problem } from '../model/problem.ts'

/** Text, or the bytes of what is none. */
export type DirectoryValue = string | { readonly base64: string }

export type DirectoryEntry = {
  /** As the server writes it. */
  readonly dn: string
  /** By name as the server writes it; `valuesOf` finds one in any case. */
  readonly attributes: Readonly<Record<string, readonly DirectoryValue[]>>
}

export type DirectoryQuestion = {
  readonly base: string
  readonly scope: 'base' | 'one' | 'sub'
  /** All entries without it. */
  readonly where?: { readonly attribute: string; readonly equals: string }
  /** All that users set without it. */
  readonly attributes?: readonly string[]
}

/** Values of one attribute, before and after. */
export type DirectoryChange = {
  readonly attribute: string
  readonly before: readonly DirectoryValue[]
  readonly after: readonly DirectoryValue[]
}

export type Directory = {
  /**
   * All entries that fit: never a part of them.
   *
   * @returns Nothing where the base is not there.
   * @throws {Problem} `directory-unreachable`, `directory-tls-refused`, `directory-login-refused`, `directory-referral`,
   *   `directory-limit`, `directory-refused`.
   */
  search(question: DirectoryQuestion): Promise<readonly DirectoryEntry[] | undefined>
  /**
   * Makes all changes of one entry in one modify, or none of them: values go and come one by one, so the server refuses
   * where a value that goes was changed by somebody else. Values of one attribute come in the order given.
   *
   * @throws {Problem} as `search`; `directory-value-moved`; `directory-outcome-unknown` when the connection is lost
   *   before the server has answered.
   */
  modify(dn: string, changes: readonly DirectoryChange[]): Promise<void>
}

/** The values of an attribute, whatever the case of its name; empty where it has none. */
export const valuesOf = ({ attributes }: DirectoryEntry, name: string): readonly DirectoryValue[] =>
  Object.entries(attributes).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1] ?? []

/** Two spellings of one name; escapes are taken as they are written. */
export const isSameName = (one: string, other: string): boolean => normal(one) === normal(other)

/** True also for the entry itself. */
export const isWithin = (dn: string, base: string): boolean =>
  isSameName(dn, base) || normal(dn).endsWith(`,${normal(base)}`)

const normal = (dn: string): string =>
  dn
    .toLowerCase()
    .replace(/\s*([,=+])\s*/g, '$1')
    .trim()

const noDirectoryNamed = (): Problem =>
  new Problem({
    code: 'directory-not-named',
    summary: 'The inventory names no directory that could be asked',
    wanted: '`ldap_directory:` among the variables of the hosts',
    help: 'name its address, user and password there; see docs/directory.md',
    exit: exitCodes.input,
  })

/** Where an inventory names none. */
export const noDirectory: Directory = {
  search: () => Promise.reject(noDirectoryNamed()),
  modify: () => Promise.reject(noDirectoryNamed()),
}
