// What happened, at a glance: how many steps ended how, the run in a few facts, and each node's steps in a table.
import type { Counted } from '../../../model/counts.ts'
import type { PlannedStep } from '../../../model/plan-file.ts'
import { riskLine } from '../../../model/risk.ts'
import { formatDuration } from '../../../text/duration.ts'
import { outcomes, outcomeWords } from '../../counts.ts'
import {
  type Block,
  type Count,
  code,
  type Fact,
  facts,
  number,
  paragraph,
  type Section,
  type Tone,
  table,
} from '../blocks.ts'
import type { Closing } from '../closing.ts'
import { groupBy } from '../group-by.ts'
import type { RunRecord } from '../record.ts'
import { notReached, openSteps, openText } from './open-steps.ts'
import { runFacts } from './run-facts.ts'
import { evidenceText, stepLink } from './words.ts'

export const happenedSection = (record: RunRecord): Section => ({
  id: 'happened',
  title: 'What happened',
  blocks: [
    { type: 'counts', counts: countsOf(record) },
    facts([...runFacts(record.closing), ...aboutFacts(record)]),
    ...openCall(record),
    ...[...groupBy(record.steps, ({ host }) => host).values()].map(steps => hostFold(steps, record)),
    ...inputTable(record),
  ],
})

const tones: Readonly<Partial<Record<Counted, Tone>>> = {
  changed: 'good',
  'would-change': 'notice',
  same: 'good',
  unknown: 'danger',
  failed: 'danger',
  'not-reached': 'danger',
}

/** As the screen counts them: what was let pass is no failure of the run. */
const countsOf = ({ counts }: RunRecord): readonly Count[] =>
  outcomes
    .map(outcome => ({
      count: counts[outcome] ?? 0,
      word: outcomeWords[outcome],
      tone: tones[outcome] ?? 'plain',
    }))
    .filter(({ count }) => count > 0)

const aboutFacts = ({ started }: RunRecord): readonly (Fact | undefined)[] => {
  const {
    playbook,
    playbookFile,
    inventory,
    cluster,
    lab,
    order,
    resumes,
    plan,
    request,
    version,
    risks = [],
  } = started
  return [
    ['playbook', [code(playbook), ' in ', code(playbookFile)]],
    ['inventory', [code(inventory), ', cluster ', code(cluster), lab ? ' (a lab)' : '']],
    ['order of nodes', [order.join(' → ')]],
    ...risks.map((risk): Fact => ['risk', [riskLine(risk)]]),
    resumes === undefined ? undefined : ['goes on with', [code(resumes)]],
    request?.undo === undefined ? undefined : ['takes back', [code(request.undo)]],
    plan === undefined ? undefined : ['held to plan', [code(plan)]],
    ['carried out by', [`run ${version}`]],
  ]
}

const openCall = ({ closing, groups }: RunRecord): readonly Block[] => {
  const items = [
    ...openSteps(closing.steps)
      .filter(({ outcome }) => outcome !== 'not-reached')
      .map(step => openText(step, groups)),
    ...notReached(closing.steps, groups),
  ]
  return items.length === 0 ? [] : [{ type: 'call', tone: 'danger', items }]
}

const hostFold = (steps: readonly [PlannedStep, ...PlannedStep[]], { closing, groups }: RunRecord): Block => ({
  type: 'fold',
  title: ['On ', code(steps[0].host)],
  isOpen: false,
  blocks: [
    table(
      ['step', 'outcome', 'evidence', number('changes'), number('time')],
      steps.map(step => [
        [stepLink(step.step, groups)],
        [outcomeWords[step.outcome]],
        [evidenceText(step.evidence, false)],
        [step.changes.length === 0 ? '-' : `${step.changes.length}`],
        [timeOf(step, closing)],
      ]),
    ),
  ],
})

const timeOf = ({ step, host }: PlannedStep, { steps }: Closing): string => {
  const ms = steps.find(done => done.step === step && done.host === host)?.ms
  return ms === undefined ? '-' : formatDuration(ms)
}

const inputTable = ({ started: { inputs } }: RunRecord): readonly Block[] =>
  inputs === undefined
    ? []
    : [
        paragraph('Files that it was read from.'),
        table(
          ['file', 'SHA-256'],
          inputs.map(({ file, sha256 }) => [[code(file)], [code(sha256)]]),
        ),
      ]
