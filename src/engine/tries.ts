// A step that is tried again while `until` does not hold. A dry run tries nothing again, and says what it cannot tell.
import { Problem } from '../model/problem.ts'
import type { OutlineRepeat, Verdict } from '../plan/outline.ts'
import type { TriesLeft } from './check.ts'
import type { Context } from './context.ts'
import { judged, unanswered, verdictOn } from './judge.ts'
import type { StepOnHost } from './step.ts'
import { endOf, registeredValue, type StepEnd } from './step-end.ts'

type Settle = (on: StepOnHost) => Promise<StepEnd>

/** Never throws: a failure is an end like others. */
export const tryStep = async (on: StepOnHost, settle: Settle): Promise<StepEnd> => {
  const { repeat } = on.step
  const began = on.context.now()
  let triesLeft: TriesLeft = {}
  for (let tries = 1; ; tries += 1) {
    const trying = tryOf(on, tries, triesLeft)
    const end = judged(await settle(trying).catch(error => endOf(error, on)), on)
    forgetSights(tries, on.context)
    if (!repeat || isLast(end)) return end
    const verdict = untilOn(repeat, end, { on, tries })
    if ('outcome' in verdict) return verdict
    if ('notKnown' in verdict) return { ...end, because: [end.because, verdict.notKnown].filter(Boolean).join('; ') }
    if (verdict.isSo) return withAttempts(end, tries)
    if (on.context.mode === 'dry-run') return notYet(end, repeat)
    // As Ansible counts them where none was the last one.
    const inVain = () => withAttempts(end.problem ? end : endOf(notMet(on, repeat, end), on), Math.max(1, tries - 1))
    if (tries >= repeat.tries || on.context.isStopping()) return inVain()
    const text = `try ${tries + 1} of ${repeat.tries}: ${repeat.until.text} does not hold yet`
    const ms = untilLast(repeat, tries, on.context.now() - began)
    triesLeft = { givesUpAt: on.context.now() + ms }
    on.context.emit({
      type: 'step-progressed',
      step: on.step.id,
      host: on.host,
      text,
      count: { at: tries + 1, of: repeat.tries },
      outlook: [{ type: 'gives-up', ms }],
    })
    await rest(repeat.delayMs, on.context)
    if (on.context.isStopping()) return inVain()
  }
}

/** @returns The end, where it cannot be answered by what was done; a failure that gives nothing of it may be over soon. */
const untilOn = (
  { until }: OutlineRepeat,
  end: StepEnd,
  { on, tries }: { readonly on: StepOnHost; readonly tries: number },
): Verdict | StepEnd => {
  try {
    return verdictOn(until, on, { ...registeredValue(end, on), attempts: tries })
  } catch (error) {
    return end.problem ? { isSo: false } : unanswered(end, error, on)
  }
}

/** What it did before does not count: it was not enough. */
const tryOf = (on: StepOnHost, tries: number, triesLeft: TriesLeft): StepOnHost => {
  const mayFollow = on.step.repeat !== undefined && tries < on.step.repeat.tries
  return { ...on, ...(tries > 1 && { isAnew: true }), ...(mayFollow && { triesLeft }) }
}

/** As long as the tries until now took, the rests between them apart. */
const untilLast = ({ tries: most, delayMs }: OutlineRepeat, tries: number, ms: number): number => {
  const each = Math.max(0, ms - (tries - 1) * delayMs) / tries
  return Math.round((most - tries) * (delayMs + each))
}

const withAttempts = (end: StepEnd, attempts: number): StepEnd => ({
  ...end,
  judgement: { ...end.judgement, attempts },
})

/** What it waited for happened meanwhile, and not by this run: what was seen for later steps was seen before. */
const forgetSights = (tries: number, { ahead }: Pick<Context, 'ahead'>): void => {
  if (tries > 1) ahead.changedAll()
}

/** What was not carried out, or was kept from it, gets no better by trying again. */
const isLast = ({ outcome, problem, isOwn, leftOutBy }: StepEnd): boolean =>
  leftOutBy !== undefined ||
  ['skipped', 'not-reached', 'unknown'].includes(outcome) ||
  (problem !== undefined && !isOwn)

const notYet = (end: StepEnd, { until, tries }: OutlineRepeat): StepEnd => {
  if (end.problem) return end
  const because = `until: ${until.text} does not hold now; a run tries it up to ${tries} times`
  return { outcome: 'unknown', because, changes: end.changes }
}

const notMet = ({ step, host }: StepOnHost, { until, tries }: OutlineRepeat, { result }: StepEnd): Problem =>
  new Problem({
    code: 'until-not-met',
    summary: `${step.name} on ${host} is not what was waited for, after ${tries === 1 ? 'one try' : `${tries} tries`}`,
    seen: result === undefined ? `it does not hold: ${until.text}` : JSON.stringify(result).slice(-600),
    wanted: until.text,
    ...(result !== undefined && { result }),
    help: 'look at what it waits for; more `retries:` or a longer `delay:` give it more time',
  })

/** Ends early where the run is being stopped. */
export const rest = async (ms: number, { isStopping }: Pick<Context, 'isStopping'>): Promise<void> => {
  for (let left = ms; left > 0 && !isStopping(); left -= 200)
    await new Promise(resolve => setTimeout(resolve, Math.min(left, 200)))
}
