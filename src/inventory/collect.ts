// Walks through the groups of an inventory and notes who stands where, in the order as written.
import type { Span } from '../model/span.ts'
import { child, entries, isEmpty, type Located, type LocatedMap, locatedMap } from '../text/located.ts'
import type { Reader } from '../text/reader.ts'
import { expandRange } from './host-range.ts'

export type CollectedGroup = {
  readonly name: string
  readonly span: Span
  /** Steps from `all`; the deeper, the more special. */
  depth: number
  readonly hosts: Set<string>
  readonly children: Set<string>
  readonly vars: LocatedMap[]
}

export type CollectedHost = { readonly name: string; readonly span: Span; readonly vars: LocatedMap[] }

export type Collected = {
  readonly groups: Map<string, CollectedGroup>
  readonly hosts: Map<string, CollectedHost>
}

export const groupKeys = ['hosts', 'children', 'vars'] as const

/** Adds one group and all below it. */
export const collectGroup = (
  { name, span, node, path }: { name: string; span: Span; node: Located; path: readonly string[] },
  collected: Collected,
  reader: Reader,
): void => {
  if (!tellUnseen(name, span, reader)) tellSigns(name, span, reader)
  const group = openGroup({ name, span, depth: path.length }, collected)
  if (path.includes(name)) {
    const summary = `The group \`${name}\` stands inside of itself`
    const help = 'take one of them out of the `children:` of the other'
    reader.tell({ code: 'group-cycle', summary, span, seen: [...path, name].join(' → '), help })
    return
  }
  if (isEmpty(node)) return
  if (node.type !== 'map') reader.wrong(node, `The group \`${name}\``, 'a mapping with hosts, children or vars')
  reader.keys(node, groupKeys, { noun: `The group \`${name}\`` })
  collectHosts(group, child(node, 'hosts'), { collected, reader })
  const vars = varsOf(child(node, 'vars'), `The variables of \`${name}\``, reader)
  if (vars !== undefined) group.vars.push(vars)
  for (const each of mappingEntries(child(node, 'children'), 'children', reader)) {
    group.children.add(each.key)
    collectGroup({ name: each.key, span: each.keySpan, node: each.node, path: [...path, name] }, collected, reader)
  }
}

const openGroup = (
  { name, span, depth }: { readonly name: string; readonly span: Span; readonly depth: number },
  { groups }: Collected,
): CollectedGroup => {
  const known = groups.get(name)
  if (known !== undefined) {
    known.depth = Math.max(known.depth, depth)
    return known
  }
  const group = { name, span, depth, hosts: new Set<string>(), children: new Set<string>(), vars: [] }
  groups.set(name, group)
  return group
}

type Into = { readonly collected: Collected; readonly reader: Reader }

const collectHosts = (group: CollectedGroup, node: Located | undefined, { collected, reader }: Into): void => {
  const firstHere = new Map<string, string>()
  for (const { key, keySpan, node: written } of mappingEntries(node, 'hosts', reader)) {
    const vars = varsOf(written, `The variables of \`${key}\``, reader)
    for (const name of namesOf(key, keySpan, reader)) {
      const before = firstHere.get(name)
      // The same key twice is told by whoever read the text.
      if (before !== undefined && before !== key) tellTwice(name, { before, group: group.name, span: keySpan }, reader)
      firstHere.set(name, key)
      group.hosts.add(name)
      const host = collected.hosts.get(name) ?? { name, span: keySpan, vars: [] }
      collected.hosts.set(name, host)
      if (vars !== undefined) host.vars.push(vars)
    }
  }
}

const tellTwice = (
  name: string,
  { before, group, span }: { readonly before: string; readonly group: string; readonly span: Span },
  reader: Reader,
): void =>
  reader.tell({
    code: 'host-duplicate',
    summary: `The host \`${name}\` is there twice in the group \`${group}\``,
    span,
    seen: `\`${before}\` stands for it as well`,
    help: 'take it out of one of the two',
  })

const namesOf = (key: string, span: Span, reader: Reader): readonly string[] => {
  if (tellUnseen(key, span, reader)) return []
  const names = expandRange(key)
  if (names?.[0] !== undefined && tellSigns(names[0], span, reader)) return []
  if (names !== undefined) return names
  const help = 'write a range as node[1:3], node[01:12] or node[a:c]'
  reader.tell({ code: 'host-range', summary: `\`${key}\` holds no range of hosts`, span, help })
  return []
}

/**
 * It is shown on screens and in documents, where it has to read as what it is, and in commands to copy.
 *
 * @returns Whether it was told.
 */
export const tellUnseen = (name: string, span: Span, reader: Reader): boolean => {
  if (name.startsWith('-')) return tellOption(span, reader)
  if (!/[\p{C}\u2028\u2029]/u.test(name)) return false
  reader.tell({
    code: 'name-unseen',
    summary: 'This name holds a character that nobody sees',
    span,
    seen: JSON.stringify(name).replace(/[^ -~]/g, sign => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`),
    help: 'write the name anew',
  })
  return true
}

/** What means something in a pattern of hosts, or in a path, is no part of a name. */
const tellSigns = (name: string, span: Span, reader: Reader): boolean => {
  const sign = /^[!&~]|[\s,*?/]/.exec(name)?.[0] ?? (/^\.\.?$/.test(name) ? name : undefined)
  if (sign === undefined) return false
  reader.tell({
    code: 'name-sign',
    summary: `\`${name}\` cannot be the name of a host or a group`,
    span,
    seen: JSON.stringify(sign),
    wanted: 'letters, digits, `.`, `_` and `-`',
    help: 'write another name; what it is reached at is `ansible_host`',
  })
  return true
}

const tellOption = (span: Span, reader: Reader): true => {
  reader.tell({
    code: 'name-option',
    summary: 'A name does not begin with `-`: a program would take it for an option',
    span,
    help: 'write another name; what it is reached at is `ansible_host`',
  })
  return true
}

/** Entries of a mapping that may be left empty. */
const mappingEntries = (node: Located | undefined, key: string, reader: Reader) => {
  if (node === undefined || isEmpty(node)) return []
  if (node.type !== 'map')
    reader.wrong(node, `\`${key}\``, {
      wanted: 'a mapping',
      help: `write each name as a key of its own: \`${firstNameIn(node)}:\``,
    })
  return entries(node)
}

/** The first name that was most likely meant, for an example. */
const firstNameIn = ({ value }: Located): string => {
  const [first] = [value].flat()
  return (typeof first === 'string' && /^[\w.-]+/.exec(first)?.[0]) || 'node1'
}

const varsOf = (node: Located | undefined, what: string, reader: Reader): LocatedMap | undefined => {
  if (node === undefined) return undefined
  if (isEmpty(node)) return locatedMap([], node.span)
  if (node.type === 'map') return node
  const isAddress = node.type === 'scalar' && /^\d+(?:\.\d+){3}$/.test(String(node.value))
  const help = isAddress ? `write \`{ ansible_host: ${node.value} }\`` : undefined
  reader.wrong(node, what, { wanted: 'a mapping (name: value)', ...(help && { help }) })
  return undefined
}
