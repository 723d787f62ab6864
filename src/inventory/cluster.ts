// Reads `cluster:` of an inventory: its name, and the failover list, whose order is law.
import type { Span } from '../model/span.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import { child, entry, isEmpty, type Located, type LocatedEntry } from '../text/located.ts'
import type { Reader } from '../text/reader.ts'
import { tellUnseen } from './collect.ts'
import type { Cluster } from './inventory.ts'

export const clusterKeys = ['name', 'failover_list'] as const

/** Without a failover list, the hosts in the order as written are it. */
export const readCluster = (
  written: LocatedEntry | undefined,
  { name, hosts }: { readonly name: string; readonly hosts: readonly string[] },
  reader: Reader,
): Cluster => {
  if (written === undefined) return { name, failoverList: hosts, span: undefined }
  const { node, keySpan } = written
  if (node.type !== 'map') {
    const help = node.type === 'scalar' ? `write \`{ name: ${node.value}, failover_list: [${hosts.join(', ')}] }\`` : ''
    reader.wrong(node, '`cluster`', { wanted: 'a mapping with `name` and `failover_list`', ...(help && { help }) })
    return { name, failoverList: hosts, span: keySpan }
  }
  reader.keys(node, clusterKeys, { noun: '`cluster`' })
  const list = entry(node, 'failover_list')
  return {
    name: readName(node, reader) ?? name,
    failoverList: list === undefined ? hosts : readFailoverList(list, hosts, reader),
    span: list?.keySpan ?? keySpan,
  }
}

const readFailoverList = (
  { node, keySpan }: LocatedEntry,
  hosts: readonly string[],
  reader: Reader,
): readonly string[] => {
  if (isEmpty(node) || (node.type === 'list' && node.items.length === 0)) {
    reader.tell({
      code: 'failover-list-empty',
      summary: 'The failover list is empty, so the agents could run nowhere',
      span: keySpan,
      help: 'name at least one node; the first is the preferred node',
    })
    return []
  }
  if (node.type !== 'list') {
    const names = node.type === 'map' ? node.entries.map(({ key }) => key) : String(node.value).split(/[\s,]+/)
    const help = `write \`[${names.filter(name => name !== '').join(', ')}]\`: the order is law`
    reader.wrong(node, '`failover_list`', { wanted: 'a list of hosts', help })
    return []
  }
  const seen = new Set<string>()
  for (const item of node.items) {
    if (item.type === 'scalar') addNode(String(item.value), item.span, { seen, hosts, reader })
    else reader.wrong(item, 'A node of the failover list', { wanted: 'the name of a host', help: known(hosts) })
  }
  return [...seen]
}

const addNode = (
  name: string,
  span: Span,
  { seen, hosts, reader }: { readonly seen: Set<string>; readonly hosts: readonly string[]; readonly reader: Reader },
): void => {
  const twice = {
    code: 'failover-list-twice',
    summary: `\`${name}\` is in the failover list twice`,
    help: 'remove one of the two; the order says who comes first',
  }
  const unknown = {
    code: 'host-unknown',
    summary: `The failover list names \`${name}\`, which is no host of this inventory`,
    help: didYouMean(name, hosts),
  }
  if (seen.has(name)) reader.tell({ ...twice, span })
  else if (!hosts.includes(name)) reader.tell({ ...unknown, span })
  else seen.add(name)
}

const known = (hosts: readonly string[]): string => `known here: ${hosts.join(', ')}`

const readName = (node: Located, reader: Reader): string | undefined => {
  const name = reader.text(node, 'name')
  const span = child(node, 'name')?.span
  if (name !== undefined && span !== undefined) tellUnseen(name, span, reader)
  return name
}
