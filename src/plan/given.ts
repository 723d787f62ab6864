// Names that steps give to those behind them: by `register:`, or as variables. A name counts from its step on.
import { Problem, variableTopic } from '../model/problem.ts'
import { formatSpan } from '../model/span.ts'
import { tasksOf } from '../playbook/parse.ts'
import type { Playbook, Step, TaskStep } from '../playbook/playbook.ts'
import type { StepPlan } from './grow-step.ts'
import type { Registry } from './registry.ts'

export const givenBy = (step: TaskStep, registry: Registry): readonly string[] => [
  ...(step.register === undefined ? [] : [step.register]),
  ...variablesGivenBy(step, registry),
]

/** The names that a step gives to those after it as variables. */
export const variablesGivenBy = ({ module, args }: TaskStep, registry: Registry): readonly string[] => {
  const task = registry.get(module)
  return task?.type === 'task' && task.givesVariables ? Object.keys(args.tree) : []
}

/** The plan for what is asked when these steps are done. */
export const withGiven = (steps: readonly Step[], plan: StepPlan): StepPlan => ({
  ...plan,
  registers: new Set([...plan.registers, ...tasksOf(steps).flatMap(step => givenBy(step, plan.registry))]),
})

/** What a step further down gives is no slip of the hand in the name, but in the order. */
export const withGiversBehind = (
  problems: readonly Problem[],
  { plays }: Playbook,
  registry: Registry,
): readonly Problem[] => {
  const givers = new Map(
    plays
      .flatMap(({ steps, handlers }) => [
        ...tasksOf(steps).map(step => ({ step, help: 'move what needs it behind that' })),
        ...handlers.map(step => ({ step, help: 'write `meta: flush_handlers` before what needs it' })),
      ])
      .flatMap(giver => givenBy(giver.step, registry).map(name => [variableTopic(name), giver] as const))
      .toReversed(),
  )
  return problems.map(problem => {
    const giver = problem.fields.about && givers.get(problem.fields.about)
    if (problem.code !== 'variable-undefined' || !giver) return problem
    const at = `\`${giver.step.id}\` (${formatSpan(giver.step.span)})`
    return new Problem({ ...problem.fields, help: `it is there when ${at} is done: ${giver.help}` })
  })
}
