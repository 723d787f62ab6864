// A run in a few facts: its name, the command, when it began and ended.
import { formatDuration } from '../../../text/duration.ts'
import { code, type Fact } from '../blocks.ts'
import type { Closing } from '../closing.ts'

export const runFacts = (closing: Closing): readonly Fact[] => [
  ['run', [code(closing.run)]],
  ['command', [code(closing.command)]],
  ['began', [closing.started]],
  ['ended', [endOf(closing)]],
  ['took', [closing.ms === undefined ? 'not known: it did not end' : formatDuration(closing.ms)]],
]

const endOf = ({ last, exitCode, interrupted }: Closing): string => {
  const signal = interrupted === undefined ? '' : `, interrupted by ${interrupted}`
  return exitCode === undefined
    ? `it did not; last heard of ${last}${signal}`
    : `${last} with exit code ${exitCode}${signal}`
}
