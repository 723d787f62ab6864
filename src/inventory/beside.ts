// Variables of groups and hosts that lie in files of their own, beside the inventory.
import type { Span } from '../model/span.ts'
import type { SecretReading } from '../template/secrets.ts'
import { nearest } from '../text/did-you-mean.ts'
import { isEmpty, type LocatedMap } from '../text/located.ts'
import type { Reader } from '../text/reader.ts'
import { source } from '../text/source.ts'
import { parseYaml } from '../text/yaml.ts'
import type { Collected } from './collect.ts'

/** Variables of one group or host, in a file of its own. */
export type BesideText = {
  readonly of: 'group' | 'host'
  /** Of the group or the host. */
  readonly name: string
  readonly file: string
  /** Asked for where the inventory has that group or host: what else lies there is nobody's business. */
  readonly text: string
}

/** By the name of the group or the host, in the order in which they count. */
export type Beside = {
  readonly groups: ReadonlyMap<string, readonly LocatedMap[]>
  readonly hosts: ReadonlyMap<string, readonly LocatedMap[]>
}

type Reading = { readonly reader: Reader; readonly secrets: SecretReading | undefined }

export const readBesides = (
  texts: readonly BesideText[],
  collected: Collected,
  { reader, secrets }: Reading,
): Beside => {
  const found = { group: new Map<string, LocatedMap[]>(), host: new Map<string, LocatedMap[]>() }
  for (const beside of texts) {
    const { of, name, file } = beside
    if (!isOf(beside, collected)) {
      tellStranger(beside, collected, reader)
      continue
    }
    const { node, problems } = reader.take(parseYaml({ file, text: beside.text, openVault: secrets?.openVault }))
    if (node === undefined || isEmpty(node)) continue
    if (node.type === 'map') found[of].set(name, [...(found[of].get(name) ?? []), node])
    else if (problems.length === 0) reader.wrong(node, `The variables of \`${name}\``, 'a mapping (name: value)')
  }
  return { groups: found.group, hosts: found.host }
}

/** Whether the inventory has the group or host that it is for. */
export const isOf = ({ of, name }: Pick<BesideText, 'of' | 'name'>, { groups, hosts }: Collected): boolean =>
  of === 'group' ? groups.has(name) : hosts.has(name)

/** A site may keep more of them than one inventory names, so this is a warning; not of groups that every inventory has. */
const tellStranger = (beside: BesideText, { groups, hosts }: Collected, reader: Reader): void => {
  const { of, name, file } = beside
  if (of === 'group' && isOrderAlone(name)) {
    tellUnread(name, { span: source(file, beside.text).span(0), reader })
    return
  }
  const meant = nearest(name, of === 'group' ? [...groups.keys()] : [...hosts.keys()])
  if (meant === undefined) return
  const summary = `${file} is for a ${of} \`${name}\`, which this inventory does not have`
  reader.warn({
    code: 'variables-of-nobody',
    summary,
    span: source(file, beside.text).span(0),
    help: `did you mean \`${meant}\`?`,
  })
}

/** The failover list is an order of nodes, and `ungrouped` whoever is left: neither has variables or groups of its own. */
export const isOrderAlone = (name: string): boolean => name === 'failover_list' || name === 'ungrouped'

export const tellUnread = (name: string, { span, reader }: { readonly span: Span; readonly reader: Reader }): void =>
  reader.tell({
    code: 'group-unread',
    summary: `Nothing reads variables or groups of \`${name}\`: it has hosts alone`,
    span,
    help: 'write them for `all`, or for a group of your own that holds the same hosts',
  })
