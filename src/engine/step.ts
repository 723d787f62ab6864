// One step on one host: look, do, look again. In a dry run: look, and lay the promise over the world.

import { stepAddress } from '../model/address.ts'
import type { Answer, Evidence } from '../model/answer.ts'
import type { Begun } from '../model/begun.ts'
import { type Change, isKnown, notKnownYet } from '../model/change.ts'
import type { Json } from '../model/json.ts'
import { Problem } from '../model/problem.ts'
import type { OutlineStep, Prepared } from '../plan/outline.ts'
import { tellChange } from '../report/index.ts'
import { askConsent } from './ask-consent.ts'
import { findWayOn, forget } from './begun-step.ts'
import {
  type Checked,
  type CheckOptions,
  checkStep,
  isPresumed,
  placedChanges,
  reasonOf,
  type TriesLeft,
} from './check.ts'
import type { Context } from './context.ts'
import type { Lease } from './hold/lease.ts'
import { lookAtResults, withHiddenResults } from './look-at-results.ts'
import { actOf, type Differs, make, notSettled, resultOf } from './make.ts'
import { asProblem, recordOf } from './problems.ts'
import { createPromises } from './promises.ts'
import { keepReceipt } from './receipt-keeping.ts'
import { giveVariables, register } from './registered.ts'
import { Barred, Declined, registeredValue, type StepEnd } from './step-end.ts'
import { tryStep } from './tries.ts'
import { handed, heardOf, unseenProblem } from './unlogged.ts'
import { waitFor } from './wait.ts'
import { homeOf } from './world.ts'

export type StepOnHost = {
  readonly step: OutlineStep
  readonly host: string
  /** The holds around it, outermost first. */
  readonly leases: readonly Lease[]
  readonly context: Context
  /** A change asked for it, or what it did was not enough: what it did before does not count. */
  readonly isAnew: boolean
  /** In a play that only looks. */
  readonly reads?: boolean
  /** When it was started, by the clock of the run. */
  readonly began?: number
  /** Where another try may follow. */
  readonly triesLeft?: TriesLeft
  /** Looks at what comes behind it. */
  lookOn?(): void
  /** Throws when a node that comes before this one in the failover list is not verified. */
  assertTurn(): Promise<void>
}

/** Carries a step out, tells how it ended, and never throws: a failure is an end like others. */
export const carryOutStep = async (given: StepOnHost): Promise<StepEnd> => {
  const started = given.context.now()
  const on = { ...given, context: contextOf(given), began: started }
  const { step, host, context } = on
  context.emit({ type: 'step-started', step: step.id, host })
  const end = await tryStep(on, settle)
  context.ahead.ended(step.id, host)
  const {
    problem,
    result,
    evidence,
    ignored,
    leftOutBy,
    isOwn: _,
    isUncounted: _uncounted,
    judgement: _judgement,
    ...told
  } = end
  giveVariables(step, host, { context, outcome: end.outcome })
  if (step.register !== undefined) register(step, host, { context, value: handed(step, registeredValue(end, on)) })
  context.emit({
    type: 'step-ended',
    step: step.id,
    host,
    ...told,
    ...(step.hidesDiff && { hidesDiff: true as const }),
    ...(evidence && { evidence }),
    ...(leftOutBy !== undefined && { leftOutBy }),
    ...(result !== undefined && { result }),
    ...(problem && { problem: recordOf(problem), ...(ignored && { ignored }) }),
    ms: context.now() - started,
  })
  return step.noLog && end.problem ? { ...end, problem: new Problem(unseenProblem(recordOf(end.problem))) } : end
}

/** A step that is only looked at is in a dry run of its own, and promises the others nothing. */
const contextOf = ({ step, context }: StepOnHost): Context => ({
  ...heardOf(step, context),
  ...(step.onlyLooks && context.mode === 'run' && { mode: 'dry-run', promises: createPromises() }),
})

const settle = async (on: StepOnHost): Promise<StepEnd> => {
  const { step, host, context } = on
  await lookAtResults(on).catch(error => {
    throw new Barred(asProblem(error))
  })
  const prepared = prepare(on)
  if (prepared.type === 'skipped') {
    context.follow?.assertPlanned({ step: step.id, host }, 'skipped')
    return { outcome: 'skipped', because: prepared.because, changes: [] }
  }
  if (prepared.type === 'undecided') return foretellBoth(on, prepared)
  const options: CheckOptions = { ...on, args: prepared.args, justDone: false }
  const begun = context.begun.find(step.id, host)
  const way = begun ? await findWayOn(options, begun) : 'look'
  if (begun && way === 'go-through') return goThrough(options, begun, on)
  if (begun && way === 'take-as-done') return takeAsDone(options, begun, on)
  const looking = { ...options, wasBegun: context.begun.find(step.id, host) !== undefined }
  const checked = await checkWithHolds(looking, on)
  const { answer, evidence } = checked
  if (step.task.onlyWaits && answer.type === 'differs') return waitFor(looking, answer)
  if (on.reads && answer.type === 'differs') throw notAsItShouldBe(on, answer)
  if (answer.type !== 'unknown')
    context.follow?.assertPlanned({ step: step.id, host }, answer.type === 'same' ? 'same' : answer)
  if (answer.type === 'same') return verified(looking, checked)
  if (answer.type === 'unknown') return undecided(answer.until, options, checked)
  if (context.mode === 'dry-run') return predict(options, checked, answer)
  await askConsent(on, answer)
  const isAct = step.task.opaque || checked.proof.asked !== undefined
  return make(looking, { answer, evidence, isAct, isTakenUp: false })
}

const prepare = ({ step, host, context }: StepOnHost): Prepared => {
  try {
    return step.prepare(host, context.registered(host))
  } catch (error) {
    throw withHiddenResults(error, step, context.outline)
  }
}

/** What an earlier run set going is watched to its end, as if it had been this one's. */
const goThrough = async (options: CheckOptions, { run, changes }: Begun, on: StepOnHost): Promise<StepEnd> => {
  const { context, step, host } = options
  const because = `run ${run} began it; it is watched to its end`
  const answer = { type: 'differs', because, changes } as const
  context.follow?.assertPlanned({ step: step.id, host }, answer)
  await enter(on, answer)
  if (context.mode === 'dry-run') return foretell(options, answer, 'opaque')
  context.emit({ type: 'notice', text: `${stepAddress(step.id, host)}: ${because}` })
  return make(options, { answer, evidence: 'opaque', isAct: true, isTakenUp: true })
}

/** A person has looked at the node. It is looked at all the same, as after any act. */
const takeAsDone = async (options: CheckOptions, begun: Begun, on: StepOnHost): Promise<StepEnd> => {
  const because = `run ${begun.run} began it, and a person says that it is done`
  await enter(on, { type: 'same', because })
  const checked = await checkStep({ ...options, justDone: true })
  if (checked.answer.type !== 'same') throw notSettled(options, checked.answer)
  if (options.context.mode === 'run') await keepReceipt(options, checked)
  await forget(options, begun)
  return { outcome: 'same', because, evidence: checked.evidence, changes: [], ...withResult(checked.answer) }
}

/** Both branches: what it would do if it is due, and that it may not be. Whatever it may change is unknown from here. */
const foretellBoth = async (
  { context, step, host, leases }: StepOnHost,
  { because, args }: Extract<Prepared, { type: 'undecided' }>,
): Promise<StepEnd> => {
  if (!args) return { outcome: 'unknown', because, changes: [] }
  const options: CheckOptions = { step, host, leases, context, args: args.value, justDone: false }
  const { answer } = await checkStep(options)
  if (answer.type !== 'differs')
    return { outcome: 'unknown', because: `${because}; if due: ${reasonOf(answer)}`, changes: [] }
  const by = stepAddress(step.id, host)
  for (const { home, change } of placedChanges(answer, options))
    context.promises.add(home, { ...change, after: notKnownYet }, by)
  if (step.task.opaque) context.promises.addProgram(host, by)
  return { outcome: 'unknown', because: `${because}; if due, it would make these changes`, changes: answer.changes }
}

/** Looks without the holds first: if nothing is due, they are never taken. */
const checkWithHolds = async (options: CheckOptions, on: StepOnHost): Promise<Checked> => {
  const { context } = options
  const checked = await checkStep(options)
  if (on.reads) return checked
  if (checked.answer.type === 'same' && !(context.mode === 'run' && isPresumed(checked))) return checked
  const wasMissing = await enter(on, checked.answer)
  return wasMissing && context.mode === 'run' ? checkStep(options) : checked
}

const notAsItShouldBe = ({ step, host }: StepOnHost, { because, changes }: Differs): Problem =>
  new Problem({
    code: 'not-as-it-should-be',
    summary: `${step.name} is not as it should be on ${host}`,
    seen: [because, ...changes.map(change => tellChange(change))].filter(Boolean).join('\n'),
    wanted: 'nothing that would have to be changed',
    state: 'nothing was changed: this play only looks',
    help: 'carry out the playbook that keeps it so, or mend it on the node',
  })

/** @returns Whether a hold had to be taken, and what was seen before may read otherwise now. */
const enter = async (on: StepOnHost, answer: Answer): Promise<boolean> => {
  const { leases, host, assertTurn, step } = on
  if (step.onlyLooks) return false
  const missing = leases.filter(lease => !lease.isHeldBy(host))
  try {
    await assertTurn()
    if (missing.length > 0) await askConsent(on, answer, missing)
    for (const lease of missing) await lease.acquire()
  } catch (error) {
    throw error instanceof Declined ? error : new Barred(asProblem(error))
  }
  return missing.length > 0
}

const verified = async (options: CheckOptions, checked: Checked): Promise<StepEnd> => {
  const { answer, evidence } = checked
  const { context, step, host } = options
  if (context.mode === 'run' && !options.reads) await keepReceipt(options, checked)
  const begun = context.begun.find(step.id, host)
  if (begun) await forget(options, begun)
  return { outcome: 'same', because: reasonOf(answer), evidence, changes: [], ...withResult(answer) }
}

const undecided = (until: string, { context, host, step }: CheckOptions, { looks }: Checked): StepEnd => {
  if (context.mode === 'dry-run') {
    if (step.task.onlyLooks) return { outcome: 'unknown', because: until, changes: [] }
    // It may change whatever it looked at: what later steps see of that is not known either.
    const by = stepAddress(step.id, host)
    for (const { home, kind, key, value } of looks)
      if (isKnown(value)) context.promises.add(home, { kind, key, before: value, after: notKnownYet }, by)
    return { outcome: 'unknown', because: until, changes: [] }
  }
  throw new Problem({
    code: 'cannot-be-told',
    summary: `Whether ${step.name} is due on ${host} cannot be told`,
    seen: until,
    wanted: 'a look at the thing itself',
    help: 'see that the thing can be looked at, then run the step again',
  })
}

const predict = (options: CheckOptions, { evidence, proof }: Checked, answer: Differs): StepEnd => {
  const { changes, ...end } = foretell(options, answer, evidence)
  return { ...end, changes: proof.asked ? [...changes, promiseAct(options)] : changes }
}

/** What it finds when it is carried out nobody knows before. */
const promiseAct = (options: CheckOptions): Change => {
  const { context, step, host } = options
  const act = actOf(options)
  context.promises.add(host, act, stepAddress(step.id, host))
  return act
}

const foretell = (options: CheckOptions, answer: Differs, evidence: Evidence): StepEnd => {
  const { context, step, host } = options
  const by = stepAddress(step.id, host)
  const placed = placedChanges(answer, options)
  for (const receipt of context.receipts.restingOn(placed, step.id)) context.receipts.remove(receipt)
  for (const { home, change } of placed) context.promises.add(home, change, by)
  if (step.task.opaque) context.promises.addProgram(host, by)
  promiseTouches(options, answer)
  return { outcome: 'would-change', because: answer.because, evidence, changes: answer.changes, ...withResult(answer) }
}

/** What is left behind there nobody knows before, so what is seen there now says nothing to later steps. */
const promiseTouches = ({ context, step, host, leases }: CheckOptions, { touches = [] }: Differs): void => {
  for (const { kind, key } of touches)
    context.promises.add(
      homeOf({ kind, key }, { host, holds: leases }),
      { kind, key, before: notKnownYet, after: notKnownYet },
      stepAddress(step.id, host),
    )
}

const withResult = (answer: Answer): { readonly result?: Json } => {
  const result = resultOf(answer)
  return result === undefined ? {} : { result }
}
