// What a step needs of steps that this run leaves out: their results are looked at, never assumed.
import { stepAddress } from '../model/address.ts'
import { exitCodes, Problem, Problems } from '../model/problem.ts'
import {
  leavesWithHolds,
  type Outline,
  type OutlineEnd,
  type OutlinePlay,
  type OutlineStep,
  type WithHolds,
} from '../plan/outline.ts'
import { restKnownAfter } from '../template/values.ts'
import { checkStep, isPresumed, reasonOf } from './check.ts'
import type { Context } from './context.ts'
import { openLease } from './hold/lease.ts'
import { giveVariables, register, resultsOf } from './registered.ts'
import { handedOn } from './step-end.ts'
import { handed, heardOf, saidOf } from './unlogged.ts'

type Asker = OutlineStep | OutlineEnd

type OnHost = { readonly step: Asker; readonly host: string; readonly context: Context }

/**
 * Registers on the host what steps before this one hand on to it, where this run has not carried them out.
 *
 * @throws {Problem} `prerequisite-due` where one of them is not as it should be: then it has no result to hand on.
 */
export const lookAtResults = async (on: OnHost): Promise<void> => {
  const { step, host, context } = on
  const registered = context.registered(host)
  for (const name of step.uses ?? []) {
    for (const giver of giversOf(name, step, context.outline))
      if (!isGiven(giver.step, registered[name]) && isAt(giver, host)) {
        const value = await lookAtGiver(giver, { step, host, context }).catch(doWithout(name, on, giver.step))
        if (value === undefined) continue
        register(giver.step, host, { context, value })
        if (isLeftOut(giver, host)) giveVariables(giver.step, host, { context, outcome: 'same' })
      }
  }
}

/** A play that the host is no part of hands nothing on to it. */
const isAt = ({ step, play }: Giver, host: string): boolean => step.runOnce || play.allHosts.includes(host)

/** A variable is given by who is carried out, or is left out as a whole: not by a rescue that nobody needed. */
const isLeftOut = ({ step, play }: Giver, host: string): boolean =>
  !(step.isSelected(host) && play.hosts.includes(step.runOnce ? (play.allHosts[0] ?? host) : host))

/**
 * What this run carries out itself and has not come to has no result: who can do without it does. No run before can
 * have left the result of a wait either.
 */
const doWithout =
  (name: string, { step, host }: OnHost, giver: OutlineStep) =>
  (error: unknown): undefined => {
    const isOptional = step.doesWithout?.includes(name) && (giver.isSelected(host) || giver.task.onlyWaits)
    if (!isOptional || !(error instanceof Problem) || error.exit !== exitCodes.failed) throw error
  }

/** What `no_log` hides is kept nowhere, so its result is there only in the run that carries the step out. */
export const withHiddenResults = (error: unknown, step: Asker, outline: Outline): unknown => {
  const [problem] = error instanceof Problems ? error.all : [error]
  if (!(problem instanceof Problem) || problem.code !== 'variable-undefined') return error
  const name = step.uses?.find(used => giversOf(used, step, outline).some(giver => giver.step.noLog))
  if (name === undefined) return error
  return new Problem({
    ...problem.fields,
    seen: `\`${name}\` comes from a step with \`no_log\`, whose result is kept nowhere once its run has ended`,
    help: 'let that step only look (`reads: true`), take `no_log` away, or say what holds without it (`| default(…)`)',
  })
}

type Giver = WithHolds & { readonly play: OutlinePlay }

/** Whether this run has carried it out, or looked at it. */
const isGiven = ({ loop }: OutlineStep, value: unknown): boolean =>
  loop === undefined ? value !== undefined : resultsOf(loop.of, value)[loop.index] !== undefined

/** The last step before it that registers the name; where that is a loop, the steps of all its items. */
const giversOf = (name: string, step: Asker, { plays }: Outline): readonly Giver[] => {
  const all = plays.flatMap(play => [
    ...leavesWithHolds(play.nodes).map(given => ({ ...given, play })),
    ...play.handlers.map(handler => ({ step: handler, holds: [], isRescue: false, play })),
  ])
  const before = all
    .slice(
      0,
      all.findIndex(one => one.step === step),
    )
    .filter((one): one is Giver => one.step.type === 'step')
  const last = before.findLast(one => givesName(one.step, name))
  if (last?.step.loop === undefined) return last ? [last] : []
  return before.filter(one => givesName(one.step, name) && one.step.loop?.of === last.step.loop?.of)
}

const givesName = ({ register, givesVariables }: OutlineStep, name: string): boolean =>
  register === name || givesVariables?.includes(name) === true

const lookAtGiver = async ({ step: giver, holds, play }: Giver, on: OnHost): Promise<unknown> => {
  const { context } = on
  // What runs once runs on the first host, for all of them.
  const host = giver.runOnce ? (play.allHosts[0] ?? on.host) : on.host
  await lookAtResults({ step: giver, host, context })
  const prepared = giver.prepare(host, context.registered(host))
  if (prepared.type === 'skipped') return handedOn({ outcome: 'skipped' })
  if (prepared.type === 'undecided') return { [restKnownAfter]: stepAddress(giver.id, host) }
  const leases = await Promise.all(holds.map(outline => openLease({ outline, host, context })))
  const heard = heardOf(giver, context)
  const checked = await checkStep({ step: giver, host, args: prepared.args, leases, context: heard, justDone: false })
  const { answer } = checked
  if (answer.type !== 'same') throw isDue(on, { giver, host, seen: saidOf(giver, reasonOf(answer)) || 'it is due' })
  if (isPresumed(checked)) throw isDue(on, { giver, host, seen: 'what it rests on was seen by nobody yet' })
  return handed(giver, handedOn({ outcome: 'same', ...(answer.result !== undefined && { result: answer.result }) }))
}

const isDue = (
  { step, host: at }: OnHost,
  { giver, host, seen }: { readonly giver: OutlineStep; readonly host: string; readonly seen: string },
): Problem =>
  new Problem({
    code: 'prerequisite-due',
    summary: `${nameOf(step)} on ${at} needs what ${giver.name} hands on, which this run leaves out`,
    seen: `${stepAddress(giver.id, host)}: ${seen}`,
    // A wait that a run of its own carries out is due again in the next one.
    wanted: giver.task.onlyWaits
      ? 'there is nothing to wait for, or this run waits for it: what a wait gives is kept nowhere'
      : 'it is as it should be, so that a look gives its result',
    state: step.type === 'step' ? `${stepAddress(step.id, at)} was not begun` : 'what comes after it was not begun',
    help: giver.task.onlyWaits
      ? `choose a range that includes the wait (\`--from ${giver.id}\`), or say what holds without it (\`| default(…)\`)`
      : `carry it out first: run step ${stepAddress(giver.id, host)}`,
  })

const nameOf = (step: Asker): string => (step.type === 'step' ? step.name : '`meta: end_play`')
