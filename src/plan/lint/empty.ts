// What is written and has nothing in it: most often steps that were to come, or that stand one level too far out.
import { exitCodes, Problem } from '../../model/problem.ts'
import type { Step } from '../../playbook/playbook.ts'
import { type LintRule, perPlay } from './rule.ts'

export const emptyBlock: LintRule = {
  code: 'block-empty',
  summary: 'a block has no steps, so nothing is carried out',
  help: 'write its steps below `block:`, or remove it',
  find: perPlay(({ steps, handlers }) =>
    [...steps, ...handlers].flatMap(emptyIn).map(
      ({ name, span }) =>
        new Problem({
          code: emptyBlock.code,
          summary: `The block \`${name}\` has no steps`,
          span,
          ...(emptyBlock.help !== undefined && { help: emptyBlock.help }),
          exit: exitCodes.failed,
        }),
    ),
  ),
}

type Block = Extract<Step, { readonly type: 'block' }>

const emptyIn = (step: Step): readonly Block[] => {
  if (step.type !== 'block') return []
  const own = step.block.length === 0 ? [step] : []
  return [...own, ...[...step.block, ...step.rescue, ...step.always].flatMap(emptyIn)]
}
