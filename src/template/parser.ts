// Parses a whole Jinja text: what stands outside of the braces, what is printed, and the statements around it.
import { nameAt, parseExpression, parseFilterName, parseOr, parseTuple } from './expression-parser.ts'
import { TemplateFault, tokenize, tokenizeExpression } from './lexer.ts'
import type { Branch, Expression, NameAt, Statement } from './syntax.ts'
import { TokenStream } from './token-stream.ts'

/** @throws {TemplateFault} */
export const parseTemplate = (text: string): Statement[] => {
  const tokens = new TokenStream(tokenize(text))
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
  if (parse === undefined)
    throw new TemplateFault(`The statement \`${word.value}\` is not supported`, word, `known here: ${known.join(', ')}`)
  return parse(tokens, start)
}

const statements: Readonly<Record<string, (tokens: TokenStream, start: number) => Statement>> = {
  if: (tokens, start) => parseIf(tokens, start),
  for: (tokens, start) => parseFor(tokens, start),
  set: (tokens, start) => parseSet(tokens, start),
  filter: (tokens, start) => parseFilterBlock(tokens, start),
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
  closeStatement(tokens)
  const body = parseBody(tokens, ['else', 'endfor'])
  const otherwise = parseElse(tokens, 'endfor')
  endBlock(tokens, 'for', start)
  return { type: 'for', targets, over, filter, body, otherwise, start, end: tokens.lastEnd }
}

/** Without `x if y`: there the `if` filters the loop. */
const parseForSource = (tokens: TokenStream): Expression => parseOr(tokens)

const parseTargets = (tokens: TokenStream): NameAt[] => {
  const targets = [nameAt(tokens.expect('name', 'the name of a variable'))]
  while (tokens.takeOperator(',')) targets.push(nameAt(tokens.expect('name', 'the name of a variable')))
  return targets
}

const parseSet = (tokens: TokenStream, start: number): Statement => {
  const targets = parseTargets(tokens)
  const [target] = targets
  if (tokens.takeOperator('=')) {
    const value = parseTuple(tokens)
    closeStatement(tokens)
    return { type: 'set', targets, value, start, end: tokens.lastEnd }
  }
  if (target === undefined || targets.length > 1) return tokens.unexpected('`=`')
  closeStatement(tokens)
  const body = parseBody(tokens, ['endset'])
  endBlock(tokens, 'set', start)
  return { type: 'set-block', target, body, start, end: tokens.lastEnd }
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
  closeStatement(tokens)
}
