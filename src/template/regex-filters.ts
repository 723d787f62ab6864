// Filters that search a text by a pattern, by Python's rules.
import { argument, choiceArgument, type FilterArguments, type Filters, needed, ofText, textArgument } from './filter.ts'
import { escaped, pythonRegex, pythonReplacement, tried } from './python-regex.ts'
import { isTrue, ValueFault } from './values.ts'

export const regexFilters: Filters = {
  regex_replace: ofText(
    (text, args) => {
      const pattern = patternOf(args, { name: 'pattern', ignoreAt: 2, multilineAt: 3, all: true })
      const replacement = pythonReplacement(textArgument(args, 1, 'replacement') ?? '', pattern)
      return tried(pattern, each => text.replace(each, replacement))
    },
    'pattern',
    'replacement',
    'ignorecase',
    'multiline',
  ),
  regex_search: ofText(
    (text, args) => {
      const found = tried(patternOf(args), each => each.exec(text))
      return found === null ? null : groupsOf(found, args.positional.slice(1))
    },
    'regex',
    '*',
    'ignorecase',
    'multiline',
  ),
  regex_findall: ofText(
    (text, args) => {
      const pattern = patternOf(args, { multilineAt: 1, ignoreAt: 2, all: true })
      return tried(pattern, each => [...text.matchAll(each)]).map(found =>
        found.length > 2 ? found.slice(1).map(each => each ?? '') : found.length > 1 ? (found[1] ?? '') : found[0],
      )
    },
    'regex',
    'multiline',
    'ignorecase',
  ),
  regex_escape: ofText((text, args) => {
    const form = choiceArgument(args, { index: 0, name: 're_type', of: ['python', 'posix_basic'] }) ?? 'python'
    return escaped(text, form)
  }, 're_type'),
}

type Places = {
  readonly name?: 'pattern' | 'regex'
  readonly ignoreAt?: number
  readonly multilineAt?: number
  readonly all?: boolean
}

const patternOf = (
  args: FilterArguments,
  { name = 'regex', ignoreAt, multilineAt, all = false }: Places = {},
): RegExp => {
  const flag = (at: number | undefined, word: string) =>
    isTrue(at === undefined ? args.named[word] : argument(args, at, word))
  return pythonRegex(needed(textArgument(args, 0, name), name), {
    ignoreCase: flag(ignoreAt, 'ignorecase'),
    multiline: flag(multilineAt, 'multiline'),
    all,
  })
}

/** `regex_search('(a)(b)', '\\1', '\\2')` gives a list of these groups. */
const groupsOf = (found: RegExpExecArray, wanted: readonly unknown[]): unknown => {
  if (wanted.length === 0) return found[0]
  return wanted.map(each => {
    const [isGroup, number, name] = /^\\(?:(\d+)|g<(\w+)>)$/.exec(String(each)) ?? []
    if (isGroup === undefined) throw new ValueFault(`\`${String(each)}\` names no group: write '\\1' or '\\g<name>'`)
    const group = number ?? name ?? ''
    const groups = number === undefined ? (found.groups ?? {}) : found
    if (!Object.hasOwn(groups, group)) throw new ValueFault(`\`${String(each)}\` is no group of the pattern`)
    return Reflect.get(groups, group) ?? null
  })
}
