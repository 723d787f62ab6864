// Why a plan is not taken: every reason at once, then how things stand and how to go on.
import { exitCodes, goOnWith, Problem, Problems } from '../model/problem.ts'
import type { RunRequest } from '../model/request.ts'
import { narrowingWords } from '../plan/narrowing.ts'
import { quoteWord } from '../shell/quote.ts'
import { askedAgain } from './request.ts'
import { type Standing, shown } from './shown.ts'

/**
 * Throws all reasons at once; the last of them says how things stand, and how to go on.
 *
 * @param again The command that makes the plan anew.
 * @throws {Problems} unless there is no reason.
 */
export const refuse = (reasons: readonly Problem[], again: string): void => {
  if (reasons.length === 0) return
  const isDrift = ({ exit }: Problem) => exit === exitCodes.drift
  const inOrder = [...reasons.filter(isDrift), ...reasons.filter(reason => !isDrift(reason))]
  // A node that cannot be reached makes no plan unfit: then the same plan can be applied later.
  const closing = { state: 'nothing was touched', ...(reasons.some(isDrift) && goOnWith(again)) }
  throw new Problems(
    inOrder.map(
      ({ fields: { state: _, then: __, ...fields } }, index) =>
        new Problem(index < inOrder.length - 1 ? fields : { ...fields, ...closing }),
    ),
  )
}

/** The command that makes such a plan, as it is typed from where the user stands. */
export const planCommand = (
  request: RunRequest,
  { file, site, around }: { readonly file: string; readonly site: string; readonly around: Standing },
): string => {
  const asked = askedAgain(request, site)
  const path = (given: string | undefined) => (given === undefined ? undefined : shown(given, around))
  const extra = (asked.extraVars ?? []).flatMap(text => [
    '-e',
    quoteWord(text.startsWith('@') ? `@${path(text.slice(1))}` : text),
  ])
  const inventory = path(asked.inventory)
  const words = [
    ...(inventory ? ['-i', quoteWord(inventory)] : []),
    ...narrowingWords(asked),
    ...extra,
    '-o',
    quoteWord(file),
  ]
  const playbook = asked.playbook === request.playbook ? request.playbook : (path(asked.playbook) ?? '')
  return ['run plan', quoteWord(playbook), ...words].join(' ')
}
