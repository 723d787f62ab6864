// One step on one host: look, do, look again. In a dry run: look, and lay the promise over the world.

import { stepAddress } from '../model/address.ts'
import type { Answer, Evidence } from '../model/answer.ts'
import { type Change, isKnown, notKnownYet } from '../model/change.ts'
import type { Json } from '../model/json.ts'
import { Problem } from '../model/problem.ts'
import type { OutlineStep, Prepared } from '../plan/outline.ts'
import { applyStep } from './apply.ts'
import { askConsent } from './ask-consent.ts'
import { type Checked, type CheckOptions, checkStep, isPresumed, placedChanges, reasonOf } from './check.ts'
import type { Context } from './context.ts'
import type { Lease } from './hold/lease.ts'
import { assertKept } from './kept-promises.ts'
import { lookAtResults } from './look-at-results.ts'
import { asProblem, recordOf } from './problems.ts'
import { attestAgain, forgetAttests, keepReceipt, withdrawReceipts } from './receipt-keeping.ts'
import { withStanding } from './standing.ts'
import { Barred, Declined, endOf, registeredValue, type StepEnd } from './step-end.ts'
import { homeOf } from './world.ts'

export type StepOnHost = {
  readonly step: OutlineStep
  readonly host: string
  /** The holds around it, outermost first. */
  readonly leases: readonly Lease[]
  readonly context: Context
  /** A change asked for it: what it did before does not count. */
  readonly isNotified: boolean
  /** Throws when a node that comes before this one in the failover list is not verified. */
  assertTurn(): Promise<void>
}

/** Carries a step out, tells how it ended, and never throws: a failure is an end like others. */
export const carryOutStep = async (on: StepOnHost): Promise<StepEnd> => {
  const { step, host, context } = on
  const started = context.now()
  context.emit({ type: 'step-started', step: step.id, host })
  const end = await settle(on).catch(error => endOf(error, on))
  const { problem, result, evidence, ignored, leftOutBy, ...told } = end
  if (step.register !== undefined) context.registered(host)[step.register] = registeredValue(end, on)
  context.emit({
    type: 'step-ended',
    step: step.id,
    host,
    ...told,
    ...(evidence && { evidence }),
    ...(leftOutBy !== undefined && { leftOutBy }),
    ...(result !== undefined && { result }),
    ...(problem && { problem: recordOf(problem), ...(ignored && { ignored }) }),
    ms: context.now() - started,
  })
  return end
}

const settle = async (on: StepOnHost): Promise<StepEnd> => {
  const { step, host, context } = on
  await lookAtResults(on).catch(error => {
    throw new Barred(asProblem(error))
  })
  const prepared = step.prepare(host, context.registered(host))
  if (prepared.type === 'skipped') {
    context.follow?.assertPlanned({ step: step.id, host }, 'skipped')
    return { outcome: 'skipped', because: prepared.because, changes: [] }
  }
  if (prepared.type === 'undecided') return foretellBoth(on, prepared)
  const options: CheckOptions = { ...on, args: prepared.args, justDone: false }
  const checked = await checkWithHolds(options, on)
  const { answer, evidence } = checked
  if (answer.type !== 'unknown')
    context.follow?.assertPlanned({ step: step.id, host }, answer.type === 'same' ? 'same' : answer)
  if (answer.type === 'same') return verified(options, checked)
  if (answer.type === 'unknown') return undecided(answer.until, options, checked)
  if (context.mode === 'dry-run') return predict(options, checked, answer)
  await askConsent(on, answer)
  return make(options, evidence, answer)
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
  return { outcome: 'unknown', because: `${because}; if due, it would make these changes`, changes: answer.changes }
}

/** Looks without the holds first: if nothing is due, they are never taken. */
const checkWithHolds = async (options: CheckOptions, on: StepOnHost): Promise<Checked> => {
  const { leases, assertTurn } = on
  const { host, context } = options
  const checked = await checkStep(options)
  const missing = leases.filter(lease => !lease.isHeldBy(host))
  if (checked.answer.type === 'same' && !(context.mode === 'run' && isPresumed(checked))) return checked
  try {
    await assertTurn()
    if (missing.length > 0) await askConsent(on, checked.answer, missing)
    for (const lease of missing) await lease.acquire()
  } catch (error) {
    throw error instanceof Declined ? error : new Barred(asProblem(error))
  }
  return missing.length === 0 || context.mode === 'dry-run' ? checked : checkStep(options)
}

const verified = async (options: CheckOptions, checked: Checked): Promise<StepEnd> => {
  const { answer, evidence } = checked
  if (options.context.mode === 'run') await keepReceipt(options, checked)
  return { outcome: 'same', because: reasonOf(answer), evidence, changes: [], ...resultOf(answer) }
}

const undecided = (until: string, { context, host, step }: CheckOptions, { looks }: Checked): StepEnd => {
  if (context.mode === 'dry-run') {
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

type Differs = Extract<Answer, { type: 'differs' }>

const predict = (options: CheckOptions, { evidence, proof }: Checked, answer: Differs): StepEnd => {
  const { context, step, host } = options
  const by = stepAddress(step.id, host)
  const placed = placedChanges(answer, options)
  for (const receipt of context.receipts.restingOn(placed, step.id)) context.receipts.remove(receipt)
  for (const { home, change } of placed) context.promises.add(home, change, by)
  promiseTouches(options, answer)
  const changes = proof.asked ? [...answer.changes, actOf(options)] : answer.changes
  return { outcome: 'would-change', because: answer.because, evidence, changes, ...resultOf(answer) }
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

const make = async (options: CheckOptions, evidence: Evidence, answer: Differs): Promise<StepEnd> => {
  const { context, step, host } = options
  context.emit({ type: 'step-intended', step: step.id, host, changes: answer.changes })
  const act = actOf(options)
  const placed = placedChanges(answer, options)
  await withdrawReceipts(options, placed)
  const lessened = await forgetAttests(options, placed)
  const result = await applyStep(options, answer.changes).catch(async error => {
    throw await withStanding(error, options, answer.changes)
  })
  const after = await checkStep({ ...options, justDone: true })
  if (after.answer.type !== 'same') throw notSettled(options, after.answer)
  assertKept(answer.changes, after.looks)
  await attestAgain(options, lessened)
  await keepReceipt(options, after, result)
  const changes = after.proof.asked ? [...answer.changes, act] : answer.changes
  const ended = result === undefined ? resultOf(after.answer) : { result }
  return { outcome: 'changed', because: answer.because, evidence, changes, ...ended }
}

/** An act leaves a receipt; that is its change, also where nothing else shows it. */
const actOf = ({ step, context, host }: CheckOptions): Change => {
  const before = context.receipts.find(step.id, host) ? 'outdated' : 'none'
  return { kind: 'act', key: step.id, before, after: 'done' }
}

const notSettled = ({ step, host }: CheckOptions, answer: Answer): Problem =>
  new Problem({
    code: 'not-settled',
    summary: `${step.name} was carried out on ${host}, but it is still not as it should be`,
    seen:
      answer.type === 'differs'
        ? [
            answer.because,
            ...answer.changes.map(change => `${change.kind} ${change.key} ${JSON.stringify(change.before)}`),
          ]
            .filter(Boolean)
            .join('\n')
        : reasonOf(answer),
    wanted: 'a second look that says that all is as wanted',
    help: 'run it again with -v to see each command and its answer',
  })

const resultOf = (answer: Answer): { readonly result?: Json } =>
  answer.type !== 'unknown' && answer.result !== undefined ? { result: answer.result } : {}
