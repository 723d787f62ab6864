// What was found, and has to be found again: the grounds that the plan stands on.
import { type Block, code, listed, paragraph, type Section, table } from '../blocks.ts'
import type { Review } from '../model.ts'
import type { Preconditions } from '../preconditions.ts'
import { hostsText, stepLink } from './words.ts'

export const preconditionsSection = ({ preconditions, groups }: Review): Section => ({
  id: 'preconditions',
  title: 'Preconditions, as found',
  blocks:
    preconditions.length === 0
      ? [paragraph('Nothing was looked at: no step of this plan rests on how a node is.')]
      : [
          paragraph(
            'All of it is looked at again before anything is done, and what a step rests on once more just before that step. What answers otherwise then stops the run. A long text stands here by its size and the first half of its SHA-256; the plan file has it whole.',
          ),
          ...preconditions.map(found => foldOf(found, groups)),
        ],
})

const foldOf = ({ hosts, looks }: Preconditions, groups: Review['groups']): Block => ({
  type: 'fold',
  title: ['Found on ', ...hostsText(hosts)],
  isOpen: false,
  blocks: [
    table(
      ['what', 'as found', 'asked by'],
      looks.map(({ name, place, found, steps }) => [
        [code(name), ...(place === undefined ? [] : [` on ${place}`])],
        [code(found)],
        listed(steps.map(step => stepLink(step, groups))),
      ]),
    ),
  ],
})
