// What a step says of its own outcome, where that hides how it went.
import type { Condition, TaskStep } from '../../playbook/playbook.ts'
import type { Hold } from '../../task/hold.ts'
import type { Task } from '../../task/task.ts'
import { argumentsThat } from '../meta.ts'
import { doubt, type LintRule, perPlay, tasksIn } from './rule.ts'

/** An Ansible playbook says so of what only looks; here such a step is carried out once, and answers from its receipt then. */
export const lookNotDeclared: LintRule = {
  code: 'look-not-declared',
  summary:
    'a command that is said to change nothing does not say that it only looks, so it is carried out once and not again',
  help: 'where it only looks, write `reads: true` in the place of `changed_when: false`: a dry run looks too then',
  find: perPlay((play, { registry }) =>
    tasksIn(play).flatMap(step => {
      const schema = registry.get(step.module)?.args
      const [looks] = schema === undefined ? [] : argumentsThat(schema, ({ onlyLooks }) => onlyLooks === true)
      if (looks === undefined || !isNever(step.changedWhen) || step.args.tree[looks] !== undefined) return []
      return [doubt(lookNotDeclared, { summary: `\`${step.name}\` never counts as a change`, span: step.span })]
    }),
  ),
}

export const failureUnseen: LintRule = {
  code: 'failure-unseen',
  summary: 'a failure is passed over, and no later step asks how it ended',
  help: 'say with `failed_when:` which end is none, or register the result and ask for it',
  find: perPlay((play, { registry }) =>
    tasksIn(play)
      .filter(({ way, failedWhen, register }) => (way.ignoreErrors || isNever(failedWhen)) && register === undefined)
      // What it finds is told, and that is all that it is for.
      .filter(({ module }) => !isOnlyLooking(registry.get(module)))
      .map(({ name, span }) => doubt(failureUnseen, { summary: `Nobody hears when \`${name}\` fails`, span })),
  ),
}

export const neverNotified: LintRule = {
  code: 'notify-never',
  summary: 'a step notifies a handler, and never counts as a change, so the handler is never notified',
  help: 'remove `notify:`, or say with `changed_when:` what counts as a change',
  find: perPlay(play =>
    tasksIn(play)
      .filter(({ notify, changedWhen }) => notify.length > 0 && isNever(changedWhen))
      .map(({ name, span }) =>
        doubt(neverNotified, { summary: `\`${name}\` notifies, and never counts as a change`, span }),
      ),
  ),
}

/** A handler that was notified is in the journal; that a step was changed is known to this run alone. */
export const handlerInSteps: LintRule = {
  code: 'handler-in-steps',
  summary: 'a step is due only where another one changed: where the run ends between the two, it is forgotten',
  help: 'make it a handler, and write `notify:` at the step that registers: `run resume` knows of handlers',
  find: perPlay(({ steps }) => {
    const results = new Set(tasksIn({ steps, handlers: [] }).flatMap(({ register }) => register ?? []))
    return tasksIn({ steps, handlers: [] }).flatMap(step => {
      const result = onlyChange(step)
      if (result === undefined || !results.has(result)) return []
      return [doubt(handlerInSteps, { summary: `\`${step.name}\` is a handler among the steps`, span: step.span })]
    })
  }),
}

const onlyChange = ({ when: [condition, ...others] }: TaskStep): string | undefined => {
  if (condition === undefined || others.length > 0) return undefined
  const [, byTest, byMember] = /^\s*(?:(\w+) is changed|(\w+)\.changed)\s*$/.exec(condition.text) ?? []
  return byTest ?? byMember
}

const isNever = (conditions: readonly Condition[] | undefined): boolean =>
  conditions?.some(({ text }) => /^\s*false\s*$/i.test(text)) ?? false

const isOnlyLooking = (module: Task | Hold | undefined): boolean => module?.type === 'task' && module.onlyLooks === true
