// How long a step goes on, in words that say what they rest on: a limit is called one, and an estimate too.
import type { Count, Outlook } from '../model/outlook.ts'
import { formatDuration } from '../text/duration.ts'

/** Whole seconds: tenths would only flicker. */
export const formatElapsed = (ms: number): string => formatDuration(Math.floor(ms / 1000) * 1000)

/** A limit is never told shorter than it is. */
const formatLimit = (ms: number): string => formatDuration(Math.ceil(ms / 1000) * 1000)

const formatEstimate = (ms: number): string => formatDuration(Math.max(1, Math.round(ms / 1000)) * 1000)

/**
 * One piece each, such as `about 29s left, 41s on node1`.
 *
 * @param sinceMs Time since the event that said it.
 */
export const tellOutlook = (outlook: readonly Outlook[], sinceMs = 0): readonly string[] =>
  outlook.flatMap(one => tellOne(one, one.ms - sinceMs))

const tellOne = (one: Outlook, left: number): readonly string[] => {
  const isOver = left <= 0
  switch (one.type) {
    case 'at-most':
      return isOver ? [] : [`at most ${formatLimit(left)} more`]
    case 'gives-up':
      return isOver ? [] : [`gives up in about ${formatEstimate(left)}`]
    case 'at-this-pace':
      return isOver ? [] : [`about ${formatEstimate(left)} left at this pace`]
    case 'as-before': {
      const before = `${formatElapsed(one.took.ms)} ${one.took.where}`
      return [isOver ? `longer than the ${before}` : `about ${formatEstimate(left)} left, ${before}`]
    }
  }
}

/** `item 3 of 10`. */
export const tellCount = (noun: string, { at, of }: Count): string => `${noun} ${at} of ${of}`
