// What went wrong, as it was told on the screen.
import { noColours } from '../../palette.ts'
import { problemLines } from '../../problem-lines.ts'
import { paragraph, type Section } from '../blocks.ts'
import type { Closing } from '../closing.ts'

export const problemsSection = ({ problems }: Closing): Section => ({
  id: 'problems',
  title: 'Problems',
  blocks:
    problems.length === 0
      ? [paragraph('None.')]
      : problems.map(problem => ({ type: 'code' as const, language: 'text', lines: problemLines(problem, noColours) })),
})
