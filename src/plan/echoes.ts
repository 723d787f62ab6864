// A fault that is there only because of another one is not told beside it: who mends the one has mended both.
import type { Problem } from '../model/problem.ts'
import type { Span } from '../model/span.ts'

export const withoutEchoes = (problems: readonly Problem[]): readonly Problem[] => {
  const broken = spansOf(problems, ({ code }) => code === 'template-broken')
  const formless = spansOf(problems, isFormless)
  const wrong = problems.filter(({ code }) => /^variable-(?:value|missing|undefined)$/.test(code)).flatMap(nameIn)
  const isEcho = ({ code, fields: { span } }: Problem): boolean => {
    if (span === undefined) return false
    switch (code) {
      case 'template-failed':
      case 'variable-undefined':
        return broken.some(other => isSamePlace(other, span))
      case 'argument-missing':
        return formless.some(({ file, line }) => file === span.file && line === span.line)
      case 'argument-value':
        return broken.some(other => holds(span, other)) || names(span).some(name => wrong.includes(name))
      default:
        return false
    }
  }
  return problems.filter(problem => !isEcho(problem))
}

/** Arguments that are no mapping, so that all of them seem to be missing. */
const isFormless = ({ code, message }: Problem): boolean =>
  code === 'arguments-in-line' || (code === 'value-wrong' && message.startsWith('What follows'))

const spansOf = (problems: readonly Problem[], isOne: (problem: Problem) => boolean): readonly Span[] =>
  problems.filter(isOne).flatMap(({ fields: { span } }) => span ?? [])

/** The variable that a fault is about, without what lies below it. */
const nameIn = ({ message }: Problem): readonly string[] => /`(\w+)/.exec(message)?.slice(1) ?? []

const isSamePlace = (one: Span, other: Span): boolean =>
  one.file === other.file && one.line === other.line && one.column === other.column

const holds = (outer: Span, { file, line, column }: Span): boolean =>
  outer.file === file && outer.line === line && column >= outer.column && column < outer.column + outer.width

/** Words of what is marked, where something is filled in there. */
const names = ({ excerpt, column, width }: Span): readonly string[] => {
  const text = excerpt.slice(column - 1, column - 1 + width)
  return text.includes('{{') ? (text.match(/\w+/g) ?? []) : []
}
