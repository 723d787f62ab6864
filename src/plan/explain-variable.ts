// Where a variable of a host is from, and what it lies over. Pure; nothing is connected to.
import type { Host } from '../inventory/inventory.ts'
import type { Span } from '../model/span.ts'
import { tasksOf } from '../playbook/parse.ts'
import type { Play, WrittenVariables } from '../playbook/playbook.ts'
import { renderTree, type Variables } from '../template/render.ts'
import { compileTree } from '../template/tree.ts'
import { entry, type LocatedMap } from '../text/located.ts'
import { variablesGivenBy } from './grow-step.ts'
import type { Registry } from './registry.ts'

export type Origin = {
  readonly level: string
  readonly span: Span
  /** As it is filled in on the host; nothing where it cannot be. */
  readonly value: unknown
}

type Asked = {
  readonly host: Host
  readonly play?: Play | undefined
  readonly extra?: WrittenVariables | undefined
  /** All that the host sees. */
  readonly variables: Variables
}

/** The one that counts first. */
export const originsOf = (name: string, { host, play, extra, variables }: Asked): readonly Origin[] => {
  const layers = [
    ...host.layers,
    ...(play?.vars.maps ?? []).map(vars => ({ level: levelIn(vars, play), vars })),
    ...(extra?.maps ?? []).map(vars => ({ level: '-e', vars })),
  ]
  return layers.toReversed().flatMap(({ level, vars }) => {
    const found = entry(vars, name)
    if (!found) return []
    // What was read for the host is known already; of what lies below it no secret is read, and none is shown.
    const { tree } = compileTree(found.node, { label: name, readSecret: () => '' })
    return [{ level, span: found.keySpan, value: renderTree(tree, variables).value }]
  })
}

const levelIn = (vars: LocatedMap, play: Play | undefined): string =>
  vars.span.file === play?.file ? `vars of the play \`${play.name}\`` : 'vars_files'

export type Giver = { readonly step: string; readonly span: Span }

/** Steps of a playbook that give the name to those after them. */
export const giversOf = (name: string, plays: readonly Play[], registry: Registry): readonly Giver[] =>
  plays
    .flatMap(({ steps, handlers }) => [...tasksOf(steps), ...handlers])
    .filter(step => step.register === name || variablesGivenBy(step, registry.get(step.module)).includes(name))
    .map(({ id, span }) => ({ step: id, span }))
