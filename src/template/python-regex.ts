// Python's regular expressions and replacements, as JavaScript has them.
import { TooSlow, withinTime } from '../text/bounded.ts'
import { ValueFault } from './values.ts'

export type RegexOptions = {
  readonly ignoreCase?: boolean
  readonly multiline?: boolean
  readonly all?: boolean
  /** Only what starts where the text starts. */
  readonly atStart?: boolean
}

/** @throws {ValueFault} When the pattern cannot be read. */
export const pythonRegex = (pattern: string, { ignoreCase, multiline, all, atStart }: RegexOptions = {}): RegExp => {
  const inline = /^\(\?([ims]+)\)/.exec(pattern)
  const body = pattern
    .slice(inline?.[0].length ?? 0)
    .replaceAll('(?P<', '(?<')
    .replace(/\(\?P=(\w+)\)/g, '\\k<$1>')
    .replaceAll('\\A', '^')
    .replace(/\\[Zz]/g, '$')
  const flags = new Set(inline?.[1] ?? '')
  if (ignoreCase) flags.add('i')
  if (multiline) flags.add('m')
  if (all) flags.add('g')
  if (atStart) flags.add('y')
  try {
    return new RegExp(body, [...flags].join(''))
  } catch {
    throw new ValueFault(`/${pattern}/ is no regular expression`)
  }
}

/**
 * What comes of trying a pattern.
 *
 * @param longest Characters of the longest text that it is tried on, where that is known.
 * @throws {ValueFault} When it does not come to its end.
 */
export const tried = <Found>(
  pattern: RegExp,
  find: (pattern: RegExp) => Found,
  longest = Number.POSITIVE_INFINITY,
): Found => {
  if (longest <= shortText && isTame(pattern)) return find(pattern)
  try {
    return withinTime(() => find(pattern))
  } catch (error) {
    if (!(error instanceof TooSlow)) throw error
    throw new ValueFault(`/${pattern.source}/ does not come to its end: look for a repetition within a repetition`)
  }
}

/** A clock takes as long as hundreds of lines do. */
const shortText = 1000

/** With one repetition of one character it takes at most the square of the text. */
const isTame = ({ source }: RegExp): boolean => !source.includes('(') && (source.match(/[*+?{]/g) ?? []).length <= 1

/** `\1` and `\g<name>` become `$1` and `$<name>`. */
export const pythonReplacement = (text: string): string =>
  text
    .replaceAll('$', '$$$$')
    .replace(/\\g<(\d+)>/g, (_, digits) => `$${digits}`)
    .replace(/\\g<(\w+)>/g, (_, name) => `$<${name}>`)
    .replace(/\\(\d)/g, (_, digit) => `$${digit}`)
    .replaceAll('\\n', '\n')
    .replaceAll('\\\\', '\\')
