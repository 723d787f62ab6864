// What the directory has: an entry, the values of one attribute of it, and who has a certain value below a name.
import { z } from 'zod'
import { type Change, isKnown, type ResourceName } from '../../model/change.ts'
import type { Json } from '../../model/json.ts'
import { type DirectoryEntry, type DirectoryValue, isSameName, isWithin, valuesOf } from '../directory.ts'
import { type Cover, type Ref, resource } from '../resource.ts'

const entrySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('absent') }),
  z.object({ type: z.literal('entry'), classes: z.array(z.string()) }),
])

/** Whether an entry is there; the key is its distinguished name. */
export const entry = resource<z.infer<typeof entrySchema>>({
  kind: 'entry',
  schema: entrySchema,
  async ask(directory, base) {
    const [found] = (await directory.search({ base, scope: 'base', attributes: ['objectClass'] })) ?? []
    if (!found) return { type: 'absent' }
    return { type: 'entry', classes: valuesOf(found, 'objectClass').filter(value => typeof value === 'string') }
  },
  covers: ({ key }, other) => (isOfTree(other, key) ? { type: 'unknown' } : undefined),
})

const value = z.union([z.string(), z.object({ base64: z.string() })])

const attributeSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('absent') }),
  /** In the server's order. Several values of one attribute have none that counts. */
  z.object({ type: z.literal('values'), values: z.array(value) }),
])

export type AttributeValue = z.infer<typeof attributeSchema>

const attributeOfEntry = resource<AttributeValue>({
  kind: 'attribute',
  schema: attributeSchema,
  async ask(directory, key) {
    const { name, dn } = partsOf(key)
    const [found] = (await directory.search({ base: dn, scope: 'base', attributes: [name] })) ?? []
    const values = found ? valuesOf(found, name) : []
    return values.length === 0 ? { type: 'absent' } : { type: 'values', values: [...values] }
  },
  covers: coverHolders,
})

/** The values of one attribute of one entry. */
export const attribute = (name: string, dn: string): Ref<AttributeValue> => attributeOfEntry(`${name} of ${dn}`)

/** @param key of an `attribute`. */
export const partsOf = (key: string): { readonly name: string; readonly dn: string } => {
  const [, name = '', dn = ''] = /^(\S+) of (.*)$/s.exec(key) ?? []
  return { name, dn }
}

const holdersSchema = z.discriminatedUnion('type', [
  /** There is nothing by the name below which was to be looked. */
  z.object({ type: z.literal('absent') }),
  z.object({ type: z.literal('holders'), found: z.array(z.object({ dn: z.string(), attribute: z.string() })) }),
])

export type Holders = z.infer<typeof holdersSchema>

const holdersOfValue = resource<Holders>({
  kind: 'holders',
  schema: holdersSchema,
  async ask(directory, key) {
    const { text, base } = soughtIn(key)
    const entries = await directory.search({ base, scope: 'sub' })
    return entries ? { type: 'holders', found: entries.flatMap(each => holdersIn(each, text)) } : { type: 'absent' }
  },
})

/** Every attribute of an entry at or below `base` that has this value, letter by letter. */
export const holders = (text: string, base: string): Ref<Holders> =>
  holdersOfValue(`${JSON.stringify(text)} below ${base}`)

const soughtIn = (key: string): { readonly text: string; readonly base: string } => {
  const [, text = '""', base = ''] = /^("(?:[^"\\]|\\.)*") below (.*)$/s.exec(key) ?? []
  return { text: String(JSON.parse(text)), base }
}

const holdersIn = (found: DirectoryEntry, text: string) =>
  Object.entries(found.attributes)
    .filter(([, values]) => values.includes(text))
    .map(([name]) => ({ dn: found.dn, attribute: name }))

/** An entry that comes or goes: whatever is asked at it, below it, or of what lies around it. */
const isOfTree = (other: ResourceName, dn: string): boolean => {
  if (other.kind === 'entry') return !isSameName(other.key, dn) && isWithin(other.key, dn)
  if (other.kind === 'attribute') return isWithin(partsOf(other.key).dn, dn)
  if (other.kind !== 'holders') return false
  const { base } = soughtIn(other.key)
  return isWithin(base, dn) || isWithin(dn, base)
}

/** Who has a value is known once it is known who gets it and who loses it. */
function coverHolders({ key, before, after }: Change, other: ResourceName): Cover | undefined {
  if (other.kind !== 'holders') return undefined
  const { name, dn } = partsOf(key)
  const { text, base } = soughtIn(other.key)
  if (!isWithin(dn, base)) return undefined
  if (!isKnown(before) || !isKnown(after)) return { type: 'unknown' }
  const had = isAmong(text, before)
  const has = isAmong(text, after)
  if (had === has) return undefined
  return {
    type: 'altered',
    alter: value => (has ? withHolder(value, { dn, name }) : withoutHolder(value, { dn, name })),
  }
}

type Holder = { readonly dn: string; readonly name: string }

const isAmong = (text: DirectoryValue, value: Json): boolean => {
  const parsed = attributeSchema.safeParse(value)
  return parsed.success && parsed.data.type === 'values' && parsed.data.values.includes(text)
}

const withHolder = (value: Json, { dn, name }: Holder): Json =>
  alterFound(value, found => [...found, { dn, attribute: name }])

const withoutHolder = (value: Json, { dn, name }: Holder): Json =>
  alterFound(value, found => found.filter(each => !(isSameName(each.dn, dn) && each.attribute === name)))

type Found = Extract<Holders, { type: 'holders' }>['found']

const alterFound = (value: Json, alter: (found: Found) => Found): Json => {
  const parsed = holdersSchema.safeParse(value)
  return parsed.success && parsed.data.type === 'holders' ? { type: 'holders', found: alter(parsed.data.found) } : value
}
