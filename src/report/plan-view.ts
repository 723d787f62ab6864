// A plan as a table for people: per node its steps in order, what each would do, how sure that is, and why.
import { riskLine } from '../model/risk.ts'
import { foldDiff } from '../text/unified-diff.ts'
import { colours, noColours, type Paint, type Palette } from './palette.ts'
import { changesInWords, type PlanDocument, type PlannedHost, type PlannedStep, subjectOf } from './plan.ts'
import { hasWork, planHead } from './plan-head.ts'
import type { PlanSign } from './plan-sign.ts'
import { oneLine, padTo, widthOf } from './printable.ts'
import { planSpoken } from './spoken/plan.ts'

export type PlanViewOptions = {
  readonly colour?: boolean
  /** Also what each change is made of. */
  readonly diff?: boolean
  /** For somebody who hears it. */
  readonly isSpoken?: boolean
}

/** The whole text with its last line break. No line is cut, and no time or number of a process is in it. */
export const planText = (
  plan: PlanDocument,
  { colour = false, diff = false, isSpoken = false }: PlanViewOptions = {},
): string => {
  if (isSpoken) return planSpoken(plan, { diff })
  const palette = colour ? colours : noColours
  const { title, counts } = planHead(plan)
  const widths = widthsOf(plan)
  const lines = [
    palette.strong(title),
    `  ${counts}`,
    ...(plan.risks ?? []).map(risk => `  ${palette.failed('risk')}  ${oneLine(riskLine(risk))}`),
    ...plan.hosts.flatMap(host => ['', ...hostLines(host, { palette, widths, diff })]),
    '',
    ...noReturnLines(plan),
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

type Look = { readonly palette: Palette; readonly widths: Widths; readonly diff: boolean }

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
  ` ${look.palette.strong(host)}${gate === '' ? '' : `  ${gate}`}`,
  ...steps.flatMap(step => stepLines(step, look)),
]

const stepLines = (step: PlannedStep, { palette, widths, diff }: Look): readonly string[] => {
  const paint = paintOf(step.sign, palette)
  const line = [
    ` ${String(step.number).padStart(widths.number + 1)}`,
    paint(step.sign),
    paint(padTo(step.step, widths.step)),
    padTo(oneLine(subjectOf(step)), widths.subject),
    padTo(evidenceOf(step), widths.evidence),
    palette.dim(oneLine(step.because)),
  ].join('  ')
  return diff ? [line, ...changeLines(step, { palette, indent: ' '.repeat(widths.number + 7) })] : [line]
}

/** A longer diff is folded on a screen and says how long it is; the review and the JSON have all of it. */
const longestDiff = 60

type Below = { readonly palette: Palette; readonly indent: string }

const changeLines = (step: PlannedStep, { palette, indent }: Below): readonly string[] =>
  changesInWords(step).flatMap(({ sign, name, fields, diff }) => [
    `${indent}${paintOf(sign, palette)(`${sign} ${name}`)}`,
    ...fields.map(field => `${indent}    ${field}`),
    ...foldDiff(diff, longestDiff).map(line => `${indent}    ${paintDiff(line, palette)}`),
  ])

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
