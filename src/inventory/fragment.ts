// Lines for an inventory, as the YAML that can be pasted into it: nested by their names, each with where it is from.
import { Document, isMap, isScalar, Scalar } from 'yaml'
import type { Json } from '../model/json.ts'

export type FragmentLine = {
  /** Names, the outer one first. */
  readonly path: readonly string[]
  readonly value: Json
  readonly because: string
  /** The host that it is for; all of them without one. */
  readonly host?: string
  /** It stands there as a comment: a person has to say whether it is meant so. */
  readonly isForAPerson?: boolean
}

/** @returns The text with its last line break; an empty one where there is no line. */
export const inventoryFragment = (lines: readonly FragmentLine[]): string => {
  const meant = lines.filter(({ isForAPerson }) => !isForAPerson)
  const open = lines.filter(({ isForAPerson }) => isForAPerson)
  return `${meant.length === 0 ? '' : fragmentOf(meant)}${open.length === 0 ? '' : asComment(open)}`
}

const placeOf = ({ host, path }: FragmentLine): readonly string[] =>
  host === undefined ? ['all', 'vars', ...path] : ['all', 'hosts', host, ...path]

const fragmentOf = (lines: readonly FragmentLine[]): string => {
  const document = new Document({})
  for (const line of lines) {
    document.setIn(placeOf(line), document.createNode(line.value, { flow: true }))
    commentAt(document, placeOf(line), line.because)
  }
  return document.toString({ lineWidth: 0 })
}

/** Before the key, since behind a value that is long nobody reads it. */
const commentAt = (document: Document, path: readonly string[], because: string): void => {
  const parent = document.getIn(path.slice(0, -1), true)
  const pair = isMap(parent) ? parent.items.find(({ key }) => nameOf(key) === path.at(-1)) : undefined
  if (!pair) return
  const key = new Scalar(nameOf(pair.key))
  key.commentBefore = ` ${because.replaceAll(/\s+/g, ' ')}`
  pair.key = key
}

const nameOf = (key: unknown): unknown => (isScalar(key) ? key.value : key)

const asComment = (lines: readonly FragmentLine[]): string =>
  ['A person has to say whether this is meant so:', ...fragmentOf(lines).trimEnd().split('\n')]
    .map(text => `# ${text}\n`)
    .join('')
