// The arguments of a task as they are written, brought to the names and forms that its schema has.
import { argumentsTopic } from '../model/problem.ts'
import type { Span } from '../model/span.ts'
import { hasTemplate } from '../template/template.ts'
import { compileTree } from '../template/tree.ts'
import {
  entry,
  isEmpty,
  type Located,
  type LocatedEntry,
  type LocatedMap,
  locatedMap,
  overlay,
} from '../text/located.ts'
import type { Reader } from '../text/reader.ts'
import { bareCondition, readCondition } from './conditions.ts'
import type { KnownTask, StepArguments } from './playbook.ts'

type ReadingArguments = {
  readonly reader: Reader
  readonly more?: LocatedEntry | undefined
  /** Arguments that stand one line too far to the left; told already, and taken for what they are. */
  readonly strays?: readonly LocatedEntry[]
}

/** The arguments of a task: a mapping, nothing, or one text where the task takes it; and those below `args:`. */
export const readArguments = (
  module: LocatedEntry,
  known: KnownTask | undefined,
  { reader, more, strays = [] }: ReadingArguments,
): StepArguments => {
  const at = { reader, owner: module.keySpan }
  const own = argumentMap(module, known, at)
  const others = [
    ...(strays.length === 0 ? [] : [locatedMap(strays, module.keySpan)]),
    ...(more === undefined ? [] : [argumentMap(more, undefined, at)]),
  ]
  const all = others.length === 0 ? own : overlay([own, ...others], module.keySpan)
  const written = settle(all, known ?? { type: 'task' }, reader)
  return { written, tree: compiled(written, known?.conditions ?? [], reader) }
}

const compiled = (
  written: LocatedMap,
  conditions: readonly string[],
  reader: Reader,
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    written.entries.map(({ key, node }) => [
      key,
      conditions.includes(key) ? conditionTree(node, reader) : reader.take(compileTree(node)).tree,
    ]),
  )

/** Each condition with its text, so that a failure can say which; what is no expression is left to the schema. */
const conditionTree = (node: Located, reader: Reader): unknown => {
  if (node.type === 'list') return node.items.map(item => conditionTree(item, reader))
  if (node.type !== 'scalar' || typeof node.value !== 'string') return node.value
  const isFilledIn = hasTemplate(node.value) && bareCondition(node.value) === undefined
  if (isFilledIn) return reader.take(compileTree(node)).tree
  const { text, template } = readCondition(node, reader)
  return { condition: text, holds: template }
}

const argumentMap = (
  { node, keySpan, key }: LocatedEntry,
  known: KnownTask | undefined,
  { reader, owner }: { readonly reader: Reader; readonly owner: Span },
): LocatedMap => {
  if (node.type === 'map') return locatedMap(node.entries, keySpan)
  if (isEmpty(node)) return locatedMap([], keySpan)
  const name = known?.freeForm
  if (name !== undefined && node.type === 'scalar') {
    tellWordsThatAreArguments(node, known, reader)
    return locatedMap([{ key: name, keySpan: node.span, node }], keySpan)
  }
  const pairs = pairsIn(node)
  if (pairs.length > 0) {
    const summary = `Arguments in one line are not read: \`${key}:\` takes a mapping`
    const help = `write \`${key}: { ${pairs.map(([word, value]) => `${word}: ${value}`).join(', ')} }\``
    reader.tell({ code: 'arguments-in-line', summary, span: node.span, help, about: argumentsTopic(owner) })
    return locatedMap([], keySpan)
  }
  const wanted = name === undefined ? 'a mapping (argument: value)' : 'a text, or a mapping (argument: value)'
  reader.wrong(node, `What follows \`${key}:\``, { wanted, about: argumentsTopic(owner) })
  return locatedMap([], keySpan)
}

/** `src=a dest=/b mode=0644`, as Ansible reads it, with the values as YAML has to have them. */
const pairsIn = ({ type, value }: Located): readonly (readonly [name: string, value: string])[] => {
  if (type !== 'scalar' || typeof value !== 'string' || !/^\s*\w+=/.test(value)) return []
  const found = [...value.matchAll(/(?:^|\s)(\w+)=('[^']*'|"[^"]*"|\{\{.*?\}\}\S*|\S*)/g)]
  return found.map(([, name = '', text = '']) => [
    name,
    /^(?:['"]|[\w/.-]*[^\W\d][\w/.-]*$)/.test(text) ? text : JSON.stringify(text),
  ])
}

/** Ansible takes `creates=/a` out of a command; here it would be a word of it, and nobody would see why. */
const tellWordsThatAreArguments = (
  node: Extract<Located, { type: 'scalar' }>,
  known: KnownTask | undefined,
  reader: Reader,
): void => {
  const [word, name = ''] = /(?:^|\s)(creates|removes|chdir|executable|stdin)=/.exec(String(node.value)) ?? []
  if (word === undefined || !known?.names?.includes(name)) return
  reader.tell({
    code: 'argument-in-text',
    summary: `\`${name}=\` within the text is a word of the command here, not an argument`,
    span: node.wordSpan(`${name}=`, 0),
    help: `write the command below \`${known.freeForm}:\`, and \`${name}:\` beside it`,
  })
}

/** Other names of an argument become its own; one that Ansible has and that is not here is told with its way out. */
const settle = (written: LocatedMap, { aliases = {}, instead = {} }: KnownTask, reader: Reader): LocatedMap => {
  const kept = written.entries.flatMap(each => {
    const help = ownText(instead, each.key)
    if (help !== undefined) {
      const summary = `The argument \`${each.key}\` is not supported`
      reader.tell({ code: 'argument-unsupported', summary, span: each.keySpan, help })
      return []
    }
    const name = ownText(aliases, each.key)
    if (name === undefined) return [each]
    if (entry(written, name) === undefined) return [{ ...each, key: name }]
    const summary = `\`${each.key}\` is another name of \`${name}\`, which stands there too`
    reader.tell({ code: 'argument-twice', summary, span: each.keySpan, help: `keep \`${name}:\`` })
    return []
  })
  return locatedMap(kept, written.span)
}

const ownText = (texts: Readonly<Record<string, string>>, key: string): string | undefined =>
  Object.hasOwn(texts, key) ? texts[key] : undefined
