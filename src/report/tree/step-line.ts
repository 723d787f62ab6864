// One step of the tree: a sign, its address, and the one thing worth knowing about it now.
import { endingOf } from '../ending.ts'
import { formatElapsed, tellCount, tellOutlook } from '../outlook-words.ts'
import type { Paint, Palette } from '../palette.ts'
import { padTo } from '../printable.ts'
import { phaseOf, type StepState } from '../state.ts'
import type { Part } from './line.ts'

export type Moment = {
  /** Milliseconds since 1970. */
  readonly now: number
  readonly palette: Palette
}

export const frames = [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏']
export const frameMs = 80

export const spinner = (now: number): string => frames[Math.floor(now / frameMs) % frames.length] ?? ''

/** @param width Columns for the address, so that what follows stands in one column. */
export const stepParts = (step: StepState, width: number, moment: Moment): readonly Part[] => [
  ...nameParts(step, width, moment),
  ...nowParts(step, moment),
]

export const nameParts = (step: StepState, width: number, moment: Moment): readonly Part[] => {
  const [sign, paint] = signOf(step, moment)
  return [
    [`${sign} `, paint],
    [padTo(step.outlined.step, width), phaseOf(step) === 'pending' ? moment.palette.dim : undefined],
  ]
}

/** What there is to know of it now, each piece with two blanks before it. */
export const nowParts = (step: StepState, moment: Moment): readonly Part[] => [
  ...timeParts(step, moment),
  ...newsParts(step, moment),
]

export const signOf = (step: StepState, { now, palette }: Moment): readonly [string, Paint] => {
  switch (step.ended?.outcome) {
    case undefined:
      return phaseOf(step) === 'running' ? [spinner(now), palette.running] : ['·', palette.dim]
    case 'changed':
      return ['✔', palette.changed]
    case 'would-change':
      return ['~', palette.planned]
    case 'same':
      return ['=', palette.dim]
    case 'skipped':
      return ['↓', palette.dim]
    case 'unknown':
      return ['?', palette.unknown]
    case 'failed':
      return ['✖', step.ended?.ignored ? palette.planned : palette.failed]
    case 'not-reached':
      return ['·', palette.dim]
  }
}

/** Worth showing only where somebody waits, or waited. */
const longMs = 1000

const timeParts = (step: StepState, moment: Moment): readonly Part[] => {
  const { now, palette } = moment
  const ms = elapsed(step, now)
  return ms < longMs ? [] : [[`  ${formatElapsed(ms)}`, palette.running], ...outlookParts(step, moment)]
}

/** How long it goes on nobody knows; what is known is said, and counted down. */
const outlookParts = ({ ended, outlook }: StepState, { now, palette }: Moment): readonly Part[] =>
  ended || !outlook
    ? []
    : tellOutlook(outlook.all, now - Date.parse(outlook.at)).map(told => [`, ${told}`, palette.dim])

const elapsed = ({ ended, startedAt }: StepState, now: number): number => {
  if (ended) return ended.ms
  return startedAt === undefined ? 0 : now - Date.parse(startedAt)
}

const newsParts = (step: StepState, { palette }: Moment): readonly Part[] => {
  const { ended, progress, outlined } = step
  if (!ended) {
    if (phaseOf(step) === 'pending') return []
    const words = [outlined.item && tellCount('item', outlined.item), progress].filter(Boolean)
    return words.length === 0 ? [] : [[`  ${words.join(' · ')}`, palette.dim]]
  }
  const evidence = ended.evidence === undefined || ended.evidence === 'exact' ? [] : [ended.evidence]
  const words = [...evidence, endingOf(ended), ...(ended.ignored ? ['(ignored)'] : [])]
  return [[`  ${words.filter(Boolean).join(' · ')}`, ended.outcome === 'failed' ? palette.failed : palette.dim]]
}
