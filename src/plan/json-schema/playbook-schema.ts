// The JSON Schema of a playbook, with the tasks and holds that a site has. It says what can be said without the other
// files; what it takes, `run lint` may still refuse.
import { blockForms, importForms, type KeyTold, playForms, stepForms, taskForms } from '../../playbook/key-forms.ts'
import { unsupported } from '../../playbook/unsupported.ts'
import type { Hold } from '../../task/hold.ts'
import type { Task } from '../../task/task.ts'
import type { Registry } from '../registry.ts'
import { byKey, type JsonSchema, ref, refused, schemaOfForm, sharedDefinitions } from './parts.ts'
import { schemaOfValue } from './value-schema.ts'

export const playbookSchema = (registry: Registry): JsonSchema => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Playbook of run',
  type: 'array',
  // Where nothing is written yet, an editor proposes what stands here.
  items: {
    properties: { hosts: propertyOf(playForms.hosts) },
    ...byKey('import_playbook', ref('import'), ref('play')),
  },
  definitions: {
    ...sharedDefinitions,
    play: {
      type: 'object',
      required: ['hosts'],
      additionalProperties: false,
      properties: { ...refusals(unsupported.plays), ...propertiesOf(playForms) },
    },
    import: {
      type: 'object',
      additionalProperties: false,
      properties: { ...refusals(unsupported.import_playbook), ...propertiesOf(importForms) },
    },
    step: stepSchema(registry),
    ...Object.fromEntries([...registry.values()].map(module => [definitionOf(module), argumentsOf(module)])),
  },
})

const definitionOf = ({ type, name }: Task | Hold): string => `${type}-${name}`

const propertiesOf = (forms: Readonly<Record<string, KeyTold>>): JsonSchema =>
  Object.fromEntries(Object.entries(forms).map(([key, told]) => [key, propertyOf(told)]))

const propertyOf = ({ is, says }: KeyTold): JsonSchema => ({ description: says, ...schemaOfForm(is) })

/** As Ansible calls them in full. */
const fullNames = '^ansible\\.(builtin|legacy|posix)\\.'

const stepSchema = (registry: Registry): JsonSchema => {
  const tasks = [...registry.values()].filter(module => module.type === 'task')
  const holds = [...registry.values()].filter(module => module.type === 'hold')
  return {
    type: 'object',
    properties: {
      ...refusals(unsupported.steps),
      ...refusals(unsupported.actions),
      ...Object.assign({}, ...tasks.map(({ inPlaceOf = {} }) => refusals(inPlaceOf))),
      ...propertiesOf(stepForms),
      ...propertiesOf(taskForms),
      ...propertiesOf(blockForms),
      hold: { description: blockForms.hold.says, ...holdSchema(holds) },
      import_tasks: { type: 'string', description: 'a file of steps beside this one' },
      meta: { enum: ['flush_handlers', 'end_play'], description: 'what is done between the steps' },
      ...Object.fromEntries(tasks.map(task => [task.name, { description: told(task), ...ref(definitionOf(task)) }])),
    },
    patternProperties: {
      [`${fullNames}(import_tasks|meta)$`]: { type: 'string' },
      ...Object.fromEntries(tasks.map(task => [`${fullNames}${task.name}$`, ref(definitionOf(task))])),
    },
    additionalProperties: false,
    dependencies: { retries: ['until'], delay: ['until'] },
    // Arguments may also stand below `args:`, so what is missing can be told only where that is not there.
    ...byKey('args', {}, { properties: Object.fromEntries(tasks.flatMap(neededBy)) }),
  }
}

const told = ({ summary, freeForm }: Task): string =>
  freeForm === undefined ? `${summary}.` : `${summary}. A text alone is \`${freeForm}\`.`

const neededBy = (task: Task): readonly (readonly [name: string, schema: JsonSchema])[] => {
  const { required } = unwrapped(schemaOfValue(task.args))
  const names = Array.isArray(required) ? required.map(String) : []
  if (names.length === 0 || task.freeForm !== undefined) return []
  const each = names.map(name => ({ anyOf: [name, ...aliasesOf(task, name)].map(alias => ({ required: [alias] })) }))
  return [[task.name, { type: 'object', allOf: each }]]
}

const aliasesOf = ({ aliases = {} }: Task, name: string): readonly string[] =>
  Object.keys(aliases).filter(alias => aliases[alias] === name)

const holdSchema = (holds: readonly Hold[]): JsonSchema => ({
  anyOf: [
    { enum: holds.map(({ name }) => name) },
    {
      type: 'object',
      minProperties: 1,
      maxProperties: 1,
      additionalProperties: false,
      properties: Object.fromEntries(
        holds.map(hold => [hold.name, { description: `${hold.summary}.`, ...ref(definitionOf(hold)) }]),
      ),
    },
  ],
})

/** A text alone where the task takes one, nothing where it needs nothing, else a mapping. */
const argumentsOf = (module: Task | Hold): JsonSchema => {
  const { required: _, ...own } = schemaOfArguments(module)
  const isFree = module.type === 'task' && module.freeForm !== undefined
  return { anyOf: [own, { type: isFree ? ['string', 'null'] : 'null' }] }
}

const schemaOfArguments = (module: Task | Hold): JsonSchema => {
  const { properties, ...own } = unwrapped(schemaOfValue(module.args))
  if (module.type === 'hold' || !isProperties(properties)) return { ...own, ...(properties ? { properties } : {}) }
  const { aliases = {}, instead = {} } = module
  const others = Object.entries(aliases).map(([alias, name]) => [alias, properties[name] ?? {}])
  return { ...own, properties: { ...properties, ...Object.fromEntries(others), ...refusals(instead) } }
}

/** No template can stand in the place of all arguments. */
const unwrapped = (schema: JsonSchema): JsonSchema => {
  const [first] = Array.isArray(schema.anyOf) ? (schema.anyOf as readonly JsonSchema[]) : []
  return first?.type === 'object' ? first : schema
}

const isProperties = (value: unknown): value is Readonly<Record<string, JsonSchema>> =>
  typeof value === 'object' && value !== null

/** What Ansible has and is not here: told by an editor where it stands, and never proposed. */
const refusals = (names: Readonly<Record<string, string>>): JsonSchema =>
  Object.fromEntries(
    Object.entries(names).map(([name, help]) => [
      name,
      { ...refused, description: help, deprecationMessage: help, doNotSuggest: true },
    ]),
  )
