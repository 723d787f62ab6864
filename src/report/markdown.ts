// A plan as Markdown that reads well in a mail too: one table per node, the changes below it, nothing left out.

import { changesInWords, type PlanDocument, type PlannedHost, type PlannedStep, subjectOf } from './plan.ts'
import { hasWork, planHead } from './plan-head.ts'
import { evidenceWords } from './plan-words.ts'
import { oneLine } from './printable.ts'

export const planMarkdown = (plan: PlanDocument): string => {
  const { title, counts } = planHead(plan)
  const parts = [
    `# ${asText(title)}`,
    asText(counts),
    evidenceWords(plan),
    ...plan.hosts.flatMap(hostParts),
    '## Next',
    hasWork(plan) ? fence([plan.next], 'sh') : 'Nothing to do.',
    `Digest of this plan: \`${plan.digest}\``,
  ]
  return `${parts.filter(Boolean).join('\n\n')}\n`
}

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
    code(step.step),
    asText(subjectOf(step)),
    `${step.evidence ?? ''}${step.isFinal ? ' ▲' : ''}`,
    asText(step.because),
  ].join(' | ')} |`

const changeParts = (step: PlannedStep): readonly string[] => [
  `### ${step.number}. ${code(step.step)}`,
  ...changesInWords(step).flatMap(({ sign, name, fields, diff }) => [
    [`- \`${sign}\` ${asText(name)}`, ...fields.map(field => `  - ${asText(field)}`)].join('\n'),
    ...(diff.length > 0 ? [fence(diff, 'diff')] : []),
  ]),
]

/** What Markdown would take for markup stays text; a bar would end the cell of a table. */
const asText = (text: string): string => oneLine(text).replace(/[\\`*_{}[\]<>|#]/g, '\\$&')

const code = (text: string): string => `\`${oneLine(text).replaceAll('`', "'").replaceAll('|', '\\|')}\``

/** Longer than any run of backticks inside. */
const fence = (lines: readonly string[], language: string): string => {
  const longest = Math.max(2, ...lines.flatMap(line => (line.match(/`+/g) ?? []).map(run => run.length)))
  const mark = '`'.repeat(longest + 1)
  return [`${mark}${language}`, ...lines, mark].join('\n')
}
