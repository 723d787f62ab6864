// Which variables the templates of a play name.
import type { Play, Step } from '../playbook/playbook.ts'
import { Template } from '../template/template.ts'
import { templatesIn } from '../template/tree.ts'

/** Every variable that a template of the play needs. */
export const namesIn = (play: Play): readonly string[] => {
  const { pattern } = play.hosts
  const own = [pattern instanceof Template ? pattern : undefined, play.vars.variables, play.environment]
  return [...own.flatMap(needs), ...[...play.steps, ...play.handlers].flatMap(namesOfStep)]
}

const namesOfStep = (step: Step): readonly string[] => {
  const base = [...step.when.map(({ template }) => template), step.vars.variables, step.environment].flatMap(needs)
  if (step.type === 'task') return [...base, ...needs(step.args.tree)]
  const below = [...step.block, ...step.rescue, ...step.always].flatMap(namesOfStep)
  return [...base, ...needs(step.hold?.args.tree), ...below]
}

/** Every variable that a template in a tree needs. */
export const needs = (tree: unknown): readonly string[] =>
  templatesIn(tree).flatMap(template => template.needs.map(({ name }) => name))
