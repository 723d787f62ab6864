// What `failed_when`, `changed_when` and `until` make of a step's end.
import type { Json } from '../model/json.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import type { Ask, OutlineStep, Verdict } from '../plan/outline.ts'
import type { Context } from './context.ts'
import { endOf, handedOn, isFields, registeredValue, type StepEnd } from './step-end.ts'

type OnHost = { readonly step: OutlineStep; readonly host: string; readonly context: Context }

/** The answer of a condition that sees what the step itself hands on. */
export const verdictOn = (ask: Ask, { step, host, context }: OnHost, own: unknown): Verdict =>
  ask.on(host, { ...context.registered(host), ...(step.register !== undefined && { [step.register]: own }) })

/** The end as the playbook wants it to be counted. */
export const judged = (end: StepEnd, on: OnHost): StepEnd => {
  if (end.leftOutBy !== undefined || !['same', 'changed', 'would-change', 'failed'].includes(end.outcome)) return end
  try {
    return recounted(refailed(end, on), on)
  } catch (error) {
    return unanswered(end, error, on)
  }
}

/** A condition that asks for what is not there is a failure; a failure that is there says more, and may give nothing. */
export const unanswered = (end: StepEnd, error: unknown, on: OnHost): StepEnd => (end.problem ? end : endOf(error, on))

const refailed = (end: StepEnd, on: OnHost): StepEnd => {
  const { failedWhen } = on.step
  if (!failedWhen || end.outcome === 'would-change' || (end.problem && !end.isOwn)) return end
  const verdict = verdictOn(failedWhen, on, registeredValue(end, on))
  if ('notKnown' in verdict) return end
  const judgement = { ...end.judgement, failed_when_result: verdict.isSo }
  if (verdict.isSo === (end.problem !== undefined)) return { ...end, judgement }
  if (verdict.isSo) return { ...endOf(failedBy(failedWhen, on, carriedOut(end)), on), judgement }
  return { ...end, judgement, ignored: true, because: `${end.because}; failed_when: ${failedWhen.text}` }
}

const recounted = (end: StepEnd, on: OnHost): StepEnd => {
  const { changedWhen } = on.step
  if (!changedWhen) return end
  const verdict = verdictOn(changedWhen, on, registeredValue(end, on))
  if (end.problem) return 'isSo' in verdict && !verdict.isSo ? { ...end, isUncounted: true } : end
  if ('notKnown' in verdict || verdict.isSo === (end.outcome !== 'same')) return end
  const because = `${[end.because, 'changed_when'].filter(Boolean).join('; ')}: ${changedWhen.text}`
  if (verdict.isSo) return { ...end, because, outcome: on.context.mode === 'run' ? 'changed' : 'would-change' }
  // A dry run names what would be carried out, however it is counted.
  const outcome = end.outcome === 'changed' ? 'same' : end.outcome
  return { ...end, because, outcome, isUncounted: true }
}

/** What `apply` gave, where `failed_when` lets it pass; nothing where the failure stands. */
export const letPass = (error: unknown, on: OnHost): { readonly result: Json } | undefined => {
  const { failedWhen } = on.step
  if (!failedWhen || !(error instanceof Problem) || error.exit !== exitCodes.failed) return undefined
  const { result } = error.fields
  if (result === undefined) return undefined
  try {
    const verdict = verdictOn(failedWhen, on, handedOn({ outcome: 'failed', result }))
    return 'isSo' in verdict && !verdict.isSo ? { result } : undefined
  } catch {
    // The failure says more than that it does not give what is asked for.
    return undefined
  }
}

/** @throws {Problem} `failed-when` before anything says that it is done. */
export const assertNotFailed = (result: Json | undefined, on: OnHost): void => {
  const { failedWhen } = on.step
  if (!failedWhen) return
  const own = handedOn({ outcome: 'changed', ...(result !== undefined && { result }) })
  const verdict = verdictOn(failedWhen, on, own)
  if ('isSo' in verdict && verdict.isSo) throw failedBy(failedWhen, on, carriedOut({ outcome: 'changed', result }))
}

/** What was done is done, also where it counts as failed. */
const carriedOut = ({ outcome, result }: Pick<StepEnd, 'outcome' | 'result'>): Json | undefined =>
  outcome === 'changed' && (result === undefined || isFields(result)) ? { ...result, changed: true } : result

const failedBy = ({ text }: Ask, { step, host }: OnHost, result: Json | undefined): Problem =>
  new Problem({
    code: 'failed-when',
    summary: `${step.name} counts as failed on ${host}`,
    seen: `failed_when: ${text}`,
    ...(result !== undefined && { result }),
    help: 'look at what it gave (`run report RUN -v`), then run it again',
  })
