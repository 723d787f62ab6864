// The kinds of things that the directory has of a cluster: scripts and policies of a resource, and the names of the nodes.
import { type Directory, type DirectoryEntry, type Ref, resource, valuesOf, z } from '#task'
import { findNodes, findResource, keyOf, type Whose, whoseIs } from './entry.ts'
import { type Field, type FieldValue, plainField, textField } from './fields.ts'

const held = z.union([z.string(), z.object({ base64: z.string() })])
/** Nothing where it is not set, the value itself where there is one, a list where there are several. */
const field = z.union([z.null(), held, z.array(held).readonly()])

const notOne = [
  z.object({ type: z.literal('absent'), missing: z.enum(['cluster', 'resource']) }),
  z.object({ type: z.literal('several'), dns: z.array(z.string()) }),
] as const

const scriptsSchema = z.discriminatedUnion('type', [
  ...notOne,
  z.object({
    type: z.literal('scripts'),
    dn: z.string(),
    load_script: field,
    unload_script: field,
    load_timeout: field,
    unload_timeout: field,
  }),
])

const policiesSchema = z.discriminatedUnion('type', [
  ...notOne,
  z.object({
    type: z.literal('policies'),
    dn: z.string(),
    preferred_nodes: field,
    failover_mode: field,
    failback_mode: field,
  }),
])

export type ScriptsValue = z.infer<typeof scriptsSchema>
export type Scripts = Extract<ScriptsValue, { type: 'scripts' }>
export type PoliciesValue = z.infer<typeof policiesSchema>
export type Policies = Extract<PoliciesValue, { type: 'policies' }>

export const scriptFields = {
  load_script: textField('nCSCRMLoadScript'),
  unload_script: textField('nCSCRMUnloadScript'),
  load_timeout: plainField('nCSCRMLoadTimeout'),
  unload_timeout: plainField('nCSCRMUnloadTimeout'),
} satisfies Fields

export const policyFields = {
  preferred_nodes: plainField('nCSCRMPreferredNodes'),
  failover_mode: plainField('nCSCRMFailoverMode'),
  failback_mode: plainField('nCSCRMFailbackMode'),
} satisfies Fields

export type Fields = Readonly<Record<string, Field>>

export const revisionAttribute = 'nCSRevision'

/** Each time with the revision, which counts how often the entry was changed and belongs to no field. */
export const attributesOf = (fields: Fields): readonly string[] => [
  revisionAttribute,
  ...Object.values(fields).map(({ attribute }) => attribute),
]

/** The fields of an entry. */
export const readFields = (entry: DirectoryEntry, fields: Fields) =>
  Object.fromEntries(
    Object.entries(fields).map(([name, { attribute, read }]) => [name, read(valuesOf(entry, attribute))]),
  )

const scriptsOfResource = resource<ScriptsValue>({
  kind: 'cluster-scripts',
  schema: scriptsSchema,
  ask: (directory, key) => ask(directory, key, { type: 'scripts', fields: scriptFields, schema: scriptsSchema }),
})

const policiesOfResource = resource<PoliciesValue>({
  kind: 'cluster-policies',
  schema: policiesSchema,
  ask: (directory, key) => ask(directory, key, { type: 'policies', fields: policyFields, schema: policiesSchema }),
})

/** Scripts and timeouts of a resource. */
export const clusterScripts = (whose: Whose): Ref<ScriptsValue> => scriptsOfResource(keyOf(whose))

/** Preferred nodes and modes of a resource. */
export const clusterPolicies = (whose: Whose): Ref<PoliciesValue> => policiesOfResource(keyOf(whose))

const nodesSchema = z.discriminatedUnion('type', [
  ...notOne,
  z.object({ type: z.literal('nodes'), names: z.array(z.string()) }),
])

/** The nodes of a cluster, as the directory writes their names. */
export const clusterNodes = resource<z.infer<typeof nodesSchema>>({
  kind: 'cluster-nodes',
  schema: nodesSchema,
  async ask(directory, cluster) {
    const found = await findNodes(directory, cluster)
    return nodesSchema.parse('type' in found ? found : { type: 'nodes', names: found })
  },
})

type Asked<Value> = { readonly type: string; readonly fields: Fields; readonly schema: z.ZodType<Value> }

const ask = async <Value>(
  directory: Directory,
  key: string,
  { type, fields, schema }: Asked<Value>,
): Promise<Value> => {
  const found = await findResource(directory, whoseIs(key), attributesOf(fields))
  return schema.parse(found.type === 'found' ? fieldsOf(found.entry, { type, fields }) : found)
}

const fieldsOf = (entry: DirectoryEntry, { type, fields }: Pick<Asked<unknown>, 'type' | 'fields'>) => ({
  type,
  dn: entry.dn,
  ...readFields(entry, fields),
})

/** Names of the fields that one side has otherwise than the other; both are values of one kind, which has all of them. */
export const differing = (fields: Fields, one: object, other: object): readonly string[] =>
  Object.keys(fields).filter(name => JSON.stringify(fieldOf(one, name)) !== JSON.stringify(fieldOf(other, name)))

export const fieldOf = (side: object, name: string): FieldValue =>
  (side as Readonly<Record<string, FieldValue>>)[name] ?? null
