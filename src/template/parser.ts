// Parses a whole Jinja text: what stands outside of the braces, what is printed, and the statements around it.
import { nameAt, parseExpression, parseFilterName, parseOr, parseTuple } from './expression-parser.ts'
import { TemplateFault, type TextForm, tokenize, tokenizeExpression } from './lexer.ts'
import type { Branch, Expression, FilterAt, NameAt, Parameter, Statement, WithSet } from './syntax.ts'
import { TokenStream } from './token-stream.ts'
import { unsupportedStatements } from './unsupported.ts'

/** @throws {TemplateFault} */
export const parseTemplate = (text: string, form?: TextForm): Statement[] => {
  const tokens = new TokenStream(tokenize(text, form))
  const body = parseBody(tokens, [])
  if (tokens.is('open-statement')) {
    const { following } = tokens
    throw new TemplateFault(`\`${following.value}\` closes nothing that is open`, following)
  }
  return body
}

/** @throws {TemplateFault} */
export const parseBareExpression = (text: string): Expression => {
  const tokens = new TokenStream(tokenizeExpression(text))
  const expression = parseExpression(tokens)
  if (!tokens.is('end')) tokens.unexpected('the end of the expression')
  return expression
}

/** Reads statements until one of the words that end them, which stays. */
const parseBody = (tokens: TokenStream, until: readonly string[]): Statement[] => {
  const body: Statement[] = []
  while (!tokens.is('end')) {
    if (tokens.is('open-statement') && isEnd(tokens.following.value, until)) return body
    body.push(parseStatement(tokens))
  }
  return body
}

const isEnd = (word: string, until: readonly string[]): boolean =>
  until.includes(word) || word.startsWith('end') || (until.length === 0 && ['else', 'elif'].includes(word))

const parseStatement = (tokens: TokenStream): Statement => {
  const { start } = tokens.current
  if (tokens.is('text')) {
    const { value, end } = tokens.next()
    return { type: 'text', text: value, start, end }
  }
  if (tokens.is('open')) {
    tokens.next()
    const expression = parseTuple(tokens)
    tokens.expect('close', '`}}`')
    return { type: 'output', expression, start, end: tokens.lastEnd }
  }
  tokens.expect('open-statement', '`{%`')
  const word = tokens.expect('name', 'a statement such as `if` or `for`')
  const parse = Object.hasOwn(statements, word.value) ? statements[word.value] : undefined
  if (parse === undefined) throw notSupported(word)
  return parse(tokens, start)
}

const notSupported = (word: {
  readonly value: string
  readonly start: number
  readonly end: number
}): TemplateFault => {
  const { value } = word
  const instead = Object.hasOwn(unsupportedStatements, value) ? unsupportedStatements[value] : undefined
  return new TemplateFault(
    `The statement \`${value}\` is not supported`,
    word,
    instead ?? `known here: ${known.join(', ')}`,
  )
}

const statements: Readonly<Record<string, (tokens: TokenStream, start: number) => Statement>> = {
  if: (tokens, start) => parseIf(tokens, start),
  for: (tokens, start) => parseFor(tokens, start),
  set: (tokens, start) => parseSet(tokens, start),
  filter: (tokens, start) => parseFilterBlock(tokens, start),
  with: (tokens, start) => parseWith(tokens, start),
  macro: (tokens, start) => parseMacro(tokens, start),
}

const known = [...Object.keys(statements), 'raw']

const closeStatement = (tokens: TokenStream): void => {
  tokens.expect('close-statement', '`%}`')
}

const parseIf = (tokens: TokenStream, start: number): Statement => {
  const branches: Branch[] = []
  do {
    const condition = parseTuple(tokens)
    closeStatement(tokens)
    branches.push({ condition, body: parseBody(tokens, ['elif', 'else', 'endif']) })
  } while (takeStatement(tokens, 'elif'))
  const otherwise = parseElse(tokens, 'endif')
  endBlock(tokens, 'if', start)
  return { type: 'if', branches, otherwise, start, end: tokens.lastEnd }
}

const parseFor = (tokens: TokenStream, start: number): Statement => {
  const targets = parseTargets(tokens)
  tokens.expectWord('in')
  const over = parseForSource(tokens)
  const filter = tokens.takeWord('if') ? parseExpression(tokens) : undefined
  if (tokens.isWord('recursive'))
    throw new TemplateFault('A loop cannot call itself', tokens.current, 'write a macro that calls itself')
  closeStatement(tokens)
  const body = parseBody(tokens, ['else', 'endfor'])
  const otherwise = parseElse(tokens, 'endfor')
  endBlock(tokens, 'for', start)
  return { type: 'for', targets, over, filter, body, otherwise, start, end: tokens.lastEnd }
}

/** Without `x if y`: there the `if` filters the loop. */
const parseForSource = (tokens: TokenStream): Expression => parseOr(tokens)

const parseTargets = (tokens: TokenStream): NameAt[] => {
  const isWithin = tokens.takeOperator('(')
  const targets = [nameAt(tokens.expect('name', 'the name of a variable'))]
  while (tokens.takeOperator(',')) targets.push(nameAt(tokens.expect('name', 'the name of a variable')))
  if (isWithin) tokens.expectOperator(')')
  return targets
}

const parseSet = (tokens: TokenStream, start: number): Statement => {
  const targets = parseTargets(tokens)
  const [target] = targets
  if (target !== undefined && targets.length === 1 && tokens.takeOperator('.'))
    return parseSetMember(tokens, target, start)
  if (tokens.takeOperator('=')) {
    const value = parseTuple(tokens)
    closeStatement(tokens)
    return { type: 'set', targets, value, start, end: tokens.lastEnd }
  }
  if (target === undefined || targets.length > 1) return tokens.unexpected('`=`')
  const filters: FilterAt[] = []
  while (tokens.takeOperator('|')) filters.push(parseFilterName(tokens))
  closeStatement(tokens)
  const body = parseBody(tokens, ['endset'])
  endBlock(tokens, 'set', start)
  return { type: 'set-block', target, filters, body, start, end: tokens.lastEnd }
}

/** Of what `namespace()` made. */
const parseSetMember = (tokens: TokenStream, target: NameAt, start: number): Statement => {
  const member = tokens.expect('name', 'a name after the dot').value
  tokens.expectOperator('=')
  const value = parseTuple(tokens)
  closeStatement(tokens)
  return { type: 'set-member', target, member, value, start, end: tokens.lastEnd }
}

const parseWith = (tokens: TokenStream, start: number): Statement => {
  const sets: WithSet[] = []
  while (!tokens.is('close-statement')) {
    const target = nameAt(tokens.expect('name', 'the name of a variable'))
    tokens.expectOperator('=')
    sets.push({ target, value: parseExpression(tokens) })
    if (!tokens.takeOperator(',')) break
  }
  closeStatement(tokens)
  const body = parseBody(tokens, ['endwith'])
  endBlock(tokens, 'with', start)
  return { type: 'with', sets, body, start, end: tokens.lastEnd }
}

const parseMacro = (tokens: TokenStream, start: number): Statement => {
  const name = nameAt(tokens.expect('name', 'the name of the macro'))
  const parameters: Parameter[] = []
  tokens.expectOperator('(')
  while (!tokens.isOperator(')')) {
    const parameter = nameAt(tokens.expect('name', 'the name of a parameter'))
    parameters.push({ name: parameter, otherwise: tokens.takeOperator('=') ? parseExpression(tokens) : undefined })
    if (!tokens.takeOperator(',')) break
  }
  tokens.expectOperator(')')
  closeStatement(tokens)
  const body = parseBody(tokens, ['endmacro'])
  endBlock(tokens, 'macro', start)
  return { type: 'macro', name, parameters, body, start, end: tokens.lastEnd }
}

const parseFilterBlock = (tokens: TokenStream, start: number): Statement => {
  const filters = [parseFilterName(tokens)]
  while (tokens.takeOperator('|')) filters.push(parseFilterName(tokens))
  closeStatement(tokens)
  const body = parseBody(tokens, ['endfilter'])
  endBlock(tokens, 'filter', start)
  return { type: 'filter-block', filters, body, start, end: tokens.lastEnd }
}

const parseElse = (tokens: TokenStream, end: string): Statement[] => {
  if (!takeStatement(tokens, 'else')) return []
  closeStatement(tokens)
  return parseBody(tokens, [end])
}

const takeStatement = (tokens: TokenStream, word: string): boolean => {
  const isThere = tokens.is('open-statement') && tokens.following.type === 'name' && tokens.following.value === word
  if (isThere) {
    tokens.next()
    tokens.next()
  }
  return isThere
}

const endBlock = (tokens: TokenStream, word: string, start: number): void => {
  if (!takeStatement(tokens, `end${word}`))
    throw new TemplateFault(`{% ${word} %} is not closed`, { start, end: start + 2 }, `close it with {% end${word} %}`)
  if (word === 'macro' && tokens.is('name')) tokens.next()
  closeStatement(tokens)
}
