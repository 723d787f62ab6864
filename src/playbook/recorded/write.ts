// Writes what was recorded into a dialogue file, beside what was recorded there for other branches before.
import { Document, isMap, isSeq, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml'
import type { RecordedPrompt } from './recorded.ts'

export type Recording = {
  readonly title: string
  readonly prompts: readonly RecordedPrompt[]
  /** What the branch is told from others by, such as `{ role: 'create' }`. */
  readonly branch: Readonly<Record<string, string>>
  /** Where it comes from, a line each. */
  readonly origin: readonly string[]
}

/** @param before Text of the file as it is, where it is there. */
export const writeRecording = (recording: Recording, before?: string): string => {
  const document = before === undefined ? emptyDocument(recording) : parseDocument(before)
  const seq = document.get('prompts')
  if (!isSeq(seq)) throw new TypeError('the dialogue has no list of prompts')
  const comment = recording.origin.map(line => ` ${line}`).join('\n')
  document.commentBefore = [document.commentBefore, comment].filter(Boolean).join('\n')
  merge(seq as YAMLSeq<YAMLMap>, recording, document)
  return document.toString({ lineWidth: 110 })
}

const emptyDocument = ({ title }: Recording): Document => new Document({ name: title, within: '60s', prompts: [] })

/** Prompts that both branches have in common stay one, as long as their order is the same. */
const merge = (seq: YAMLSeq<YAMLMap>, { prompts, branch }: Recording, document: Document): void => {
  const old = seq.items.filter(item => isMap(item))
  const pairs = common(old.map(keyOf), prompts.map(keyOfRecorded))
  const names = new Set(old.map(item => String(item.get('name'))))
  const condition = conditionOf(branch)
  const merged: YAMLMap[] = []
  let waiting: YAMLMap[] = []
  let at = 0
  /** What only the old branch asks comes before what only the new one does. */
  const pass = (to: number) => {
    merged.push(...old.slice(at, to), ...waiting)
    waiting = []
    at = to
  }
  for (const [index, prompt] of prompts.entries()) {
    const pair = pairs.get(index)
    const item = pair === undefined ? undefined : old[pair]
    if (pair === undefined || item === undefined) {
      waiting.push(toNode(prompt, { condition, names, document }))
      continue
    }
    pass(pair)
    merged.push(widened(item, { condition, prompt }))
    at = pair + 1
  }
  pass(old.length)
  seq.items = merged
}

const widened = (item: YAMLMap, { condition, prompt }: { condition: string; prompt: RecordedPrompt }): YAMLMap => {
  const when = item.get('when')
  if (when !== undefined && condition !== '' && !String(when).includes(condition))
    item.set('when', `${when} or ${condition}`)
  if ((prompt.repeat ?? 1) > Number(item.get('repeat') ?? 1)) item.set('repeat', prompt.repeat)
  return item
}

type Into = { readonly condition: string; readonly names: Set<string>; readonly document: Document }

const toNode = (prompt: RecordedPrompt, { condition, names, document }: Into): YAMLMap => {
  const { comment, name, ...rest } = prompt
  let own = name
  for (let count = 2; names.has(own); count += 1) own = `${name} ${count}`
  names.add(own)
  const node = document.createNode({ name: own, ...(condition !== '' && { when: condition }), ...rest }) as YAMLMap
  if (comment) node.commentBefore = ` ${comment}`
  return node
}

const conditionOf = (branch: Recording['branch']): string =>
  Object.entries(branch)
    .map(([name, value]) => `${name} == '${value}'`)
    .join(' and ')

const keyOf = (item: YAMLMap): string =>
  JSON.stringify([item.get('expect'), item.get('answer') ?? '', Boolean(item.get('press'))])

const keyOfRecorded = ({ expect, answer = '', press = false }: RecordedPrompt): string =>
  JSON.stringify([expect, answer, press])

/** Longest common sequence: which of the new ones is which of the old. */
const common = (old: readonly string[], fresh: readonly string[]): ReadonlyMap<number, number> => {
  const lengths = Array.from({ length: old.length + 1 }, () => new Array<number>(fresh.length + 1).fill(0))
  const at = (row: number, column: number) => lengths[row]?.[column] ?? 0
  for (let row = old.length - 1; row >= 0; row -= 1)
    for (let column = fresh.length - 1; column >= 0; column -= 1) {
      const line = lengths[row] ?? []
      line[column] =
        old[row] === fresh[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1))
    }
  const pairs = new Map<number, number>()
  for (let row = 0, column = 0; row < old.length && column < fresh.length; ) {
    if (old[row] === fresh[column]) pairs.set(column++, row++)
    else if (at(row + 1, column) >= at(row, column + 1)) row += 1
    else column += 1
  }
  return pairs
}
