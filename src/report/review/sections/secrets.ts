// Secrets by name; their values are nowhere in a plan.
import { code, list, paragraph, type Section } from '../blocks.ts'
import type { Review } from '../model.ts'

export const secretsSection = ({ secrets }: Review): Section => ({
  id: 'secrets',
  title: 'Secrets used',
  blocks:
    secrets.length === 0
      ? [paragraph('None.')]
      : [
          paragraph(
            'By name. The plan holds a keyed hash of each: it shows that one was changed since, and nothing of it.',
          ),
          ...list(secrets.map(name => [code(name)])),
        ],
})
