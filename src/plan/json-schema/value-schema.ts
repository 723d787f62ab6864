// The JSON Schema of a value that a zod schema describes, as a person writes it in YAML: templates may stand anywhere.
import { z } from 'zod'
import { definition, wantedOf } from '../../text/zod-words.ts'
import { type JsonSchema, ref, refused, withTemplate } from './parts.ts'

export type ValueOptions = {
  /** How a secret is written; a plain text alone without. */
  readonly secret?: JsonSchema
  /** False where no template can stand in the place of a value. */
  readonly isFilledIn?: boolean
}

/** @param schema Of what a task takes, a worksheet asks, a setting is. */
export const schemaOfValue = (
  schema: z.ZodType,
  { secret = refused, isFilledIn = true }: ValueOptions = {},
): JsonSchema =>
  filled(
    z.toJSONSchema(schema, {
      io: 'input',
      target: 'draft-7',
      unrepresentable: 'any',
      override: ({ zodSchema, jsonSchema }) => {
        const schema = zodSchema as unknown as z.ZodType
        const own = ownOf(schema, secret)
        if (own === undefined) return
        const { description } = jsonSchema
        for (const key of Object.keys(jsonSchema)) delete jsonSchema[key as keyof typeof jsonSchema]
        Object.assign(jsonSchema, own, description !== undefined && { description })
      },
    }) as JsonSchema,
    isFilledIn ? withTemplate : schema => schema,
  )

/** What zod has no word for, as YAML has it; nothing where zod's own is right. */
const ownOf = (schema: z.ZodType, secret: JsonSchema): JsonSchema | undefined => {
  const { title, takes, reads } = schema.meta() ?? {}
  const { type } = definition(schema)
  if (title === 'true or false') return ref('truth')
  if (title === 'condition') return { type: ['string', 'boolean'] }
  if (type === 'custom') return takes || reads ? { type: 'string' } : secret
  if (isCoerced(schema)) return { anyOf: [{ type: 'number' }, { type: 'string', pattern: '^-?[0-9.]+$' }] }
  const pattern = patternOf(schema)
  return pattern === undefined ? undefined : { type: 'string', ...pattern }
}

const isCoerced = (schema: z.ZodType): boolean => {
  const { type, coerce } = definition(schema) as { readonly type?: string; readonly coerce?: boolean }
  return type === 'number' && coerce === true
}

type Check = { readonly _zod: { readonly def: { readonly pattern?: RegExp } } }

/** JSON Schema has no flags, and an editor no words for what a pattern means. */
const patternOf = (schema: z.ZodType): JsonSchema | undefined => {
  const { type, checks = [] } = definition(schema) as { readonly type?: string; readonly checks?: readonly Check[] }
  const patterns = checks.flatMap(({ _zod }) => _zod.def.pattern ?? [])
  const [pattern] = patterns
  if (type !== 'string' || patterns.length !== 1 || pattern === undefined || checks.length !== 1) return undefined
  if (/[iv]/.test(pattern.flags)) return {}
  const wanted = wantedOf(schema)
  // Where nobody says more of it, an editor tells this.
  return { description: wanted, pattern: pattern.source, patternErrorMessage: `wanted: ${wanted}` }
}

const kept: ReadonlySet<string> = new Set([
  ...['type', 'enum', 'const', 'pattern', 'patternErrorMessage', 'format', 'minimum', 'maximum', 'exclusiveMinimum'],
  ...['minLength', 'maxLength', 'minItems', 'maxItems', 'required', 'additionalProperties', 'propertyNames'],
  ...['anyOf', 'oneOf', 'allOf', 'not', 'items', 'properties', 'default', 'description', '$ref'],
])

type Around = (schema: JsonSchema) => JsonSchema

/** Only words that JSON Schema has; a template in the place of whatever is no text. */
const filled = (schema: JsonSchema, around: Around): JsonSchema => around(bare(schema, around))

const bare = (schema: JsonSchema, around: Around): JsonSchema => {
  const own = Object.entries(schema).filter(([key]) => kept.has(key))
  return Object.fromEntries(own.map(([key, value]) => [key, belowOf(key, value, around)]))
}

const belowOf = (key: string, value: unknown, around: Around): unknown => {
  const below = (each: JsonSchema) => filled(each, around)
  if (key === 'properties') return mapped(value as Readonly<Record<string, JsonSchema>>, below)
  if ((key === 'items' || key === 'additionalProperties') && isSchema(value)) return below(value)
  if (key === 'allOf' && Array.isArray(value)) return value
  if ((key === 'anyOf' || key === 'oneOf') && Array.isArray(value))
    return value.flatMap(each => choicesOf(bare(each, around))).filter(each => !isRefused(each))
  return value
}

/** A choice within a choice is one more. */
const choicesOf = (schema: JsonSchema): readonly JsonSchema[] =>
  Object.keys(schema).length === 1 && Array.isArray(schema.anyOf) ? schema.anyOf : [schema]

const isRefused = ({ not }: JsonSchema): boolean => not !== undefined

const mapped = (properties: Readonly<Record<string, JsonSchema>>, each: Around): JsonSchema =>
  Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, each(schema)]))

const isSchema = (value: unknown): value is JsonSchema => typeof value === 'object' && value !== null
