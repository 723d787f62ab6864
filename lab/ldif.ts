// Entries as LDIF, and LDIF as entries: what OpenLDAP's own tools read and write.
import type { DirectoryState } from './vendor/index.ts'

type Entries = DirectoryState['entries']

/** Every value in base 64, so that none has to be looked at. @source RFC 2849 */
export const ldifOf = (entries: Entries): string =>
  Object.entries(entries)
    .map(([dn, attributes]) =>
      [
        `dn:: ${encode(dn)}`,
        ...Object.entries(attributes).flatMap(([name, values]) => values.map(value => `${name}:: ${encode(value)}`)),
        '',
      ].join('\n'),
    )
    .join('\n')

/** What the server keeps for itself is left out. @param ldif With lines that are not wrapped. */
export const entriesOf = (ldif: string): Entries =>
  Object.fromEntries(
    ldif
      .split('\n\n')
      .map(block =>
        block
          .split('\n')
          .filter(line => line !== '')
          .map(pairOf),
      )
      .filter(pairs => pairs.length > 0)
      .map(([[, dn] = ['', ''], ...pairs]) => [dn, attributesOf(pairs)]),
  )

const attributesOf = (pairs: readonly Pair[]): Record<string, readonly string[]> => {
  const attributes: Record<string, readonly string[]> = {}
  for (const [name, value] of pairs) if (!operational.has(name)) attributes[name] = [...(attributes[name] ?? []), value]
  return attributes
}

type Pair = readonly [name: string, value: string]

const pairOf = (line: string): Pair => {
  const at = line.indexOf(':')
  const name = line.slice(0, at)
  return line[at + 1] === ':'
    ? [name, Buffer.from(line.slice(at + 2).trim(), 'base64').toString()]
    : [name, line.slice(at + 1).trim()]
}

const operational = new Set(
  'structuralObjectClass entryUUID creatorsName createTimestamp entryCSN modifiersName modifyTimestamp'.split(' '),
)

const encode = (value: string): string => Buffer.from(value).toString('base64')
