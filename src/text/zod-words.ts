// Says in plain words what a zod schema wants.
import type { core, ZodType } from 'zod'
import { either } from './words.ts'

const types: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping (key: value)',
  record: 'a mapping (key: value)',
  null: 'nothing',
  never: 'left out',
  Secret: 'a secret',
  stringbool: 'true or false',
}

const formats: Readonly<Record<string, string>> = {
  ipv4: 'an IPv4 address, such as 192.0.2.50',
  ipv6: 'an IPv6 address, such as 2001:db8::50',
}

/** What would have been right, to follow after "must be". */
export const wantedWords = (issue: core.$ZodIssue, schema: ZodType): string => {
  const own = isOwnMessage(issue.message) ? issue.message : undefined
  if (own !== undefined) return own
  switch (issue.code) {
    case 'invalid_type':
      return literals(schemaAt(schema, issue.path)) ?? types[issue.expected] ?? issue.expected
    case 'invalid_value':
      return either(issue.values.map(String))
    case 'too_small':
      return size('at least', issue.minimum, issue)
    case 'too_big':
      return size('at most', issue.maximum, issue)
    case 'invalid_union':
      return union(issue)
    case 'invalid_format':
      return formats[issue.format] ?? `a text like ${issue.pattern ?? `${issue.format}`}`
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`
    default:
      return issue.message
  }
}

/** What a value of this schema is, in words: `a whole number`, `nss, lvm, evms or plain`, `absolute path`. */
export const wantedOf = (schema: ZodType): string => {
  const core = bare(schema)
  if (!isSchema(core)) return 'a value'
  // Of a choice the author's own word says more than the list of what there is to choose from.
  const title = definition(core).type === 'union' ? titleOf(schema) : core.meta()?.title
  if (typeof title === 'string') return title
  const bounds = definition(core).type === 'number' ? numberWords(core) : undefined
  if (bounds !== undefined) return bounds
  // Values that nothing is: what is said of them says what would be something. A text may be told more of.
  const issues = [Symbol('nothing'), '\0'].map(value => core.safeParse(value, { reportInput: true }).error?.issues[0])
  const issue = issues[1]?.code === 'invalid_type' ? issues[0] : (issues[1] ?? issues[0])
  return issue === undefined ? 'a value' : wantedWords(issue, core)
}

/** What the outermost says of all that wrap it. */
const titleOf = (schema: unknown): unknown => {
  if (!isSchema(schema)) return undefined
  const { innerType, in: input } = definition(schema)
  return schema.meta()?.title ?? titleOf(innerType ?? input)
}

/** `a whole number, 1 to 65535`. */
const numberWords = (core: ZodType): string => {
  const isWhole = core.safeParse(0.5).error?.issues.some(({ code }) => code === 'invalid_type') ?? false
  const word = isWhole ? 'a whole number' : 'a number'
  const [low, high] = ['minValue', 'maxValue'].map(name => Reflect.get(core, name)).map(bound => endOf(bound))
  if (low === undefined) return word
  return high === undefined ? `${word}, ${low} or more` : `${word}, ${low} to ${high}`
}

/** zod bounds a whole number by what a computer can count. */
const endOf = (bound: unknown): number | undefined =>
  typeof bound === 'number' && Math.abs(bound) < Number.MAX_SAFE_INTEGER ? bound : undefined

export const isSchema = (value: unknown): value is ZodType =>
  typeof value === 'object' && value !== null && 'safeParse' in value

/** Zod's own sentences; any other was written by the author of the schema. */
const isOwnMessage = (message: string): boolean => !/^(Invalid|Too (small|big)|Unrecognized|Expected)\b/.test(message)

const size = (
  bound: string,
  limit: number | bigint,
  { origin, inclusive = true }: { readonly origin: string; readonly inclusive?: boolean },
): string => {
  const than = inclusive ? `${bound} ${limit}` : `${bound === 'at least' ? 'more' : 'less'} than ${limit}`
  if (origin === 'string')
    return limit === 1 && bound === 'at least' ? 'a text that is not empty' : `a text of ${than} characters`
  if (origin === 'array' || origin === 'set')
    return limit === 1 && bound === 'at least' ? 'a list that is not empty' : `a list of ${than}`
  return than
}

const union = (issue: core.$ZodIssueInvalidUnion): string => {
  if ('options' in issue && issue.options !== undefined) return either(issue.options.map(String))
  const roots = issue.errors.flatMap(rootsOf)
  const choices = roots.flatMap(root => {
    if (root.code === 'invalid_type') return [types[root.expected] ?? root.expected]
    if (root.code === 'invalid_value') return isTruth(root.values) ? ['true or false'] : root.values.map(String)
    return isOwnMessage(root.message) ? [root.message] : []
  })
  return choices.length === 0 ? 'of another form' : either([...new Set(choices)])
}

/** Of a union within a union only true and false are one choice more. */
const rootsOf = (branch: readonly core.$ZodIssue[]): readonly core.$ZodIssue[] => {
  const [root] = branch
  if (root?.code !== 'invalid_union') return root === undefined ? [] : [root]
  const inner = root.errors.flatMap(rootsOf)
  return inner.some(each => each.code === 'invalid_value' && isTruth(each.values)) ? inner : []
}

/** The words that zod takes for true and false. */
const isTruth = (values: readonly unknown[]): boolean => values.includes('enabled') && values.includes('false')

/** The keys that a mapping at this path may have, for a proposal. */
export const wantedKeys = (schema: ZodType, path: readonly PropertyKey[]): string[] =>
  shapes(schemaAt(schema, path)).flatMap(shape => Object.keys(shape))

/** What the author of the schema says that a key is for. */
export const meaningOf = (schema: ZodType, path: readonly PropertyKey[]): string | undefined => {
  const key = String(path.at(-1))
  const own = shapes(schemaAt(schema, path.slice(0, -1))).find(shape => Object.hasOwn(shape, key))
  return described(own?.[key])
}

/** A description may stand on what is wrapped, or on what wraps it. */
const described = (schema: unknown): string | undefined => {
  if (typeof schema !== 'object' || schema === null) return undefined
  const { innerType, in: input } = definition(schema)
  const own = 'description' in schema ? schema.description : undefined
  return typeof own === 'string' ? own : described(innerType ?? input)
}

const literals = (schema: unknown): string | undefined => {
  const values = definition(bare(schema)).entries
  return typeof values === 'object' && values !== null ? either(Object.values(values).map(String)) : undefined
}

type Definition = {
  readonly type?: string
  readonly innerType?: unknown
  readonly shape?: Readonly<Record<string, unknown>>
  readonly element?: unknown
  readonly catchall?: unknown
  readonly valueType?: unknown
  readonly options?: readonly unknown[]
  readonly in?: unknown
  readonly getter?: () => unknown
  readonly entries?: unknown
  readonly defaultValue?: unknown
}

/** zod keeps what a schema was made of below `_zod.def`: documented for library authors. */
export const definition = (schema: unknown): Definition => {
  const inner = typeof schema === 'object' && schema !== null && '_zod' in schema ? schema._zod : undefined
  return typeof inner === 'object' && inner !== null && 'def' in inner ? (inner.def as Definition) : {}
}

/** Without what only wraps: optional, default, pipes, lazy. */
const bare = (schema: unknown): unknown => {
  const { innerType, in: input, getter } = definition(schema)
  if (innerType !== undefined) return bare(innerType)
  if (input !== undefined) return bare(input)
  return getter === undefined ? schema : bare(getter())
}

const shapes = (schema: unknown): Readonly<Record<string, unknown>>[] => {
  const { shape, options } = definition(bare(schema))
  if (shape !== undefined) return [shape]
  return (options ?? []).flatMap(option => shapes(option))
}

/** Of a value that others take and that is not here, what to write: `.meta({ instead: { drained: '…' } })`. */
export const insteadOf = (seen: unknown, schema: ZodType, path: readonly PropertyKey[]): string | undefined => {
  const last = path.at(-1)
  if (typeof seen !== 'string' || last === undefined) return undefined
  // What is said of it stands on the outermost of all that wrap it.
  const shape = shapes(schemaAt(schema, path.slice(0, -1))).find(each => Object.hasOwn(each, last))
  const found = insteadIn(shape?.[String(last)], seen)
  return typeof found === 'string' ? found : undefined
}

const insteadIn = (schema: unknown, seen: string): unknown => {
  if (!isSchema(schema)) return undefined
  const { innerType, in: input } = definition(schema)
  const instead = schema.meta()?.instead
  if (typeof instead === 'object' && instead !== null && Object.hasOwn(instead, seen)) return Reflect.get(instead, seen)
  return insteadIn(innerType ?? input, seen)
}

/** What the value at a path is held against, without what only wraps it. */
export const schemaAt = (schema: unknown, path: readonly PropertyKey[]): unknown => {
  const [step, ...rest] = path
  const here = bare(schema)
  if (step === undefined) return here
  const { element, valueType } = definition(here)
  const inShape = shapes(here).find(shape => Object.hasOwn(shape, step))
  return schemaAt(inShape?.[String(step)] ?? element ?? valueType, rest)
}
