// `--failed-of RUN`: the steps, each on its node, that did not come to a good end in that run.
import { addressOf } from '../model/address.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import type { Outline } from '../plan/outline.ts'
import { stepsOf } from '../plan/outline.ts'
import type { Addresses } from '../plan/selection.ts'
import { allSteps } from '../report/index.ts'
import { type EarlierRun, readEarlierRun } from './earlier-run.ts'

export type FailedOf = Addresses & { readonly earlier: EarlierRun }

/** @throws {Problem} `run-unknown`, `run-dry`, …; `nothing-failed` where every step of it came to a good end. */
export const readFailedOf = (runs: string, run: string): FailedOf => {
  const earlier = readEarlierRun(runs, run)
  const open = allSteps(earlier.state).filter(({ ended }) => !ended || (isOpen(ended.outcome) && !ended.ignored))
  if (open.length === 0) throw nothingFailed(run)
  return { earlier, addresses: new Set(open.map(({ outlined }) => addressOf(outlined))) }
}

const isOpen = (outcome: string): boolean => ['failed', 'unknown', 'not-reached'].includes(outcome)

/** @returns What keeps the steps of that run from being steps of this one. */
export const misfitsOf = ({ earlier, addresses }: FailedOf, outline: Outline): readonly Problem[] => {
  const { started, run } = earlier
  if (started.playbook !== outline.playbook || started.cluster !== outline.cluster)
    return [otherWork(run, { seen: aboutOf(outline), wanted: aboutOf(started) })]
  const known = new Set(
    outline.plays.flatMap(({ nodes, handlers, allHosts }) =>
      [...stepsOf(nodes), ...handlers].flatMap(({ id: step }) => allHosts.map(host => addressOf({ step, host }))),
    ),
  )
  const gone = [...addresses].filter(address => !known.has(address))
  return gone.length === 0 ? [] : [noLongerThere(run, gone)]
}

const aboutOf = ({ playbook, cluster }: Pick<Outline, 'playbook' | 'cluster'>): string => `${playbook} on ${cluster}`

const nothingFailed = (run: string): Problem =>
  new Problem({
    code: 'nothing-failed',
    summary: `Every step of run ${run} came to a good end: there is none to carry out again`,
    help: `run report ${run} tells what it did; run history --failed lists the runs that did not end well`,
    exit: exitCodes.input,
  })

const otherWork = (run: string, sides: { readonly seen: string; readonly wanted: string }): Problem =>
  new Problem({
    code: 'other-run',
    summary: `Run ${run} was about something else`,
    ...sides,
    help: 'name a run of this playbook on this cluster: run history --playbook NAME --failed lists them',
    exit: exitCodes.input,
  })

const noLongerThere = (run: string, gone: readonly string[]): Problem =>
  new Problem({
    code: 'step-gone',
    summary: `${gone.length === 1 ? 'A step' : 'Steps'} of run ${run} that did not come to a good end ${gone.length === 1 ? 'is' : 'are'} no longer there`,
    seen: gone.join('\n'),
    wanted: 'the playbook and the inventory as they were',
    help: 'name what is to be done instead: with --only, --from or --limit',
    exit: exitCodes.input,
  })
