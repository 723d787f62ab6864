// Reads an inventory in Ansible's INI form, into the tree that its YAML form has.
import type { Span } from '../model/span.ts'
import { proposal } from '../text/did-you-mean.ts'
import { type Located, type LocatedEntry, type LocatedMap, locatedList, locatedMap } from '../text/located.ts'
import { pythonLiteral } from '../text/python-literal.ts'
import type { Reader } from '../text/reader.ts'
import { type Source, source } from '../text/source.ts'
import { wholeWithPoint } from '../text/whole-number.ts'
import { isOrderAlone, tellUnread } from './beside.ts'

/** By the ending; without one that says it, by how the first line reads. */
export const isIni = (file: string, text: string): boolean => {
  if (/\.(ya?ml|json)$/.test(file)) return false
  const first = text.split('\n').find(line => /^[^#;\s]/.test(line)) ?? ''
  return (
    /^\[[^\]]*\]\s*(?:[#;].*)?$/.test(first) || /\.(ini|cfg)$/.test(file) || !/^(?:---|[\w.-]+:(?:\s|$)|\{)/.test(first)
  )
}

type Group = {
  readonly name: string
  readonly span: Span
  readonly hosts: LocatedEntry[]
  readonly children: { readonly name: string; readonly span: Span }[]
  readonly vars: LocatedEntry[]
}

type Line = { readonly text: string; readonly start: number }

type Reading = { readonly of: Source; readonly reader: Reader; readonly groups: Map<string, Group> }

export const readIni = (text: string, file: string, reader: Reader): LocatedMap => {
  const reading: Reading = { of: source(file, text), reader, groups: new Map() }
  let section: Section = { group: groupOf('ungrouped', reading.of.span(0), reading), kind: 'hosts' }
  for (const line of linesOf(text)) {
    const header = /^\[([^:\]\s]+)(?::([^\]]*))?\]\s*(?:[#;].*)?$/.exec(line.text)
    if (header) section = sectionOf(header, line, reading) ?? section
    else readLine(line, section, reading)
  }
  tellStrangers(reading)
  return treeOf(reading)
}

/** Without blanks around them, and without what says nothing. */
const linesOf = (text: string): readonly Line[] =>
  [...text.matchAll(/[^\n]+/g)].flatMap(({ 0: whole, index }) => {
    const line = whole.trim()
    return line === '' || /^[#;]/.test(line) ? [] : [{ text: line, start: index + whole.indexOf(line) }]
  })

type Section = { readonly group: Group; readonly kind: 'hosts' | 'children' | 'vars' }

const declared = new WeakSet<Group>()

const groupOf = (name: string, span: Span, { groups }: Pick<Reading, 'groups'>): Group => {
  const group = groups.get(name) ?? { name, span, hosts: [], children: [], vars: [] }
  groups.set(name, group)
  return group
}

const sectionOf = (
  [, name = '', kind = 'hosts']: RegExpExecArray,
  { text, start }: Line,
  reading: Reading,
): Section | undefined => {
  const at = start + text.indexOf(name)
  const span = reading.of.span(at, at + name.length)
  const group = groupOf(name, span, reading)
  if (isOrderAlone(name) && kind !== 'hosts') tellUnread(name, { span, reader: reading.reader })
  if (kind === 'hosts' || kind === 'children') declared.add(group)
  if (kind === 'hosts' || kind === 'children' || kind === 'vars') return { group, kind }
  reading.reader.tell({
    code: 'section-unknown',
    summary: `A section is of hosts, \`:children\` or \`:vars\``,
    span: reading.of.span(start, start + text.length),
    seen: `:${kind}`,
    help: `write \`[${name}]\`, \`[${name}:children]\` or \`[${name}:vars]\``,
  })
  return undefined
}

const readLine = (line: Line, { group, kind }: Section, reading: Reading): void => {
  if (kind === 'hosts') readHost(line, group, reading)
  else if (kind === 'vars') group.vars.push(...pairIn(line.text, line.start, reading, { isRest: true }))
  else {
    const name = /^[^\s#;]+/.exec(line.text)?.[0] ?? ''
    const span = reading.of.span(line.start, line.start + name.length)
    group.children.push({ name, span })
  }
}

const readHost = (line: Line, group: Group, reading: Reading): void => {
  const [first, ...rest] = wordsOf(line)
  if (!first) return
  const { name, port } = addressIn(first.text)
  const keySpan = reading.of.span(first.start, first.start + name.length)
  const pairs = rest.flatMap(({ text, start }) => pairIn(text, start, reading, { isRest: false }))
  const own = port === undefined ? pairs : [{ key: 'ansible_port', keySpan, node: located(port, keySpan) }, ...pairs]
  group.hosts.push({ key: name, keySpan, node: locatedMap(own, keySpan) })
}

/** `node1:2222`, and `[::1]:2222`; a name with more colons is an address. */
const addressIn = (word: string): { readonly name: string; readonly port?: number } => {
  const [, plain = word, inBrackets, port] =
    /^(?:\[([\da-fA-F:.]+:[\da-fA-F:.]*)\]|([^:[\]]+(?:\[[^\]]*\][^:[\]]*)*)):(\d+)$/.exec(word) ?? []
  const name = inBrackets ?? plain
  return port === undefined ? { name } : { name, port: Number(port) }
}

/**
 * Words as a shell reads them, with their places; what follows a `#` is a comment.
 *
 * @source Python, `shlex.split` with comments
 */
const wordsOf = ({ text, start }: Line): readonly Line[] => {
  const words: Line[] = []
  for (const found of text.matchAll(/((?:'[^']*'|"(?:[^"\\]|\\.)*"|\\.|[^\s'"\\#])+)|#.*/g)) {
    if (found[1] === undefined) break
    words.push({ text: unquoted(found[1]), start: start + found.index })
  }
  return words
}

const unquoted = (word: string): string =>
  word.replace(
    /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/g,
    (_, single?: string, double?: string, sign?: string) =>
      single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? sign ?? '',
  )

const pairIn = (
  text: string,
  start: number,
  { of, reader }: Reading,
  { isRest }: { readonly isRest: boolean },
): readonly LocatedEntry[] => {
  const [, key = '', value = ''] = /^([^=]*?)\s*=\s*(.*)$/s.exec(text) ?? []
  const span = of.span(start, start + text.length)
  if (key !== '') {
    const at = start + text.indexOf('=') + 1
    const literal = pythonLiteral(value)
    const valueSpan = of.span(at, Math.max(at + 1, start + text.length))
    const fault = wholeWithPoint(literal?.value, value)
    if (fault) reader.tell({ ...fault, span: valueSpan })
    return [
      { key, keySpan: of.span(start, start + key.length), node: located(literal ? literal.value : value, valueSpan) },
    ]
  }
  reader.tell({
    code: 'pair-missing',
    summary: isRest
      ? 'A variable is written as `name=value`'
      : 'What follows the name of a host is written as `name=value`',
    span,
    help: isRest
      ? 'write `name = value`, a line each'
      : 'write one host a line, and quotes around what has a blank in it',
  })
  return []
}

const located = (value: unknown, span: Span): Located => {
  if (Array.isArray(value))
    return locatedList(
      value.map(item => located(item, span)),
      span,
    )
  if (typeof value === 'object' && value !== null)
    return locatedMap(
      Object.entries(value).map(([key, each]) => ({ key, keySpan: span, node: located(each, span) })),
      span,
    )
  const scalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
  return { type: 'scalar', value: scalar, span, wordSpan: () => span }
}

const tellStrangers = ({ groups, reader }: Reading): void => {
  const isThere = (name: string) =>
    own.has(name) || [...groups.values()].some(each => each.name === name && declared.has(each))
  const told = [...groups.values()].filter(each => declared.has(each)).map(({ name }) => name)
  for (const { name, span } of [...groups.values()].flatMap(({ children }) => children))
    if (!isThere(name))
      reader.tell({
        code: 'group-unknown',
        summary: `There is no group \`${name}\` that could be in another one`,
        span,
        help: proposal(name, told) ?? `write \`[${name}]\` with its hosts`,
      })
  for (const group of groups.values())
    if (group.vars.length > 0 && !declared.has(group) && group.name !== 'all' && !isOrderAlone(group.name))
      reader.tell({
        code: 'group-unknown',
        summary: `There is no group \`${group.name}\` that these variables could be of`,
        span: group.span,
        help: `write \`[${group.name}]\` with its hosts`,
      })
}

const failoverList = 'failover_list'

/** As YAML has it: a group stands below each that it is a child of, those of nobody below `all`. */
const treeOf = ({ groups, of }: Reading): LocatedMap => {
  const span = of.span(0)
  const list = groups.get(failoverList)
  const inner = new Set([...groups.values()].flatMap(({ children }) => children.map(({ name }) => name)))
  const all = groups.get('all')
  const ungrouped = groups.get('ungrouped')
  const outer = [...groups.values()].filter(({ name }) => !inner.has(name) && !own.has(name))
  const tops = [
    ...outer,
    ...inCircles(
      outer,
      [...groups.values()].filter(({ name }) => !own.has(name)),
    ),
  ]
  const node = mapOf(
    {
      hosts: [...(ungrouped?.hosts ?? []), ...(all?.hosts ?? []), ...(list?.hosts ?? [])],
      children: [
        ...tops.map(group => entryOf(group, groups, ['all'])),
        ...(all?.children ?? [])
          .filter(({ name }) => !tops.some(top => top.name === name))
          .map(({ name, span: at }) => entryOf(groupOf(name, at, { groups }), groups, ['all'])),
      ],
      vars: all?.vars ?? [],
    },
    all?.span ?? span,
  )
  const cluster = list && {
    key: 'cluster',
    keySpan: list.span,
    node: mapOf(
      {
        failover_list: locatedList(
          list.hosts.map(({ key, keySpan }) => located(key, keySpan)),
          list.span,
        ),
      },
      list.span,
    ),
  }
  return locatedMap([{ key: 'all', keySpan: all?.span ?? span, node }, ...(cluster ? [cluster] : [])], span)
}

/** Of groups that stand within one another the first, so that whoever walks through them comes to see it. */
const inCircles = (tops: readonly Group[], groups: readonly Group[]): readonly Group[] => {
  const reached = new Set<string>()
  const reach = (name: string): void => {
    if (reached.has(name)) return
    reached.add(name)
    for (const child of groups.find(each => each.name === name)?.children ?? []) reach(child.name)
  }
  for (const { name } of tops) reach(name)
  return groups.filter(({ name }) => {
    const isFirst = !reached.has(name)
    reach(name)
    return isFirst
  })
}

const own: ReadonlySet<string> = new Set(['all', 'ungrouped', failoverList])

const entryOf = (group: Group, groups: Reading['groups'], path: readonly string[]): LocatedEntry => {
  const isCycle = path.includes(group.name)
  const children = isCycle
    ? []
    : group.children.map(({ name, span }) => ({
        ...entryOf(groupOf(name, span, { groups }), groups, [...path, group.name]),
        keySpan: span,
      }))
  const node = mapOf({ hosts: group.hosts, children, vars: group.vars }, group.span)
  return { key: group.name, keySpan: group.span, node }
}

const mapOf = (parts: Readonly<Record<string, readonly LocatedEntry[] | Located>>, span: Span): LocatedMap =>
  locatedMap(
    Object.entries(parts).map(([key, part]) => ({
      key,
      keySpan: span,
      node: Array.isArray(part) ? locatedMap(part, span) : (part as Located),
    })),
    span,
  )
