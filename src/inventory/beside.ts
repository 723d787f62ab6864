// Variables of groups and hosts that lie in files of their own, beside the inventory.

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
  for (const { of, name, file, text } of texts) {
    tellStranger({ of, name, file, text }, collected, reader)
    const { node } = reader.take(parseYaml({ file, text, openVault: secrets?.openVault }))
    if (node === undefined || isEmpty(node)) continue
    if (node.type === 'map') found[of].set(name, [...(found[of].get(name) ?? []), node])
    else reader.wrong(node, `The variables of \`${name}\``, 'a mapping (name: value)')
  }
  return { groups: found.group, hosts: found.host }
}

/** A site may keep more of them than one inventory names, so this is a warning. */
const tellStranger = ({ of, name, file, text }: BesideText, { groups, hosts }: Collected, reader: Reader): void => {
  const known = of === 'group' ? ['all', 'ungrouped', ...groups.keys()] : [...hosts.keys()]
  const meant = nearest(name, known)
  if (known.includes(name) || meant === undefined) return
  const summary = `${file} is for a ${of} \`${name}\`, which this inventory does not have`
  reader.warn({
    code: 'variables-of-nobody',
    summary,
    span: source(file, text).span(0),
    help: `did you mean \`${meant}\`?`,
  })
}
