// All rules of `run lint`, in the order in which the documentation lists them.
import type { Problem } from '../../model/problem.ts'
import { emptyBlock } from './empty.ts'
import { itemHidden, itemUnused, nameTaken } from './names.ts'
import { failureUnseen, handlerInSteps, lookNotDeclared, neverNotified } from './outcomes.ts'
import { notPosix, programForTask } from './programs.ts'
import type { Linted, LintRule } from './rule.ts'
import { scriptFromValue, secretInScript, unquotedValue, valueInWords } from './scripts.ts'
import { unusedHandler, unusedResult, unusedVariable } from './unused.ts'
import { userWithoutBecome, writtenByAll } from './ways.ts'

export const lintRules: readonly LintRule[] = [
  unquotedValue,
  scriptFromValue,
  valueInWords,
  secretInScript,
  notPosix,
  programForTask,
  lookNotDeclared,
  failureUnseen,
  neverNotified,
  handlerInSteps,
  userWithoutBecome,
  writtenByAll,
  nameTaken,
  itemHidden,
  itemUnused,
  unusedHandler,
  unusedResult,
  unusedVariable,
  emptyBlock,
]

/** The warnings about one playbook. Nothing is connected to, and no template is filled in. */
export const lint = (linted: Linted): readonly Problem[] => lintRules.flatMap(rule => rule.find(linted))
