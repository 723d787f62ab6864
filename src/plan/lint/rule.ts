// What `run lint` looks for: each rule is a function of what a playbook says, and knows no node.
import { exitCodes, Problem, type ProblemFields } from '../../model/problem.ts'
import { tasksOf } from '../../playbook/parse.ts'
import type { BlockStep, Play, Playbook, Step, TaskStep } from '../../playbook/playbook.ts'
import type { NamedFiles } from '../arguments.ts'
import type { Registry } from '../registry.ts'

export type Linted = {
  readonly playbook: Playbook
  readonly registry: Registry
  /** Files that arguments name. */
  readonly files: NamedFiles
}

export type LintRule = {
  /** What its warnings are called. */
  readonly code: string
  /** What it is about, for the list of rules. */
  readonly summary: string
  /** What to do, where it is the same for all that it finds. */
  readonly help?: string
  find(linted: Linted): readonly Problem[]
}

/** A rule that looks at one play after the other. */
export const perPlay =
  (find: (play: Play, linted: Linted) => readonly Problem[]): LintRule['find'] =>
  linted =>
    linted.playbook.plays.flatMap(play => find(play, linted))

type Told = Pick<ProblemFields, 'summary' | 'span' | 'seen' | 'wanted' | 'help'>

/** A doubt, with the help of its rule where it has none of its own. */
export const doubt = ({ code, help }: LintRule, told: Told): Problem =>
  new Problem({ code, ...(help !== undefined && { help }), ...told, exit: exitCodes.failed })

/** Each step, a handler too, with the blocks around it, the outermost first. */
export const stepsWithin = ({ steps, handlers }: Play): readonly Within[] =>
  [...steps, ...handlers].flatMap(step => below(step, []))

export type Within = { readonly step: TaskStep | BlockStep; readonly around: readonly BlockStep[] }

const below = (step: Step, around: readonly BlockStep[]): readonly Within[] => {
  if (step.type === 'flush' || step.type === 'end') return []
  if (step.type === 'task') return [{ step, around }]
  const inside = [...step.block, ...step.rescue, ...step.always]
  return [{ step, around }, ...inside.flatMap(each => below(each, [...around, step]))]
}

/** Handlers too. */
export const tasksIn = ({ steps, handlers }: Pick<Play, 'steps' | 'handlers'>): readonly TaskStep[] => [
  ...tasksOf(steps),
  ...handlers,
]
