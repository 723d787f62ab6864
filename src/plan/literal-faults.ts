// What is wrong with a step's arguments whatever the variables say: told even where nothing can be filled in yet.
import type { Problem } from '../model/problem.ts'
import type { Span } from '../model/span.ts'
import { Template } from '../template/template.ts'
import { compileTree, holdsTemplate, isPlain } from '../template/tree.ts'
import { entries, items, type Located } from '../text/located.ts'
import { validate } from '../text/zod-problems.ts'
import { type ArgumentsOf, groundsOfArgument } from './arguments.ts'

/** Unknown and missing arguments, and values of the wrong kind that hold no template. */
export const literalFaults = (of: ArgumentsOf): readonly Problem[] => {
  const { args, schema, owner } = of
  const { written, tree } = args
  const open = new Set([owner, ...openPlaces(written)])
  const isSure = ({ code, span }: Problem['fields']) =>
    code !== 'argument-value' || (span !== undefined && !open.has(span))
  const { problems } = validate(written, schema, {
    value: withoutTemplates(tree),
    owner,
    noun: 'argument',
    restsOn: path => groundsOfArgument(path, of, {}),
  })
  return problems.filter(({ fields }) => isSure(fields))
}

/** Fits no schema, so that what is said of it is said at its own place, and passed over there. */
const notKnown = Symbol('not known')

const withoutTemplates = (tree: unknown): unknown => {
  if (tree instanceof Template) return notKnown
  if (Array.isArray(tree)) return tree.map(withoutTemplates)
  if (!isPlain(tree)) return tree
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, withoutTemplates(value)]))
}

/** Places whose value is not known before a template is filled in: its own, and those of all around it. */
const openPlaces = (node: Located): readonly Span[] => {
  if (!holdsTemplate(compileTree(node).tree)) return []
  return [
    node.span,
    ...entries(node).flatMap(({ keySpan, node: below }) => [keySpan, ...openPlaces(below)]),
    ...items(node).flatMap(openPlaces),
  ]
}
