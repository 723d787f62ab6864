// Parses Jinja expressions, with Jinja's own precedence: or, and, not, compare, + - ~, * / // %, **, filter and test, sign.
import { TemplateFault, type Token } from './lexer.ts'
import type { Arguments, Comparator, Comparison, Expression, MathOperator, NameAt } from './syntax.ts'
import type { TokenStream } from './token-stream.ts'

/** @throws {TemplateFault} */
export const parseExpression = (tokens: TokenStream): Expression => {
  let expression = parseOr(tokens)
  while (tokens.takeWord('if')) {
    const condition = parseOr(tokens)
    const otherwise = tokens.takeWord('else') ? parseExpression(tokens) : undefined
    expression = { type: 'choice', condition, value: expression, otherwise, ...from(expression, tokens) }
  }
  return expression
}

/** An expression, or several with commas between, which are a list. */
export const parseTuple = (tokens: TokenStream): Expression => {
  const first = parseExpression(tokens)
  if (!tokens.isOperator(',')) return first
  const items = [first]
  while (tokens.takeOperator(',') && startsExpression(tokens.current)) items.push(parseExpression(tokens))
  return { type: 'list', items, ...from(first, tokens) }
}

export const nameAt = ({ value: name, start, end }: Token): NameAt => ({ name, start, end })

const from = ({ start }: { readonly start: number }, tokens: TokenStream) => ({ start, end: tokens.lastEnd })

export const parseOr = (tokens: TokenStream): Expression => {
  let left = parseAnd(tokens)
  while (tokens.takeWord('or')) {
    const right = parseAnd(tokens)
    left = { type: 'logic', operator: 'or', left, right, ...from(left, tokens) }
  }
  return left
}

const parseAnd = (tokens: TokenStream): Expression => {
  let left = parseNot(tokens)
  while (tokens.takeWord('and')) {
    const right = parseNot(tokens)
    left = { type: 'logic', operator: 'and', left, right, ...from(left, tokens) }
  }
  return left
}

const parseNot = (tokens: TokenStream): Expression => {
  const { current } = tokens
  if (!tokens.takeWord('not')) return parseCompare(tokens)
  return { type: 'not', operand: parseNot(tokens), ...from(current, tokens) }
}

const comparators = ['==', '!=', '<', '<=', '>', '>='] as const

const parseCompare = (tokens: TokenStream): Expression => {
  const first = parseSum(tokens)
  const rest: Comparison[] = []
  for (let operator = takeComparator(tokens); operator !== undefined; operator = takeComparator(tokens))
    rest.push({ operator, right: parseSum(tokens) })
  return rest.length === 0 ? first : { type: 'compare', first, rest, ...from(first, tokens) }
}

const takeComparator = (tokens: TokenStream): Comparator | undefined => {
  const { current, following } = tokens
  if (tokens.isOperator('=')) throw new TemplateFault('A single = compares nothing', current, 'write `==` to compare')
  const comparator = comparators.find(each => tokens.takeOperator(each))
  if (comparator !== undefined) return comparator
  if (tokens.takeWord('in')) return 'in'
  if (!tokens.isWord('not') || following.type !== 'name' || following.value !== 'in') return undefined
  tokens.next()
  tokens.next()
  return 'not in'
}

const binary =
  (operators: readonly MathOperator[], below: (tokens: TokenStream) => Expression) =>
  (tokens: TokenStream): Expression => {
    let left = below(tokens)
    for (;;) {
      const operator = operators.find(each => tokens.takeOperator(each))
      if (operator === undefined) return left
      const right = below(tokens)
      left = { type: 'math', operator, left, right, ...from(left, tokens) }
    }
  }

/** A sign belongs to what stands right behind it, before any filter and any power: `-2 | abs` is 2, `-2 ** 2` is 4. */
const parseSign = (tokens: TokenStream): Expression => {
  const { current } = tokens
  if (!tokens.isOperator('-', '+')) return parsePostfix(tokens, parsePrimary(tokens))
  tokens.next()
  const sign = current.value === '-' ? '-' : '+'
  return { type: 'sign', sign, operand: parseSign(tokens), ...from(current, tokens) }
}

const parseFiltered = (tokens: TokenStream): Expression => parseFilters(tokens, parseSign(tokens))
const parsePower = binary(['**'], parseFiltered)
const parseProduct = binary(['*', '/', '//', '%'], parsePower)
const parseConcat = binary(['~'], parseProduct)
const parseSum = binary(['+', '-'], parseConcat)

const parseFilters = (tokens: TokenStream, start: Expression): Expression => {
  let operand = start
  for (;;) {
    if (tokens.takeOperator('|')) {
      const { name, args } = parseFilterName(tokens)
      operand = { type: 'filter', operand, name, args, ...from(start, tokens) }
    } else if (tokens.takeWord('is')) operand = parseTest(tokens, operand)
    else return operand
  }
}

/** A filter with its arguments; a name with dots, as in `ansible.builtin.combine`, is its last part. */
export const parseFilterName = (tokens: TokenStream): { readonly name: NameAt; readonly args: Arguments } => {
  let name = nameAt(tokens.expect('name', 'the name of a filter'))
  while (tokens.takeOperator('.')) name = nameAt(tokens.expect('name', 'the name of a filter'))
  return { name, args: tokens.isOperator('(') ? parseArguments(tokens) : none }
}

const none: Arguments = { positional: [], named: [] }

const parseTest = (tokens: TokenStream, operand: Expression): Expression => {
  const isNegated = tokens.takeWord('not')
  let name = nameAt(tokens.expect('name', 'the name of a test'))
  while (tokens.takeOperator('.')) name = nameAt(tokens.expect('name', 'the name of a test'))
  const args = parseTestArguments(tokens)
  const test: Expression = { type: 'test', operand, name, args, ...from(operand, tokens) }
  return isNegated ? { type: 'not', operand: test, ...from(operand, tokens) } : test
}

/** `is divisibleby 3` needs no parentheses around one simple argument. */
const parseTestArguments = (tokens: TokenStream): Arguments => {
  if (tokens.isOperator('(')) return parseArguments(tokens)
  if (!startsExpression(tokens.current) || tokens.isOperator('-', '+', '(') || tokens.isWord(...reserved)) return none
  return { positional: [parsePostfix(tokens, parsePrimary(tokens))], named: [] }
}

const reserved = ['and', 'or', 'not', 'if', 'else', 'is', 'in', 'elif', 'for', 'recursive']

const startsExpression = ({ type, value }: Token): boolean =>
  ['name', 'string', 'integer', 'float'].includes(type) || (type === 'operator' && '-+([{'.includes(value))

const parseArguments = (tokens: TokenStream): Arguments => {
  const positional: Expression[] = []
  const named: { name: string; value: Expression }[] = []
  tokens.expectOperator('(')
  while (!tokens.isOperator(')')) {
    const { current, following } = tokens
    if (current.type === 'name' && following.type === 'operator' && following.value === '=') {
      tokens.next()
      tokens.next()
      named.push({ name: current.value, value: parseExpression(tokens) })
    } else positional.push(parseExpression(tokens))
    if (!tokens.takeOperator(',')) break
  }
  tokens.expectOperator(')')
  return { positional, named }
}

const parsePostfix = (tokens: TokenStream, start: Expression): Expression => {
  let object = start
  for (;;) {
    if (tokens.takeOperator('.')) object = parseMember(tokens, object)
    else if (tokens.takeOperator('[')) object = parseSubscript(tokens, object)
    else if (tokens.isOperator('('))
      object = { type: 'call', callee: object, args: parseArguments(tokens), ...from(start, tokens) }
    else return object
  }
}

const parseMember = (tokens: TokenStream, object: Expression): Expression => {
  const { start, end, value, type } = tokens.is('integer')
    ? tokens.next()
    : tokens.expect('name', 'a name after the dot')
  const key: Expression = { type: 'literal', value: type === 'integer' ? Number(value) : value, start, end }
  return { type: 'member', object, key, ...from(object, tokens) }
}

const parseSubscript = (tokens: TokenStream, object: Expression): Expression => {
  const bound = () => (tokens.isOperator(':', ']') ? undefined : parseExpression(tokens))
  const first = bound()
  if (!tokens.takeOperator(':')) {
    tokens.expectOperator(']')
    if (first === undefined) return tokens.unexpected('a key or a number')
    return { type: 'member', object, key: first, ...from(object, tokens) }
  }
  const to = bound()
  const step = tokens.takeOperator(':') ? bound() : undefined
  tokens.expectOperator(']')
  return { type: 'slice', object, from: first, to, step, ...from(object, tokens) }
}

const constants: Readonly<Record<string, boolean | null>> = {
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
}

const parsePrimary = (tokens: TokenStream): Expression => {
  const { start, end, type, value } = tokens.current
  if (type === 'integer' || type === 'float') {
    tokens.next()
    return { type: 'literal', value: Number(value), start, end }
  }
  if (type === 'string') return parseStrings(tokens)
  if (tokens.takeOperator('(')) return parseParenthesis(tokens, start)
  if (tokens.takeOperator('[')) return { type: 'list', items: parseItems(tokens, ']'), start, end: tokens.lastEnd }
  if (tokens.takeOperator('{')) return { type: 'mapping', pairs: parsePairs(tokens), start, end: tokens.lastEnd }
  if (type !== 'name' || reserved.includes(value)) return tokens.unexpected('a value')
  tokens.next()
  const constant = Object.hasOwn(constants, value) ? constants[value] : undefined
  return constant === undefined
    ? { type: 'name', name: value, start, end }
    : { type: 'literal', value: constant, start, end }
}

/** Texts side by side are one text, as in Python. */
const parseStrings = (tokens: TokenStream): Expression => {
  const { start } = tokens.current
  let value = ''
  while (tokens.is('string')) value += tokens.next().value
  return { type: 'literal', value, start, end: tokens.lastEnd }
}

const parseParenthesis = (tokens: TokenStream, start: number): Expression => {
  if (tokens.takeOperator(')')) return { type: 'list', items: [], start, end: tokens.lastEnd }
  const inner = parseTuple(tokens)
  tokens.expectOperator(')')
  return { ...inner, start, end: tokens.lastEnd }
}

const parseItems = (tokens: TokenStream, closer: string): Expression[] => {
  const items: Expression[] = []
  while (!tokens.isOperator(closer)) {
    items.push(parseExpression(tokens))
    if (!tokens.takeOperator(',')) break
  }
  tokens.expectOperator(closer)
  return items
}

const parsePairs = (tokens: TokenStream): (readonly [Expression, Expression])[] => {
  const pairs: (readonly [Expression, Expression])[] = []
  while (!tokens.isOperator('}')) {
    const key = parseExpression(tokens)
    tokens.expectOperator(':')
    pairs.push([key, parseExpression(tokens)])
    if (!tokens.takeOperator(',')) break
  }
  tokens.expectOperator('}')
  return pairs
}
