// After the run: planned against done, step by step.
import { nameOf } from '../../../model/change.ts'
import { formatDuration } from '../../../text/duration.ts'
import { inWords, tellChange } from '../../changes.ts'
import { outcomeWords, plural } from '../../counts.ts'
import {
  type Block,
  type Count,
  code,
  facts,
  number,
  paragraph,
  type Section,
  strong,
  type Text,
  table,
} from '../blocks.ts'
import type { Closing, StepDone } from '../closing.ts'
import { groupBy } from '../group-by.ts'
import type { Review } from '../model.ts'
import { isOpen, notReached, openSteps, openText, placeText } from './open-steps.ts'
import { runFacts } from './run-facts.ts'
import { stepLink } from './words.ts'

export const doneSection = ({ groups }: Review, closing: Closing): Section => ({
  id: 'done',
  title: 'Planned against done',
  blocks: [
    { type: 'counts', counts: countsOf(closing) },
    facts(runFacts(closing)),
    ...deviations(closing, groups),
    ...[...groupBy(closing.steps, ({ host }) => host).entries()].map(([host, steps]) => hostFold(host, steps, groups)),
  ],
})

const countsOf = ({ steps }: Closing): readonly Count[] => {
  const all = (of: (step: StepDone) => readonly unknown[]) => steps.reduce((sum, step) => sum + of(step).length, 0)
  const asPlanned = steps.filter(({ isAsPlanned }) => isAsPlanned).length
  const counts: readonly Count[] = [
    { count: asPlanned, word: `of ${plural(steps.length, 'step')} as planned`, tone: 'good' },
    { count: all(step => step.made), word: 'changes made as planned', tone: 'good' },
    { count: all(step => step.missed), word: 'missed', tone: 'danger' },
    { count: all(step => step.invented), word: 'not planned', tone: 'danger' },
    { count: all(step => step.otherwise), word: 'came out otherwise', tone: 'danger' },
  ]
  return counts.filter(({ count, tone }) => count > 0 || tone === 'good')
}

const deviations = ({ steps }: Closing, groups: Review['groups']): readonly Block[] => {
  const items = [
    ...openSteps(steps)
      .filter(({ outcome }) => outcome !== 'not-reached')
      .map(step => openText(step, groups)),
    ...notReached(steps, groups),
    ...steps
      .filter(step => !isOpen(step))
      .flatMap(step => deviationsOf(step).map(told => [...placeText(step, groups), ': ', ...told])),
  ]
  return items.length === 0
    ? [paragraph('Every change that was planned was made, and no other.')]
    : [{ type: 'call', tone: 'danger', items }]
}

const deviationsOf = ({ missed, invented, otherwise }: StepDone): readonly Text[] => [
  ...missed.map((change): Text => [strong('missed'), ` ${tellChange(change)}`]),
  ...invented.map((change): Text => [strong('not planned'), ` ${tellChange(change)}`]),
  ...otherwise.map(
    ({ planned: wanted, done }): Text => [
      strong('otherwise'),
      ` ${nameOf(wanted)}: planned ${inWords(wanted).fields.join(', ')}; done ${inWords(done).fields.join(', ')}`,
    ],
  ),
]

const hostFold = (host: string, steps: readonly StepDone[], groups: Review['groups']): Block => ({
  type: 'fold',
  title: ['Done on ', code(host)],
  isOpen: false,
  blocks: [
    table(
      [
        'step',
        'planned',
        'done',
        number('made'),
        number('missed'),
        number('not planned'),
        number('otherwise'),
        number('time'),
      ],
      steps.map(step => [
        [stepLink(step.step, groups)],
        [step.planned === undefined ? 'not in the plan' : outcomeWords[step.planned]],
        [outcomeWords[step.outcome]],
        ...[step.made, step.missed, step.invented, step.otherwise].map(
          (changes): Text => [changes.length === 0 ? '-' : `${changes.length}`],
        ),
        [step.ms === undefined ? '-' : formatDuration(step.ms)],
      ]),
    ),
  ],
})
