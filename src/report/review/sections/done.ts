// After the run: planned against done, what went wrong, and what is left for people.

import { nameOf } from '../../../model/change.ts'
import { exitCodes } from '../../../model/problem.ts'
import { formatDuration } from '../../../text/duration.ts'
import { inWords, tellChange } from '../../changes.ts'
import { outcomeWords, plural } from '../../counts.ts'
import { noColours } from '../../palette.ts'
import { problemLines } from '../../problem-lines.ts'
import {
  type Block,
  type Count,
  code,
  facts,
  list,
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
import { onHosts } from '../verdict.ts'
import { allHostsText, stepLink } from './words.ts'

export const doneSection = ({ groups }: Review, closing: Closing): Section => ({
  id: 'done',
  title: 'Planned against done',
  blocks: [
    { type: 'counts', counts: countsOf(closing) },
    facts([
      ['run', [code(closing.run)]],
      ['command', [code(closing.command)]],
      ['began', [closing.started]],
      ['ended', [endOf(closing)]],
      ['took', [closing.ms === undefined ? 'not known: it did not end' : formatDuration(closing.ms)]],
    ]),
    ...deviations(closing, groups),
    ...[...groupBy(closing.steps, ({ host }) => host).entries()].map(([host, steps]) => hostFold(host, steps, groups)),
  ],
})

const endOf = ({ last, exitCode, interrupted }: Closing): string => {
  const signal = interrupted === undefined ? '' : `, interrupted by ${interrupted}`
  return exitCode === undefined
    ? `it did not; last heard of ${last}${signal}`
    : `${last} with exit code ${exitCode}${signal}`
}

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

const placeText = ({ step, host }: StepDone, groups: Review['groups']): Text => [
  stepLink(step, groups),
  ' on ',
  code(host),
]

const openText = (step: StepDone, groups: Review['groups']): Text => [
  ...placeText(step, groups),
  ': ',
  strong(outcomeWords[step.outcome]),
  step.because === '' ? '' : `, ${step.because}`,
]

/** What a step that is left out in the plan would have been is nobody's concern. */
const openSteps = (steps: readonly StepDone[]): readonly StepDone[] =>
  steps.filter(step => isOpen(step) && step.planned !== 'skipped')

const isOpen = ({ outcome }: StepDone): boolean =>
  outcome === 'failed' || outcome === 'unknown' || outcome === 'not-reached'

const notReached = (steps: readonly StepDone[], groups: Review['groups']): readonly Text[] => {
  const left = openSteps(steps).filter(({ outcome }) => outcome === 'not-reached')
  return left.length === 0 ? [] : [[strong('Not reached'), ': ', ...allHostsText(onHosts(left), groups)]]
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

export const problemsSection = ({ problems }: Closing): Section => ({
  id: 'problems',
  title: 'Problems',
  blocks:
    problems.length === 0
      ? [paragraph('None.')]
      : problems.map(problem => ({ type: 'code' as const, language: 'text', lines: problemLines(problem, noColours) })),
})

export const leftSection = (review: Review, closing: Closing): Section => {
  const items = leftItems(review, closing)
  return {
    id: 'left',
    title: 'Left to do by hand',
    blocks: items.length === 0 ? [paragraph('Nothing.')] : list(items),
  }
}

const leftItems = ({ steps, groups }: Review, closing: Closing): readonly Text[] => {
  const open = openSteps(closing.steps)
  const byHand = steps.filter(
    step => step.byHand && open.some(left => left.step === step.step && left.host === step.host),
  )
  return [
    ...closing.openHolds.map(
      ({ hold, host, state }): Text => [
        strong(state === 'acquired' || state === 'kept' ? `The ${hold} is still held` : `The ${hold} may be held`),
        ' on ',
        code(host),
        ': look, and release it.',
      ],
    ),
    ...closing.assumed.map(
      ({ host, reason }): Text => [strong('Taken on trust'), ': ', code(host), ` held nothing (${reason}). Look.`],
    ),
    ...byHand.map(({ name, host, byHand }): Text => [strong(name), ' on ', code(host), `: ${byHand?.text}`]),
    ...open.filter(({ outcome }) => outcome !== 'not-reached').map(step => openText(step, groups)),
    ...notReached(open, groups),
    ...(closing.exitCode === exitCodes.done ? [] : nextCommands(closing)),
  ]
}

const nextCommands = ({ problems, run }: Closing): readonly Text[] => {
  const named = problems.flatMap(({ then }) => (then === undefined ? [] : [then]))
  return [...new Set(named.length > 0 ? named : [`run resume ${run}`])].map(
    (command): Text => ['Go on with ', code(command)],
  )
}

export const transcriptsSection = ({ transcripts }: Closing, groups: Review['groups']): Section => ({
  id: 'transcripts',
  title: 'Transcripts',
  blocks:
    transcripts.length === 0
      ? [paragraph('No program was talked to.')]
      : [
          paragraph('What programs showed; after » what they were answered. Secrets are masked.'),
          ...transcripts.map(
            ({ step, host, lines }): Block => ({
              type: 'fold',
              title: [stepLink(step, groups), ' on ', code(host), `, ${plural(lines.length, 'line')}`],
              isOpen: false,
              blocks: [{ type: 'code', language: 'text', lines }],
            }),
          ),
        ],
})
