// What programs showed and were answered, whole, at the end of the document.
import { plural } from '../../counts.ts'
import { type Block, code, paragraph, type Section } from '../blocks.ts'
import type { Closing } from '../closing.ts'
import type { Review } from '../model.ts'
import { stepLink } from './words.ts'

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
