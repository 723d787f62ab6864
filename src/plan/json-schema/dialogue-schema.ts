// The JSON Schema of a dialogue.
import type { captureKeys, dialogueKeys, endKeys, promptKeys } from '../../playbook/dialogue.ts'
import { condition, type JsonSchema, schemaOfForm, sharedDefinitions, text } from './parts.ts'

type Properties<Key extends string> = Readonly<Record<Key, JsonSchema>>

const scalar: JsonSchema = { type: ['string', 'number', 'boolean', 'null'] }
const truth = schemaOfForm('truth')
const duration: JsonSchema = {
  type: 'string',
  pattern: '^\\s*\\d{1,9}(\\.\\d{1,3})?\\s*(ms|s|m|h)\\s*$',
  patternErrorMessage: 'wanted: a duration such as 500ms, 30s, 10m or 2h',
}
const exitStatus: JsonSchema = { type: 'integer', minimum: 0, maximum: 255 }
const expected: JsonSchema = { ...text, minLength: 1 }

const capture: Properties<(typeof captureKeys)[number]> = {
  pattern: { type: 'string', description: 'a /pattern/ whose groups have names' },
  list: { ...text, description: 'the name of a list: each line that fits is a pair of `key` and `value`' },
  optional: { ...truth, description: 'it may be missing' },
}

const prompt: Properties<(typeof promptKeys)[number]> = {
  name: { ...text, description: 'how it is told; each has a name of its own' },
  expect: { ...expected, description: 'the words on the screen, or a /pattern/' },
  answer: { ...scalar, description: 'what is typed; a template may name what the worksheet has' },
  press: { ...truth, description: 'the answer is one key, without Enter' },
  secret: { ...truth, description: 'the answer is not shown' },
  optional: { ...truth, description: 'it may be skipped' },
  repeat: { type: 'integer', minimum: 1, description: 'how often it may come in a row' },
  within: { ...duration, description: 'how long the program may take until it asks' },
  when: { ...condition, description: 'an expression; otherwise it is not expected' },
  capture: {
    description: 'what is read off the screen',
    anyOf: [
      { type: 'string', pattern: '^/' },
      { type: 'object', properties: capture, additionalProperties: false, required: ['pattern'] },
    ],
  },
}

const end: Properties<(typeof endKeys)[number]> = {
  exit: {
    anyOf: [exitStatus, { type: 'array', items: exitStatus }],
    description: 'exit statuses that mean it went well',
  },
  within: { ...duration, description: 'how long it may take from the last answer to its end' },
}

const top: Properties<(typeof dialogueKeys)[number]> = {
  name: { ...text, description: 'how it is told' },
  within: { ...duration, description: 'how long the program may take until it asks' },
  settle: { ...duration, description: 'how long the screen is still before it counts as asked' },
  prompts: {
    type: 'array',
    minItems: 1,
    description: 'what it asks, in order',
    items: { type: 'object', properties: prompt, additionalProperties: false, required: ['expect'] },
  },
  end: { type: ['object', 'null'], properties: end, additionalProperties: false, description: 'how it ends' },
}

export const dialogueSchema = (): JsonSchema => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Dialogue of run',
  type: 'object',
  properties: top,
  additionalProperties: false,
  required: ['prompts'],
  definitions: sharedDefinitions,
})
