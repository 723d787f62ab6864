// Reads an inventory in Ansible's YAML form, with `cluster:` and `provider:` beside `all:`, or in its INI form. Never throws.
import { posix } from 'node:path'
import type { Span } from '../model/span.ts'
import type { Variables } from '../template/render.ts'
import type { SecretReading } from '../template/secrets.ts'
import { compileTree } from '../template/tree.ts'
import {
  child,
  entries,
  entry,
  isEmpty,
  items,
  type Located,
  type LocatedEntry,
  type LocatedMap,
  locatedMap,
  overlay,
} from '../text/located.ts'
import { Reader } from '../text/reader.ts'
import { source } from '../text/source.ts'
import { isVault } from '../text/vault.ts'
import { parseYaml } from '../text/yaml.ts'
import { type Beside, type BesideText, isOf, readBesides } from './beside.ts'
import { readCluster } from './cluster.ts'
import { type Collected, type CollectedGroup, type CollectedHost, collectGroup, groupKeys } from './collect.ts'
import { isIni, readIni } from './ini.ts'
import type { Group, Host, Inventory, Layer, Provider } from './inventory.ts'

/** Name of the group that always holds the failover list, in its order. */
const failoverGroup = 'failover_list'

export type InventoryText = {
  readonly file: string
  readonly text: string
  /** Reads what `{ secret: env:NAME }` refers to, and what is encrypted; without it no secret is there. */
  readonly secrets?: SecretReading
  /** What lies in `group_vars/` and `host_vars/` beside it, in the order in which it counts. */
  readonly besides?: readonly BesideText[]
}

/** Hosts, groups, variables, cluster, and all that is wrong with them. */
export const parseInventory = ({ file, text, secrets, besides = [] }: InventoryText): Inventory => {
  const reader = new Reader()
  const isYaml = isVault(text) || !isIni(file, text)
  const node = isYaml
    ? reader.take(parseYaml({ file, text, openVault: secrets?.openVault })).node
    : readIni(text, file, reader)
  const collected: Collected = { groups: new Map(), hosts: new Map() }
  if (node !== undefined) collectAll(node, collected, reader)
  const isReadable = node !== undefined || reader.problems.length === 0
  if (collected.hosts.size === 0 && isReadable) tellEmpty(node, { file, text }, reader)
  const groups = closedGroups(collected)
  warnOfTwoMeanings(collected, reader)
  const beside = readBesides(besides, collected, { reader, secrets })
  const building = { collected, beside, reader, readSecret: secrets?.readSecret ?? (() => undefined) }
  const hosts = inOrder(collected, groups).map(host => buildHost(host, groups, building))
  const name = posix.basename(file).replace(/\.(ya?ml|json|ini|cfg)$/, '')
  const names = hosts.map(host => host.name)
  const cluster = readCluster(entry(node, 'cluster'), { name, hosts: names }, reader)
  const failover = { name: failoverGroup, span: cluster.span ?? source(file, text).span(0), children: [] }
  return {
    name,
    file,
    besides: besides.filter(each => isOf(each, collected)).map(each => each.file),
    hosts,
    groups: [...groups.values(), { ...failover, hosts: cluster.failoverList }],
    cluster,
    provider: readProvider(child(node, 'provider'), reader),
    problems: reader.problems,
    warnings: reader.warnings,
  }
}

const ownKeys = ['all', 'cluster', 'provider']

const collectAll = (node: Located, collected: Collected, reader: Reader): void => {
  if (node.type !== 'map')
    reader.wrong(node, 'An inventory', { wanted: 'a mapping with the key `all`', help: way(node) })
  const all = entry(node, 'all')
  if (all !== undefined) collectGroup({ name: 'all', span: all.keySpan, node: all.node, path: [] }, collected, reader)
  const others = entries(node).filter(({ key }) => !ownKeys.includes(key))
  const groups = others.filter(each => looksLikeGroup(each.node))
  for (const { key, keySpan, node: group } of groups)
    collectGroup({ name: key, span: keySpan, node: group, path: ['all'] }, collected, reader)
  adopt(collected, node.span)
  const strangers = others.filter(each => !groups.includes(each) && !tellOfCluster(each, reader))
  reader.keys(locatedMap(strangers, node.span), ownKeys, { noun: 'An inventory' })
}

/** As in Ansible: there is `all`, written or not, and what is in no other group is in it. */
const adopt = ({ groups }: Collected, span: Span): void => {
  if (groups.size === 0) return
  const inner = new Set([...groups.values()].flatMap(({ children }) => [...children]))
  const all = groups.get('all') ?? { name: 'all', span, depth: 0, hosts: new Set(), children: new Set(), vars: [] }
  const others = [...groups].filter(([name]) => name !== 'all')
  for (const [name] of others) if (!inner.has(name)) all.children.add(name)
  groups.clear()
  for (const [name, group] of [['all', all] as const, ...others]) groups.set(name, group)
}

/** One line too far to the left is no key that nobody knows. */
const tellOfCluster = ({ key, keySpan }: LocatedEntry, reader: Reader): boolean => {
  if (key !== failoverGroup) return false
  const help = 'write it below `cluster:`, indented'
  reader.tell({ code: 'key-unknown', summary: `An inventory has no key \`${key}\``, span: keySpan, help })
  return true
}

/** What was most likely meant by something else. */
const way = (node: Located): string => {
  const isPlaybook = items(node).some(each => entry(each, 'hosts') ?? entry(each, 'import_playbook'))
  return isPlaybook
    ? 'this reads like a playbook: name the inventory with -i, or with `inventory:` in run.yml'
    : 'write `all: { hosts: { node1: , node2: } }`'
}

/** As Ansible, a group may also stand at the top. */
const looksLikeGroup = (node: Located): boolean =>
  entries(node).length > 0 && entries(node).every(({ key }) => groupKeys.some(known => known === key))

/** A pattern means the group; the host alone cannot be named. */
const warnOfTwoMeanings = ({ groups, hosts }: Collected, reader: Reader): void => {
  for (const { name, span } of groups.values())
    if (hosts.has(name))
      reader.warn({
        code: 'name-twice',
        summary: `\`${name}\` is a group and a host: wherever hosts are named it means the group`,
        span,
        help: 'give one of the two another name',
      })
}

const tellEmpty = (node: Located | undefined, text: { file: string; text: string }, reader: Reader): void => {
  if (reader.problems.length > 0) return
  reader.tell({
    code: 'inventory-empty',
    summary: 'This inventory names no host',
    span: node?.span ?? source(text.file, text.text).span(0),
    help: 'write `all: { hosts: { node1: } }`',
  })
}

/** Each group with the hosts of those below it. `all` holds every host. */
const closedGroups = ({ groups, hosts }: Collected): Map<string, Group> => {
  const close = (group: CollectedGroup, seen: ReadonlySet<string>): string[] => {
    const below = [...group.children].filter(name => !seen.has(name)).flatMap(name => groups.get(name) ?? [])
    return [...group.hosts, ...below.flatMap(each => close(each, new Set([...seen, group.name])))]
  }
  const closed = new Map<string, Group>()
  for (const group of groups.values()) {
    const { name, span } = group
    const own = name === 'all' ? [...close(group, new Set()), ...hosts.keys()] : close(group, new Set())
    closed.set(name, { name, span, hosts: [...new Set(own)], children: [...group.children] })
  }
  return closed
}

const inOrder = ({ hosts }: Collected, groups: ReadonlyMap<string, Group>): CollectedHost[] => {
  const names = new Set([...(groups.get('all')?.hosts ?? []), ...hosts.keys()])
  return [...names].flatMap(name => hosts.get(name) ?? [])
}

type Building = {
  readonly collected: Collected
  readonly beside: Beside
  readonly reader: Reader
  readonly readSecret: SecretReading['readSecret']
}

const buildHost = (
  { name, span, vars }: CollectedHost,
  groups: ReadonlyMap<string, Group>,
  building: Building,
): Host => {
  const { collected } = building
  const own = [...groups.values()].filter(group => group.hosts.includes(name))
  const special = [...own].sort(bySpecialty(collected))
  const layers = layersOf({ name, vars, groups: special.map(group => group.name) }, building)
  const written = overlay(
    layers.map(layer => layer.vars),
    span,
  )
  return {
    name,
    span,
    groups: special.map(group => group.name),
    layers,
    written,
    variables: compileAll(written, building),
  }
}

/** The deeper, the more special; then what it says of itself; then by name. @source Ansible, `sort_groups` */
const bySpecialty = ({ groups }: Collected) => {
  const rank = ({ name }: Group): readonly number[] => {
    const group = groups.get(name)
    const said = group && overlay(group.vars, group.span).value.ansible_group_priority
    return [group?.depth ?? 0, Number(said ?? 1) || 1]
  }
  return (one: Group, other: Group): number => {
    const [[depth = 0, said = 0], [otherDepth = 0, otherSaid = 0]] = [rank(one), rank(other)]
    return depth - otherDepth || said - otherSaid || (one.name < other.name ? -1 : Number(one.name > other.name))
  }
}

/** As Ansible has them: all that the inventory says of groups, then what lies beside it, then the same of the host. */
const layersOf = (
  {
    name,
    vars,
    groups,
  }: { readonly name: string; readonly vars: readonly LocatedMap[]; readonly groups: readonly string[] },
  { collected, beside }: Building,
): readonly Layer[] => {
  const ofInventory = groups.flatMap(group =>
    [...new Set(collected.groups.get(group)?.vars)].map(each => ({ level: `inventory, group ${group}`, vars: each })),
  )
  const ofFiles = groups.flatMap(group =>
    (beside.groups.get(group) ?? []).map(each => ({ level: `group_vars of ${group}`, vars: each })),
  )
  const own = [...new Set(vars)].map(each => ({ level: 'inventory, host', vars: each }))
  const ownFiles = (beside.hosts.get(name) ?? []).map(each => ({ level: 'host_vars', vars: each }))
  return [...ofInventory, ...ofFiles, ...own, ...ownFiles]
}

/** Variables of groups are shared by hosts, so each is compiled, and its problems told, once. */
const compileAll = (written: LocatedMap, { readSecret, reader }: Building): Variables =>
  Object.fromEntries(
    written.entries.map(({ key, node }) => [
      key,
      reader.take(compileTree(node, { label: key, readSecret, readsTruths: true })).tree,
    ]),
  )

const readProvider = (node: Located | undefined, reader: Reader): Provider | undefined => {
  if (node === undefined || isEmpty(node)) return undefined
  if (node.type === 'scalar' && typeof node.value === 'string')
    return { name: node.value, options: {}, span: node.span }
  const name = node.type === 'map' ? reader.text(node, 'name') : undefined
  if (name === undefined || node.type !== 'map') {
    reader.wrong(node, '`provider`', 'a name, or a mapping with `name` and its options')
    return undefined
  }
  const { name: _, ...options } = node.value
  return { name, options, span: node.span }
}
