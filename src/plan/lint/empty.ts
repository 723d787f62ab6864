// What is written and has nothing in it: most often steps that were to come, or that stand one level too far out.
import { exitCodes, Problem } from '../../model/problem.ts'
import type { Step } from '../../playbook/playbook.ts'
import { type LintRule, perPlay } from './rule.ts'

const ownHelp = 'write its steps below `block:`, or remove it'

export const emptyBlock: LintRule = {
  code: 'block-empty',
  summary: 'a block has no steps, so nothing is carried out',
  help: ownHelp,
  find: perPlay(({ steps, handlers }) =>
    [...steps, ...handlers].flatMap(emptyIn).map(
      ({ name, span, importedFrom }) =>
        new Problem({
          code: emptyBlock.code,
          summary: importedFrom === undefined ? `The block \`${name}\` has no steps` : `${importedFrom} has no steps`,
          span,
          help: importedFrom === undefined ? ownHelp : 'write its steps, or remove `import_tasks:`',
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
