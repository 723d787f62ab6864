// Works an expression out, with native values, strict about what is not there, and with secrets kept secret.
import { Problem } from '../model/problem.ts'
import { Secret } from '../model/secret.ts'
import { describe } from '../text/words.ts'
import { codeFilters } from './code-filters.ts'
import type { FilterArguments, FilterCalls, Filters } from './filter.ts'
import { TemplateFault } from './lexer.ts'
import { listFilters } from './list-filters.ts'
import { mappingFilters } from './mapping-filters.ts'
import { callMethod, globals } from './methods.ts'
import { numberFilters } from './number-filters.ts'
import { calculate, holds, memberOf, sliceOf } from './operators.ts'
import { pathFilters } from './path-filters.ts'
import { regexFilters } from './regex-filters.ts'
import type { Arguments, Expression, NameAt, Range } from './syntax.ts'
import { templateTests } from './tests.ts'
import { textFilters } from './text-filters.ts'
import {
  Callable,
  concealed,
  gapIn,
  isMapping,
  isNotThere,
  isTrue,
  KnownLater,
  keyOf,
  omit,
  own,
  restKnownAfter,
  revealed,
  secretIn,
  textOf,
  Undefined,
  ValueFault,
} from './values.ts'

export const filters: Filters = {
  ...textFilters,
  ...numberFilters,
  ...codeFilters,
  ...regexFilters,
  ...pathFilters,
  ...listFilters,
  ...mappingFilters,
}

/** Where names get their values from. */
export type Scope = {
  /** `undefined` when there is no such variable. */
  lookup(name: string): unknown
  /** A value that is itself a template, worked out; only the outermost. `name` is what the user calls it. */
  open(value: unknown, name?: string): unknown
  /** The same, however deep templates are. */
  settle(value: unknown): unknown
}

/** A variable that is needed is not there. */
export class UndefinedFault extends TemplateFault {
  readonly variable: string

  constructor(name: string, range: Range) {
    super(`The variable \`${name}\` is not defined`, range)
    this.variable = name
  }
}

/** What a step before will give is needed, and the step has not been carried out. */
export class NotKnownFault extends TemplateFault {
  constructor(name: string, step: string, range: Range) {
    super(`\`${name}\` is known once ${step} is done`, range)
  }
}

/**
 * The value of an expression, with all that is in it worked out.
 *
 * @throws {TemplateFault} With the place in the text of the template.
 */
export const workOut = (expression: Expression, scope: Scope): unknown => defined(evaluate(expression, scope), scope)

const defined = (value: unknown, scope: Scope): unknown => {
  const gap = gapIn(value)
  if (gap !== undefined) throw notThere(gap, orLeaveOut)
  return whole(value, scope)
}

const orLeaveOut =
  "write `select('defined')` behind it to leave out what is not there, or `map('default', …)` for a value in its place"

const notThere = ({ name, range, why }: Undefined, help?: string): TemplateFault =>
  why === undefined ? new UndefinedFault(name, range) : new TemplateFault(sentence(why, range), range, help)

/** With all in it worked out; items of a list may be not there. */
const whole = (value: unknown, scope: Scope): unknown => {
  if (value instanceof Undefined && value.why === noOther) return ''
  if (value instanceof Undefined) throw notThere(value)
  return scope.settle(value)
}

const evaluate = (expression: Expression, scope: Scope): unknown => {
  switch (expression.type) {
    case 'literal':
      return expression.value
    case 'name':
      return lookup(expression.name, expression, scope)
    case 'list':
      return own(expression.items.map(item => workOut(item, scope)))
    case 'mapping':
      return own(
        Object.fromEntries(
          expression.pairs.map(([key, value]) => [
            guarded(key, () => keyOf(workOut(key, scope))),
            workOut(value, scope),
          ]),
        ),
      )
    case 'member':
      return member(expression, scope)
    case 'slice':
      return slice(expression, scope)
    case 'call':
      return call(expression, scope)
    case 'filter':
      return filter(expression, scope)
    case 'test':
      return test(expression, scope)
    case 'not':
      return !isTrue(workOut(expression.operand, scope))
    case 'sign':
      return guarded(expression, () => calculate(expression.sign, 0, workOut(expression.operand, scope)))
    case 'logic':
      return logic(expression, scope)
    case 'math':
      return math(expression, scope)
    case 'compare':
      return comparison(expression, scope)
    case 'choice':
      return choice(expression, scope)
  }
}

type Of<Type extends Expression['type']> = Extract<Expression, { type: Type }>

const lookup = (name: string, range: Range, scope: Scope): unknown => {
  const value = scope.lookup(name)
  if (value instanceof KnownLater) throw new NotKnownFault(name, value.step, range)
  if (value !== undefined) return scope.open(value, name)
  return name === 'omit' ? omit : new Undefined(name, range)
}

/** A member of what is not there is not there either, so that `a.b.c | default(1)` works as in Ansible. */
const member = ({ object, key, start, end }: Of<'member'>, scope: Scope): unknown => {
  const within = evaluate(object, scope)
  const name = workOut(key, scope)
  if (within instanceof Undefined) return new Undefined(within.name, within.range, within.why)
  const found = memberOf(within, name)
  if (found === undefined && isMapping(within) && restKnownAfter in within)
    throw new NotKnownFault(pathOf(object, name), String(within[restKnownAfter as unknown as string]), { start, end })
  if (found instanceof Undefined) return new Undefined(pathOf(object, name), { start, end }, found.why)
  return found === undefined
    ? new Undefined(pathOf(object, name), { start, end })
    : scope.open(found, pathOf(object, name))
}

const pathOf = (object: Expression, key: unknown): string => {
  const step = typeof key === 'number' ? `[${key}]` : `.${key instanceof Secret ? key : textOf(key)}`
  if (object.type === 'name') return object.name + step
  if (object.type === 'member' && object.key.type === 'literal') return pathOf(object.object, object.key.value) + step
  return step
}

const slice = (expression: Of<'slice'>, scope: Scope): unknown => {
  const bound = (each: Expression | undefined) => (each === undefined ? undefined : Number(workOut(each, scope)))
  const [from, to, step] = [bound(expression.from), bound(expression.to), bound(expression.step)]
  return openly(expression, [workOut(expression.object, scope)], ([value]) => sliceOf(value, { from, to, step }))
}

const call = (expression: Of<'call'>, scope: Scope): unknown => {
  const { callee } = expression
  const args = argumentsOf(expression.args, scope, false)
  if (callee.type === 'member' && callee.key.type === 'literal' && typeof callee.key.value === 'string') {
    const name = callee.key.value
    const { positional, named } = args
    const own = callee.object.type === 'name' ? memberOf(scope.lookup(callee.object.name), name) : undefined
    if (own instanceof Callable) return guarded(expression, () => own.call(positional, named))
    return openly(expression, [workOut(callee.object, scope), ...positional], ([value, ...rest]) =>
      callMethod(value, name, { positional: rest, named }),
    )
  }
  const isQuery = callee.type === 'name' && ['query', 'q'].includes(callee.name)
  const given = callee.type === 'name' ? scope.lookup(isQuery ? 'lookup' : callee.name) : undefined
  const named = isQuery ? { ...args.named, wantlist: true } : args.named
  if (given instanceof Callable) return guarded(expression, () => given.call(args.positional, named))
  const run = callee.type === 'name' && Object.hasOwn(globals, callee.name) ? globals[callee.name] : undefined
  if (run === undefined) throw new TemplateFault('This cannot be called', callee)
  return guarded(expression, () => run(args))
}

const argumentsOf = ({ positional, named }: Arguments, scope: Scope, mayBeUndefined: boolean): FilterArguments => {
  const work = (each: Expression) => (mayBeUndefined ? settled(evaluate(each, scope), scope) : workOut(each, scope))
  return {
    positional: positional.map(work),
    named: Object.fromEntries(named.map(({ name, value }) => [name, work(value)])),
  }
}

const settled = (value: unknown, scope: Scope): unknown => (value instanceof Undefined ? value : scope.settle(value))

const filter = (expression: Of<'filter'>, scope: Scope): unknown => {
  const { operand, name, args } = expression
  const { takesUndefined = false, takesGaps = false } = filters[name.name] ?? {}
  const value = operandOf(operand, { takesUndefined, takesGaps }, scope)
  const found = guarded(name, () => applyFilter(name.name, value, argumentsOf(args, scope, takesUndefined)))
  return Array.isArray(found) && gapIn(found) ? found.map(each => withPlace(each, name)) : withPlace(found, name)
}

type Takes = { readonly takesUndefined: boolean; readonly takesGaps: boolean }

const operandOf = (operand: Expression, { takesUndefined, takesGaps }: Takes, scope: Scope): unknown => {
  if (takesUndefined) return settled(evaluate(operand, scope), scope)
  return takesGaps ? whole(evaluate(operand, scope), scope) : workOut(operand, scope)
}

/** A filter does not know where it stands. */
const withPlace = (value: unknown, name: NameAt): unknown =>
  value instanceof Undefined && value.why !== undefined && value.range.end === 0
    ? new Undefined(value.name, name, value.why)
    : value

/** @throws {ValueFault} */
export const applyFilter = (name: string, value: unknown, args: FilterArguments): unknown => {
  const found = Object.hasOwn(filters, name) ? filters[name] : undefined
  if (found === undefined) throw new ValueFault(`there is no filter \`${name}\``)
  if (value === omit && !found.takesUndefined)
    throw new ValueFault('`omit` is no value; it takes away what it stands for')
  if (value instanceof Undefined && !found.takesUndefined) throw new ValueFault(isNotThere(value))
  const secret = found.secrets === 'keeps' ? undefined : secretIn([value, args.positional, args.named])
  if (secret === undefined) return found.apply(value, args, calls)
  const open = { positional: args.positional.map(revealed), named: revealed(args.named) as FilterArguments['named'] } // the same keys
  const result = discreetly(secret, () => found.apply(revealed(value), open, calls))
  return found.secrets === 'tells' ? result : concealed(result, secret)
}

/** @throws {ValueFault} */
const applyTest = (name: string, value: unknown, args: FilterArguments): boolean => {
  const found = Object.hasOwn(templateTests, name) ? templateTests[name] : undefined
  if (found === undefined) throw new ValueFault(`there is no test \`${name}\``)
  if (value instanceof Undefined && !found.takesUndefined) throw new ValueFault(isNotThere(value))
  return found.asks(value, args)
}

const calls: FilterCalls = { filter: applyFilter, test: applyTest }

const test = ({ operand, name, args }: Of<'test'>, scope: Scope): boolean => {
  const value = templateTests[name.name]?.takesUndefined ? evaluate(operand, scope) : workOut(operand, scope)
  return guarded(name, () => applyTest(name.name, value, argumentsOf(args, scope, false)))
}

const logic = ({ operator, left, right }: Of<'logic'>, scope: Scope): unknown => {
  const first = workOut(left, scope)
  return isTrue(first) === (operator === 'or') ? first : workOut(right, scope)
}

const math = (expression: Of<'math'>, scope: Scope): unknown => {
  const values = [workOut(expression.left, scope), workOut(expression.right, scope)]
  return openly(expression, values, ([left, right]) => calculate(expression.operator, left, right))
}

const comparison = (expression: Of<'compare'>, scope: Scope): boolean => {
  let left = workOut(expression.first, scope)
  for (const { operator, right: next } of expression.rest) {
    const right = workOut(next, scope)
    if (!guarded(expression, () => holds(operator, left, right))) return false
    left = right
  }
  return true
}

/** Unlike what is not defined, it is an empty text to whoever works with it. */
const noOther = 'no `else`'

const choice = ({ condition, value, otherwise, start, end }: Of<'choice'>, scope: Scope): unknown => {
  if (isTrue(workOut(condition, scope))) return evaluate(value, scope)
  return otherwise === undefined ? new Undefined('else', { start, end }, noOther) : evaluate(otherwise, scope)
}

/** Works on values in clear; when one of them was a secret, so is what comes of it. */
const openly = (range: Range, values: readonly unknown[], work: (values: readonly unknown[]) => unknown): unknown => {
  const secret = secretIn(values)
  if (secret === undefined) return guarded(range, () => work(values))
  if (!values.some(value => value instanceof Secret)) return guarded(range, () => madeOf(values, secret, work))
  return guarded(range, () =>
    concealed(
      discreetly(secret, () => work(values.map(revealed))),
      secret,
    ),
  )
}

/** Parts of a list or a mapping stay what they are; a text that none of them is was made of them all. */
const madeOf = (values: readonly unknown[], secret: Secret, work: (values: readonly unknown[]) => unknown): unknown => {
  const made = work(values)
  return typeof made === 'string' && !holdsText(values, made) ? concealed(made, secret) : made
}

const holdsText = (value: unknown, text: string): boolean =>
  value === text ||
  (typeof value === 'object' &&
    value !== null &&
    !(value instanceof Secret) &&
    Object.values(value).some(each => holdsText(each, text)))

/** What fails while a secret is in clear says only whose secret it was. */
const discreetly = <Result>({ label }: Secret, work: () => Result): Result => {
  try {
    return work()
  } catch (error) {
    throw error instanceof ValueFault ? new ValueFault(`this cannot be done with the secret ${label}`) : error
  }
}

/** Gives a fault of a value its place. */
const guarded = <Result>(range: Range, work: () => Result): Result => {
  try {
    return work()
  } catch (error) {
    if (error instanceof TemplateFault || error instanceof Problem || !(error instanceof ValueFault)) throw error
    throw new TemplateFault(sentence(error.message, range), range, error.help)
  }
}

const sentence = (message: string, range: Range): string => {
  const text = 'name' in range && typeof range.name === 'string' ? `\`${range.name}\`: ${message}` : message
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** For messages of statements. */
export const notIterable = (value: unknown): string => `${describe(value)} is nothing that a loop could go through`
