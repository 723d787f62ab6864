// Names that mean something else than who wrote them thought.
import { standingNames } from '../../inventory/magic.ts'
import { givenBy } from '../given.ts'
import { namesOfStep } from '../named-variables.ts'
import { doubt, type LintRule, perPlay, stepsWithin, tasksIn } from './rule.ts'

export const nameTaken: LintRule = {
  code: 'name-taken',
  summary: 'a variable has a name that nobody can set: what stands there is never seen',
  help: 'choose another name; docs/variables.md has those that are there by themselves',
  find: perPlay((play, { registry }) => {
    const given = tasksIn(play).flatMap(step => givenBy(step, registry).map(name => ({ name, span: step.span })))
    const written = [play.vars, ...stepsWithin(play).map(({ step }) => step.vars)].flatMap(vars =>
      vars.written.entries.map(({ key, keySpan }) => ({ name: key, span: keySpan })),
    )
    const items = stepsWithin(play).flatMap(({ step: { loop } }) =>
      loop === undefined ? [] : [{ name: loop.itemName, span: loop.span }],
    )
    return [...given, ...written, ...items]
      .filter(({ name }) => standingNames.has(name))
      .map(({ name, span }) => doubt(nameTaken, { summary: `Nobody can set \`${name}\``, span }))
  }),
}

export const itemHidden: LintRule = {
  code: 'item-hidden',
  summary:
    'a loop within a loop, or a variable of its step, has the same name as its item: only one of the two is seen',
  help: 'give this one a name of its own: `loop_control: { loop_var: … }`',
  find: perPlay(play =>
    stepsWithin(play).flatMap(({ step: { loop, vars }, around }) => {
      if (loop === undefined) return []
      const { itemName, span } = loop
      const isTwice = around.some(each => each.loop?.itemName === itemName) || Object.hasOwn(vars.variables, itemName)
      return isTwice ? [doubt(itemHidden, { summary: `Another \`${itemName}\` lies beneath this one`, span })] : []
    }),
  ),
}

export const itemUnused: LintRule = {
  code: 'item-unused',
  summary: 'a step has a loop, and never names its item: the same is done again and again',
  help: 'name `item` where they differ, or remove the loop',
  find: perPlay(play =>
    stepsWithin(play).flatMap(({ step }) => {
      const { loop } = step
      if (loop === undefined) return []
      const named = namesOfStep(step)
      if ([loop.itemName, loop.indexName, 'ansible_loop'].some(name => name !== undefined && named.includes(name)))
        return []
      return [doubt(itemUnused, { summary: `Nothing names \`${loop.itemName}\``, span: loop.span })]
    }),
  ),
}
