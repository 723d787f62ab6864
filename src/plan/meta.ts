// What the schema of an argument says beside its form: the language of a text, the file that it names.
import type { ZodType } from 'zod'
import { truth } from '../task/schemas.ts'

export type Meta = Readonly<Record<string, unknown>>

type Field = {
  meta?(): Meta | undefined
  readonly def?: { readonly innerType?: Field; readonly in?: Field }
}
type Shaped = { readonly shape?: Readonly<Record<string, Field>> }

type Metas = readonly (readonly [key: string, meta: Meta])[]

/** It is asked for each step on each host. */
const known = new WeakMap<ZodType, Metas>()

/** Each argument with what its schema says of it. */
export const metaOf = (schema: ZodType | undefined): Metas => {
  if (schema === undefined) return []
  const metas = known.get(schema) ?? metasIn(schema as Shaped)
  known.set(schema, metas)
  return metas
}

const metasIn = ({ shape = {} }: Shaped): Metas =>
  Object.entries(shape).map(([key, field]) => [key, metaOfField(field)] as const)

/** What is said of a type holds also where it may be left out, or has a default. */
const metaOfField = (field: Field): Meta => {
  const inner = field.def?.innerType ?? field.def?.in
  return { ...(inner && metaOfField(inner)), ...field.meta?.() }
}

/** Names of the arguments of which the schema says so. */
export const argumentsThat = (schema: ZodType, isSo: (meta: Meta) => boolean): readonly string[] =>
  metaOf(schema).flatMap(([key, meta]) => (isSo(meta) ? [key] : []))

/** Whether a step says by an argument of its own that it only looks. */
export const saysItLooks = (schema: ZodType | undefined, args: Readonly<Record<string, unknown>>): boolean =>
  metaOf(schema).some(([key, { onlyLooks }]) => onlyLooks === true && truth.safeParse(args[key]).data === true)

/** Whether a step says which shell reads its script, so that what POSIX has not may stand there. */
export const namesItsShell = (schema: ZodType | undefined, args: Readonly<Record<string, unknown>>): boolean =>
  metaOf(schema).some(([key, { isShell }]) => isShell === true && args[key] !== undefined)
