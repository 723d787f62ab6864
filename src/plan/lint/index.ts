// All rules of `run lint`, in the order in which the documentation lists them.
import type { Problem } from '../../model/problem.ts'
import { emptyBlock } from './empty.ts'
import type { Linted, LintRule } from './rule.ts'
import { scriptFromValue, secretInScript, unquotedValue, valueInWords } from './scripts.ts'
import { unusedHandler, unusedResult, unusedVariable } from './unused.ts'

export const lintRules: readonly LintRule[] = [
  unquotedValue,
  scriptFromValue,
  valueInWords,
  secretInScript,
  unusedHandler,
  unusedResult,
  unusedVariable,
  emptyBlock,
]

/** The warnings about one playbook. Nothing is connected to, and no template is filled in. */
export const lint = (linted: Linted): readonly Problem[] => lintRules.flatMap(rule => rule.find(linted))
