// The directory's content as plain data: it can be dumped, loaded and compared.

export type Attributes = Readonly<Record<string, readonly string[]>>

/** All that the directory holds; distinguished names as they were written, in the order of their depth. */
export type DirectoryState = { readonly tree: string; readonly entries: Readonly<Record<string, Attributes>> }

/** The parts of a distinguished name, from the entry up; a comma after a backslash does not part. */
const parts = (dn: string): string[] => (dn === '' ? [] : (dn.match(/(?:\\.|[^,\\])+/g) ?? []).map(part => part.trim()))

/** The form in which two spellings of one name are equal. */
export const normal = (dn: string): string =>
  parts(dn)
    .map(part => part.replace(/\s*=\s*/, '=').toLowerCase())
    .join(',')

export const parentOf = (dn: string): string => parts(dn).slice(1).join(',')

export const depth = (dn: string): number => parts(dn).length

/** Attribute and value of the first part of a name, such as `['cn', 'admin']`. */
export const nameOf = (dn: string): readonly [attribute: string, value: string] => {
  const [first = ''] = parts(dn)
  const at = first.indexOf('=')
  return [
    first.slice(0, at).trim(),
    first
      .slice(at + 1)
      .trim()
      .replace(/\\(.)/g, '$1'),
  ]
}

/** The values of an attribute, whatever the case of its name; empty when it has none. */
export const valuesOf = (attributes: Attributes, name: string): readonly string[] => {
  const key = keyOf(attributes, name)
  return key === undefined ? [] : (attributes[key] ?? [])
}

/** The name of an attribute as the entry spells it. */
export const keyOf = (attributes: Attributes, name: string): string | undefined =>
  Object.keys(attributes).find(key => key.toLowerCase() === name.toLowerCase())
