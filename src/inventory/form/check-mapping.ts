// What is wrong with a mapping although each value of it is right: two that do not go together, one that is needed then.
import type { ZodType } from 'zod'
import type { Json } from '../../model/json.ts'
import { Secret } from '../../model/secret.ts'
import { definition, wantedWords } from '../../text/zod-words.ts'
import type { Answers } from './field.ts'

/** A value and what it must be, by the key of its field. */
export type MappingFault = { readonly key: string; readonly because: string }

/** @param name Of the mapping, such as `partition`; templates in it can be judged only when they are filled in. */
export const mappingFault = (worksheet: ZodType, name: string, answers: Answers): MappingFault | undefined => {
  const schema = definition(worksheet).shape?.[name]
  const value = mappingIn(name, answers)
  if (!isSchema(schema) || JSON.stringify(value ?? '').includes('{{')) return undefined
  const [issue] = schema.safeParse(value, { reportInput: true }).error?.issues ?? []
  if (issue === undefined) return undefined
  return { key: [name, ...issue.path].join('.'), because: `must be ${wantedWords(issue, schema)}` }
}

const isSchema = (value: unknown): value is ZodType =>
  typeof value === 'object' && value !== null && 'safeParse' in value

type Tree = { [name: string]: unknown }

const mappingIn = (name: string, answers: Answers): unknown => {
  const root: Tree = {}
  for (const [key, value] of answers) {
    const path = key.split('.')
    if (path[0] === name) put(root, path, asRead(value))
  }
  return root[name]
}

const put = (tree: Tree, [name = '', ...rest]: readonly string[], value: unknown): void => {
  if (rest.length === 0) {
    tree[name] = value
    return
  }
  const below = tree[name]
  const next: Tree = typeof below === 'object' && below !== null ? (below as Tree) : {} // made here, a line above
  tree[name] = next
  put(next, rest, value)
}

/** A secret is somewhere; whatever it is, it is one. */
const asRead = (value: Json): unknown =>
  typeof value === 'object' && value !== null && 'secret' in value ? new Secret('secret', 'kept elsewhere') : value
