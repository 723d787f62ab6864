// A plan as Markdown that reads well in a mail too: one table per node, the changes below it, nothing left out.
import { riskLine } from '../model/risk.ts'
import { asCode, asText, fence, inCell } from './markdown-text.ts'
import { changesInWords, type PlanDocument, type PlannedHost, type PlannedStep, subjectOf } from './plan.ts'
import { hasWork, planHead } from './plan-head.ts'
import { evidenceWords } from './plan-words.ts'
import { printableLines } from './printable.ts'

export const planMarkdown = (plan: PlanDocument): string => {
  const { title, counts } = planHead(plan)
  const parts = [
    `# ${asText(title)}`,
    asText(counts),
    ...(plan.risks ?? []).map(risk => `**Risk:** ${asText(riskLine(risk))}`),
    evidenceWords(plan),
    ...plan.hosts.flatMap(hostParts),
    ...noReturnParts(plan),
    '## Next',
    hasWork(plan) ? fence(printableLines(plan.next), 'sh') : 'Nothing to do.',
    `Digest of this plan: \`${plan.digest}\``,
  ]
  return `${parts.filter(Boolean).join('\n\n')}\n`
}

const noReturnParts = ({ noReturn }: PlanDocument): readonly string[] =>
  noReturn === undefined
    ? []
    : [
        '## Point of no return',
        `${asCode(noReturn.address)}: ${asText(noReturn.because)}. The undo ends here. It and what comes before it stay as the run left them.`,
      ]

const hostParts = ({ host, gate, steps }: PlannedHost): readonly string[] => [
  `## ${asText(host)}${gate === '' ? '' : `, ${asText(gate)}`}`,
  ['| # | | step | what | evidence | why |', '|--:|---|---|---|---|---|', ...steps.map(step => stepRow(step))].join(
    '\n',
  ),
  ...steps.filter(({ changes }) => changes.length > 0).flatMap(changeParts),
]

const stepRow = (step: PlannedStep): string =>
  `| ${[
    step.number,
    `\`${step.sign}\``,
    asCode(step.step),
    inCell(asText(subjectOf(step))),
    `${step.evidence ?? ''}${step.isFinal ? ' ▲' : ''}`,
    inCell(asText(step.because)),
  ].join(' | ')} |`

const changeParts = (step: PlannedStep): readonly string[] => [
  `### ${step.number}. ${asCode(step.step)}`,
  ...changesInWords(step).flatMap(({ sign, name, fields, diff }) => [
    [`- \`${sign}\` ${asText(name)}`, ...fields.map(field => `  - ${asText(field)}`)].join('\n'),
    ...(diff.length > 0 ? [fence(diff, 'diff')] : []),
  ]),
]
