// Carries out the statements of a template: what is printed, loops, conditions, and variables of its own.
import { Secret } from '../model/secret.ts'
import { applyFilter, notIterable, type Scope, workOut } from './evaluate.ts'
import { TemplateFault } from './lexer.ts'
import type { NameAt, Parameter, Range, Statement } from './syntax.ts'
import {
  areEqual,
  assignable,
  Callable,
  isMapping,
  isTrue,
  listOf,
  type Mapping,
  omit,
  secretIn,
  textOf,
  Undefined,
  ValueFault,
} from './values.ts'

/**
 * What the statements print. A secret among it makes all of it a secret.
 *
 * @throws {TemplateFault}
 */
export const execute = (body: readonly Statement[], scope: Scope): string | Secret =>
  joined(run(body, new LocalScope(scope, new Effort())))

const joined = (values: readonly unknown[]): string | Secret => {
  const text = values.map(textOf).join('')
  const secret = secretIn(values)
  return secret === undefined ? text : new Secret(secret.label, text)
}

/** How much one template has done: loops in loops, and texts that grow, have to end somewhere. */
class Effort {
  #rounds = 0
  #size = 0

  /** @throws {TemplateFault} */
  spend({ rounds = 0, size = 0 }: { readonly rounds?: number; readonly size?: number }, range: Range): void {
    this.#rounds += rounds
    this.#size += size
    if (this.#rounds > mostRounds)
      throw new TemplateFault(`More than ${mostRounds} rounds of loops are too many`, range)
    if (this.#size > mostSigns)
      throw new TemplateFault(`A text of more than ${mostSigns} characters is too long`, range)
  }
}

const mostRounds = 110_000
const mostSigns = 10_000_000

/** Names that a template sets itself, over those that it was given. */
class LocalScope implements Scope {
  readonly #names = new Map<string, unknown>()
  readonly #outer: Scope
  readonly effort: Effort

  constructor(outer: Scope, effort: Effort) {
    this.#outer = outer
    this.effort = effort
  }

  set(name: string, value: unknown): void {
    this.#names.set(name, value)
  }

  lookup(name: string): unknown {
    return this.#names.has(name) ? this.#names.get(name) : this.#outer.lookup(name)
  }

  open(value: unknown, name?: string): unknown {
    return this.#outer.open(value, name)
  }

  settle(value: unknown): unknown {
    return this.#outer.settle(value)
  }
}

/** The values to print, in order. */
const run = (body: readonly Statement[], scope: LocalScope): unknown[] =>
  body.flatMap(statement => step(statement, scope))

const step = (statement: Statement, scope: LocalScope): unknown[] => {
  switch (statement.type) {
    case 'text':
      return [statement.text]
    case 'output': {
      const value = workOut(statement.expression, scope)
      // As Ansible prints it: nothing, and not `None`.
      if (value === omit || value === null) return []
      const text = printable(value)
      scope.effort.spend({ size: textOf(text).length }, statement)
      return [text]
    }
    case 'if': {
      const branch = statement.branches.find(({ condition }) => isTrue(workOut(condition, scope)))
      return run(branch?.body ?? statement.otherwise, scope)
    }
    case 'for':
      return loop(statement, scope)
    case 'set':
      assign(statement.targets, workOut(statement.value, scope), scope)
      return []
    case 'set-block':
      scope.set(statement.target.name, throughFilters(statement, scope))
      return []
    case 'set-member':
      setMember(statement, scope)
      return []
    case 'with': {
      const own = inner(scope)
      for (const { target, value } of statement.sets) own.set(target.name, workOut(value, scope))
      return run(statement.body, own)
    }
    case 'macro':
      scope.set(statement.name.name, macro(statement, scope))
      return []
    case 'filter-block':
      return [throughFilters(statement, scope)]
  }
}

const inner = (scope: LocalScope): LocalScope => new LocalScope(scope, scope.effort)

/** A list goes on as its text: the values that are printed are put side by side. */
const printable = (value: unknown): string | Secret => joined([value])

const setMember = ({ target, member, value }: Extract<Statement, { type: 'set-member' }>, scope: LocalScope): void => {
  const space = scope.lookup(target.name)
  if (!isMapping(space) || !(assignable in space))
    throw new TemplateFault(
      `Members of \`${target.name}\` cannot be set`,
      target,
      `write \`{% set ${target.name} = namespace(${member}=…) %}\` before`,
    )
  Object.assign(space, { [member]: workOut(value, scope) })
}

/** What it prints is its value; it sees the names around its definition, and its parameters. */
const macro = ({ name, parameters, body }: Extract<Statement, { type: 'macro' }>, scope: LocalScope): Callable =>
  new Callable((positional, named) => {
    scope.effort.spend({ rounds: 1 }, name)
    const own = inner(scope)
    for (const [at, parameter] of parameters.entries())
      own.set(parameter.name.name, givenTo(parameter, { positional, named, at, own }))
    tellStrange({ name, parameters }, positional, named)
    return joined(run(body, own))
  })

type Given = {
  readonly positional: readonly unknown[]
  readonly named: Mapping
  readonly at: number
  readonly own: LocalScope
}

const givenTo = ({ name, otherwise }: Parameter, { positional, named, at, own }: Given): unknown => {
  if (at < positional.length) return positional[at]
  if (Object.hasOwn(named, name.name)) return named[name.name]
  return otherwise === undefined ? new Undefined(name.name, name) : workOut(otherwise, own)
}

type Parameters = { readonly name: NameAt; readonly parameters: readonly Parameter[] }

/** @throws {ValueFault} For an argument that no parameter takes. */
const tellStrange = ({ name, parameters }: Parameters, positional: readonly unknown[], named: Mapping): void => {
  const known = parameters.map(parameter => parameter.name.name)
  const strange = Object.keys(named).find(each => !known.includes(each))
  if (strange === undefined && positional.length <= known.length) return
  const seen = strange === undefined ? `${positional.length} arguments` : `\`${strange}\``
  throw new ValueFault(`the macro \`${name.name}\` takes ${known.join(', ') || 'no argument'}, and not ${seen}`)
}

type Filtered = Pick<Extract<Statement, { type: 'filter-block' }>, 'filters' | 'body'>

const throughFilters = ({ filters, body }: Filtered, scope: LocalScope): unknown =>
  filters.reduce<unknown>(
    (value, { name, args }) => filtered(name, value, args, scope),
    joined(run(body, inner(scope))),
  )

type FilterBlock = Extract<Statement, { type: 'filter-block' }>

const filtered = (name: NameAt, value: unknown, args: FilterBlock['filters'][number]['args'], scope: Scope): unknown =>
  placed(name, () =>
    applyFilter(name.name, value, {
      positional: args.positional.map(each => workOut(each, scope)),
      named: Object.fromEntries(args.named.map(each => [each.name, workOut(each.value, scope)])),
    }),
  )

const loop = (statement: Extract<Statement, { type: 'for' }>, scope: LocalScope): unknown[] => {
  const value = workOut(statement.over, scope)
  if (typeof value !== 'string' && !Array.isArray(value) && !isMapping(value))
    throw new TemplateFault(notIterable(value), statement.over)
  const items = listOf(value)
  scope.effort.spend({ rounds: items.length }, statement.over)
  const scoped = items.map(item => {
    const own = inner(scope)
    assign(statement.targets, item, own)
    return { item, own }
  })
  const { filter } = statement
  const rounds = filter === undefined ? scoped : scoped.filter(({ own }) => isTrue(workOut(filter, own)))
  if (rounds.length === 0) return run(statement.otherwise, scope)
  const before: unknown[] = []
  return rounds.flatMap(({ own }, index) => {
    own.set('loop', loopVariable(rounds, index, before))
    return run(statement.body, own)
  })
}

const loopVariable = (rounds: readonly { readonly item: unknown }[], index: number, before: unknown[]) => ({
  depth: 1,
  depth0: 0,
  cycle: new Callable(values => values[index % values.length]),
  changed: new Callable(values => !areEqual(before.splice(0, before.length, values)[0], values)),
  index: index + 1,
  index0: index,
  revindex: rounds.length - index,
  revindex0: rounds.length - index - 1,
  first: index === 0,
  last: index === rounds.length - 1,
  length: rounds.length,
  ...(index > 0 && { previtem: rounds[index - 1]?.item }),
  ...(index < rounds.length - 1 && { nextitem: rounds[index + 1]?.item }),
})

const assign = (targets: readonly NameAt[], value: unknown, scope: LocalScope): void => {
  const [first, ...more] = targets
  if (first === undefined) return
  const parts = more.length === 0 ? [value] : placed(first, () => listOf(value))
  if (parts.length !== targets.length)
    throw new TemplateFault(`There are ${targets.length} names for ${parts.length} values`, first)
  for (const [index, { name }] of targets.entries()) scope.set(name, parts[index])
}

const placed = <Result>(range: NameAt, work: () => Result): Result => {
  try {
    return work()
  } catch (error) {
    throw error instanceof ValueFault ? new TemplateFault(`\`${range.name}\`: ${error.message}`, range) : error
  }
}
