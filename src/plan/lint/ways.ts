// Under whom a step is carried out, and who may write what it makes.
import { child } from '../../text/located.ts'
import { argumentsThat } from '../meta.ts'
import { doubt, type LintRule, perPlay, stepsWithin, tasksIn } from './rule.ts'

export const userWithoutBecome: LintRule = {
  code: 'user-without-become',
  summary: '`become_user` stands without `become`, so the step is carried out as whoever logs in',
  help: 'write `become: true` beside it, or remove it',
  find: perPlay(play => {
    const ofPlay = play.way.becomeUser !== undefined && play.way.become === undefined
    const users = stepsWithin(play).filter(({ step: { way }, around }) => {
      const become = [play.way, ...around.map(each => each.way), way].findLast(each => each.become !== undefined)
      return way.becomeUser !== undefined && become?.become !== true
    })
    // What becomes nobody at the play may do so at each of its steps.
    const isMeant = stepsWithin(play).some(({ step }) => step.way.become !== undefined)
    return [
      ...(ofPlay && !isMeant
        ? [doubt(userWithoutBecome, { summary: `The play \`${play.name}\` becomes nobody`, span: play.span })]
        : []),
      ...users.map(({ step: { name, span } }) =>
        doubt(userWithoutBecome, { summary: `\`${name}\` becomes nobody`, span }),
      ),
    ]
  }),
}

export const writtenByAll: LintRule = {
  code: 'written-by-all',
  summary:
    'every user of the node may write what a step makes: who can change it decides what others read or carry out',
  help: 'take the right to write from others, such as "0755"; a directory for all has the sticky bit: "1777"',
  find: perPlay((play, { registry }) =>
    tasksIn(play).flatMap(({ module, args }) => {
      const schema = registry.get(module)?.args
      if (schema === undefined) return []
      return argumentsThat(schema, ({ title }) => title === 'file mode')
        .filter(key => isOpenToAll(args.tree[key]))
        .map(key => {
          const span = child(args.written, key)?.span
          return doubt(writtenByAll, { summary: 'Every user may write this', ...(span && { span }) })
        })
    }),
  ),
}

/** Octal, or in letters. */
const isOpenToAll = (mode: unknown): boolean =>
  typeof mode === 'string' &&
  (/^(?:0?|0?[0246])[0-7]{2}[2367]$/.test(mode) || /(?:^|,)(?:[ug]*[oa][ugo]*)?[+=][rxX]*w(?![rwxXs]*t)/.test(mode))
