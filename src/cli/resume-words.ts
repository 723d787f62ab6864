// What is told of a run before it is gone on with: what it did, what it left open, what may be held.
import { addressOf } from '../model/address.ts'
import type { Change } from '../model/change.ts'
import { allSteps, isDone, printableLines, type RunState } from '../report/index.ts'

type Pending = { readonly handler: string; readonly host: string }
type StepState = ReturnType<typeof allSteps>[number]

/** @returns Whole lines. */
export const tellEarlier = (state: RunState, run: string, handlers: readonly Pending[] = []): string => {
  const { started, ended, holds } = state
  const steps = allSteps(state)
  const done = steps.filter(isDone)
  const open = steps.filter(step => step.startedAt !== undefined && !isDone(step))
  const proved = done.filter(({ ended }) => ended?.evidence === 'attested' || ended?.changes.some(isAct))
  const untouched = steps.filter(({ startedAt }) => startedAt === undefined)
  const lines = [
    `run ${run}: ${started?.playbook} on cluster ${started?.cluster} (${started?.command})`,
    ended
      ? `  it ended with exit code ${ended.exitCode}`
      : '  its journal has no end: it was killed, or is still going on somewhere',
    ...(started?.plan === undefined ? [] : ['  it was held to a plan; what is done from here on is not']),
    `  kept      ${count(done.length)}, ${proved.length} of them acts with a receipt`,
    '            each is looked at again, and done again only where it has moved',
    ...open.map(step => `  to do     ${addressOf(step.outlined)}  ${wordsOf(step)}`),
    ...(untouched.length > 0 ? [`  to do     ${count(untouched.length)} that it did not come to`] : []),
    ...handlers.map(({ handler, host }) => `  to do     handler ${handler} on ${host}, which was asked for`),
    ...holds.map(({ hold, host }) => `  may hold  ${hold} on ${host}; every node is asked before it is taken`),
  ]
  // Reasons and problems may be in a node's own words.
  return `${printableLines(lines.join('\n')).join('\n')}\n`
}

const wordsOf = ({ ended, intended }: StepState): string => {
  if (ended) return `${ended.outcome}: ${ended.problem?.summary ?? ended.because}`
  return intended ? 'begun; what it set going is taken up, or a person is asked' : 'only looked at'
}

const isAct = ({ kind }: Change): boolean => kind === 'act'

const count = (steps: number): string => `${steps} step${steps === 1 ? '' : 's'}`
