// Python's regular expressions and replacements, as JavaScript has them.
import { TooSlow, withinTime } from '../text/bounded.ts'
import { ValueFault } from './values.ts'

export type RegexOptions = {
  readonly ignoreCase?: boolean
  readonly multiline?: boolean
  readonly all?: boolean
  /** Only what starts where the text starts. */
  readonly atStart?: boolean
  /** Only what ends where the text ends. */
  readonly isWhole?: boolean
}

/** @throws {ValueFault} When the pattern cannot be read. */
export const pythonRegex = (
  pattern: string,
  { ignoreCase, multiline, all, atStart, isWhole }: RegexOptions = {},
): RegExp => {
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
    return new RegExp(isWhole ? `(?:${body})${end}` : body, [...flags].join(''))
  } catch {
    throw new ValueFault(`/${pattern}/ is no regular expression`)
  }
}

/**
 * Python's `$` is also before a line break that ends the text; `\A` and `\Z` are the ends of the text alone.
 * `{,2}` is none to two.
 */
const withEnds = (pattern: string, isMultiline = false): string =>
  pattern.replace(/\\([\s\S])|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]|\$|\{(?=,\d*\})/g, (part, sign) => {
    if (part === '{') return '{0'
    if (part === '$') return isMultiline ? '$' : lastEnd
    if (sign === 'A') return '(?<![\\s\\S])'
    return sign === 'Z' || sign === 'z' ? end : part
  })

const end = '(?![\\s\\S])'
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

/**
 * Makes what stands in the place of something found: `\1`, `\g<1>` and `\g<name>` are its groups, `\g<0>` all of it.
 *
 * @throws {ValueFault} For a group that the pattern does not have.
 * @source Python, `re.sub`: one or two digits; a letter after a backslash has a meaning, or there is none such.
 */
export const pythonReplacement = (text: string, pattern: RegExp): ((...found: readonly unknown[]) => string) => {
  const known = groupsOf(pattern)
  const parts = text
    .split(/(\\g<\w+>|\\\d{1,2}|\\[a-zA-Z\\])/)
    .map((part, at) => (at % 2 === 0 ? part : meaning(part, known)))
  return (...found) => parts.map(part => (typeof part === 'string' ? part : groupOf(found, part.group))).join('')
}

/** By number or by name. Found in nothing beside the pattern: a group that took no part has its place all the same. */
const groupsOf = (pattern: RegExp): readonly string[] => {
  const nothing = new RegExp(`${pattern.source}|`, pattern.flags.replace(/[gy]/g, '')).exec('')
  return [...(nothing?.keys() ?? [])].map(String).concat(Object.keys(nothing?.groups ?? {}))
}

const letters: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v', '\\': '\\' }

const meaning = (part: string, known: readonly string[]): string | { readonly group: string } => {
  const letter = letters[part.slice(1)]
  if (letter !== undefined) return letter
  if (part.startsWith('\\0')) throw new ValueFault(`\`${part}\` is no group: all that was found is \`\\g<0>\``)
  const name = part.replace(/^\\(?:g<)?0*(?=\w)|>$/g, '')
  if (!known.includes(name)) throw new ValueFault(`\`${part}\` in the replacement is no group of the pattern`)
  return { group: name }
}

/** @param found What `replace` tells: the groups by number, and behind all else those with a name. */
const groupOf = (found: readonly unknown[], group: string): unknown => {
  if (/^\d+$/.test(group)) return found[Number(group)] ?? ''
  const named = found.at(-1)
  return typeof named === 'object' && named !== null ? (Reflect.get(named, group) ?? '') : ''
}
