// What people do, and what proves that it was done.
import { type Block, paragraph, type Section, table } from '../blocks.ts'
import type { Review } from '../model.ts'
import { hostsText } from './words.ts'

export const byHandSection = ({ groups }: Review): Section => {
  const rows = groups.flatMap(({ variants }) =>
    variants.flatMap(({ step, hosts }) =>
      step.byHand === undefined
        ? []
        : [[[step.name], hostsText(hosts), [step.byHand.who ?? '-'], [step.byHand.text], [step.byHand.proof ?? '-']]],
    ),
  )
  const blocks: readonly Block[] =
    rows.length === 0
      ? [paragraph('None: the plan needs nobody but who carries it out.')]
      : [table(['step', 'node', 'who', 'what', 'proved by'], rows)]
  return { id: 'people', title: 'Steps by hand', blocks }
}
