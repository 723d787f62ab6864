// Search filters: read from the wire, and asked of one entry.
import type { BerReader } from 'ldapts'
import { type Attributes, valuesOf } from './state.ts'
import { each, text } from './wire.ts'

export type Filter =
  | { readonly is: 'and' | 'or'; readonly all: readonly Filter[] }
  | { readonly is: 'not'; readonly inner: Filter }
  | { readonly is: 'equal'; readonly attribute: string; readonly value: string }
  | { readonly is: 'present'; readonly attribute: string }
  | { readonly is: 'substrings'; readonly attribute: string; readonly pattern: RegExp }
  | { readonly is: 'undefined' }

const tags = { and: 0xa0, or: 0xa1, not: 0xa2, equal: 0xa3, substrings: 0xa4, present: 0x87 } as const

/** @source RFC 4511, 4.5.1.7 */
export const readFilter = (reader: BerReader): Filter => {
  switch (reader.peek()) {
    case tags.and:
      return { is: 'and', all: each(reader, () => readFilter(reader)) }
    case tags.or:
      return { is: 'or', all: each(reader, () => readFilter(reader)) }
    case tags.not: {
      const [inner] = each(reader, () => readFilter(reader))
      return inner === undefined ? { is: 'undefined' } : { is: 'not', inner }
    }
    case tags.equal: {
      const [attribute = '', value = ''] = each(reader, () => text(reader))
      return { is: 'equal', attribute, value }
    }
    case tags.present:
      return { is: 'present', attribute: text(reader, tags.present) }
    case tags.substrings:
      return readSubstrings(reader)
    default:
      return skip(reader)
  }
}

const readSubstrings = (reader: BerReader): Filter => {
  reader.readSequence()
  const attribute = text(reader)
  const pieces = each(reader, () => {
    const tag = reader.peek() ?? 0
    return { tag, literal: text(reader, tag).replace(/[.*+?^${}()|[\]\\]/g, '\\$&') }
  })
  const written = pieces.map(({ tag, literal }) =>
    tag === 0x80 ? `^${literal}` : tag === 0x82 ? `${literal}$` : literal,
  )
  return { is: 'substrings', attribute, pattern: new RegExp(written.join('.*'), 'is') }
}

/** What this server does not know is true of no entry, and so is its opposite (RFC 4511: Undefined). */
const skip = (reader: BerReader): Filter => {
  reader.readString(reader.peek() ?? 0)
  return { is: 'undefined' }
}

/** @returns undefined when the filter can be neither true nor false of the entry. */
export const matches = (filter: Filter, entry: Attributes): boolean | undefined => {
  switch (filter.is) {
    case 'and':
      return three(filter.all, entry, false)
    case 'or':
      return three(filter.all, entry, true)
    case 'not': {
      const inner = matches(filter.inner, entry)
      return inner === undefined ? undefined : !inner
    }
    case 'equal':
      return valuesOf(entry, filter.attribute).some(value => value.toLowerCase() === filter.value.toLowerCase())
    case 'present':
      return valuesOf(entry, filter.attribute).length > 0
    case 'substrings':
      return valuesOf(entry, filter.attribute).some(value => filter.pattern.test(value))
    case 'undefined':
      return undefined
  }
}

/** The deciding answer if one filter gives it; otherwise nobody can say as long as one filter cannot. */
const three = (filters: readonly Filter[], entry: Attributes, deciding: boolean): boolean | undefined => {
  const answers = filters.map(filter => matches(filter, entry))
  if (answers.includes(deciding)) return deciding
  return answers.includes(undefined) ? undefined : !deciding
}
