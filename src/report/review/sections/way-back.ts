// The way back as it would be gone, last step first, with a line where it ends.
import { type Block, code, list, paragraph, type Section, type Text } from '../blocks.ts'
import type { Review } from '../model.ts'
import type { StepBack, WayBack } from '../way-back.ts'
import { hostsText, stepLink } from './words.ts'

export const wayBackSection = ({ waysBack, groups }: Review): Section => ({
  id: 'way-back',
  title: 'Way back',
  blocks:
    waysBack.length === 0
      ? [paragraph('Nothing is changed, so there is nothing to take back.')]
      : [
          paragraph(
            'After the run, ',
            code('run undo RUN'),
            ' goes this way, in this order. It ends at the first line ▲ that it comes to. What stands below that line is taken back only after somebody has taken the step at the line back by hand, and has asked again; ',
            code('--from STEP'),
            ' ends it before a line on purpose.',
          ),
          ...waysBack.map(way => foldOf(way, groups)),
        ],
})

const foldOf = ({ play, hosts, isInTurn, steps }: WayBack, groups: Review['groups']): Block => ({
  type: 'fold',
  title: [
    'Back on ',
    ...(isInTurn ? hosts.flatMap((host, at) => [at === 0 ? '' : ', then ', code(host)]) : hostsText(hosts)),
    `: ${play}`,
  ],
  isOpen: true,
  blocks: steps.flatMap(step => backBlocks(step, groups)),
})

const backBlocks = (back: StepBack, groups: Review['groups']): readonly Block[] => {
  const address = stepLink(back.step, groups)
  if (back.type === 'no-return') return [{ type: 'line', text: ['▲ no way back beyond ', address] }]
  const restores = back.restores.length === 0 ? ['nothing is known to restore'] : back.restores
  return list([[address, `: ${restores.join('; ')}`] satisfies Text])
}
