// Writes fields of the resource in one modify: old values asserted, in their own form, the revision raised by one.
import { type Directory, type DirectoryChange, type DirectoryEntry, Problem, valuesOf } from '#task'
import { findResource, whoseIs } from './entry.ts'
import { attributesOf, differing, type Fields, fieldOf, readFields, revisionAttribute } from './kinds.ts'
import { movedMeanwhile, notFound, notUnderstood } from './problems.ts'

type Sides = { readonly before: object; readonly after: object }

/**
 * Makes the fields what they are in `after`, all of them or none.
 *
 * @param key of the resource.
 * @throws {Problem} `directory-value-moved` where it is not as in `before` any more, also when that shows in the modify.
 */
export const writeFields = async (
  directory: Directory,
  key: string,
  { fields, before, after }: Sides & { readonly fields: Fields },
): Promise<void> => {
  const entry = await find(directory, key, fields)
  const moved = differing(fields, readFields(entry, fields), before)
  if (moved.length > 0) throw movedMeanwhile(entry.dn, moved)
  const changes = differing(fields, before, after).map(name => changeOf(entry, fields, { name, after }))
  if (changes.length === 0) return
  await directory.modify(entry.dn, [...changes, raised(entry)]).catch(async error => {
    // The connection was lost before the directory had answered: it is looked at, over a new one.
    if (!(error instanceof Problem) || error.code !== 'directory-outcome-unknown') throw error
    const now = await find(directory, key, fields).catch(() => undefined)
    if (!now || differing(fields, readFields(now, fields), after).length > 0) throw error
  })
}

const find = async (directory: Directory, key: string, fields: Fields): Promise<DirectoryEntry> => {
  const found = await findResource(directory, whoseIs(key), attributesOf(fields))
  if (found.type !== 'found') throw notFound(found, whoseIs(key))
  return found.entry
}

type One = { readonly name: string; readonly after: object }

const changeOf = (entry: DirectoryEntry, fields: Fields, { name, after }: One): DirectoryChange => {
  const field = fields[name]
  if (!field) throw new Error(`no field ${name}`)
  const before = valuesOf(entry, field.attribute)
  return { attribute: field.attribute, before, after: field.write(fieldOf(after, name), before) }
}

/** Cluster Services see by it that the entry was changed; asserting the old one keeps two writers apart. */
const raised = (entry: DirectoryEntry): DirectoryChange => {
  const before = valuesOf(entry, revisionAttribute)
  const [value, ...others] = before
  if (typeof value !== 'string' || others.length > 0 || !/^\d{1,15}$/.test(value))
    throw notUnderstood(before.length === 0 ? null : before, {
      attribute: revisionAttribute,
      dn: entry.dn,
      wanted: 'one whole number, which each change raises by one',
    })
  return { attribute: revisionAttribute, before, after: [String(Number(value) + 1)] }
}
