// What is left for people after a run, and how to go on.
import { exitCodes } from '../../../model/problem.ts'
import { code, list, paragraph, type Section, strong, type Text } from '../blocks.ts'
import type { Closing } from '../closing.ts'
import type { Review } from '../model.ts'
import { notReached, openSteps, openText } from './open-steps.ts'

type Known = Pick<Review, 'steps' | 'groups'>

export const leftSection = (review: Known, closing: Closing): Section => {
  const items = leftItems(review, closing)
  return {
    id: 'left',
    title: 'Left to do by hand',
    blocks: items.length === 0 ? [paragraph('Nothing.')] : list(items),
  }
}

const leftItems = ({ steps, groups }: Known, closing: Closing): readonly Text[] => {
  const open = openSteps(closing.steps)
  const byHand = steps.filter(
    step => step.byHand && open.some(left => left.step === step.step && left.host === step.host),
  )
  return [
    ...closing.openHolds.map(
      ({ hold, host, state }): Text => [
        strong(state === 'acquired' || state === 'kept' ? `The ${hold} is still held` : `The ${hold} may be held`),
        ' on ',
        code(host),
        ': look, and release it.',
      ],
    ),
    ...closing.assumed.map(
      ({ host, reason }): Text => [strong('Taken on trust'), ': ', code(host), ` held nothing (${reason}). Look.`],
    ),
    ...byHand.map(({ name, host, byHand }): Text => [strong(name), ' on ', code(host), `: ${byHand?.text}`]),
    ...open.filter(({ outcome }) => outcome !== 'not-reached').map(step => openText(step, groups)),
    ...notReached(open, groups),
    ...(closing.exitCode === exitCodes.done ? [] : nextCommands(closing)),
  ]
}

const nextCommands = ({ problems, wayOn }: Closing): readonly Text[] => {
  const named = problems.flatMap(({ then }) => (then === undefined ? [] : [then]))
  return [...new Set(named.length > 0 ? named : [wayOn])].map((command): Text => ['Go on with ', code(command)])
}
