// Writes an inventory from answers: each value with what it is for; what is left out stands there as a comment.
import { stringify } from 'yaml'
import { z } from 'zod'
import type { Json } from '../../model/json.ts'
import { wantedOf } from '../../text/zod-words.ts'
import type { Answers, Field } from './field.ts'

export type Written = {
  readonly fields: readonly Field[]
  readonly answers: Answers
  /** Lines before all others, without their `#`. */
  readonly head: readonly string[]
}

/** A new inventory. What is needed and not answered has its name and no value: the check of the inventory finds it. */
export const newInventory = ({ fields, answers, head }: Written): string => {
  const tree = treeOf(withNodes(fields))
  const lines = [...tree].flatMap(([name, below]) => branchLines(below, { path: [name], answers }))
  const text = [...head.map(comment), ...(head.length > 0 ? [''] : []), ...lines.map(printed)].join('\n')
  return `${text.replace(/\n{3,}/g, '\n\n').trimEnd()}\n`
}

/** A branch of names, or the field at its end. */
type Branch = Field | Tree
type Tree = ReadonlyMap<string, Branch>

const isField = (branch: Branch): branch is Field => 'key' in branch

/** Where nobody has named a node yet, it says how one is named. */
const withNodes = (fields: readonly Field[]): readonly Field[] => {
  const at = fields.findIndex(({ place }) => place[0] === 'all')
  if (fields.some(({ place }) => place[1] === 'hosts')) return fields
  return [...fields.slice(0, at), anyNode, ...fields.slice(at)]
}

const anyNode: Field = {
  key: 'hosts',
  place: ['all', 'hosts'],
  about: 'the nodes, each on a line of its own below, such as oes1: { ansible_host: 192.0.2.11 }',
  schema: z.unknown(),
  isOptional: false,
  isSecret: false,
  isAsked: () => true,
}

const treeOf = (fields: readonly Field[]): Tree => {
  const root = new Map<string, Branch>()
  for (const field of fields) {
    let at = root
    for (const name of field.place.slice(0, -1)) {
      const next = at.get(name)
      const below = next instanceof Map ? next : new Map<string, Branch>()
      at.set(name, below)
      at = below
    }
    at.set(field.place.at(-1) ?? field.key, field)
  }
  return root
}

/** `about` says what it is for; `left-out` is a name that nobody gave a value. */
type Line = { readonly depth: number; readonly kind: 'about' | 'value' | 'left-out' | 'gap'; readonly text: string }

const printed = ({ depth, kind, text }: Line): string =>
  kind === 'gap' ? '' : `${'  '.repeat(depth)}${{ about: '# ', value: '', 'left-out': '#' }[kind]}${text}`

type Writing = { readonly path: readonly string[]; readonly answers: Answers }

const branchLines = (branch: Branch, { path, answers }: Writing): readonly Line[] => {
  if (isField(branch)) return fieldLines(branch, answers, path.length - 1)
  const depth = path.length - 1
  const below = [...branch].flatMap(([name, each]) => branchLines(each, { path: [...path, name], answers }))
  // A node is there, whatever is said of it.
  const isNode = path.length === 3 && path[1] === 'hosts'
  const kind = isNode || below.some(line => line.kind === 'value') ? 'value' : 'left-out'
  const gap: readonly Line[] = path.length === 3 && !isNode ? [{ depth, kind: 'gap', text: '' }] : []
  return [...gap, { depth, kind, text: `${quoted(path.at(-1) ?? '')}:` }, ...below, ...gap]
}

const fieldLines = (field: Field, answers: Answers, depth: number): readonly Line[] => {
  const name = quoted(field.place.at(-1) ?? field.key)
  const value = answers.get(field.key)
  const isLeftOut = value === undefined && (field.isOptional || !field.isAsked(answers))
  const shown = value ?? (isLeftOut ? field.usual : undefined)
  return [
    ...wrapped(aboutOf(field), widest - 2 * depth).map(text => ({ depth, kind: 'about' as const, text })),
    { depth, kind: isLeftOut ? 'left-out' : 'value', text: `${name}:${shown === undefined ? '' : ` ${flow(shown)}`}` },
  ]
}

const widest = 108

/** What it is for, what it can be, and where the manual speaks of it. */
const aboutOf = ({ about, schema, source, isSecret }: Field): string => {
  const wanted = isSecret ? '{ secret: env:NAME }; or file:PATH, command:WORDS, ask' : wantedOf(schema)
  const more = [
    ...(['a text', 'a value'].includes(wanted) ? [] : [wanted]),
    ...(source === undefined ? [] : [`manual ${source}`]),
  ]
  return more.length === 0 ? about : `${about} (${more.join('; ')})`
}

const comment = (line: string): string => (line === '' ? '#' : `# ${line}`)

export const quoted = (name: string): string => stringify(name, { lineWidth: 0 }).trim()

export const flow = (value: Json): string => stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim()

const wrapped = (text: string, columns: number): readonly string[] => {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= columns) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
