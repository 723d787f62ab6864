// Values as a user wrote them, in which each text with {{ }} is a compiled template.
import type { Problem } from '../model/problem.ts'
import { Secret } from '../model/secret.ts'
import type { Located, LocatedScalar } from '../text/located.ts'
import { asLiteral, isSecretName, type ReadSecret, readReference, secretNode } from './secrets.ts'
import { compileTemplate, hasTemplate, placeInScalar, Template } from './template.ts'
import { isMapping } from './values.ts'

export type CompiledTree = {
  /** Plain JavaScript, with a `Template` in place of each text that has something to fill in. */
  readonly tree: unknown
  readonly problems: readonly Problem[]
  /** Secrets that stand there in plain text. */
  readonly warnings: readonly Problem[]
}

const done = new WeakMap<Located, CompiledTree>()

export type CompileOptions = {
  /** What the whole is called; a secret right in it has that label. */
  readonly label?: string
  /** How variables read secrets; without it, `{ secret: … }` is a mapping like any other. */
  readonly readSecret?: ReadSecret | undefined
  /** `yes`, `no`, `on` and `off` without quotes are truth values, as in Ansible: among variables. */
  readonly readsTruths?: boolean
}

/** Compiles all that can be filled in below a node; the same node is compiled once. */
export const compileTree = (
  node: Located,
  { label = '', readSecret, readsTruths = false }: CompileOptions = {},
): CompiledTree => {
  const known = done.get(node)
  if (known !== undefined) return known
  const told = { problems: [], warnings: [] }
  const compiled = { tree: build(node, label, { ...told, readSecret, readsTruths }), ...told }
  done.set(node, compiled)
  return compiled
}

type Building = {
  readonly problems: Problem[]
  readonly warnings: Problem[]
  readonly readSecret: ReadSecret | undefined
  readonly readsTruths: boolean
}

const build = (node: Located, label: string, building: Building): unknown => {
  const { problems, readSecret } = building
  const reference = secretNode(node)
  if (reference !== undefined && readSecret !== undefined) {
    const read = readReference(reference, label, readSecret)
    problems.push(...read.problems)
    return read.secret
  }
  if (node.type === 'list') return node.items.map(item => build(item, label, building))
  if (node.type === 'map')
    return Object.fromEntries(node.entries.map(({ key, node: below }) => [key, build(below, key, building)]))
  if (building.readsTruths && node.truth !== undefined) return node.truth
  if (typeof node.value !== 'string') return node.value
  if (node.isVaulted) return new Secret(label, node.value)
  if (!hasTemplate(node.value)) return plain(node, label, building)
  const compiled = compileTemplate(node.value, placeInScalar(node))
  problems.push(...compiled.problems)
  return compiled.template
}

/** A text as it stands there; among variables one that is called a password is a secret all the same. */
const plain = (node: LocatedScalar, label: string, { readSecret, warnings }: Building): unknown => {
  if (readSecret === undefined || !isSecretName(label) || !node.value) return node.value
  const literal = asLiteral(node, label)
  warnings.push(literal.warning)
  return literal.secret
}

/** All templates in a tree. */
export const templatesIn = (tree: unknown): readonly Template[] => {
  if (tree instanceof Template) return [tree]
  if (Array.isArray(tree)) return tree.flatMap(templatesIn)
  return isPlain(tree) ? Object.values(tree).flatMap(templatesIn) : []
}

/** All secrets in a tree; what a template will make of them is not known yet. */
export const secretsIn = (tree: unknown): readonly Secret[] => {
  if (tree instanceof Secret) return [tree]
  return Array.isArray(tree) || isPlain(tree) ? Object.values(tree).flatMap(secretsIn) : []
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
