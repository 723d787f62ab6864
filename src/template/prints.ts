// What a template prints into the text around it, and whether a shell would read it as one word.
import type { Expression, Range, Statement } from './syntax.ts'

export type Print = Range & {
  /** A shell reads it as one word, whatever its value: it went through `quote`, or is no text. */
  readonly isOneWord: boolean
}

/** Each place where a value is printed, in the order of the text. */
export const printsOf = (body: readonly Statement[]): readonly Print[] => body.flatMap(printsIn)

/** The same for a text that is one expression. */
export const printOf = (expression: Expression): Print => ({
  start: expression.start,
  end: expression.end,
  isOneWord: isOneWord(expression),
})

const printsIn = (statement: Statement): readonly Print[] => {
  switch (statement.type) {
    case 'text':
    case 'set':
    // What it holds is printed where its name is.
    case 'set-block':
    case 'set-member':
    case 'macro':
      return []
    case 'with':
      return printsOf(statement.body)
    case 'output':
      return [printOf(statement.expression)]
    case 'if':
      return [...statement.branches.flatMap(({ body }) => printsOf(body)), ...printsOf(statement.otherwise)]
    case 'for':
      return [...printsOf(statement.body), ...printsOf(statement.otherwise)]
    case 'filter-block': {
      const isQuoted = statement.filters.at(-1)?.name.name === 'quote'
      return isQuoted ? [] : printsOf(statement.body)
    }
  }
}

/** Filters whose result is a number or a truth value. */
const numeric: ReadonlySet<string> = new Set(['int', 'float', 'length', 'count', 'bool', 'sum'])

const isOneWord = (expression: Expression): boolean => {
  switch (expression.type) {
    case 'literal':
    case 'test':
    case 'not':
    case 'compare':
    case 'sign':
      return true
    case 'filter':
      return expression.name.name === 'quote' || numeric.has(expression.name.name) || isJoinOfQuoted(expression)
    case 'choice':
      return isOneWord(expression.value) && (expression.otherwise === undefined || isOneWord(expression.otherwise))
    case 'math':
      return expression.operator === '~' && isOneWord(expression.left) && isOneWord(expression.right)
    default:
      return false
  }
}

/** `list | map('quote') | join(' ')`: one word each. */
const isJoinOfQuoted = ({ name, operand }: Extract<Expression, { type: 'filter' }>): boolean => {
  if (name.name !== 'join' || operand.type !== 'filter' || operand.name.name !== 'map') return false
  const [first] = operand.args.positional
  return first?.type === 'literal' && first.value === 'quote'
}
