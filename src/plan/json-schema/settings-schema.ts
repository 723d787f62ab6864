// The JSON Schema of `run.yml`.
import type { z } from 'zod'
import { type JsonSchema, sharedDefinitions } from './parts.ts'
import { schemaOfValue } from './value-schema.ts'

/** Settings are read before there is a variable, so nothing in them is a template. */
export const settingsSchemaOf = (settings: z.ZodType): JsonSchema => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Settings of run',
  ...schemaOfValue(settings, { isFilledIn: false }),
  definitions: sharedDefinitions,
})
