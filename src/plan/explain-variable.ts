// Where a variable of a host is from, and what it lies over. Pure; nothing is connected to.
import type { Host } from '../inventory/inventory.ts'
import type { Span } from '../model/span.ts'
import { tasksOf } from '../playbook/parse.ts'
import type { Play, Step, WrittenVariables } from '../playbook/playbook.ts'
import { renderTree, type Variables } from '../template/render.ts'
import { Template } from '../template/template.ts'
import { compileTree, isPlain } from '../template/tree.ts'
import { KnownLater } from '../template/values.ts'
import { entry, type LocatedMap } from '../text/located.ts'
import { givenBy } from './given.ts'
import type { Registry } from './registry.ts'

export type Origin = {
  readonly level: string
  readonly span: Span
  /** As it is filled in on the host; as it was written where it cannot be. */
  readonly value: unknown
  /** Why it cannot be filled in from here, a sentence each. */
  readonly open: readonly string[]
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
    const { tree } = compileTree(found.node, { label: name, readSecret: () => '', readsTruths: true })
    const { value, problems } = renderTree(tree, variables)
    const open = [...new Set(problems.map(problem => problem.message))]
    return [{ level, span: found.keySpan, value: open.length === 0 ? value : asWritten(tree), open }]
  })
}

/** Secrets stay what they are: they print masked. */
const asWritten = (tree: unknown): unknown => {
  if (tree instanceof Template) return tree.text
  if (Array.isArray(tree)) return tree.map(asWritten)
  return isPlain(tree) ? Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, asWritten(value)])) : tree
}

/** In the place of what steps give, where nothing else has that name: known once the step is done. */
export const givenLater = (plays: readonly Play[], registry: Registry): Variables =>
  Object.fromEntries(
    stepsOf(plays).flatMap(step => givenBy(step, registry).map(name => [name, new KnownLater(step.id)])),
  )

const levelIn = (vars: LocatedMap, play: Play | undefined): string =>
  vars.span.file === play?.file ? `vars of the play \`${play.name}\`` : 'vars_files'

export type Giver = { readonly step: string; readonly span: Span }

/** Steps of a playbook that give the name to those after them. */
export const giversOf = (name: string, plays: readonly Play[], registry: Registry): readonly Giver[] =>
  stepsOf(plays)
    .filter(step => givenBy(step, registry).includes(name))
    .map(({ id, span }) => ({ step: id, span }))

export type Holder = { readonly name: string; readonly isBlock: boolean; readonly span: Span }

/** Steps and blocks that have the name among their own `vars`: it counts in them alone. */
export const holdersOf = (name: string, plays: readonly Play[]): readonly Holder[] =>
  plays
    .flatMap(({ steps, handlers }) => [...withBlocks(steps), ...handlers])
    .flatMap(step => {
      const span = 'vars' in step ? entry(step.vars.written, name)?.keySpan : undefined
      if (span === undefined || !('vars' in step)) return []
      return [{ name: step.type === 'task' ? step.id : step.name, isBlock: step.type === 'block', span }]
    })

const withBlocks = (steps: readonly Step[]): readonly Step[] =>
  steps.flatMap(step =>
    step.type === 'block' ? [step, ...withBlocks([...step.block, ...step.rescue, ...step.always])] : [step],
  )

const stepsOf = (plays: readonly Play[]) => plays.flatMap(({ steps, handlers }) => [...tasksOf(steps), ...handlers])
