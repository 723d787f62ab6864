// What programs showed and were answered, by step and node, as the journal has it: without secrets.
import type { RunEvent } from '../../model/events.ts'
import { printableLines } from '../printable.ts'
import { groupBy } from './group-by.ts'

export type Transcript = { readonly step: string; readonly host: string; readonly lines: readonly string[] }

type Part = Extract<RunEvent, { type: 'transcript' }>

export const transcriptsOf = (events: readonly RunEvent[]): readonly Transcript[] => {
  const parts = events.filter((event): event is Part => event.type === 'transcript')
  return [...groupBy(parts, ({ step, host }) => `${step}@${host}`).values()].map(same => ({
    step: same[0].step,
    host: same[0].host,
    lines: printableLines(same.reduce((text, part) => joined(text, part.text), '')),
  }))
}

/** An answer stands in a line of its own; a program may show half a line and then the rest. */
const joined = (before: string, text: string): string => {
  const isAnswer = text.startsWith('» ')
  const needsBreak = isAnswer && before !== '' && !before.endsWith('\n')
  return `${before}${needsBreak ? '\n' : ''}${text}${isAnswer ? '\n' : ''}`
}
