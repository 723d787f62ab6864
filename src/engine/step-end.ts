// How a step ended on a host: also where it was barred, declined by a person, or failed.
import { stepAddress } from '../model/address.ts'
import type { Evidence } from '../model/answer.ts'
import type { Change } from '../model/change.ts'
import type { StepOutcome } from '../model/events.ts'
import type { Json } from '../model/json.ts'
import { exitCodes, type Problem } from '../model/problem.ts'
import type { OutlineStep } from '../plan/outline.ts'
import { restKnownAfter } from '../template/values.ts'
import { linesOf } from '../text/lines.ts'
import { asProblem } from './problems.ts'
import type { Resumed } from './resumed.ts'

export type StepEnd = {
  readonly outcome: StepOutcome
  readonly because: string
  readonly evidence?: Evidence
  readonly changes: readonly Change[]
  readonly result?: Json
  /** What came of it, in the task's words. */
  readonly told?: string
  readonly problem?: Problem
  /** `ignore_errors` or `failed_when` lets the run go on. */
  readonly ignored?: boolean
  /** The failure is the step's own, and not what keeps it from being carried out: a rescue can meet it. */
  readonly isOwn?: boolean
  /** `changed_when` says that what was done, or would be done, counts as no change. */
  readonly isUncounted?: boolean
  /** Who said that it be skipped. */
  readonly leftOutBy?: string
  /** What judging it gave: how often it was tried, and what `failed_when` said. */
  readonly judgement?: Readonly<Record<string, Json>>
}

/** Around a problem that stands before the step, such as the order of the nodes: it is not the step's own to ignore. */
export class Barred extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.message)
    this.problem = problem
  }
}

/** A person said no, or stop: that is an end, and no failure. */
export class Declined extends Error {
  readonly end: StepEnd

  constructor(end: StepEnd) {
    super(end.because)
    this.end = end
  }
}

type OnHost = { readonly step: OutlineStep; readonly host: string }

/** What was thrown, as an end like others. */
export const endOf = (error: unknown, { step, host }: OnHost): StepEnd => {
  if (error instanceof Declined) return error.end
  const isBarred = error instanceof Barred
  const found = isBarred ? error.problem : asProblem(error)
  const problem = found.with({ host, step: stepAddress(step.id, host), span: step.span })
  const outcome = problem.exit === exitCodes.unknown ? 'unknown' : 'failed'
  const isOwn = !isBarred && isIgnorable(problem)
  const { result } = found.fields
  return {
    outcome,
    because: problem.message,
    changes: [],
    problem,
    ...(result !== undefined && { result }),
    ...(isOwn && { isOwn }),
    ...(isOwn && step.ignoreErrors && { ignored: true }),
  }
}

/** A failure of the step itself: no lost connection, no fault of the input, no bug of ours. */
const isIgnorable = ({ exit, code }: Problem): boolean => exit === exitCodes.failed && code !== 'bug'

/** What templates of later steps see: the result, and how the step ended. */
export const handedOn = ({
  outcome,
  result,
  isUncounted = false,
  problem,
  judgement,
}: Pick<StepEnd, 'outcome' | 'result' | 'isUncounted' | 'judgement'> & {
  readonly problem?: { readonly summary?: string; readonly message?: string }
}): Readonly<Record<string, Json>> => ({
  ...(problem && { msg: problem.summary ?? problem.message ?? '' }),
  ...(isFields(result) ? withLines(result) : {}),
  ...judgement,
  ...(outcome !== 'unknown' && {
    changed: !isUncounted && (outcome === 'changed' || outcome === 'would-change' || hasFailedInIt(outcome, result)),
    failed: outcome === 'failed',
  }),
  ...(outcome === 'skipped' && { skipped: true, skip_reason: 'Conditional result was False' }),
})

/** A command that was carried out, and failed. */
const hasFailedInIt = (outcome: StepOutcome, result: Json | undefined): boolean =>
  outcome === 'failed' && isFields(result) && result.changed === true

/** As Ansible does for any task: what was printed also line by line. */
const withLines = (result: Readonly<Record<string, Json>>): Readonly<Record<string, Json>> => {
  const { stdout, stderr } = result
  return {
    ...result,
    ...(typeof stdout === 'string' && { stdout_lines: linesOf(stdout) }),
    ...(typeof stderr === 'string' && { stderr_lines: linesOf(stderr) }),
  }
}

export const isFields = (result: Json | undefined): result is Readonly<Record<string, Json>> =>
  typeof result === 'object' && result !== null && !Array.isArray(result)

export const registeredValue = (
  end: StepEnd,
  { step, host, context }: OnHost & Resuming,
): Readonly<Record<string, unknown>> => ({
  ...handedOn(end),
  ...(end.outcome === 'same' && handedOnBefore(stepAddress(step.id, host), end, context)),
  // Foretold, it holds what can be told before; the rest comes with the step itself.
  ...(end.outcome === 'unknown' || end.outcome === 'would-change'
    ? { [restKnownAfter]: stepAddress(step.id, host) }
    : {}),
})

type Resuming = { readonly context: { readonly resumed?: Resumed | undefined } }

/** The change was made by a run that this one goes on with: for what rests on it, it is a change all the same. */
const handedOnBefore = (address: string, { result }: StepEnd, { resumed }: Resuming['context']) => {
  if (!resumed?.hasChanged(address)) return {}
  const before = result === undefined ? resumed.resultOf(address) : undefined
  return { ...(isFields(before) ? before : {}), changed: true }
}
