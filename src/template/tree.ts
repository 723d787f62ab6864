// Values as a user wrote them, in which each text with {{ }} is a compiled template.
import type { Problem } from '../model/problem.ts'
import { Secret } from '../model/secret.ts'
import type { Located } from '../text/located.ts'
import { compileTemplate, hasTemplate, placeInScalar, Template } from './template.ts'
import { isMapping } from './values.ts'

export type CompiledTree = {
  /** Plain JavaScript, with a `Template` in place of each text that has something to fill in. */
  readonly tree: unknown
  readonly problems: readonly Problem[]
}

const done = new WeakMap<Located, CompiledTree>()

/** Compiles all that can be filled in below a node; the same node is compiled once. */
export const compileTree = (node: Located): CompiledTree => {
  const known = done.get(node)
  if (known !== undefined) return known
  const problems: Problem[] = []
  const compiled = { tree: build(node, problems), problems }
  done.set(node, compiled)
  return compiled
}

const build = (node: Located, problems: Problem[]): unknown => {
  if (node.type === 'list') return node.items.map(item => build(item, problems))
  if (node.type === 'map')
    return Object.fromEntries(node.entries.map(entry => [entry.key, build(entry.node, problems)]))
  if (typeof node.value !== 'string' || !hasTemplate(node.value)) return node.value
  const compiled = compileTemplate(node.value, placeInScalar(node))
  problems.push(...compiled.problems)
  return compiled.template
}

/** All templates in a tree. */
export const templatesIn = (tree: unknown): readonly Template[] => {
  if (tree instanceof Template) return [tree]
  if (Array.isArray(tree)) return tree.flatMap(templatesIn)
  return isPlain(tree) ? Object.values(tree).flatMap(templatesIn) : []
}

const withTemplates = new WeakMap<object, boolean>()

/** Asked often of the same variables, so the answer is remembered: a tree does not change. */
export const holdsTemplate = (tree: unknown): boolean => {
  if (tree instanceof Template) return true
  if (!Array.isArray(tree) && !isPlain(tree)) return false
  const known = withTemplates.get(tree)
  if (known !== undefined) return known
  const holds = Object.values(tree).some(holdsTemplate)
  withTemplates.set(tree, holds)
  return holds
}

export const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  isMapping(value) && !(value instanceof Template) && !(value instanceof Secret)
