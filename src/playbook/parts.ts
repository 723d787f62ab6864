// The parts that plays and steps share: variables, what is held.

import type { Span } from '../model/span.ts'
import type { SecretReading } from '../template/secrets.ts'
import { compileTree } from '../template/tree.ts'
import { entry, isEmpty, type Located, type LocatedEntry, overlay } from '../text/located.ts'
import type { Reader } from '../text/reader.ts'
import { both } from '../text/words.ts'
import type { WrittenVariables } from './playbook.ts'

const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/

export const isVariableName = (name: string): boolean => variableName.test(name)

type VariableContext = { readonly reader: Reader; readonly secrets: SecretReading | undefined }

/** Mappings of variables, the later over the earlier ones. */
export const readVariables = (
  nodes: readonly (Located | undefined)[],
  span: Span,
  { reader, secrets }: VariableContext,
): WrittenVariables => {
  const maps = nodes.flatMap(node => {
    if (node === undefined || isEmpty(node)) return []
    if (node.type === 'map') return [node]
    reader.wrong(node, '`vars`', 'a mapping (name: value)')
    return []
  })
  const written = overlay(maps, span)
  for (const { key, keySpan } of written.entries)
    if (!isVariableName(key))
      reader.tell({
        code: 'variable-name',
        summary: `\`${key}\` cannot be the name of a variable`,
        span: keySpan,
        help: 'use letters, digits and _, and start with a letter',
      })
  const readSecret = secrets?.readSecret
  const variables = written.entries.map(({ key, node }) => [
    key,
    reader.take(compileTree(node, { label: key, readSecret, readsTruths: true })).tree,
  ])
  return { written, maps, variables: Object.fromEntries(variables) }
}

/** `hold: partition`, or a mapping with one name and its arguments. */
export const holdEntry = (node: Located, reader: Reader): LocatedEntry | undefined => {
  const hold = entry(node, 'hold')
  if (hold === undefined) return undefined
  const { node: value } = hold
  if (value.type === 'scalar' && typeof value.value === 'string')
    return { key: value.value, keySpan: value.span, node: { ...value, value: null } }
  if (value.type === 'map' && value.entries.length === 1) return value.entries[0]
  const seen = value.type === 'map' ? both(value.entries.map(({ key }) => `\`${key}\``)) : undefined
  reader.tell({
    code: 'hold-wrong',
    summary: '`hold` must be the name of one thing to hold, or a mapping with one name and its arguments',
    span: hold.keySpan,
    seen: seen === '' ? undefined : seen,
    help: 'write `hold: { NAME: { argument: value } }`, and what else is held in a block around it',
  })
  return undefined
}
