// Filters that make a text, a number or a truth value of a value.
import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import { parse as parseYamlValue } from 'yaml'
import { describe } from '../text/words.ts'
import { argument, type Filter, type FilterArguments, needed, numberArgument, textArgument } from './filter.ts'
import { pythonRegex, pythonReplacement, tried } from './python-regex.ts'
import { pythonYaml, sortedPairs } from './python-yaml.ts'
import { isMapping, isTrue, textOf, ValueFault } from './values.ts'

const opens = (apply: Filter['apply']): Filter => ({ apply, secrets: 'opens' })

/** A filter of a text; a number and a truth value are taken as they print. */
const ofText = (apply: (text: string, args: FilterArguments) => unknown): Filter =>
  opens((value, args) => {
    if (Array.isArray(value) || isMapping(value) || value === null)
      throw new ValueFault(`it works on a text, and this is ${describe(value)}`)
    return apply(textOf(value), args)
  })

export const textFilters: Readonly<Record<string, Filter>> = {
  lower: ofText(text => text.toLowerCase()),
  upper: ofText(text => text.toUpperCase()),
  capitalize: ofText(text => text.charAt(0).toUpperCase() + text.slice(1).toLowerCase()),
  title: ofText(text => text.toLowerCase().replace(/(^|[^\p{L}\p{N}'])(\p{L})/gu, part => part.toUpperCase())),
  trim: ofText((text, args) => trim(text, textArgument(args, 0, 'chars'))),
  replace: ofText((text, args) =>
    text.replaceAll(needed(textArgument(args, 0, 'old'), 'old'), () => needed(textArgument(args, 1, 'new'), 'new')),
  ),
  split: ofText((text, args) => split(text, textArgument(args, 0, 'sep'))),
  indent: ofText(indent),
  string: opens(value => textOf(value)),
  int: opens((value, args) => toInteger(value, args)),
  float: opens(value => Number.parseFloat(textOf(value)) || 0),
  abs: opens(value => Math.abs(numberOf(value))),
  round: opens((value, args) => rounded(numberOf(value), args)),
  format: ofText((text, { positional }) => formatted(text, positional)),
  bool: { apply: toBoolean, secrets: 'tells' },
  to_json: opens(value => pythonJson(value)),
  to_nice_json: opens((value, args) => pythonText(JSON.stringify(sorted(value), null, indentOf(args, 4)))),
  from_json: ofText(text => parsed(text, 'JSON', JSON.parse)),
  to_yaml: opens(value => pythonYaml(value, { indent: 2, isFlat: true })),
  to_nice_yaml: opens((value, args) => pythonYaml(value, { indent: indentOf(args, 4), isFlat: false })),
  // Without its warnings, which it would write on the screen by itself.
  from_yaml: ofText(text => parsed(text, 'YAML', each => parseYamlValue(each, { logLevel: 'error' }))),
  b64encode: ofText(text => Buffer.from(text, 'utf8').toString('base64')),
  b64decode: ofText(text => Buffer.from(text, 'base64').toString('utf8')),
  hash: ofText((text, args) => hash(text, textArgument(args, 0, 'hashtype') ?? 'sha1')),
  basename: ofText(text => text.slice(text.lastIndexOf('/') + 1)),
  dirname: ofText(text => (text.includes('/') ? posix.dirname(text.replace(/\/[^/]*$/, '/x')) : '')),
  splitext: ofText(splitEnding),
  // A `=` would make an assignment of a word that stands first.
  quote: ofText(text => (/^[\w@%+:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`)),
  regex_replace: ofText((text, args) => {
    const pattern = pythonRegex(needed(textArgument(args, 0, 'pattern'), 'pattern'), {
      ...regexOptions(args),
      all: true,
    })
    const replacement = pythonReplacement(textArgument(args, 1, 'replacement') ?? '')
    return tried(pattern, each => text.replace(each, replacement))
  }),
  regex_search: ofText((text, args) => {
    const pattern = pythonRegex(needed(textArgument(args, 0, 'pattern'), 'pattern'), regexOptions(args))
    const found = tried(pattern, each => each.exec(text))
    return found === null ? null : regexGroups(found, args.positional.slice(1))
  }),
  regex_findall: ofText((text, args) => {
    const pattern = pythonRegex(needed(textArgument(args, 0, 'pattern'), 'pattern'), {
      ...regexOptions(args),
      all: true,
    })
    return tried(pattern, each => [...text.matchAll(each)]).map(found =>
      found.length > 2 ? found.slice(1) : (found[1] ?? found[0]),
    )
  }),
  regex_escape: ofText(text => text.replace(/[.*+?^${}()|[\]\\-]/g, '\\$&')),
}

/** The pairs of each mapping in order of their letters. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  return isMapping(value) ? Object.fromEntries(sortedPairs(value).map(([key, each]) => [key, sorted(each)])) : value
}

const trim = (text: string, chars: string | undefined): string => {
  if (chars === undefined) return text.trim()
  let [from, to] = [0, text.length]
  while (from < to && chars.includes(text.charAt(from))) from += 1
  while (to > from && chars.includes(text.charAt(to - 1))) to -= 1
  return text.slice(from, to)
}

/** Without a separator: words, however much white space is between. */
const split = (text: string, separator: string | undefined): string[] =>
  separator === undefined ? text.split(/\s+/).filter(word => word !== '') : text.split(separator)

function indent(text: string, args: FilterArguments): string {
  const width = argument(args, 0, 'width') ?? 4
  const prefix = typeof width === 'string' ? width : ' '.repeat(widthOf(width))
  const [first = '', ...rest] = text.split('\n')
  const isBlankToo = isTrue(argument(args, 2, 'blank'))
  const indented = rest.map(line => (line === '' && !isBlankToo ? line : prefix + line))
  return [isTrue(argument(args, 1, 'first')) ? prefix + first : first, ...indented].join('\n')
}

const widthOf = (width: unknown): number => {
  if (typeof width === 'number' && width >= 0 && width <= 1000) return Math.floor(width)
  throw new ValueFault('its argument `width` must be a number from 0 to 1000')
}

const toInteger = (value: unknown, args: FilterArguments): unknown => {
  if (typeof value === 'number' || typeof value === 'boolean') return Math.trunc(Number(value))
  const base = numberArgument(args, 1, 'base') ?? 10
  const text = textOf(value).trim()
  const number = base === 10 ? Math.trunc(Number(text || Number.NaN)) : Number.parseInt(text, base)
  return Number.isNaN(number) ? (argument(args, 0, 'default') ?? 0) : number
}

const numberOf = (value: unknown): number => {
  if (typeof value === 'number') return value
  throw new ValueFault(`it works on a number, and this is ${describe(value)}`)
}

const ways: Readonly<Record<string, (value: number) => number>> = {
  common: value => (Math.abs(value % 1) === 0.5 ? 2 * Math.round(value / 2) : Math.round(value)),
  ceil: Math.ceil,
  floor: Math.floor,
}

/** A half goes to the even number, as in Python. */
const rounded = (value: number, args: FilterArguments): number => {
  const method = textArgument(args, 1, 'method') ?? 'common'
  const way = Object.hasOwn(ways, method) ? ways[method] : undefined
  if (way === undefined) throw new ValueFault('its argument `method` must be common, ceil or floor')
  const scale = 10 ** (numberArgument(args, 0, 'precision') ?? 0)
  return way(value * scale) / scale
}

/** `%s`, `%d` and `%%`, in their order. */
const formatted = (text: string, values: readonly unknown[]): string => {
  const left = [...values]
  return text.replace(/%(.?)/g, (_whole, sign: string) => {
    if (sign === '%') return sign
    if (sign !== 's' && sign !== 'd') throw new ValueFault(`it fills in \`%s\` and \`%d\`, and not \`%${sign}\``)
    if (left.length === 0) throw new ValueFault('it needs a value for each `%`')
    const value = left.shift()
    return sign === 'd' ? String(Math.trunc(numberOf(value))) : textOf(value)
  })
}

/** @source Python, `os.path.splitext`: dots at the beginning of a name begin no ending. */
function splitEnding(path: string): readonly string[] {
  const [, name = path, ending = ''] = /^((?:.*\/)?\.*[^/]*?)(\.[^./]*)?$/s.exec(path) ?? []
  return [name, ending]
}

function toBoolean(value: unknown): boolean | null {
  if (value === null || typeof value === 'boolean') return value
  return ['yes', 'on', '1', 'true'].includes(textOf(value).toLowerCase())
}

const indentOf = (args: FilterArguments, usual: number): number =>
  Math.min(10, Math.max(1, Math.floor(numberArgument(args, 0, 'indent') ?? usual) || 1))

/** As Python writes it: a space after comma and colon, and nothing beyond ASCII. */
const pythonJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`
  if (isMapping(value)) {
    const pairs = Object.entries(value).map(([key, each]) => `${pythonJson(key)}: ${pythonJson(each)}`)
    return `{${pairs.join(', ')}}`
  }
  return pythonText(JSON.stringify(value) ?? 'null')
}

const pythonText = (json: string): string =>
  json.replace(/[\u007f-\uffff]/g, sign => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)

const parsed = (text: string, form: string, parse: (text: string) => unknown): unknown => {
  try {
    return parse(text)
  } catch {
    throw new ValueFault(`the text is no ${form}`)
  }
}

const hash = (text: string, algorithm: string): string => {
  try {
    return createHash(algorithm).update(text).digest('hex')
  } catch {
    throw new ValueFault(`there is no hash \`${algorithm}\``)
  }
}

const regexOptions = ({ named }: FilterArguments) => ({
  ignoreCase: isTrue(named.ignorecase),
  multiline: isTrue(named.multiline),
})

/** `regex_search('(a)(b)', '\\1', '\\2')` gives a list of these groups. */
const regexGroups = (found: RegExpExecArray, wanted: readonly unknown[]): unknown => {
  if (wanted.length === 0) return found[0]
  return wanted.map(each => {
    const [, number, name] = /^\\(?:(\d+)|g<(\w+)>)$/.exec(String(each)) ?? []
    return (number === undefined ? found.groups?.[name ?? ''] : found[Number(number)]) ?? null
  })
}
