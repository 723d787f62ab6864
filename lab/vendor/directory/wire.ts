// LDAP messages as bytes: requests in, results out (RFC 4511).
import { BerReader, BerWriter } from 'ldapts'
import { Fault, result } from './fault.ts'
import type { Attributes } from './state.ts'

/** Longest request that is taken, in bytes. */
const longest = 4 * 1024 * 1024

/**
 * Cuts a stream into messages.
 *
 * @returns The whole messages, and the bytes that begin the next one.
 * @throws {Fault} when the bytes are no LDAP.
 */
export const cut = (bytes: Buffer): { readonly messages: readonly Buffer[]; readonly rest: Buffer } => {
  const messages: Buffer[] = []
  let rest = bytes
  for (;;) {
    const end = endOfFirst(rest)
    if (end === undefined || end > rest.length) return { messages, rest }
    messages.push(rest.subarray(0, end))
    rest = rest.subarray(end)
  }
}

const endOfFirst = (bytes: Buffer): number | undefined => {
  if (bytes.length < 2) return undefined
  if (bytes[0] !== 0x30) throw new Fault(result.protocolError, 'not an LDAP message')
  const reader = new BerReader(bytes)
  if (reader.readSequence() === null) return undefined
  if (reader.length > longest) throw new Fault(result.protocolError, 'the message is too long')
  return reader.offset + reader.length
}

/** Reads what one sequence (or set) holds, item by item. */
export const each = <T>(reader: BerReader, read: () => T): T[] => {
  if (reader.readSequence() === null) throw new Fault(result.protocolError, 'the message ends too early')
  const end = reader.offset + reader.length
  const all: T[] = []
  while (reader.offset < end) all.push(read())
  return all
}

export const text = (reader: BerReader, tag = 0x04): string => {
  const value = reader.readString(tag)
  if (value === null) throw new Fault(result.protocolError, 'the message ends too early')
  return value
}

export const number = (value: number | null): number => {
  if (value === null) throw new Fault(result.protocolError, 'the message ends too early')
  return value
}

export type Outcome = { readonly code: number; readonly message: string }

/** One answer: `tag` says to which kind of request. */
export const answer = (id: number, tag: number, { code, message }: Outcome): Buffer =>
  envelope(id, tag, writer => {
    writer.writeEnumeration(code)
    writer.writeString('')
    writer.writeString(message)
  })

/** One entry that a search found. */
export const found = (id: number, dn: string, attributes: Attributes): Buffer =>
  envelope(id, 0x64, writer => {
    writer.writeString(dn)
    writer.startSequence()
    for (const [name, values] of Object.entries(attributes)) {
      writer.startSequence()
      writer.writeString(name)
      writer.startSequence(0x31)
      for (const value of values) writer.writeString(value)
      writer.endSequence()
      writer.endSequence()
    }
    writer.endSequence()
  })

const envelope = (id: number, tag: number, write: (writer: BerWriter) => void): Buffer => {
  const writer = new BerWriter()
  writer.startSequence()
  writer.writeInt(id)
  writer.startSequence(tag)
  write(writer)
  writer.endSequence()
  writer.endSequence()
  return writer.buffer
}
