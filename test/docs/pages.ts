// The pages of docs/ and the playbooks as the tests read them.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { type StepId, slug, stepId } from '../../src/model/address.ts'

const root = new URL('../../', import.meta.url)

/** Text of a file, by its path from the root of the repository. */
export const readText = (path: string): string => readFileSync(new URL(path, root), 'utf8')

export const isThere = (path: string): boolean => existsSync(new URL(path, root))

/** Paths of the files in a folder that end so. */
export const filesIn = (folder: string, ending: string): readonly string[] =>
  readdirSync(fileURLToPath(new URL(folder, root)))
    .filter(name => name.endsWith(ending))
    .map(name => `${folder}/${name}`)

/** `D1`, `C3`, …: the entries of the errata. */
export const errata = (): readonly string[] =>
  [...readText('docs/errata.md').matchAll(/^### ([CD]\d+) /gm)].map(([, id = '']) => id)

export type PlaybookStep = { readonly id: StepId; readonly source?: string }

/** A play, a block or a step: whatever holds others holds them under one of these keys. */
type Node = Partial<Record<'tasks' | 'block' | 'rescue' | 'always' | 'handlers', readonly Node[]>> & {
  readonly name?: string
  readonly source?: string
}

/** All steps of all playbooks that are written in YAML; a named block counts as one. */
export const playbookSteps = (): readonly PlaybookStep[] =>
  filesIn('playbooks', '.yml').flatMap(path => {
    const plays: readonly Node[] = parse(readText(path))
    return plays.flatMap(childrenOf).flatMap(node => stepsOf(node, basename(path, '.yml')))
  })

const childrenOf = ({ tasks, block, rescue, always, handlers }: Node): readonly Node[] =>
  [tasks, block, rescue, always, handlers].flatMap(nodes => nodes ?? [])

const stepsOf = (node: Node, playbook: string): readonly PlaybookStep[] => {
  const below = childrenOf(node).flatMap(child => stepsOf(child, playbook))
  if (node.name === undefined) return below
  const own = { id: stepId(playbook, slug(node.name)), ...(node.source !== undefined && { source: node.source }) }
  return [own, ...below]
}
