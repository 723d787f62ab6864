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
  const isMultiline = multiline || inline?.[1]?.includes('m') === true
  const body = withEnds(pattern.slice(inline?.[0].length ?? 0), isMultiline)
    .replaceAll('(?P<', '(?<')
    .replace(/\(\?P=(\w+)\)/g, '\\k<$1>')
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

/** Python's `$` is also before a line break that ends the text; `\A` and `\Z` are the ends of the text alone. */
const withEnds = (pattern: string, isMultiline = false): string =>
  pattern.replace(/\\([\s\S])|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]|\$/g, (part, sign) => {
    if (part === '$') return isMultiline ? '$' : lastEnd
    if (sign === 'A') return '(?<![\\s\\S])'
    return sign === 'Z' || sign === 'z' ? '(?![\\s\\S])' : part
  })

const lastEnd = '(?=\\n?(?![\\s\\S]))'

/** A text that means itself in a pattern. @source Python, `re.escape`; Ansible, `regex_escape` */
export const escaped = (text: string, form: 'python' | 'posix_basic'): string =>
  text.replace(form === 'python' ? /[()[\]{}?*+\-|^$\\.&~# \t\n\r\v\f]/g : /[\].[^$*\\]/g, '\\$&')

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
const isTame = (pattern: RegExp): boolean => {
  const source = pattern.source.replaceAll(lastEnd, '$')
  return !source.includes('(') && (source.match(/[*+?{]/g) ?? []).length <= 1
}

/** `\1` and `\g<name>` become `$1` and `$<name>`; a backslash before another one is none. */
export const pythonReplacement = (text: string): string =>
  text.replace(/\$|\\(?:g<(\w+)>|(\d)|n|t|\\)/g, (whole, name: string | undefined, digit: string | undefined) => {
    if (whole === '$') return '$$'
    if (digit !== undefined) return digit === '0' ? '$&' : `$${digit}`
    if (name !== undefined) return /^\d+$/.test(name) ? (Number(name) === 0 ? '$&' : `$${name}`) : `$<${name}>`
    return { n: '\n', t: '\t' }[whole.charAt(1)] ?? '\\'
  })
