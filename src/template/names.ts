// Which variables a template needs from outside, and where it names them; worked out without any value.
import { globals } from './methods.ts'
import type { Arguments, Expression, Range, Statement } from './syntax.ts'
import { unsupportedFunctions } from './unsupported.ts'

export type Need = Range & {
  readonly name: string
  /** False where a missing variable does no harm: behind `default`, or where the text asks `is defined`. */
  readonly isRequired: boolean
  /** Which member of it, as far as that is written out: `['stat', 'exists']`; a number or another variable ends it. */
  readonly path: readonly string[]
}

/** Every use of a variable that the template does not set itself, in the order of the text. */
export const needsOf = (body: readonly Statement[]): Need[] => {
  const uses: Use[] = []
  statements(body, { own: new Set(['omit']), uses })
  return needsOfUses(uses)
}

/** The same for a bare expression. */
export const needsOfExpression = (node: Expression): Need[] => {
  const uses: Use[] = []
  expression(node, { own: new Set(['omit']), uses })
  return needsOfUses(uses)
}

type Use = Range & {
  readonly name: string
  readonly path: readonly string[]
  readonly how: 'used' | 'defaulted' | 'asked'
}

/** What a text asks about with `is defined` is taken as guarded wherever else it stands in that text. */
const needsOfUses = (uses: readonly Use[]): Need[] => {
  const asked = new Set(uses.filter(({ how }) => how === 'asked').map(({ name }) => name))
  return uses
    .map(({ name, path, how, start, end }) => ({
      ...{ name, path, start, end },
      isRequired: how === 'used' && !asked.has(name),
    }))
    .sort((a, b) => a.start - b.start)
}

type Walk = { readonly own: ReadonlySet<string>; readonly uses: Use[] }

const statements = (body: readonly Statement[], { own, uses }: Walk): void => {
  const names = new Set(own)
  for (const each of body) statement(each, { own: names, uses }, name => names.add(name))
}

const statement = (node: Statement, walk: Walk, set: (name: string) => void): void => {
  switch (node.type) {
    case 'text':
      break
    case 'output':
      expression(node.expression, walk)
      break
    case 'if':
      for (const { condition, body } of node.branches) {
        expression(condition, walk)
        branch(body, walk, set)
      }
      branch(node.otherwise, walk, set)
      break
    case 'for': {
      expression(node.over, walk)
      const inner = { ...walk, own: new Set([...walk.own, ...node.targets.map(({ name }) => name), 'loop']) }
      if (node.filter !== undefined) expression(node.filter, inner)
      statements(node.body, inner)
      statements(node.otherwise, walk)
      break
    }
    case 'set':
      expression(node.value, walk)
      for (const { name } of node.targets) set(name)
      break
    case 'set-block':
      for (const { args } of node.filters) givenArguments(args, walk)
      statements(node.body, walk)
      set(node.target.name)
      break
    case 'set-member':
      use({ ...node.target, type: 'name' }, 'used', walk)
      expression(node.value, walk)
      break
    case 'with': {
      for (const { value } of node.sets) expression(value, walk)
      statements(node.body, { ...walk, own: new Set([...walk.own, ...node.sets.map(({ target }) => target.name)]) })
      break
    }
    case 'macro': {
      set(node.name.name)
      for (const { otherwise } of node.parameters) if (otherwise !== undefined) expression(otherwise, walk)
      const own = [node.name, ...node.parameters.map(({ name }) => name)].map(({ name }) => name)
      statements(node.body, { ...walk, own: new Set([...walk.own, ...own]) })
      break
    }
    case 'filter-block':
      for (const { args } of node.filters) givenArguments(args, walk)
      statements(node.body, walk)
      break
  }
}

/** What a branch sets is there after it, as in Jinja. */
const branch = (body: readonly Statement[], walk: Walk, set: (name: string) => void): void => {
  const names = new Set(walk.own)
  for (const each of body)
    statement(each, { own: names, uses: walk.uses }, name => {
      names.add(name)
      set(name)
    })
}

const forgiving: ReadonlySet<string> = new Set(['default', 'd'])

const expression = (node: Expression, walk: Walk): void => {
  switch (node.type) {
    case 'name':
      use(node, 'used', walk)
      break
    case 'member':
      root(node, 'used', walk)
      break
    case 'call':
      callee(node.callee, walk)
      givenArguments(node.args, walk)
      break
    case 'filter':
      root(node.operand, forgiving.has(node.name.name) ? 'defaulted' : 'used', walk)
      givenArguments(node.args, walk)
      break
    case 'test':
      root(node.operand, ['defined', 'undefined'].includes(node.name.name) ? 'asked' : 'used', walk)
      givenArguments(node.args, walk)
      break
    default:
      for (const part of partsOf(node)) expression(part, walk)
  }
}

/** What is called; `query` is `lookup`, and what is refused by its name is no variable. */
const callee = (node: Expression, walk: Walk): void => {
  if (node.type === 'member') {
    // What is called is a method, and no member.
    root(node.object, 'used', walk)
    expression(node.key, walk)
  } else if (node.type !== 'name') expression(node, walk)
  else if (['query', 'q'].includes(node.name)) use({ ...node, name: 'lookup' }, 'used', walk)
  else if (!Object.hasOwn(globals, node.name) && !Object.hasOwn(unsupportedFunctions, node.name))
    use(node, 'used', walk)
}

type Composite = Exclude<Expression, { type: 'name' | 'member' | 'call' | 'filter' | 'test' }>

const partsOf = (node: Composite): readonly Expression[] => {
  switch (node.type) {
    case 'literal':
      return []
    case 'list':
      return node.items
    case 'mapping':
      return node.pairs.flat()
    case 'slice':
      return [node.object, node.from, node.to, node.step].filter(part => part !== undefined)
    case 'not':
    case 'sign':
      return [node.operand]
    case 'logic':
    case 'math':
      return [node.left, node.right]
    case 'compare':
      return [node.first, ...node.rest.map(({ right }) => right)]
    case 'choice':
      return [node.condition, node.value, node.otherwise].filter(part => part !== undefined)
  }
}

const givenArguments = ({ positional, named }: Arguments, walk: Walk): void => {
  for (const each of positional) expression(each, walk)
  for (const { value } of named) expression(value, walk)
}

/** `a.b.c | default(1)` forgives a missing `a`; the keys in brackets must be there. */
const root = (node: Expression, how: Use['how'], walk: Walk, path: readonly string[] = []): void => {
  if (node.type === 'name') use(node, how, walk, path)
  else if (node.type === 'member') {
    const { key } = node
    root(node.object, how, walk, key.type === 'literal' && typeof key.value === 'string' ? [key.value, ...path] : [])
    expression(key, walk)
  } else expression(node, walk)
}

const use = (
  { name, start, end }: Extract<Expression, { type: 'name' }>,
  how: Use['how'],
  { own, uses }: Walk,
  path: readonly string[] = [],
): void => {
  if (!own.has(name)) uses.push({ name, path, how, start, end })
}
