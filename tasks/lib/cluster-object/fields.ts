// How an attribute of the resource becomes a field that people can read, and how a field is written in the form that is there.
import type { DirectoryValue } from '#task'

/** Nothing where the attribute is not set; several values are a list. */
export type FieldValue = null | Held | readonly Held[]
export type Held = string | { readonly base64: string }

export type Field = {
  readonly attribute: string
  read(values: readonly DirectoryValue[]): FieldValue
  /** @param values What is there now, for its form. */
  write(after: FieldValue, values: readonly DirectoryValue[]): readonly DirectoryValue[]
}

export const plainField = (attribute: string): Field => ({ attribute, read: fieldOf, write: valuesIn })

/**
 * A text of lines, however they end: iManager, a browser and a shell each have their own line break, and may lose the
 * last one. It is read with `\n` after each line and written back in the form that is there.
 */
export const textField = (attribute: string): Field => ({
  attribute,
  read: values => mapText(fieldOf(values), text => withLastBreak(text.replaceAll('\r\n', '\n'))),
  write(after, values) {
    const [there] = values
    if (typeof there !== 'string') return valuesIn(after)
    const isClosed = there === '' || there.endsWith('\n')
    const lineBreak = there.includes('\r\n') ? '\r\n' : '\n'
    return valuesIn(mapText(after, text => (isClosed ? text : text.replace(/\n$/, '')).replaceAll('\n', lineBreak)))
  },
})

/** Line breaks of two kinds in one text: nobody could write it back as it was. */
export const isMixed = (text: string): boolean => text.includes('\r')

const fieldOf = (values: readonly DirectoryValue[]): FieldValue => {
  const [value, ...others] = values
  if (value === undefined) return null
  return others.length === 0 ? value : values
}

const valuesIn = (field: FieldValue): readonly DirectoryValue[] => {
  if (field === null) return []
  return typeof field === 'string' || 'base64' in field ? [field] : field
}

const mapText = (field: FieldValue, change: (text: string) => string): FieldValue => {
  if (typeof field !== 'string') return field
  // With both kinds of breaks it stays as it is, so that it is seen and refused.
  const isOfOneKind = !/\r(?!\n)/.test(field) && !(field.includes('\r\n') && /(?<!\r)\n/.test(field))
  return isOfOneKind ? change(field) : field
}

const withLastBreak = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`)
