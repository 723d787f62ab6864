// A script as one short line, for messages.
import { behindReading } from './given-text.ts'

/** The first line of a script, cut where it is long; `…` says that there is more. */
export const brief = (script: string): string => {
  const [first = '', ...more] = (behindReading(script) ?? script).trim().split('\n')
  const line = first.length > 100 ? `${first.slice(0, 99)}…` : first
  return more.length > 0 && !line.endsWith('…') ? `${line} …` : line
}
