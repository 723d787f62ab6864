// A plan for somebody who hears it: one sentence for each step, in the order of the nodes, and no sign in it.
import { riskLine } from '../../model/risk.ts'
import { foldDiff } from '../../text/unified-diff.ts'
import { outcomeWords, plural } from '../counts.ts'
import { changesInWords, type PlanDocument, type PlannedHost, type PlannedStep, subjectOf } from '../plan.ts'
import { hasWork, planHead } from '../plan-head.ts'
import type { PlanSign } from '../plan-sign.ts'
import { oneLine } from '../printable.ts'
import { diffLineInWords, inSpeech, signWord } from './words.ts'

/** A longer diff is folded and says how long it is; the review and the JSON have all of it. */
const longestDiff = 60

/** @param diff Also what each change is made of. */
export const planSpoken = (plan: PlanDocument, { diff = false }: { readonly diff?: boolean } = {}): string => {
  const { title, counts } = planHead(plan)
  const lines = [
    inSpeech(title.replaceAll('  ', ', ')),
    inSpeech(counts.replaceAll('    ', ', ')),
    ...(plan.risks ?? []).map(risk => `Risk: ${oneLine(riskLine(risk))}`),
    ...plan.hosts.flatMap(host => hostLines(host, diff)),
    ...(plan.noReturn ? [`Point of no return: ${plan.noReturn.address}, ${oneLine(plan.noReturn.because)}`] : []),
    hasWork(plan) ? `Next: ${oneLine(plan.next)}` : 'Nothing to do.',
  ]
  return `${lines.join('\n')}\n`
}

const hostLines = ({ host, gate, steps }: PlannedHost, diff: boolean): readonly string[] => [
  `Node ${host}${gate === '' ? '' : `, ${gate}`}: ${plural(steps.length, 'step')}.`,
  ...steps.flatMap(step => stepLines(step, diff)),
]

const stepLines = (step: PlannedStep, diff: boolean): readonly string[] => {
  const { number, because, evidence, isFinal } = step
  const told = [
    `Step ${number}, ${step.step}: ${wordOf(step)}, ${oneLine(subjectOf(step))}`,
    because === '' ? '' : `Why: ${inSpeech(oneLine(because))}`,
    evidence === undefined ? '' : `Evidence: ${evidence}`,
    isFinal ? 'Cannot be undone' : '',
  ]
  const line = `${told.filter(Boolean).join('. ')}.`
  return diff ? [line, ...changeLines(step)] : [line]
}

/** What the sign says beyond the outcome. */
const more: Readonly<Partial<Record<PlanSign, string>>> = {
  '+': 'makes something new',
  '-': 'removes something',
  '!': 'a foreign program decides',
}

const wordOf = ({ outcome, sign }: PlannedStep): string =>
  [outcomeWords[outcome], more[sign]].filter(Boolean).join(', ')

const changeLines = (step: PlannedStep): readonly string[] =>
  changesInWords(step).flatMap(({ sign, name, fields, diff }) => [
    `${signWord(sign)} ${name}`,
    ...fields.map(inSpeech),
    ...foldDiff(diff, longestDiff).map(line => diffLineInWords(line).join(': ')),
  ])
