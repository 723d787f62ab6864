// The parts that plays and steps share: variables, conditions, arguments.

import type { Span } from '../model/span.ts'
import type { SecretReading } from '../template/secrets.ts'
import { compileCondition, hasTemplate, placeInScalar } from '../template/template.ts'
import { compileTree } from '../template/tree.ts'
import {
  child,
  entry,
  isEmpty,
  type Located,
  type LocatedEntry,
  type LocatedMap,
  locatedMap,
  overlay,
} from '../text/located.ts'
import type { Reader } from '../text/reader.ts'
import { both } from '../text/words.ts'
import type { Condition, KnownTask, StepArguments, WrittenVariables } from './playbook.ts'

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
    reader.take(compileTree(node, { label: key, readSecret })).tree,
  ])
  return { written, variables: Object.fromEntries(variables) }
}

const compiled = (written: LocatedMap, reader: Reader): Readonly<Record<string, unknown>> =>
  Object.fromEntries(written.entries.map(({ key, node }) => [key, reader.take(compileTree(node)).tree]))

/** `when:` as a text, a truth value, or a list of them. */
export const readConditions = (node: Located | undefined, reader: Reader): Condition[] => {
  const value = child(node, 'when')
  if (value === undefined) return []
  const each = value.type === 'list' ? value.items : [value]
  return each.flatMap(item => {
    if (item.type === 'scalar' && item.value !== null) return [readCondition(item, reader)]
    reader.wrong(item, '`when`', 'an expression, such as `mount_point is defined`')
    return []
  })
}

const readCondition = (node: Extract<Located, { type: 'scalar' }>, reader: Reader): Condition => {
  const text = String(node.value)
  const bare = /^\s*\{\{(.*)\}\}\s*$/s.exec(text)?.[1]?.trim()
  if (hasTemplate(text))
    reader.tell({
      code: 'when-braces',
      summary: 'A condition is an expression already, it takes no {{ }}',
      span: node.span,
      help: bare === undefined ? 'write the bare expression' : `write \`when: ${bare}\``,
    })
  const { template, problems } = compileCondition(bare ?? text, placeInScalar(node))
  if (!hasTemplate(text)) reader.take({ problems })
  return { text, template }
}

/** The arguments of a task: a mapping, nothing, or one text where the task takes it. */
export const readArguments = (
  { node, keySpan, key }: LocatedEntry,
  known: KnownTask | undefined,
  reader: Reader,
): StepArguments => {
  const written = argumentMap({ node, keySpan, key }, known, reader)
  return { written, tree: compiled(written, reader) }
}

const argumentMap = (
  { node, keySpan, key }: LocatedEntry,
  known: KnownTask | undefined,
  reader: Reader,
): LocatedMap => {
  if (node.type === 'map') return locatedMap(node.entries, keySpan)
  if (isEmpty(node)) return locatedMap([], keySpan)
  const name = known?.freeForm
  if (name !== undefined && node.type === 'scalar')
    return locatedMap([{ key: name, keySpan: node.span, node }], keySpan)
  const wanted = name === undefined ? 'a mapping (argument: value)' : 'a text, or a mapping (argument: value)'
  reader.wrong(node, `What follows \`${key}:\``, wanted)
  return locatedMap([], keySpan)
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
  })
  return undefined
}
