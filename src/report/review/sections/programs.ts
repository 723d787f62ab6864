// Foreign programs, word for word: what they are given, what they may ask, what is answered.
import { stringify } from 'yaml'
import type { Json } from '../../../model/json.ts'
import type { Given, PlannedPrompt } from '../../../model/plan-file.ts'
import { canonicalJson } from '../../../text/canonical.ts'
import { plural } from '../../counts.ts'
import { printableLines } from '../../printable.ts'
import { type Block, code, list, paragraph, type Section } from '../blocks.ts'
import { groupBy } from '../group-by.ts'
import type { Review } from '../model.ts'
import type { StepGroup } from '../step-groups.ts'
import { mayChange } from '../way-back.ts'
import { hostsText } from './words.ts'

export const programsTitle = 'Foreign programs and their dialogues'

export const programAnchor = ({ number }: Pick<StepGroup, 'number'>): string => `program-${number}`

export const programsSection = (review: Review): Section => {
  const groups = review.groups.filter(({ variants }) => variants.some(({ step }) => isOpaque(step)))
  return {
    id: 'programs',
    title: programsTitle,
    blocks:
      groups.length === 0
        ? [paragraph('None is started.')]
        : [
            paragraph(
              'What stands here is given as it is. Secrets are masked: ••••••. An answer in {{ }} hangs on what the program shows, and is worked out then. A prompt that is not in the list stops the run, and nothing is typed.',
            ),
            ...groups.map(group => programFold(group, review)),
          ],
  }
}

const isOpaque = (step: Review['steps'][number]): boolean =>
  (step.given !== undefined || step.evidence === 'opaque') && mayChange(step)

const programFold = (group: StepGroup, { steps }: Review): Block => {
  const own = steps.filter(step => step.step === group.step && step.play === group.play && isOpaque(step))
  const same = [...groupBy(own, ({ given }) => canonicalJson(given ?? null)).values()]
  return {
    type: 'fold',
    id: programAnchor(group),
    title: [`${group.number}. ${group.name}`],
    isOpen: true,
    blocks: same.flatMap(alike => [
      paragraph('On ', ...hostsText(alike.map(({ host }) => host)), ':'),
      ...(alike[0].given ? givenBlocks(alike[0].given) : [paragraph('The plan does not hold what it is given.')]),
      ...effects(alike[0].changes),
    ]),
  }
}

const givenBlocks = ({ args, prompts }: Given): readonly Block[] => [
  { type: 'code', language: 'yaml', lines: printableLines(stringify(inReadingOrder(args), { lineWidth: 0 })) },
  ...(prompts ? [paragraph(`Dialogue of ${plural(prompts.length, 'prompt')}:`), dialogueBlock(prompts)] : []),
]

/** What is short first: the command line stands above its lists and values. */
const inReadingOrder = (args: Given['args']): Given['args'] => {
  const rank = (value: Json) => (typeof value !== 'object' || value === null ? 0 : Array.isArray(value) ? 1 : 2)
  return Object.fromEntries(Object.entries(args).sort(([, a], [, b]) => rank(a) - rank(b)))
}

const dialogueBlock = (prompts: readonly PlannedPrompt[]): Block => ({
  type: 'code',
  language: 'text',
  lines: prompts.flatMap(({ name, expect, answer, when }, index) => [
    ...printableLines(`${String(index + 1).padStart(2)}  ${name}${when === undefined ? '' : `   when ${when}`}`),
    ...printableLines(`    asks    ${expect}`),
    ...printableLines(`    answer  ${answer === '' ? '(Enter alone)' : answer}`),
  ]),
})

const effects = (changes: Review['steps'][number]['changes']): readonly Block[] => [
  paragraph('Declared effects:'),
  ...list(changes.map(({ kind, key }) => [code(`${kind} ${key}`)])),
]
