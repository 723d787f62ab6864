// Prints a problem as a person reads it: what, where, the line itself, what was seen and wanted, what to do.
import type { Problem, ProblemFields } from '../model/problem.ts'
import { formatSpan, type Span } from '../model/span.ts'
import { breakLines } from './break-lines.ts'
import { widthOf } from './width.ts'

type Paint = (text: string) => string

/** How the parts of a problem look; the caller decides whether there is colour. */
export type ProblemStyle = {
  readonly error: Paint
  readonly place: Paint
  readonly mark: Paint
  readonly label: Paint
  readonly help: Paint
  /** How wide the screen is, where it is known: broken there between words, and never inside `what is to be typed`. */
  readonly columns?: number
  /** For somebody who hears it: the line that is quoted, and no sign below it. */
  readonly isSpoken?: boolean
}

const same: Paint = text => text
export const plainStyle: ProblemStyle = { error: same, place: same, mark: same, label: same, help: same }

/** Several lines without a line break at the end. */
export const formatProblem = (problem: Problem, style: ProblemStyle = plainStyle): string =>
  formatAs('error', problem, style)

/** The same for what keeps nobody from going on. */
export const formatWarning = (problem: Problem, style: ProblemStyle = plainStyle): string =>
  formatAs('warning', problem, style)

const formatAs = (word: string, { fields }: Problem, style: ProblemStyle): string =>
  [
    ...heading(`${word}[${fields.code}]`, fields.summary, style),
    ...place(fields, style),
    ...details(fields, style),
    ...(fields.excerpt === undefined ? [] : indented(fields.excerpt)),
  ].join('\n')

const heading = (word: string, summary: string, { error, columns = Number.POSITIVE_INFINITY }: ProblemStyle) => {
  const indent = 2
  const lines = breakLines(inOneLine(summary), columns - indent, { first: word.length + 1 - indent })
  return lines.map((line, index) => (index === 0 ? `${error(word)} ${line}` : ' '.repeat(indent) + line))
}

/** All of them in the order of their places, an empty line between, and how many there are when there are several. */
export const formatProblems = (problems: readonly Problem[], style: ProblemStyle = plainStyle): string => {
  const parts = inOrder(problems).map(problem => formatProblem(problem, style))
  return (parts.length < 2 ? parts : [...parts, `${parts.length} problems`]).join('\n\n')
}

/** Files as they first come, then lines and columns; what has no place stays in front. */
const inOrder = (problems: readonly Problem[]): Problem[] => {
  const files = [...new Set(problems.map(problem => problem.fields.span?.file))]
  const rank = ({ fields: { span } }: Problem) => (span === undefined ? -1 : files.indexOf(span.file))
  const line = ({ fields: { span } }: Problem) => span?.line ?? 0
  const column = ({ fields: { span } }: Problem) => span?.column ?? 0
  return [...problems].sort((a, b) => rank(a) - rank(b) || line(a) - line(b) || column(a) - column(b))
}

const place = ({ span, step, host }: ProblemFields, style: ProblemStyle): string[] => {
  const who = inOneLine(whose(step, host))
  if (span === undefined) return who === '' ? [] : [`  ${style.place(who)}`]
  if (span.excerpt === '' && span.line > 0)
    return [`  ${style.place(inOneLine(formatSpan(span)))}${who === '' ? '' : `  ${who}`}`]
  if (style.isSpoken) return [`  ${spokenPlace(span)}`, ...(who === '' ? [] : [`  ${who}`])]
  const number = span.line === 0 ? '' : `${span.line}`
  const gutter = ' '.repeat(Math.max(3, number.length))
  const { line, before, width } = clip(span, (style.columns ?? Number.POSITIVE_INFINITY) - gutter.length - 7)
  const blank = ' '.repeat(widthOf(line.slice(0, before)))
  const mark = '^'.repeat(Math.max(1, widthOf(line.slice(before, before + width))))
  const isBeside =
    2 + gutter.length + 3 + widthOf(`${blank}${mark} ${who}`) <= (style.columns ?? Number.POSITIVE_INFINITY)
  return [
    `  ${style.place(inOneLine(span.line === 0 ? span.file : formatSpan(span)))}`,
    `  ${style.label(`${number.padStart(gutter.length)} |`)} ${line}`,
    `  ${style.label(`${gutter} |`)} ${blank}${style.mark(who !== '' && isBeside ? `${mark} ${who}` : mark)}`,
    ...(who === '' || isBeside ? [] : [`  ${style.place(who)}`]),
  ]
}

const spokenPlace = ({ file, line, column, excerpt }: Span): string =>
  line === 0 ? inOneLine(file) : `${inOneLine(file)}, line ${line}, column ${column}: ${inOneLine(excerpt).trim()}`

const whose = (step: string | undefined, host: string | undefined): string => {
  if (step === undefined) return host === undefined ? '' : `on ${host}`
  if (host === undefined || step.endsWith(`@${host}`)) return `step ${step}`
  // A step on one node may meet what stands in its way on another.
  return step.includes('@') ? `step ${step}, on ${host}` : `step ${step}@${host}`
}

const longestLine = 110
const leastLine = 16

/** Cuts a long line around the place, so that the mark stays below it. */
const clip = (
  { excerpt, column, width, moved = 0 }: Span,
  room: number,
): { line: string; before: number; width: number } => {
  const text = inOneLine(excerpt)
  const at = Math.max(0, Math.min(column - 1 + moved, text.length))
  const longest = Math.max(leastLine, Math.min(longestLine, room))
  if (text.length <= longest) return { line: text, before: at, width: Math.max(1, Math.min(width, text.length - at)) }
  const start = Math.max(0, Math.min(at - Math.min(30, Math.floor(longest / 3)), text.length - longest))
  const line = `${start > 0 ? '…' : ''}${text.slice(start, start + longest)}${start + longest < text.length ? '…' : ''}`
  const before = at - start + (start > 0 ? 1 : 0)
  return { line, before, width: Math.max(1, Math.min(width, line.length - before)) }
}

const labels = ['seen', 'wanted', 'state', 'help', 'then'] as const

/** Column of the text behind a label. */
const textAt = 10

const details = (fields: ProblemFields, style: ProblemStyle): string[] =>
  labels.flatMap(label => {
    const text = fields[label]
    if (text === undefined) return []
    const paint = label === 'help' || label === 'then' ? style.help : same
    // A command stays on one line, as it has to be typed.
    const width = label === 'then' ? Number.POSITIVE_INFINITY : (style.columns ?? Number.POSITIVE_INFINITY) - textAt
    const lines = text
      .split('\n')
      .flatMap(line => breakLines(visible(line), width))
      .map(paint)
    return lines.map((line, index) => `  ${style.label((index === 0 ? label : '').padEnd(7))} ${line}`)
  })

const indented = (text: string): string[] =>
  text
    .trimEnd()
    .split('\n')
    .map(line => `    ${visible(line)}`)

const unseen = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g

/** Nothing that a terminal would obey, or that turns the direction of writing: a visible sign instead. */
const visible = (text: string): string => text.replace(unseen, '�')

const inOneLine = (text: string): string => visible(text.replace(/[\t\n]/g, ' '))
