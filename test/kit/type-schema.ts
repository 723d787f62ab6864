// The JSON Schema of a TypeScript type, read from its source: what it describes and what writes it are one definition.
import { readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'oxc-parser'

type JsonSchema = { readonly [key: string]: unknown }
type Node = { readonly type: string; readonly start: number; readonly [key: string]: unknown }

/** A type, or a constant, and the file that it stands in. */
type Place = { readonly node: Node; readonly of: Module }
type Module = {
  readonly named: ReadonlyMap<string, Node>
  readonly imported: ReadonlyMap<string, { readonly path: string; readonly name: string }>
  /** What a comment says of what begins there. */
  readonly told: ReadonlyMap<number, string>
}

const root = fileURLToPath(new URL('../../', import.meta.url))

/**
 * Understands what the events are written with, and throws at anything else.
 *
 * @param path File from the root of the repository.
 * @returns The schema, whose `definitions` are the other named types.
 */
export const schemaOfType = (path: string, name: string): JsonSchema => {
  const definitions = new Map<string, JsonSchema>()
  const whole = shapesOf(found(name, moduleAt(path)), definitions)
  const sorted = Object.fromEntries([...definitions].toSorted(([a], [b]) => (a < b ? -1 : 1)))
  return { ...anyOf(whole), definitions: sorted }
}

type Definitions = Map<string, JsonSchema>

/** A union is several, each whole: an intersection of objects is one object. */
const shapesOf = ({ node, of }: Place, definitions: Definitions): readonly JsonSchema[] => {
  const inner = (key: string): Place => ({ node: node[key] as Node, of })
  switch (node.type) {
    case 'TSParenthesizedType':
      return shapesOf(inner('typeAnnotation'), definitions)
    case 'TSTypeOperator':
      return shapesOf(inner('typeAnnotation'), definitions)
    case 'TSUnionType':
      return list(node, 'types').flatMap(each =>
        shapesOf({ node: each, of }, definitions).map(shape => withTold(shape, of.told.get(each.start))),
      )
    case 'TSIntersectionType':
      return list(node, 'types')
        .map(each => shapesOf(resolved({ node: each, of }), definitions))
        .reduce((all, more) => all.flatMap(one => more.map(other => both(one, other))))
    case 'TSTypeReference':
      return referred({ node, of }, definitions)
    default:
      return [plainSchema({ node, of }, definitions)]
  }
}

const withTold = (schema: JsonSchema, description: string | undefined): JsonSchema =>
  description === undefined ? schema : { description, ...schema }

const plainSchema = ({ node, of }: Place, definitions: Definitions): JsonSchema => {
  switch (node.type) {
    case 'TSStringKeyword':
    case 'TSTemplateLiteralType':
      return { type: 'string' }
    case 'TSNumberKeyword':
      return { type: 'number' }
    case 'TSBooleanKeyword':
      return { type: 'boolean' }
    case 'TSUnknownKeyword':
      return {}
    case 'TSNullKeyword':
      return { type: 'null' }
    case 'TSLiteralType':
      return { const: (node.literal as Node).value }
    case 'TSArrayType':
      return { type: 'array', items: schemaOf({ node: node.elementType as Node, of }, definitions) }
    case 'TSTypeLiteral':
      return objectSchema({ node, of }, definitions)
    case 'TSTypeQuery':
      return { const: writtenValue(constant(node, of)) }
    case 'TSIndexedAccessType':
      return { enum: Object.values(writtenValue(constant(bare(node.objectType as Node), of)) as object) }
    default:
      throw new Error(`no schema for ${node.type}`)
  }
}

const schemaOf = (place: Place, definitions: Definitions): JsonSchema => anyOf(shapesOf(place, definitions))

const anyOf = (shapes: readonly JsonSchema[]): JsonSchema => {
  const [first = {}, ...more] = shapes
  if (more.length === 0) return first
  return shapes.every(({ const: value }) => value !== undefined)
    ? { enum: shapes.map(({ const: value }) => value) }
    : { anyOf: shapes }
}

const objectSchema = ({ node, of }: Place, definitions: Definitions): JsonSchema => {
  const members = list(node, 'members')
  const index = members.find(({ type }) => type === 'TSIndexSignature')
  if (index) return { type: 'object', additionalProperties: schemaOf({ node: typed(index), of }, definitions) }
  const named = members.map(each => [String((each.key as Node).name ?? (each.key as Node).value), each] as const)
  const properties = named.map(([key, each]) => {
    return [key, withTold(schemaOf({ node: typed(each), of }, definitions), of.told.get(each.start))]
  })
  const required = named.filter(([, { optional }]) => !optional).map(([key]) => key)
  return { type: 'object', properties: Object.fromEntries(properties), required }
}

const referred = ({ node, of }: Place, definitions: Definitions): readonly JsonSchema[] => {
  const name = nameOf(node.typeName as Node)
  const parameters = list((node.typeArguments as Node) ?? {}, 'params').map(each => ({ node: each, of }))
  const [first, second] = parameters
  if (first && name === 'Readonly') return shapesOf(first, definitions)
  if (first && second && name === 'Record') return [recordSchema(first, second, definitions)]
  if (first && second && (name === 'Omit' || name === 'Pick'))
    return [narrowed(name, whole(first, definitions), wordsOf(second, definitions))]
  const target = found(name, of)
  if (!isObject(target.node)) return shapesOf(target, definitions)
  if (!definitions.has(name)) {
    definitions.set(name, {})
    definitions.set(name, withTold(schemaOf(target, definitions), target.of.told.get(target.node.start)))
  }
  return [{ $ref: `#/definitions/${name}` }]
}

/** What has fields, alone or after others: those are told once, by name; words and choices of words in their place. */
const isObject = (node: Node): boolean =>
  node.type === 'TSTypeLiteral' ||
  node.type === 'TSIntersectionType' ||
  (node.type === 'TSUnionType' && list(node, 'types').some(isObject)) ||
  (node.type === 'TSTypeReference' && ['Omit', 'Readonly', 'Record'].includes(nameOf(node.typeName as Node)))

const recordSchema = (keys: Place, value: Place, definitions: Definitions): JsonSchema => {
  const required = wordsOf(keys, definitions)
  const each = schemaOf(value, definitions)
  return { type: 'object', properties: Object.fromEntries(required.map(key => [key, each])), required }
}

const wordsOf = (place: Place, definitions: Definitions): readonly string[] =>
  shapesOf(place, definitions).map(({ const: word }) => String(word))

/** An object itself, in the place of its name. */
const whole = (place: Place, definitions: Definitions): JsonSchema => schemaOf(resolved(place), definitions)

const resolved = ({ node, of }: Place): Place => {
  const target =
    node.type === 'TSTypeReference' && !node.typeArguments ? found(nameOf(node.typeName as Node), of) : undefined
  return target ? resolved(target) : { node, of }
}

type ObjectSchema = { readonly properties: Record<string, JsonSchema>; readonly required: readonly string[] }

const narrowed = (how: 'Omit' | 'Pick', schema: JsonSchema, words: readonly string[]): JsonSchema => {
  const { properties, required } = schema as ObjectSchema
  const stays = (key: string) => words.includes(key) === (how === 'Pick')
  return {
    ...schema,
    properties: Object.fromEntries(Object.entries(properties).filter(([key]) => stays(key))),
    required: required.filter(stays),
  }
}

const both = (one: JsonSchema, other: JsonSchema): JsonSchema => {
  const [a, b] = [one as ObjectSchema, other as ObjectSchema]
  return { ...one, properties: { ...a.properties, ...b.properties }, required: [...a.required, ...b.required] }
}

const list = (node: Node | object, key: string): readonly Node[] => ((node as Node)[key] ?? []) as readonly Node[]
const typed = (node: Node): Node => (node.typeAnnotation as Node).typeAnnotation as Node
const nameOf = (node: Node): string => String(node.name)
const bare = (node: Node): Node => (node.type === 'TSParenthesizedType' ? bare(node.typeAnnotation as Node) : node)

/** What `typeof NAME` is the type of. */
const constant = (node: Node, of: Module): Node => found(nameOf(node.exprName as Node), of).node

/** What is written behind `as const`. */
const writtenValue = (node: Node): unknown => {
  if (node.type === 'TSAsExpression') return writtenValue(node.expression as Node)
  if (node.type === 'Literal') return node.value
  if (node.type !== 'ObjectExpression') throw new Error(`no value of ${node.type}`)
  return Object.fromEntries(
    list(node, 'properties').map(each => [nameOf(each.key as Node), writtenValue(each.value as Node)]),
  )
}

const found = (name: string, of: Module): Place => {
  const own = of.named.get(name)
  if (own) return { node: own, of }
  const from = of.imported.get(name)
  if (!from) throw new Error(`nothing is called ${name}`)
  return found(from.name, moduleAt(from.path))
}

const modules = new Map<string, Module>()

const moduleAt = (path: string): Module => {
  const known = modules.get(path) ?? readModule(path)
  modules.set(path, known)
  return known
}

const readModule = (path: string): Module => {
  const text = readFileSync(join(root, path), 'utf8')
  const { program, comments } = parseSync(path, text)
  const body = (program.body as unknown as readonly Node[]).map(node => (node.declaration ?? node) as Node)
  const imports = body.filter(({ type }) => type === 'ImportDeclaration')
  return {
    named: new Map(
      body.flatMap((node): (readonly [string, Node])[] => {
        if (node.type === 'TSTypeAliasDeclaration') return [[nameOf(node.id as Node), node.typeAnnotation as Node]]
        return list(node, 'declarations').map(each => [nameOf(each.id as Node), each.init as Node])
      }),
    ),
    imported: new Map(
      imports.flatMap(node =>
        list(node, 'specifiers').map(
          each =>
            [
              nameOf(each.local as Node),
              {
                path: normalize(join(dirname(path), String((node.source as Node).value))),
                name: nameOf(each.imported as Node),
              },
            ] as const,
        ),
      ),
    ),
    told: new Map(
      comments
        .filter(({ type, value }) => type === 'Block' && value.startsWith('*'))
        .map(({ value, end }) => [nextAfter(text, end), sentenceOf(value)]),
    ),
  }
}

/** Where the next thing begins; of a named type, the type itself. */
const nextAfter = (text: string, end: number): number =>
  end + (/^\s*(?:\|\s*)?(?:export type \w+ =\s*)?/.exec(text.slice(end))?.[0].length ?? 0)

const sentenceOf = (comment: string): string =>
  comment
    .split('\n')
    .map(line => line.replace(/^\s*\*+\s?/, '').trim())
    .filter(Boolean)
    .join(' ')
