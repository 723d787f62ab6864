// Every step with what it changes: equal ones on several nodes once, with a table of what differs.
import type { Change } from '../../../model/change.ts'
import type { OutlinedPlay } from '../../../model/events.ts'
import { inWords } from '../../changes.ts'
import { outcomeWords } from '../../counts.ts'
import { planSign } from '../../plan-sign.ts'
import {
  type Block,
  code,
  type Fact,
  facts,
  link,
  number,
  paragraph,
  type Section,
  strong,
  type Text,
  table,
} from '../blocks.ts'
import type { Review } from '../model.ts'
import { isQuiet, ownChanges, ownNode, restsOf, type StepGroup, type Variant } from '../step-groups.ts'
import { isFinal, mayChange } from '../way-back.ts'
import { diffBlocks } from './diffs.ts'
import { programAnchor, programsTitle } from './programs.ts'
import { hostsText, stepAnchor } from './words.ts'

export const stepsSection = (review: Pick<Review, 'plays' | 'groups'>): Section => ({
  id: 'steps',
  title: 'Steps',
  blocks: review.plays.map((play, index) =>
    playPart(
      play,
      review.groups.filter(group => group.play === index),
    ),
  ),
})

const playPart = ({ name }: OutlinedPlay, groups: readonly StepGroup[]): Block => {
  const quiet = groups.filter(isQuiet)
  return {
    type: 'part',
    title: [name],
    blocks: [...groups.filter(group => !isQuiet(group)).map(stepFold), ...quietFold(quiet)],
  }
}

const quietFold = (groups: readonly StepGroup[]): readonly Block[] => {
  const [first] = groups
  if (!first) return []
  const rows = groups.flatMap(group =>
    group.variants.map(({ hosts, step }) => [
      [`${group.number}`],
      [code(group.step)],
      hostsText(hosts),
      [outcomeWords[step.outcome]],
      [ownNode(step.because, step.host)],
      [restsOf(step).join('; ') || '-'],
    ]),
  )
  return [
    {
      type: 'fold',
      id: stepAnchor(first),
      title: ['Steps that do nothing'],
      isOpen: false,
      blocks: [table([number('step'), 'address', 'on', 'outcome', 'why', 'rests on'], rows)],
    },
  ]
}

const stepFold = (group: StepGroup): Block => ({
  type: 'fold',
  id: stepAnchor(group),
  title: [
    `${group.number}. `,
    code(signsOf(group)),
    ` ${group.name}${isFinalAnywhere(group) ? ' ▲' : ''} on `,
    ...hostsText(group.hosts),
  ],
  isOpen: true,
  blocks: [
    facts(factsOf(group)),
    ...(group.common.length > 0 ? [paragraph(group.variants.length > 1 ? 'Changes on all of them:' : 'Changes:')] : []),
    ...changeBlocks(group.common),
    ...(group.variants.length > 1 ? differenceBlocks(group) : []),
  ],
})

const signsOf = ({ variants }: StepGroup): string => [...new Set(variants.map(({ step }) => planSign(step)))].join('')

const isFinalAnywhere = ({ variants }: StepGroup): boolean => variants.some(({ step }) => isFinal(step))

const factsOf = (group: StepGroup): readonly (Fact | undefined)[] => {
  const { summary, variants } = group
  const same = (of: (variant: Variant) => string): string | undefined => {
    const told = new Set(variants.map(of))
    const [only = ''] = told
    return told.size === 1 && only !== '' ? only : undefined
  }
  const fact = (label: string, value: string | undefined): Fact | undefined =>
    value === undefined ? undefined : [label, [value]]
  return [
    ['step', nameText(group)],
    summary !== undefined && isAct(variants) ? ['does', [summary]] : undefined,
    fact(
      'evidence',
      same(variant => variant.step.evidence ?? ''),
    ),
    fact(
      'why',
      same(variant => ownNode(variant.step.because, variant.step.host)),
    ),
    fact(
      'rests on',
      same(variant => restsOf(variant.step).join('; ')),
    ),
    fact('way back', same(wayBackWords)),
    variants.some(({ step }) => step.given)
      ? ['given', ['word for word under “', link(programAnchor(group), programsTitle), '”']]
      : undefined,
  ]
}

/** Address, task, blocks around it, and where the playbook says it comes from. */
const nameText = ({ step, task, within, source }: StepGroup): Text => [
  code(step),
  ', task ',
  code(task),
  ...(within.length > 0 ? [`, inside ${within.join(' › ')}`] : []),
  ...(source === undefined ? [] : [`, source ${source}`]),
]

/** What an act or a foreign program is for cannot be read from its changes. */
const isAct = (variants: readonly Variant[]): boolean =>
  variants.some(({ step }) => step.evidence === 'opaque' || step.changes.some(({ kind }) => kind === 'act'))

const wayBackWords = ({ step }: Variant): string => {
  if (!mayChange(step)) return ''
  return step.undoable ? '' : 'none ▲: it cannot be undone'
}

const changeBlocks = (changes: readonly Change[]): readonly Block[] =>
  changes.flatMap(change => {
    const { sign, name, fields, diff } = inWords(change)
    const item: Text = [code(sign), ' ', strong(name), ...(fields.length > 0 ? [`: ${fields.join(', ')}`] : [])]
    return [{ type: 'list' as const, items: [item] }, ...diffBlocks(diff)]
  })

const differenceBlocks = ({ variants, common, differences }: StepGroup): readonly Block[] => [
  paragraph('The nodes differ in this:'),
  table(
    ['', ...variants.map(({ hosts }) => hosts.join(', '))],
    differences.map(({ what, of }) => [[what], ...of.map((cell): Text => [cell || '-'])]),
  ),
  ...variants.flatMap(variant => ownDiffs(variant, common)),
]

/** Texts that only these nodes get, whole; the table has no room for them. */
const ownDiffs = (variant: Variant, common: readonly Change[]): readonly Block[] => {
  const diffs = ownChanges(variant, common).flatMap(change => {
    const { diff, name } = inWords(change)
    return diff.length === 0 ? [] : [paragraph('On ', ...hostsText(variant.hosts), `, ${name}:`), ...diffBlocks(diff)]
  })
  return diffs
}
