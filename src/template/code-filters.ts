// Filters between values and texts that others read: JSON, YAML, base64, digests, addresses.
import { createHash } from 'node:crypto'
import { parseAllDocuments, parse as parseYamlValue, type Tags } from 'yaml'
import { argument, type FilterArguments, type Filters, numberArgument, ofText, opens, textArgument } from './filter.ts'
import { inAscii, inOneLine, type Separators } from './python-json.ts'
import { pythonYaml, sortedPairs, type YamlLayout } from './python-yaml.ts'
import { isMapping, isTrue, textOf, ValueFault } from './values.ts'

const jsonWords = ['indent', 'sort_keys', 'ensure_ascii'] as const
const yamlWords = ['indent', 'width', 'sort_keys', 'default_flow_style'] as const

export const codeFilters: Filters = {
  to_json: opens((value, args) => jsonOf(value, args), ...jsonWords, 'separators'),
  to_nice_json: opens(
    (value, args) =>
      jsonOf(value, { positional: [], named: { indent: 4, sort_keys: true, ...given(args, jsonWords) } }),
    ...jsonWords,
  ),
  from_json: ofText(text => parsed(text, 'JSON', JSON.parse)),
  to_yaml: opens((value, args) => pythonYaml(value, layoutOf(args, { indent: 2, isFlat: true })), ...yamlWords),
  to_nice_yaml: opens((value, args) => pythonYaml(value, layoutOf(args, { indent: 4, isFlat: false })), ...yamlWords),
  from_yaml: ofText(text => parsed(text, 'YAML', each => parseYamlValue(each, asPython))),
  from_yaml_all: ofText(text => parsed(text, 'YAML', allDocuments)),
  b64encode: ofText((text, args) => Buffer.from(text, encodingOf(args)).toString('base64'), 'encoding'),
  b64decode: ofText((text, args) => Buffer.from(text, 'base64').toString(encodingOf(args)), 'encoding'),
  hash: ofText((text, args) => hash(text, textArgument(args, 0, 'hashtype') ?? 'sha1'), 'hashtype'),
  md5: ofText(text => hash(text, 'md5')),
  sha1: ofText(text => hash(text, 'sha1')),
  checksum: ofText(text => hash(text, 'sha1')),
  urlencode: opens(value => urlEncoded(value)),
  urldecode: ofText(text => parsed(text, 'encoded address', each => decodeURIComponent(each.replaceAll('+', ' ')))),
}

/** Arguments by the names of their places. */
const given = ({ positional, named }: FilterArguments, names: readonly string[]) => ({
  ...Object.fromEntries(positional.map((value, at) => [names[at] ?? '', value])),
  ...named,
})

const indentOf = (indent: number | undefined): number | undefined =>
  indent === undefined ? undefined : Math.min(10, Math.max(1, Math.floor(indent) || 1))

const jsonOf = (value: unknown, args: FilterArguments): string => {
  const indent = indentOf(numberArgument(args, 0, 'indent'))
  const ordered = isTrue(argument(args, 1, 'sort_keys')) ? sorted(value) : value
  const separators = separatorsOf(args.named.separators)
  if (indent !== undefined && separators !== undefined)
    throw new ValueFault('it takes `indent` or `separators`, and not both')
  const json = indent === undefined ? inOneLine(ordered, separators) : JSON.stringify(ordered, null, indent)
  return isTrue(argument(args, 2, 'ensure_ascii') ?? true) ? inAscii(json) : json
}

const separatorsOf = (given: unknown): Separators | undefined => {
  if (given === undefined || given === null) return undefined
  const [comma, colon, ...more] = Array.isArray(given) ? given : []
  if (typeof comma === 'string' && typeof colon === 'string' && more.length === 0) return [comma, colon]
  throw new ValueFault("its argument `separators` must be two texts, such as `(',', ':')`")
}

/** The pairs of each mapping in order of their letters. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  return isMapping(value) ? Object.fromEntries(sortedPairs(value).map(([key, each]) => [key, sorted(each)])) : value
}

const layoutOf = (args: FilterArguments, usual: Pick<YamlLayout, 'indent' | 'isFlat'>): YamlLayout => {
  const flow = argument(args, 3, 'default_flow_style')
  return {
    indent: Math.max(2, indentOf(numberArgument(args, 0, 'indent')) ?? usual.indent),
    isFlat: flow === undefined ? usual.isFlat : flow === null || (isTrue(flow) && 'all'),
    isSorted: isTrue(argument(args, 2, 'sort_keys') ?? true),
    width: numberArgument(args, 1, 'width') ?? 80,
  }
}

/** YAML 1.1, as Ansible reads it, but for times, which stay texts. Without warnings, which it would write on the screen by itself. */
const asPython = {
  version: '1.1',
  logLevel: 'error',
  customTags: (tags: Tags) => tags.filter(tag => !isTime(tag)),
} as const

const isTime = (tag: unknown): boolean =>
  tag === 'timestamp' ||
  (typeof tag === 'object' && tag !== null && 'tag' in tag && tag.tag === 'tag:yaml.org,2002:timestamp')

const allDocuments = (text: string): unknown[] => {
  const all = parseAllDocuments(text, asPython)
  return [...all].map(document => {
    if (document.errors.length > 0) throw document.errors[0]
    return document.toJS()
  })
}

const parsed = (text: string, form: string, parse: (text: string) => unknown): unknown => {
  try {
    return parse(text)
  } catch {
    throw new ValueFault(`the text is no ${form}`)
  }
}

const encodings = {
  'utf-8': 'utf8',
  utf8: 'utf8',
  ascii: 'ascii',
  'latin-1': 'latin1',
  'iso-8859-1': 'latin1',
  'utf-16-le': 'utf16le',
} as const

const encodingOf = (args: FilterArguments): BufferEncoding => {
  const name = textArgument(args, 0, 'encoding') ?? 'utf-8'
  const found = Object.entries(encodings).find(([each]) => each === name.toLowerCase())
  if (found === undefined)
    throw new ValueFault(`its argument \`encoding\` must be one of ${Object.keys(encodings).join(', ')}`)
  return found[1]
}

const hash = (text: string, algorithm: string): string => {
  try {
    return createHash(algorithm).update(text).digest('hex')
  } catch {
    throw new ValueFault(`there is no hash \`${algorithm}\``)
  }
}

const urlEncoded = (value: unknown): string => {
  const pairs = isMapping(value) ? Object.entries(value) : undefined
  if (pairs === undefined) return encoded(textOf(value)).replaceAll('%2F', '/')
  return pairs
    .map(([key, each]) => [key, textOf(each)].map(part => encoded(part).replaceAll('%20', '+')).join('='))
    .join('&')
}

const encoded = (text: string): string =>
  encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd')).replace(
    /[!'()*]/g,
    sign => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
