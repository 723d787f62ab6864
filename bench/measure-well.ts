// What is measured has to end well: a command that failed is fast, and says nothing.
import { readFileSync } from 'node:fs'
import { type Measure, measure, type Place } from './measure.ts'

/** @throws {Error} With the end of what it said, where it does not. */
export const measureWell = async (words: readonly string[], place: Place): Promise<Measure> => {
  const taken = await measure(words, place)
  if (taken.exitCode === 0) return taken
  throw new Error(`${words.join(' ')}: exit ${taken.exitCode}\n${readFileSync(place.log, 'utf8').slice(-4000)}`)
}
