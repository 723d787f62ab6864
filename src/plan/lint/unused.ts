// What a playbook writes down and never names again: most often the other side of a slip of the hand.
import { exitCodes, Problem, type ProblemFields } from '../../model/problem.ts'
import { tasksOf } from '../../playbook/parse.ts'
import { namesIn } from '../named-variables.ts'
import { type LintRule, perPlay } from './rule.ts'

const help = 'remove it, or correct its name where it is meant'

export const unusedHandler: LintRule = {
  code: 'handler-unused',
  summary: 'no step notifies a handler, so it never runs',
  help,
  find: perPlay(({ steps, handlers }) => {
    const notified = new Set([...tasksOf(steps), ...handlers].flatMap(({ notify }) => notify))
    return handlers
      .filter(({ name, listen }) => ![name, ...listen].some(each => notified.has(each)))
      .map(({ name, span }) => warning(unusedHandler, { summary: `No step notifies the handler \`${name}\``, span }))
  }),
}

export const unusedResult: LintRule = {
  code: 'register-unused',
  summary: 'a result is registered and never named',
  help,
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
  help,
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

const warning = ({ code, help }: LintRule, fields: Pick<ProblemFields, 'summary' | 'span'>): Problem =>
  new Problem({ code, ...fields, help, exit: exitCodes.failed })
