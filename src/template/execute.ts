// Carries out the statements of a template: what is printed, loops, conditions, and variables of its own.
import { Secret } from '../model/secret.ts'
import { applyFilter, notIterable, type Scope, workOut } from './evaluate.ts'
import { TemplateFault } from './lexer.ts'
import type { NameAt, Range, Statement } from './syntax.ts'
import { isMapping, isTrue, listOf, omit, secretIn, textOf, ValueFault } from './values.ts'

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
      if (value === omit) return []
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
      scope.set(statement.target.name, joined(run(statement.body, inner(scope))))
      return []
    case 'filter-block': {
      const start: unknown = joined(run(statement.body, inner(scope)))
      return [statement.filters.reduce((value, { name, args }) => filtered(name, value, args, scope), start)]
    }
  }
}

const inner = (scope: LocalScope): LocalScope => new LocalScope(scope, scope.effort)

/** A list goes on as its text: the values that are printed are put side by side. */
const printable = (value: unknown): string | Secret => joined([value])

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
  return rounds.flatMap(({ own }, index) => {
    own.set('loop', loopVariable(rounds, index))
    return run(statement.body, own)
  })
}

const loopVariable = (rounds: readonly { readonly item: unknown }[], index: number) => ({
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
