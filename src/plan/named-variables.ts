// Which variables the templates of a play name.
import type { Condition, Play, Step } from '../playbook/playbook.ts'
import { Template } from '../template/template.ts'
import { templatesIn } from '../template/tree.ts'

/** Every variable that a template of the play needs. */
export const namesIn = (play: Play): readonly string[] => {
  const { pattern } = play.hosts
  const own = [pattern instanceof Template ? pattern : undefined, play.vars.variables, play.way.environment]
  return [...own.flatMap(needs), ...[...play.steps, ...play.handlers].flatMap(namesOfStep)]
}

/** What a step names, and all that stands within it. */
export const namesOfStep = (step: Step): readonly string[] => treesOfStep(step).flatMap(needs)

/** All in a step that may be filled in, and in what stands within it. */
export const treesOfStep = (step: Step): readonly unknown[] => {
  if (step.type === 'flush' || step.type === 'end') return []
  const base = [step.vars.variables, step.way.environment, step.loop, inConditions(step.when, step.repeat?.until)]
  if (step.type === 'task') return [...base, step.args.tree, inConditions(step.changedWhen, step.failedWhen)]
  const below = [...step.block, ...step.rescue, ...step.always].flatMap(treesOfStep)
  return [...base, step.hold?.args.tree, ...below]
}

const inConditions = (...all: readonly (readonly Condition[] | undefined)[]): readonly Template[] =>
  all.flatMap(conditions => conditions ?? []).map(({ template }) => template)

/** Every variable that a template in a tree needs. */
export const needs = (tree: unknown): readonly string[] =>
  templatesIn(tree).flatMap(template => template.needs.map(({ name }) => name))
