// What a client asks, as a value; read from one LDAP message.
import { BerReader } from 'ldapts'
import { Fault, result } from './fault.ts'
import { type Filter, readFilter } from './filter.ts'
import type { Attributes } from './state.ts'
import { each, number, text } from './wire.ts'

export type Modification = {
  readonly how: 'add' | 'delete' | 'replace'
  readonly attribute: string
  readonly values: readonly string[]
}

export type Search = {
  readonly is: 'search'
  readonly base: string
  readonly scope: 'base' | 'one' | 'sub'
  readonly sizeLimit: number
  readonly typesOnly: boolean
  readonly filter: Filter
  readonly wanted: readonly string[]
}

export type Request =
  | Search
  | { readonly is: 'bind'; readonly dn: string; readonly password: string }
  | { readonly is: 'unbind' }
  | { readonly is: 'abandon' }
  | { readonly is: 'start-tls' }
  | { readonly is: 'add'; readonly dn: string; readonly attributes: Attributes }
  | { readonly is: 'modify'; readonly dn: string; readonly changes: readonly Modification[] }
  | { readonly is: 'delete'; readonly dn: string }
  | { readonly is: 'compare'; readonly dn: string; readonly attribute: string; readonly value: string }

type Tagged = { readonly id: number; readonly tag: number; readonly read: () => Request }

/**
 * Opens one message.
 *
 * @returns Its number, the tag that its answer carries, and a function that reads the request or throws a Fault.
 */
export const open = (message: Buffer): Tagged => {
  const reader = new BerReader(message)
  reader.readSequence()
  const id = number(reader.readInt())
  const operation = number(reader.peek())
  return { id, tag: answerTags[operation] ?? 0x78, read: () => readRequest(reader, operation) }
}

/** @source RFC 4511, 4.14.1 */
const startTls = '1.3.6.1.4.1.1466.20037'

const answerTags: Readonly<Record<number, number>> = {
  96: 0x61,
  99: 0x65,
  102: 0x67,
  104: 0x69,
  74: 0x6b,
  108: 0x6d,
  110: 0x6f,
  119: 0x78,
}

const readRequest = (reader: BerReader, operation: number): Request => {
  const request = readers[operation]?.(reader)
  if (request === undefined) throw new Fault(result.protocolError, 'this stand-in does not know that operation')
  if (reader.remain > 0 && reader.peek() === 0xa0) refuseCriticalControls(reader)
  return request
}

const readers: Readonly<Record<number, (reader: BerReader) => Request>> = {
  66: () => ({ is: 'unbind' }),
  80: () => ({ is: 'abandon' }),
  119: reader => {
    reader.readSequence(119)
    if (text(reader, 0x80) === startTls) return { is: 'start-tls' }
    throw new Fault(result.protocolError, 'this stand-in does not know that operation')
  },
  74: reader => ({ is: 'delete', dn: text(reader, 74) }),

  96(reader) {
    reader.readSequence()
    reader.readInt()
    const dn = text(reader)
    if (reader.peek() !== 0x80) throw new Fault(result.authMethodNotSupported, 'only simple authentication')
    return { is: 'bind', dn, password: text(reader, 0x80) }
  },

  99(reader) {
    reader.readSequence()
    const base = text(reader)
    const scope = (['base', 'one', 'sub'] as const)[number(reader.readEnumeration())]
    if (scope === undefined) throw new Fault(result.protocolError, 'no such scope')
    reader.readEnumeration()
    const sizeLimit = number(reader.readInt())
    reader.readInt()
    const typesOnly = reader.readBoolean() === true
    const filter = readFilter(reader)
    return { is: 'search', base, scope, sizeLimit, typesOnly, filter, wanted: each(reader, () => text(reader)) }
  },

  102(reader) {
    reader.readSequence()
    return { is: 'modify', dn: text(reader), changes: each(reader, () => readModification(reader)) }
  },

  104(reader) {
    reader.readSequence()
    return { is: 'add', dn: text(reader), attributes: Object.fromEntries(each(reader, () => readAttribute(reader))) }
  },

  110(reader) {
    reader.readSequence()
    const dn = text(reader)
    const [attribute = '', value = ''] = each(reader, () => text(reader))
    return { is: 'compare', dn, attribute, value }
  },
}

const readModification = (reader: BerReader): Modification => {
  reader.readSequence()
  const how = (['add', 'delete', 'replace'] as const)[number(reader.readEnumeration())]
  if (how === undefined) throw new Fault(result.protocolError, 'no such kind of modification')
  const [attribute, values] = readAttribute(reader)
  return { how, attribute, values }
}

const readAttribute = (reader: BerReader): readonly [string, string[]] => {
  reader.readSequence()
  return [text(reader), each(reader, () => text(reader))]
}

const refuseCriticalControls = (reader: BerReader): void => {
  each(reader, () => {
    reader.readSequence()
    const end = reader.offset + reader.length
    const control = text(reader)
    const isCritical = reader.offset < end && reader.peek() === 0x01 && reader.readBoolean() === true
    if (isCritical) throw new Fault(result.unavailableCriticalExtension, `no control ${control}`)
    reader.offset = end
  })
}
