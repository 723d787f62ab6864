// What a playbook writes down and never names again: most often the other side of a slip of the hand.
import { exitCodes, Problem, type ProblemFields } from '../../model/problem.ts'
import { tasksOf } from '../../playbook/parse.ts'
import type { Play, Step } from '../../playbook/playbook.ts'
import { Template } from '../../template/template.ts'
import { templatesIn } from '../../template/tree.ts'
import { type LintRule, perPlay } from './rule.ts'

export const unusedHandler: LintRule = {
  code: 'handler-unused',
  summary: 'no step notifies a handler, so it never runs',
  find: perPlay(({ steps, handlers }) => {
    const notified = new Set([...tasksOf(steps), ...handlers].flatMap(({ notify }) => notify))
    return handlers
      .filter(({ name }) => !notified.has(name))
      .map(({ name, span }) => warning(unusedHandler, { summary: `No step notifies the handler \`${name}\``, span }))
  }),
}

export const unusedResult: LintRule = {
  code: 'register-unused',
  summary: 'a result is registered and never named',
  find: ({ playbook }) => {
    const named = new Set(playbook.plays.flatMap(namesIn))
    return playbook.plays
      .flatMap(({ steps, handlers }) => [...tasksOf(steps), ...handlers])
      .flatMap(({ register, span }) =>
        register === undefined || named.has(register)
          ? []
          : [warning(unusedResult, { summary: `Nothing names the result \`${register}\``, span })],
      )
  },
}

export const unusedVariable: LintRule = {
  code: 'variable-unused',
  summary: 'a variable of a play is set and never named',
  find: ({ playbook }) => {
    const named = new Set(playbook.plays.flatMap(namesIn))
    return playbook.plays
      .filter(({ worksheet }) => worksheet === undefined)
      .flatMap(({ vars }) => vars.written.entries)
      .filter(({ key }) => !named.has(key))
      .map(({ key, keySpan }) =>
        warning(unusedVariable, { summary: `Nothing names the variable \`${key}\``, span: keySpan }),
      )
  },
}

/** Every variable that a template of the play needs. */
const namesIn = (play: Play): readonly string[] => {
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

const needs = (tree: unknown): readonly string[] =>
  templatesIn(tree).flatMap(template => template.needs.map(({ name }) => name))

const warning = ({ code }: LintRule, fields: Pick<ProblemFields, 'summary' | 'span'>): Problem =>
  new Problem({ code, ...fields, help: 'remove it, or correct its name where it is meant', exit: exitCodes.failed })
