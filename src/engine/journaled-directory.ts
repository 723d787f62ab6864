// What a step changes in the directory, as it stands in the journal: the modify as LDIF, and how it ended.
import { Problem } from '../model/problem.ts'
import type { Directory, DirectoryChange, DirectoryValue } from '../task/directory.ts'

/** Hears of each modify when it has ended: 0 where the directory made it. */
type OnModify = (ldif: string, exitCode: number, ms: number) => void

export const journaledDirectory = (directory: Directory, onModify: OnModify): Directory => ({
  search: question => directory.search(question),
  async modify(dn, changes) {
    const started = performance.now()
    const tell = (exitCode: number) => onModify(ldifOf(dn, changes), exitCode, Math.round(performance.now() - started))
    try {
      await directory.modify(dn, changes)
    } catch (error) {
      tell(error instanceof Problem ? error.exit : -1)
      throw error
    }
    tell(0)
  },
})

/** @source RFC 2849: what a person could hand to `ldapmodify` to do the same. */
const ldifOf = (dn: string, changes: readonly DirectoryChange[]): string =>
  [`dn: ${dn}`, 'changetype: modify', ...changes.flatMap(linesOf)].join('\n')

const linesOf = ({ attribute, before, after }: DirectoryChange): readonly string[] => [
  ...part('delete', attribute, before),
  ...part('add', attribute, after),
]

const part = (how: string, attribute: string, values: readonly DirectoryValue[]): readonly string[] =>
  values.length === 0 ? [] : [`${how}: ${attribute}`, ...values.map(value => `${attribute}${lineOf(value)}`), '-']

const lineOf = (value: DirectoryValue): string =>
  typeof value === 'string' && /^[^\s:<][^\r\n\0]*$/.test(value)
    ? `: ${value}`
    : `:: ${typeof value === 'string' ? Buffer.from(value).toString('base64') : value.base64}`
