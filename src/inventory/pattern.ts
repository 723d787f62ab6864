// Which hosts a pattern such as `failover_list:!node3` means, in order, and which names in it nobody knows.
import { exitCodes, Problem } from '../model/problem.ts'
import type { Span } from '../model/span.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import { matchesGlob } from '../text/glob.ts'
import { expandRange } from './host-range.ts'
import type { Inventory } from './inventory.ts'

export type Matched = {
  /** In the order of the groups and names of the pattern. */
  readonly hosts: readonly string[]
  readonly problems: readonly Problem[]
}

/**
 * Ansible's patterns: `a:b` or `a,b` both, `a:&b` only in both, `a:!b` without, `*` and `?`, `~regex`, `node[1:3]`,
 * `group[0]`.
 *
 * @param where The place of the pattern; without one, problems have none.
 */
export const matchHosts = (pattern: string, inventory: Inventory, where?: Span): Matched => {
  const terms = splitTerms(pattern)
  const problems: Problem[] = []
  const find = (name: string): readonly string[] => {
    const found = hostsOf(name, inventory)
    if (found === undefined) problems.push(unknownName(name, { inventory, pattern, where }))
    return found ?? []
  }
  const plain = terms.filter(term => !/^[!&]/.test(term)).flatMap(find)
  const start = terms.length > 0 && terms.every(term => /^[!&]/.test(term)) ? (hostsOf('all', inventory) ?? []) : plain
  const hosts = terms
    .filter(term => /^[!&]/.test(term))
    .reduce((left, term) => {
      const named = find(term.slice(1))
      return left.filter(host => named.includes(host) === term.startsWith('&'))
    }, start)
  return { hosts: [...new Set(hosts)], problems }
}

/** Cuts at `:` and `,`, but not within brackets. */
const splitTerms = (pattern: string): string[] =>
  (pattern.match(/(?:\[[^\]]*\]|\[|[^:,[])+/g) ?? []).map(term => term.trim()).filter(term => term !== '')

/** @returns Nothing when nobody has that name. */
const hostsOf = (name: string, { hosts, groups }: Inventory): readonly string[] | undefined => {
  const names = hosts.map(host => host.name)
  if (name === 'all' || name === '*') return names
  const group = groups.find(each => each.name === name)
  if (group !== undefined) return group.hosts
  if (names.includes(name)) return [name]
  if (name.startsWith('~')) return byPattern(name.slice(1), names, groups)
  if (/[*?]/.test(name)) return byGlob(name, names, groups)
  return byIndex(name, groups) ?? byRange(name, names)
}

const byGlob = (name: string, names: readonly string[], groups: Inventory['groups']): readonly string[] | undefined => {
  const fits = (each: string) => matchesGlob(name, each)
  const found = [...groups.filter(group => fits(group.name)).flatMap(group => group.hosts), ...names.filter(fits)]
  return found.length === 0 ? undefined : found
}

/** `~web[0-9]+`: whose name begins so. */
const byPattern = (
  text: string,
  names: readonly string[],
  groups: Inventory['groups'],
): readonly string[] | undefined => {
  const pattern = patternIn(text)
  const fits = (each: string) => pattern?.test(each) === true
  const found = [...groups.filter(group => fits(group.name)).flatMap(group => group.hosts), ...names.filter(fits)]
  return found.length === 0 ? undefined : found
}

const patternIn = (text: string): RegExp | undefined => {
  try {
    return new RegExp(`^(?:${text})`)
  } catch {
    return undefined
  }
}

/** `group[0]`, `group[-1]`, `group[0:1]` (both ends included, as in Ansible). */
const byIndex = (name: string, groups: Inventory['groups']): readonly string[] | undefined => {
  const [, base, from, colon, to] = /^(.+)\[(-?\d+)(:?)(-?\d*)\]$/.exec(name) ?? []
  const group = groups.find(each => each.name === base)
  if (group === undefined) return undefined
  if (colon === '' && group.hosts.length > 0 && group.hosts.at(Number(from)) === undefined) return undefined
  if (colon === '') return group.hosts.slice(Number(from)).slice(0, 1)
  return group.hosts.slice(Number(from), to === '' || to === '-1' ? undefined : Number(to) + 1)
}

const byRange = (name: string, names: readonly string[]): readonly string[] | undefined => {
  const range = name.includes('[') ? expandRange(name) : undefined
  return range?.every(each => names.includes(each)) ? range : undefined
}

const unknownName = (
  name: string,
  {
    inventory,
    pattern,
    where,
  }: { readonly inventory: Inventory; readonly pattern: string; readonly where: Span | undefined },
): Problem => {
  const beyond = beyondOf(name, inventory)
  const known = [...inventory.groups.map(group => group.name), ...inventory.hosts.map(host => host.name)]
  return new Problem({
    code: 'host-unknown',
    summary: beyond ?? `The inventory ${inventory.file} has no host and no group \`${name}\``,
    span: where === undefined ? undefined : within(where, name),
    seen: pattern === name ? undefined : pattern,
    help: beyond === undefined ? helpFor(name, known) : 'the first host is number 0, and the last one -1',
    exit: exitCodes.input,
  })
}

const helpFor = (name: string, known: readonly string[]): string | undefined =>
  name === 'localhost'
    ? 'write this machine into the inventory like any other host: it is reached over SSH'
    : didYouMean(name, known)

/** A host of a group that has fewer. */
const beyondOf = (name: string, { groups }: Inventory): string | undefined => {
  const [, base, index] = /^(.+)\[(-?\d+)\]$/.exec(name) ?? []
  const group = groups.find(each => each.name === base)
  return group && `The group \`${base}\` has no host number ${index}: it has ${group.hosts.length}`
}

/** The name itself, within the place of the whole pattern. */
const within = (span: Span, name: string): Span => {
  const at = span.excerpt.indexOf(name, span.column - 1)
  return at === -1 || at >= span.column - 1 + span.width ? span : { ...span, column: at + 1, width: name.length }
}
