// A plan as a table for people: per node its steps in order, what each would do, how sure that is, and why.
import { riskLine } from '../model/risk.ts'
import { foldDiff } from '../text/unified-diff.ts'
import { beside, fitted, indentFor, leastColumn } from './fitted.ts'
import { colours, noColours, type Paint, type Palette } from './palette.ts'
import { changesInWords, type PlanDocument, type PlannedHost, type PlannedStep, subjectOf } from './plan.ts'
import { hasWork, planHead } from './plan-head.ts'
import type { PlanSign } from './plan-sign.ts'
import { oneLine, padTo, widthOf, withoutEscapes } from './printable.ts'
import { planSpoken } from './spoken/plan.ts'

export type PlanViewOptions = {
  readonly colour?: boolean
  /** Also what each change is made of. */
  readonly diff?: boolean
  /** For somebody who hears it. */
  readonly isSpoken?: boolean
  /** How wide the screen is; without it no line is broken. */
  readonly columns?: number
}

/** The whole text with its last line break. No line is cut, and no time or number of a process is in it. */
export const planText = (
  plan: PlanDocument,
  { colour = false, diff = false, isSpoken = false, columns = Number.POSITIVE_INFINITY }: PlanViewOptions = {},
): string => {
  if (isSpoken) return planSpoken(plan, { diff })
  const palette = colour ? colours : noColours
  const { title, counts } = planHead(plan)
  const look = { palette, widths: widthsOf(plan), diff, columns }
  const lines = [
    ...fitted(palette.strong(title), columns, 4),
    ...fitted(`  ${counts}`, columns, 4),
    ...(plan.risks ?? []).flatMap(risk =>
      fitted(`  ${palette.failed('risk')}  ${oneLine(riskLine(risk))}`, columns, 8),
    ),
    ...plan.hosts.flatMap(host => ['', ...hostLines(host, look)]),
    '',
    ...noReturnLines(plan).flatMap(line => fitted(line, columns, 3)),
    // A command stays on one line, as it has to be typed.
    hasWork(plan) ? `${palette.dim('Next:')} ${oneLine(plan.next)}` : 'Nothing to do.',
  ]
  return `${lines.map(line => line.trimEnd()).join('\n')}\n`
}

/** The line behind which nothing is taken back. */
const noReturnLines = ({ noReturn }: PlanDocument): readonly string[] => {
  if (!noReturn) return []
  const { address, because, left } = noReturn
  const others = left === 0 ? '' : ` and the ${left === 1 ? 'step' : `${left} steps`} before it`
  return [
    `── point of no return: ${address} (${oneLine(because)})`,
    `   The undo ends here. It${others} ${left === 0 ? 'stays' : 'stay'} as the run left ${left === 0 ? 'it' : 'them'}.`,
  ]
}

type Widths = { readonly number: number; readonly step: number; readonly subject: number; readonly evidence: number }

type Look = {
  readonly palette: Palette
  readonly widths: Widths
  readonly diff: boolean
  readonly columns: number
}

/** One long path must not push the reasons of all others off the screen. */
const widestSubject = 48

const widthsOf = ({ hosts }: PlanDocument): Widths => {
  const steps = hosts.flatMap(host => host.steps)
  const widest = (words: readonly string[]) => Math.max(0, ...words.map(widthOf))
  return {
    number: String(Math.max(0, ...steps.map(({ number }) => number))).length,
    step: widest(steps.map(({ step }) => step)),
    subject: Math.min(widestSubject, widest(steps.map(subjectOf))),
    evidence: widest(steps.map(evidenceOf)),
  }
}

const evidenceOf = ({ evidence, isFinal }: PlannedStep): string => `${evidence ?? '-'}${isFinal ? ' ▲' : ''}`

const hostLines = ({ host, gate, steps }: PlannedHost, look: Look): readonly string[] => [
  ...fitted(` ${look.palette.strong(host)}${gate === '' ? '' : `  ${gate}`}`, look.columns, 4),
  ...steps.flatMap(step => stepLines(step, look)),
]

const stepLines = (step: PlannedStep, look: Look): readonly string[] => {
  const { widths, diff, columns } = look
  const indent = widths.number + textAt
  const fixed = indent + widths.step + widths.subject + widths.evidence + 3 * gap.length
  const lines = fixed + leastColumn > columns ? stackedStep(step, look, indent) : stepInColumns(step, look)
  return diff ? [...lines, ...changeLines(step, { ...look, indent })] : lines
}

const gap = '  '

/** Columns of the sign and of the blanks before a step, beside its number. */
const textAt = 7

const numberAndSign = ({ number, sign }: PlannedStep, { palette, widths }: Look): string =>
  ` ${String(number).padStart(widths.number + 1)}${gap}${paintOf(sign, palette)(sign)}${gap}`

const stepInColumns = (step: PlannedStep, look: Look): readonly string[] => {
  const { palette, widths, columns } = look
  const lead = [
    numberAndSign(step, look) + paintOf(step.sign, palette)(padTo(step.step, widths.step)),
    padTo(oneLine(subjectOf(step)), widths.subject),
    padTo(evidenceOf(step), widths.evidence),
    '',
  ].join(gap)
  return beside(lead, palette.dim(oneLine(step.because)), columns)
}

/** Where there is no room for columns: what it is, what it is about, and why, one below the other. */
const stackedStep = (step: PlannedStep, look: Look, indent: number): readonly string[] => {
  const { palette, columns } = look
  const name = paintOf(step.sign, palette)(step.step)
  const isWide = indent + widthOf(step.step) > columns
  const lead = isWide ? ' '.repeat(indentFor(widthOf(step.step), columns, indent)) : numberAndSign(step, look)
  const subject = look.diff && step.changes.length > 0 ? '' : oneLine(subjectOf(step))
  const below = [subject, palette.dim(oneLine(step.because))].filter(text => withoutEscapes(text) !== '')
  return [
    ...(isWide ? [numberAndSign(step, look)] : []),
    ...fitted(`${lead}${name}${gap}${evidenceOf(step)}`, columns, indent),
    ...below.flatMap(text => fitted(' '.repeat(indent) + text, columns, indent + 2)),
  ]
}

/** A longer diff is folded on a screen and says how long it is; the review and the JSON have all of it. */
const longestDiff = 60

type Below = Pick<Look, 'palette' | 'columns'> & { readonly indent: number }

const changeLines = (step: PlannedStep, { palette, indent, columns }: Below): readonly string[] => {
  const blank = ' '.repeat(indent)
  return changesInWords(step).flatMap(({ sign, name, fields, diff }) => [
    ...fitted(`${blank}${paintOf(sign, palette)(`${sign} ${name}`)}`, columns, indent + 2),
    ...fields.flatMap(field => fitted(`${blank}    ${field}`, columns, indent + 6)),
    // What is quoted stays as it is.
    ...foldDiff(diff, longestDiff).map(line => `${blank}    ${paintDiff(line, palette)}`),
  ])
}

const paintDiff = (line: string, { changed, failed, running }: Palette): string => {
  if (line.startsWith('+')) return changed(line)
  if (line.startsWith('-')) return failed(line)
  return line.startsWith('@@') ? running(line) : line
}

const paintOf = (sign: PlanSign, palette: Palette): Paint => {
  switch (sign) {
    case '+':
      return palette.changed
    case '~':
    case '!':
      return palette.planned
    case '-':
    case '✖':
      return palette.failed
    case '?':
      return palette.unknown
    case '=':
    case '·':
      return palette.dim
  }
}
