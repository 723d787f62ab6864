// The JSON Schema of an inventory, with the variables that say how a host is reached and those that worksheets ask for.
import type { z } from 'zod'
import type { clusterKeys } from '../../inventory/cluster.ts'
import type { groupKeys } from '../../inventory/collect.ts'
import { ansibleOnly, connectionSchema } from '../../inventory/connection.ts'
import { directorySchema } from '../../inventory/directory.ts'
import { type JsonSchema, ref, refused, sharedDefinitions, text } from './parts.ts'
import { schemaOfValue } from './value-schema.ts'

type Properties<Key extends string> = Readonly<Record<Key, JsonSchema>>

const names = (schema: JsonSchema): JsonSchema => ({ type: ['object', 'null'], additionalProperties: schema })

const group: Properties<(typeof groupKeys)[number]> = {
  hosts: { ...names(ref('variables')), description: 'names, or ranges such as node[1:3], each with its variables' },
  children: { ...names(ref('group')), description: 'groups within it' },
  vars: { ...ref('variables'), description: 'variables of all its hosts' },
}

/** A secret by reference. */
const secret: JsonSchema = {
  type: 'object',
  required: ['secret'],
  additionalProperties: false,
  properties: { secret: { type: 'string', description: 'env:NAME, file:PATH or ask' } },
}

const cluster: Properties<(typeof clusterKeys)[number]> = {
  name: { ...text, description: 'how the cluster is called' },
  failover_list: {
    type: 'array',
    items: text,
    minItems: 1,
    description: 'the order is law; the first is the preferred node',
  },
}

/** @param worksheets What the playbooks of a site ask of it. */
export const inventorySchema = (worksheets: readonly z.ZodType[]): JsonSchema => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Inventory of run',
  type: 'object',
  properties: {
    all: { ...ref('group'), description: 'every host' },
    cluster: { type: 'object', properties: cluster, additionalProperties: false, description: 'its failover list' },
    provider: {
      description: '`lab`: a cluster of nodes on this machine',
      anyOf: [{ type: ['string', 'null'] }, named],
    },
  },
  additionalProperties: ref('group'),
  definitions: {
    ...sharedDefinitions,
    group: { type: ['object', 'null'], properties: group, additionalProperties: false },
    variables: variables(worksheets),
  },
})

/** What lies in `group_vars/` and `host_vars/`: the variables of a group or a host, and nothing around them. */
export const variablesSchema = (worksheets: readonly z.ZodType[]): JsonSchema => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Variables of run',
  ...variables(worksheets),
  definitions: sharedDefinitions,
})

const variables = (worksheets: readonly z.ZodType[]): JsonSchema => ({
  type: ['object', 'null'],
  properties: {
    ...propertiesOf(connectionSchema),
    ...Object.fromEntries([...ansibleOnly].map(name => [name, {}])),
    ...asked(worksheets),
    ldap_directory: {
      ...schemaOfValue(directorySchema, { secret }),
      description: 'the directory, and how it is asked',
    },
  },
  patternProperties: { [otherThan(connectionNames)]: refused },
})

const connectionNames = [...Object.keys(connectionSchema.shape), ...ansibleOnly].map(name =>
  name.replace(/^ansible_/, ''),
)

/** Names that are about the connection, and that mean nothing. */
const otherThan = (names: readonly string[]): string => `^ansible_(?!(${names.join('|')})$)`

const named: JsonSchema = { type: 'object', required: ['name'], properties: { name: { type: 'string' } } }

/** Where two ask for one name, either may be right. */
const asked = (worksheets: readonly z.ZodType[]): JsonSchema => {
  const all = new Map<string, JsonSchema[]>()
  for (const [name, each] of worksheets.flatMap(sheet => Object.entries(propertiesOf(sheet))))
    all.set(name, [...(all.get(name) ?? []), each])
  return Object.fromEntries(
    [...all].map(([name, each]) => [name, each.length === 1 ? (each[0] ?? {}) : { anyOf: each }]),
  )
}

/** What is needed may stand in any group, so no single mapping has to have it. */
const propertiesOf = (schema: z.ZodType): Readonly<Record<string, JsonSchema>> => {
  const whole = schemaOfValue(schema, { secret })
  const [first = whole] = Array.isArray(whole.anyOf) ? (whole.anyOf as readonly JsonSchema[]) : [whole]
  return (first.properties ?? {}) as Readonly<Record<string, JsonSchema>>
}
