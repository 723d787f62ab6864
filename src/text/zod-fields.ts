// The single values that a schema is made of, each with what its author says of it: what a form can ask for.
import type { ZodType } from 'zod'
import { definition } from './zod-words.ts'

export type SchemaField = {
  /** Names, the outer one first. */
  readonly path: readonly string[]
  /** Of this value alone. */
  readonly schema: ZodType
  /** It can be left out, or what it belongs to can. */
  readonly isOptional: boolean
  /** What it is when it is left out, where the schema says it. */
  readonly usual?: unknown
  /** What `.meta()` says, on the value and on whatever wraps it; the outermost counts. */
  readonly meta: Readonly<Record<string, unknown>>
}

/** In the order in which they are written. */
export const fieldsOf = (schema: ZodType): readonly SchemaField[] => walk(schema, { path: [], isOptional: false })

type Around = Pick<SchemaField, 'path' | 'isOptional'>

const walk = (schema: ZodType, { path, isOptional }: Around): readonly SchemaField[] => {
  const { core, isOptional: canGo, ...told } = unwrapped(schema)
  const { shape, type } = definition(core)
  const field = { path, schema, isOptional: isOptional || canGo, ...told }
  if (type !== 'object' || shape === undefined) return [field]
  // What is filled in where it is left out asks for its own; what may be left out does not.
  const inner = isOptional || (canGo && told.usual === undefined)
  return Object.entries(shape).flatMap(([name, each]) =>
    walk(each as ZodType, { path: [...path, name], isOptional: inner }),
  )
}

type Unwrapped = Pick<SchemaField, 'isOptional' | 'usual' | 'meta'> & { readonly core: ZodType }

const unwrapped = (schema: ZodType): Unwrapped => {
  const { type, innerType, in: input, defaultValue } = definition(schema)
  const own = schema.meta() ?? {}
  const inner = innerType ?? input
  if (inner === undefined) return { core: schema, isOptional: false, meta: own }
  const below = unwrapped(inner as ZodType) // what a zod schema wraps is one
  const isUsual = type === 'default' || type === 'prefault'
  return {
    ...below,
    ...(isUsual && { usual: defaultValue }),
    isOptional: below.isOptional || isUsual || type === 'optional' || type === 'nullable',
    meta: { ...below.meta, ...own },
  }
}
