// `meta: end_play`: whether a play ends here; where that cannot be told, a run goes no further.
import { exitCodes, Problem } from '../model/problem.ts'
import { leavesWithHolds, type OutlineEnd, type OutlinePlay } from '../plan/outline.ts'
import type { Context } from './context.ts'
import type { Flow } from './flow.ts'
import { lookAtResults, withHiddenResults } from './look-at-results.ts'
import { asProblem } from './problems.ts'

type Within = {
  readonly play: OutlinePlay
  readonly context: Context
  readonly flow: Flow
  readonly notified: ReadonlyMap<string, unknown>
}

/** As in Ansible, the first host that is left is asked for all of them. */
export const askWhetherItEnds = async (
  end: OutlineEnd,
  { hosts }: { readonly hosts: readonly string[] },
  within: Within,
): Promise<void> => {
  const { flow, play, context } = within
  const host = hosts.find(each => flow.goesOn(play, each))
  if (host === undefined || !endsSomething(end, within)) return
  const ask = { step: end, host, context }
  const verdict = await verdictOf(ask).catch(error => asProblem(withHiddenResults(error, end, context.outline)))
  // What is wrong here is wrong for all hosts: nobody may do what comes after, where the play may have ended.
  if (verdict instanceof Problem) return play.reads ? flow.tell(verdict) : flow.stop(host, verdict)
  if ('notKnown' in verdict)
    return context.emit({ type: 'notice', text: `${play.name} may end here: ${verdict.notKnown}` })
  if (!verdict.isSo) return
  context.emit({ type: 'notice', text: `${play.name} ends here: ${end.when.text || 'the playbook says so'}` })
  flow.end(play)
}

type Ask = { readonly step: OutlineEnd; readonly host: string; readonly context: Context }

const verdictOf = async (ask: Ask) => {
  const { step, host, context } = ask
  await lookAtResults(ask)
  const verdict = step.when.on(host, context.registered(host))
  if ('notKnown' in verdict && context.mode === 'run') throw cannotBeTold(ask, verdict.notKnown)
  return verdict
}

/** Where nothing comes after it in this run, nobody has to know. */
const endsSomething = (end: OutlineEnd, { play, notified }: Within): boolean => {
  if (play.batches !== undefined || notified.size > 0) return true
  const leaves = leavesWithHolds(play.nodes).map(({ step }) => step)
  return leaves
    .slice(leaves.indexOf(end) + 1)
    .some(step => step.type === 'step' && play.hosts.some(host => step.isSelected(host)))
}

const cannotBeTold = ({ step, host }: Ask, seen: string): Problem =>
  new Problem({
    code: 'cannot-be-told',
    summary: `Whether the play ends here cannot be told on ${host}`,
    host,
    seen,
    wanted: `an answer to \`when: ${step.when.text}\``,
    state: 'what comes after it was not begun',
    help: 'carry out the step first whose result it asks for',
    exit: exitCodes.failed,
  })
