// Where the source defines its problems: each code, with what it says and what it tells to do, read from the definitions.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'oxc-parser'

export type Definition = {
  readonly code: string
  /** Path from the root of the repository. */
  readonly file: string
  readonly says: readonly string[]
  readonly wanted: readonly string[]
  readonly help: readonly string[]
}

type Node = { readonly type: string; readonly start: number; readonly [key: string]: unknown }

type Module = {
  readonly path: string
  readonly nodes: readonly Node[]
  /** Comments, each with the place of what follows it. */
  readonly notes: readonly { readonly text: string; readonly before: number }[]
  /** Whatever has a name, in the order of the text: `const`, functions, and what is imported. */
  readonly named: readonly { readonly name: string; readonly at: number; readonly value: Node | undefined }[]
  readonly imports: ReadonlyMap<string, { readonly path: string; readonly name: string }>
}

const root = fileURLToPath(new URL('../../', import.meta.url))

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value

const below = (node: Node): readonly Node[] =>
  Object.values(node).flatMap(value => (Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : []))

const within = (node: Node): readonly Node[] => [node, ...below(node).flatMap(within)]

const child = (node: Node | undefined, key: string): Node | undefined => {
  const value = node?.[key]
  return isNode(value) ? value : undefined
}

const list = (node: Node, key: string): readonly Node[] => {
  const value = node[key]
  return Array.isArray(value) ? value.filter(isNode) : []
}

const nameOf = (node: Node | undefined): string => String(node?.name ?? node?.value ?? '')

const readModule = (path: string): Module => {
  const text = readFileSync(join(root, path), 'utf8')
  const parsed = parseSync(path, text)
  const nodes = within(parsed.program as unknown as Node) // every node of the tree has a type and a place
  return {
    path,
    nodes,
    notes: parsed.comments
      .filter(({ type }) => type === 'Line')
      .map(({ value, end }) => ({ text: value.trim(), before: end + (/^\s*/.exec(text.slice(end))?.[0].length ?? 0) })),
    named: nodes.flatMap(node => {
      const id = child(node, 'id')
      if (node.type === 'VariableDeclarator' && id?.type === 'Identifier')
        return [{ name: nameOf(id), at: node.start, value: child(node, 'init') }]
      return node.type === 'FunctionDeclaration' ? [{ name: nameOf(id), at: node.start, value: node }] : []
    }),
    imports: new Map(
      nodes
        .filter(({ type }) => type === 'ImportDeclaration')
        .flatMap(node => {
          const from = nameOf(child(node, 'source'))
          const target = from.startsWith('.') ? normalize(join(dirname(path), from)) : ''
          return list(node, 'specifiers').map(
            each => [nameOf(child(each, 'local')), { path: target, name: nameOf(child(each, 'imported')) }] as const,
          )
        }),
    ),
  }
}

const modules = new Map<string, Module>()

const moduleAt = (path: string): Module | undefined => {
  if (!path.endsWith('.ts')) return undefined
  const known = modules.get(path) ?? readModule(path)
  modules.set(path, known)
  return known
}

/** An expression, and where the names in it are looked up. */
type Place = { readonly node: Node | undefined; readonly of: Module }

const wrappers = new Set(['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression', 'ParenthesizedExpression'])

const bare = (node: Node | undefined): Node | undefined =>
  node && wrappers.has(node.type) ? bare(child(node, 'expression')) : node

/** What a name stands for: the nearest one before it, else any of the file, else what is imported. */
const resolved = (name: string, { at, of }: { readonly at: number; readonly of: Module }): Place | undefined => {
  const own = of.named.filter(each => each.name === name)
  const found = own.findLast(each => each.at < at) ?? own[0]
  if (found) return { node: bare(found.value), of }
  const imported = of.imports.get(name)
  const other = imported && moduleAt(imported.path)
  return other && resolved(imported.name, { at: Number.POSITIVE_INFINITY, of: other })
}

/** What a function gives back. */
const given = ({ node, of }: Place): readonly Place[] => {
  const body = child(node, 'body')
  if (body === undefined) return []
  if (body.type !== 'BlockStatement') return [{ node: bare(body), of }]
  return within(body)
    .filter(({ type }) => type === 'ReturnStatement')
    .map(each => ({ node: bare(child(each, 'argument')), of }))
}

const deepest = 12

/** Every text that an expression can be; `…` stands for what is filled in. */
const textsOf = ({ node: written, of }: Place, depth = 0): readonly string[] => {
  const node = bare(written)
  if (node === undefined || depth > deepest) return []
  const texts = (each: Node | undefined) => textsOf({ node: each, of }, depth + 1)
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'string' ? [node.value] : []
    case 'TemplateLiteral':
      return [list(node, 'quasis').map(cooked).join('…')]
    case 'ConditionalExpression':
      return [...texts(child(node, 'consequent')), ...texts(child(node, 'alternate'))]
    case 'LogicalExpression':
      return [...(node.operator === '&&' ? [] : texts(child(node, 'left'))), ...texts(child(node, 'right'))]
    case 'BinaryExpression':
      return texts(child(node, 'left')).flatMap(left => texts(child(node, 'right')).map(right => left + right))
    case 'ArrayExpression':
      return list(node, 'elements').flatMap(texts)
    case 'Identifier': {
      const found = resolved(nameOf(node), { at: node.start, of })
      return found ? textsOf(found, depth + 1) : []
    }
    case 'MemberExpression': {
      const property = nameOf(child(node, 'property'))
      return objectsOf({ node: child(node, 'object'), of }, depth + 1).flatMap(each => {
        const value = each.get(property)
        return value ? textsOf(value, depth + 1) : []
      })
    }
    case 'CallExpression':
      return calledTexts(node, of, depth)
    default:
      return []
  }
}

/** What a call gives; of a method, what it is called on. */
const calledTexts = (node: Node, of: Module, depth: number): readonly string[] => {
  const callee = child(node, 'callee')
  if (callee?.type === 'MemberExpression') return textsOf({ node: child(callee, 'object'), of }, depth + 1)
  const known = proposals[nameOf(callee)]
  if (known !== undefined) return [known]
  const found = resolved(nameOf(callee), { at: node.start, of })
  return found ? given(found).flatMap(each => textsOf(each, depth + 1)) : []
}

/** Texts that are made of what was written. */
const proposals: Readonly<Record<string, string>> = {
  didYouMean: 'did you mean `…`?',
  proposal: 'did you mean `…`?',
}

const cooked = (quasi: Node): string => {
  const { value } = quasi
  return typeof value === 'object' && value !== null && 'cooked' in value ? String(value.cooked) : ''
}

type Properties = ReadonlyMap<string, Place>

/** Every object that an expression can be. */
const objectsOf = ({ node: written, of }: Place, depth = 0): readonly Properties[] => {
  const node = bare(written)
  if (node === undefined || depth > deepest) return []
  const objects = (each: Node | undefined) => objectsOf({ node: each, of }, depth + 1)
  switch (node.type) {
    case 'ObjectExpression':
      return [propertiesOf({ node, of }, depth)]
    case 'ConditionalExpression':
      return [...objects(child(node, 'consequent')), ...objects(child(node, 'alternate'))]
    case 'LogicalExpression':
      return [...objects(child(node, 'left')), ...objects(child(node, 'right'))]
    case 'Identifier': {
      const found = resolved(nameOf(node), { at: node.start, of })
      return found ? objectsOf(found, depth + 1) : []
    }
    case 'CallExpression': {
      const found = resolved(nameOf(child(node, 'callee')), { at: node.start, of })
      return found ? given(found).flatMap(each => objectsOf(each, depth + 1)) : []
    }
    default:
      return []
  }
}

/** Of several spread objects, each property is the first that is found. */
const propertiesOf = ({ node, of }: { readonly node: Node; readonly of: Module }, depth = 0): Properties => {
  const found = new Map<string, Place>()
  for (const each of list(node, 'properties')) {
    if (each.type === 'SpreadElement')
      for (const spread of objectsOf({ node: child(each, 'argument'), of }, depth + 1))
        for (const [key, value] of spread) found.set(key, found.get(key) ?? value)
    else found.set(nameOf(child(each, 'key')), { node: child(each, 'value'), of })
  }
  return found
}

const sources = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map(name => `${folder}/${name}`)
    .sort()

const all = (): readonly Module[] =>
  ['src', 'tasks', 'playbooks'].flatMap(sources).flatMap(path => moduleAt(path) ?? [])

const isCode = (text: string): boolean => /^[a-z]+(?:-[a-z0-9]+)*$/.test(text)

/** Nouns that schemas are checked with: `validate` makes three codes of each. */
const nouns = (): readonly string[] => {
  const written = all()
    .flatMap(({ nodes }) => nodes)
    .filter(({ type, key }) => type === 'Property' && isNode(key) && nameOf(key) === 'noun')
    .flatMap(node => textsOf({ node: child(node, 'value'), of: moduleAt('src/text/zod-problems.ts') as Module }))
  return [...new Set(['key', ...written.filter(noun => /^(?:argument|variable|setting)$/.test(noun))])]
}

const codesOf = (value: Place): readonly string[] =>
  textsOf(value).flatMap(text =>
    text.startsWith('…-') ? nouns().map(noun => noun + text.slice(1)) : isCode(text) ? [text] : [],
  )

/** A function that is given the code, and says the rest. */
const wrapped = (call: Node | undefined, of: Module): Properties | undefined => {
  if (call?.type !== 'CallExpression') return undefined
  const found = resolved(nameOf(child(call, 'callee')), { at: call.start, of })
  const inner = found?.node && within(found.node).find(each => each.type === 'ObjectExpression' && says(each, found.of))
  return inner && found ? propertiesOf({ node: inner, of: found.of }) : undefined
}

const says = (node: Node, of: Module): boolean => propertiesOf({ node, of }).has('summary')

const saysSomething = (text: string): boolean => /\p{L}/u.test(text)

/** What a schema says of an argument, a variable, a setting and a key alike. */
const withNoun = (text: string, code: string): string =>
  text.replace(/^(The|There is no|These) …/, `$1 ${/^[a-z]+/.exec(code)?.[0]}`).replace(/^… must/, '`…` must')

/** A help that is made of what was written, word for word. */
export const toldWithIt = 'What to do is told with it.'

/** All problems that the source defines, one for each place and code. */
export const problemDefinitions = (): readonly Definition[] =>
  all().flatMap(of => {
    const callOf = new Map(of.nodes.flatMap(call => list(call, 'arguments').map(each => [each, call] as const)))
    return of.nodes.flatMap(node => {
      if (node.type !== 'ObjectExpression') return []
      const own = propertiesOf({ node, of })
      const code = own.get('code')
      if (code === undefined) return []
      const around = own.has('summary') ? undefined : wrapped(callOf.get(node), of)
      const get = (key: string) => {
        const value = own.get(key) ?? around?.get(key)
        return value
          ? textsOf(value)
              .map(text => text.trim())
              .filter(saysSomething)
          : []
      }
      const at = list(node, 'properties').find(each => nameOf(child(each, 'key')) === 'code')?.start
      const note = of.notes.find(({ before }) => before === at)?.text
      if (!own.has('summary') && !around && note === undefined) return []
      const summary = get('summary')
      const help = [...get('help'), ...get('then').map(command => `\`${command}\``)]
      const isTold = (own.has('help') || around?.has('help')) && help.length === 0
      return codesOf(code).map(each => ({
        code: each,
        file: of.path,
        says: note === undefined ? summary.map(text => withNoun(text, each)) : [note],
        wanted: get('wanted'),
        help: isTold ? [toldWithIt] : help,
      }))
    })
  })

/** Texts, but for those that something is compared with. */
const literalsIn = (node: Node): readonly string[] => {
  if (node.type === 'BinaryExpression') return []
  return node.type === 'Literal' ? [String(node.value)] : below(node).flatMap(literalsIn)
}

/** Every text that stands where a code does, found without understanding what is around it. */
export const writtenCodes = (): ReadonlySet<string> =>
  new Set(
    all().flatMap(({ path, nodes }) =>
      nodes
        .filter(({ type, key }) => type === 'Property' && isNode(key) && nameOf(key) === 'code')
        .flatMap(node => literalsIn(child(node, 'value') as Node))
        .filter(text => isCode(text) && path !== 'src/report/review/blocks.ts'),
    ),
  )
