// One value that a form asks for: where it belongs, what it is for, what it may be.
import { type ZodType, z } from 'zod'
import type { Json } from '../../model/json.ts'
import { fieldsOf, type SchemaField } from '../../text/zod-fields.ts'
import { connectionSchema } from '../connection.ts'
import { directorySchema } from '../directory.ts'

/** By the keys of the fields. What was left out on purpose is not among them. */
export type Answers = ReadonlyMap<string, Json>

export type Field = {
  /** Such as `partition.kind`; of a node, `ansible_host of oes1`. */
  readonly key: string
  /** Names in the inventory, the outer one first. */
  readonly place: readonly string[]
  readonly about: string
  /** Where the manual speaks of it. */
  readonly source?: string
  readonly schema: ZodType
  readonly isOptional: boolean
  readonly usual?: Json
  /** It is named by where it is kept, and never typed here. */
  readonly isSecret: boolean
  /** Whether it means anything beside these answers. */
  isAsked(answers: Answers): boolean
}

/** Of the inventory itself, and of how nodes are reached; then of the worksheet, in its order; then of the directory. */
export const fieldsFor = (worksheet: ZodType, answers: Answers): readonly Field[] => [
  ...clusterFields.map(field => inWordsOf(worksheet, field)),
  ...nodesIn(answers).map(addressField),
  ...connectionFields,
  ...fieldsOf(worksheet).map(fieldOf),
  ...directoryFields.map(field => inWordsOf(worksheet, field)),
]

/**
 * What a field that every inventory has means to this worksheet: its author says it in `meta({ beside: { KEY: { description,
 * source } } })`, where KEY is the field's or that of the mapping it is in.
 */
const inWordsOf = (worksheet: ZodType, field: Field): Field => {
  const { beside } = besideSchema.parse(worksheet.meta() ?? {})
  const { description, source } = beside[field.key] ?? beside[field.place.at(-2) ?? ''] ?? {}
  return { ...field, ...(description !== undefined && { about: description }), ...(source !== undefined && { source }) }
}

const besideSchema = z.object({
  beside: z
    .record(z.string(), z.object({ description: z.string().optional(), source: z.string().optional() }))
    .default({}),
})

export const nodesIn = (answers: Answers): readonly string[] => {
  const list = answers.get(failoverKey)
  return Array.isArray(list) ? list.filter(each => typeof each === 'string') : []
}

const failoverKey = 'failover_list'
const nodeName = z.string().regex(/^[\w][\w.-]*$/, 'a name of letters, digits, `.`, `-` and `_`')

const always = () => true
const plain = { isOptional: false, isSecret: false, isAsked: always }

const clusterFields: readonly Field[] = [
  {
    ...plain,
    key: 'cluster.name',
    place: ['cluster', 'name'],
    about: 'the name of the cluster, as the cluster itself has it',
    schema: nodeName,
  },
  {
    ...plain,
    key: failoverKey,
    place: ['cluster', 'failover_list'],
    about: 'the nodes in the order of the work, the preferred node first: names as the cluster has them',
    schema: z
      .array(nodeName)
      .min(1)
      .refine(nodes => new Set(nodes).size === nodes.length, 'a list in which each node stands once'),
  },
]

const { shape: connection } = connectionSchema

const addressField = (node: string): Field => ({
  ...plain,
  key: `ansible_host of ${node}`,
  place: ['all', 'hosts', node, 'ansible_host'],
  about: `the address of ${node}, or a name that can be looked up; left out, ${node} itself is looked up`,
  schema: connection.ansible_host,
  isOptional: true,
})

const connectionField = (key: keyof typeof connection, about: string, more: Partial<Field> = {}): Field => ({
  ...plain,
  key,
  place: ['all', 'vars', key],
  about,
  schema: connection[key],
  isOptional: true,
  ...more,
})

const isNotRoot = (answers: Answers): boolean => (answers.get('ansible_user') ?? 'root') !== 'root'
const becomes = (answers: Answers): boolean => isNotRoot(answers) && answers.get('ansible_become') === true

const connectionFields: readonly Field[] = [
  connectionField('ansible_user', 'who logs in on the nodes; another one than root becomes root by sudo or su', {
    usual: 'root',
  }),
  connectionField('ansible_become', 'whether whoever logs in becomes root: most steps need it', {
    usual: true,
    isAsked: isNotRoot,
    schema: z.boolean(),
  }),
  connectionField('ansible_become_method', 'by which program', { usual: 'sudo', isAsked: becomes }),
  connectionField('ansible_become_password', 'the password that it wants; left out where it wants none', {
    isSecret: true,
    isAsked: becomes,
  }),
]

/** The author of the worksheet says when a value that may be left out is asked for: always, or as others are answered. */
type Asked = boolean | ((beside: Readonly<Record<string, Json | undefined>>) => boolean)

const fieldOf = ({ path, schema, isOptional, usual, meta }: SchemaField): Field => {
  const { description = '', source, title } = meta
  const asked = meta.asked as Asked | undefined // whoever writes a worksheet writes it so
  const text = [description].flat().join(' ')
  return {
    key: path.join('.'),
    place: ['all', 'vars', ...path],
    about: text === '' ? [title ?? path.at(-1)].join('') : text,
    ...(typeof source === 'string' && { source }),
    schema,
    isOptional,
    ...(usual !== undefined && { usual: usual as Json }), // the default of a value that YAML can write
    isSecret: title === 'secret',
    isAsked: answers => (typeof asked === 'function' ? asked(besides(path, answers)) : (asked ?? !isOptional)),
  }
}

/** Whatever belongs to the same mapping, by its own name. */
const besides = (path: readonly string[], answers: Answers): Readonly<Record<string, Json | undefined>> => {
  const lead = path
    .slice(0, -1)
    .map(name => `${name}.`)
    .join('')
  return Object.fromEntries(
    [...answers].flatMap(([key, value]) => (key.startsWith(lead) ? [[key.slice(lead.length), value]] : [])),
  )
}

const { shape: directory } = directorySchema
const isThere = (answers: Answers): boolean => answers.has('ldap_directory.address')

const directoryField = (key: keyof typeof directory, about: string, more: Partial<Field> = {}): Field => ({
  ...plain,
  key: `ldap_directory.${key}`,
  place: ['all', 'vars', 'ldap_directory', key],
  about,
  schema: directory[key],
  isAsked: isThere,
  ...more,
})

const directoryFields: readonly Field[] = [
  directoryField('address', 'an LDAP server that steps ask and change; left out, a person does those steps by hand', {
    isOptional: true,
    isAsked: always,
  }),
  directoryField('encryption', 'how it is kept from others; `plain` sends the password in the clear', {
    isOptional: true,
    usual: 'starttls',
  }),
  directoryField('root_certificate', 'file on this machine with the certificate that signs the server’s, PEM or DER', {
    isOptional: true,
    isAsked: answers => isThere(answers) && answers.get('ldap_directory.encryption') !== 'plain',
  }),
  directoryField('user', 'distinguished name of who asks and changes'),
  directoryField('password', 'the password of that user', { isSecret: true }),
  directoryField('via', 'who connects: this machine, the node of a step, or whoever gets an answer', {
    isOptional: true,
    usual: 'auto',
  }),
]
