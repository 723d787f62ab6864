// The parts that the JSON Schemas share: what stands in YAML for a truth, a template, a list that may be one text.
import type { KeyForm } from '../../playbook/key-forms.ts'
import { truthWords } from '../../text/words.ts'

/** A schema of draft 7, which is what editors understand. */
export type JsonSchema = { readonly [key: string]: unknown }

export const ref = (name: string): JsonSchema => ({ $ref: `#/definitions/${name}` })

/** Nothing is right here. */
export const refused: JsonSchema = { not: {} }

const template: JsonSchema = { type: 'string', pattern: '\\{\\{' }

const spelled = (words: readonly string[]): readonly string[] =>
  words.flatMap(word => [word, word.toUpperCase(), word.charAt(0).toUpperCase() + word.slice(1)])

/** YAML 1.2 reads `yes` as a word; the words of YAML 1.1 are taken too. */
const truthSchema: JsonSchema = { anyOf: [{ type: 'boolean' }, { enum: spelled(truthWords) }] }

const told = ['description', 'default'] as const

/** Whatever is asked for, a template may give it; what is said of it stays outside. */
export const withTemplate = (schema: JsonSchema): JsonSchema => {
  const { description, default: usual, ...own } = schema
  if (own.type === 'string' && own.enum === undefined && own.pattern === undefined) return schema
  if (own.not !== undefined || Object.keys(own).length === 0) return schema
  const choices = Object.keys(own).length === 1 && Array.isArray(own.anyOf) ? own.anyOf : [own]
  return {
    ...Object.fromEntries(told.flatMap(key => (schema[key] === undefined ? [] : [[key, schema[key]]]))),
    anyOf: [...choices, ref('template')],
  }
}

export const text: JsonSchema = { type: ['string', 'number'] }
const orNothing = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] })
const oneOrList = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'array', items: schema }] })
const numeric = (schema: JsonSchema, pattern: string): JsonSchema => ({
  anyOf: [
    { type: 'number', ...schema },
    { type: 'string', pattern },
  ],
})

const variableName = '^[A-Za-z_][A-Za-z0-9_]*$'
const variables: JsonSchema = { type: ['object', 'null'], propertyNames: { pattern: variableName } }
const environment: readonly JsonSchema[] = [
  { type: 'object', propertyNames: { pattern: variableName } },
  ref('template'),
]
const steps: JsonSchema = { type: ['array', 'null'], items: ref('step') }
const share = '^\\d+(\\.\\d+)?%?$'
const name: JsonSchema = { type: 'string', pattern: variableName }

/** An expression already. */
export const condition: JsonSchema = {
  type: ['string', 'boolean', 'number'],
  pattern: '^(?![\\s\\S]*\\{[{%#])',
  patternErrorMessage: 'a condition is an expression already, it takes no {{ }}',
}

const forms: Readonly<Record<Extract<KeyForm, string>, JsonSchema>> = {
  text,
  texts: orNothing(oneOrList(text)),
  truth: ref('truth'),
  'only true': { enum: [true, ...spelled(truthWords.slice(0, 3))] },
  'only false': { enum: [false, ...spelled(truthWords.slice(3))] },
  conditions: oneOrList(condition),
  variables,
  environment: { anyOf: [...environment, { type: 'array', items: { anyOf: environment } }] },
  name,
  user: {
    anyOf: [
      { type: 'number', minimum: 0 },
      { type: 'string', pattern: '^[\\w.][\\w.-]*\\$?$' },
    ],
  },
  steps,
  handlers: steps,
  seconds: numeric({ exclusiveMinimum: 0 }, '^0*[1-9][0-9.]*$|^0?\\.[0-9]+$'),
  wait: numeric({ minimum: 0 }, '^[0-9.]+$'),
  count: numeric({ minimum: 0, multipleOf: 1 }, '^[0-9]+$'),
  share: numeric({ minimum: 0, maximum: 100 }, share),
  serial: oneOrList(numeric({ minimum: 1, multipleOf: 1 }, '^[1-9]\\d*$|^\\d+(\\.\\d+)?%$')),
  loop: { anyOf: [{ type: 'array' }, ref('template')] },
  'loop control': {
    type: 'object',
    properties: { loop_var: name, index_var: name, label: {}, extended: ref('truth') },
    additionalProperties: false,
  },
  hold: { anyOf: [{ type: 'string' }, { type: 'object', minProperties: 1, maxProperties: 1 }] },
  arguments: { type: ['object', 'null'] },
}

export const schemaOfForm = (form: KeyForm): JsonSchema => (typeof form === 'string' ? forms[form] : { enum: form })

/** One where a key is there, else the other. */
export const byKey = (key: string, isThere: JsonSchema, isNot: JsonSchema): JsonSchema => ({
  if: { required: [key] },
  // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema
  then: isThere,
  else: isNot,
})

/** What every schema brings along. */
export const sharedDefinitions: JsonSchema = { template, truth: truthSchema }
