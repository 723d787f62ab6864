// The failover list is law: a node is touched when those before it are verified, now or in an earlier run.
import { stepAddress } from '../model/address.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import { changesNothing, type OutlinePlay, type OutlineStep, stepsWithHolds } from '../plan/outline.ts'
import { checkStep, isPresumed, reasonOf } from './check.ts'
import type { Context } from './context.ts'
import { type Lease, openLease } from './hold/lease.ts'
import { lookAtResults } from './look-at-results.ts'
import { heardOf, saidOf } from './unlogged.ts'

export type Turn = {
  /** Notes that a step on a host was carried out, or found in order, in this run. */
  done(step: OutlineStep, host: string): void
  /** Notes that a person left a step out on a host: it is not verified, whatever a look would say. */
  leftOut(step: OutlineStep, host: string, by: string): void
  /** @throws {Problem} `out-of-turn`, naming the first step of an earlier node that is not verified. */
  assertTurnOf(host: string): Promise<void>
}

export const createTurn = (play: OutlinePlay, context: Context): Turn => {
  const verified = new Set<string>()
  const omitted = new Map<string, string>()

  const assertVerified = async (earlier: string, host: string) => {
    for (const { step, holds, isRescue } of stepsWithHolds(play.nodes)) {
      // What is there for a failure, or only to be looked at, says nothing about a node.
      if (isRescue || step.onlyLooks || step.task.onlyWaits) continue
      if (verified.has(stepAddress(step.id, earlier))) continue
      const leases = await Promise.all(holds.map(outline => openLease({ outline, host: earlier, context })))
      const finding = omitted.get(stepAddress(step.id, earlier)) ?? (await findOpen(step, { earlier, leases, context }))
      if (finding !== undefined) throw outOfTurn({ play, step, earlier, host, finding })
      verified.add(stepAddress(step.id, earlier))
    }
  }

  return {
    done: (step, host) => {
      verified.add(stepAddress(step.id, host))
    },
    leftOut: (step, host, by) => {
      omitted.set(stepAddress(step.id, host), `left out by ${by}`)
    },
    async assertTurnOf(host) {
      if (play.strategy !== 'failover') return
      for (const earlier of play.allHosts.slice(0, play.allHosts.indexOf(host))) await assertVerified(earlier, host)
    },
  }
}

type Earlier = { readonly earlier: string; readonly leases: readonly Lease[]; readonly context: Context }

/** Why a step on an earlier node is not verified; `undefined` when it is. Only looks. */
const findOpen = async (step: OutlineStep, { earlier, leases, context }: Earlier): Promise<string | undefined> => {
  const missing = await lookAtResults({ step, host: earlier, context }).catch(error => standsInTheWay(error, earlier))
  // What it would see is seen where it is held, and changes nothing there.
  const tellsNothing = changesNothing(step)
  if (missing !== undefined) return tellsNothing ? undefined : missing
  const prepared = step.prepare(earlier, context.registered(earlier))
  if (prepared.type === 'skipped') return undefined
  if (prepared.type === 'undecided') return prepared.because
  const begun = context.begun.find(step.id, earlier)
  if (begun) return `run ${begun.run} began it, and nobody has seen its end`
  const options = { step, host: earlier, args: prepared.args, leases, context: heardOf(step, context), justDone: false }
  const checked = await checkStep(options).catch(error => standsInTheWay(error, earlier))
  if (typeof checked === 'string') return saidOf(step, checked)
  const { answer } = checked
  if (answer.type === 'unknown' && tellsNothing) return undefined
  if (answer.type === 'same' && isPresumed(checked)) return 'what it rests on was seen by nobody yet'
  return answer.type === 'same' ? undefined : saidOf(step, reasonOf(answer)) || 'it is due'
}

/** What keeps an earlier node's step from being done keeps it from being verified; a silent node is its own problem. */
const standsInTheWay = (error: unknown, earlier: string): string => {
  if (!(error instanceof Problem)) throw error
  if (error.exit !== exitCodes.failed) throw error.with({ host: earlier })
  return error.message
}

const outOfTurn = (at: {
  readonly play: OutlinePlay
  readonly step: OutlineStep
  readonly earlier: string
  readonly host: string
  readonly finding: string
}): Problem =>
  new Problem({
    code: 'out-of-turn',
    summary: `${at.host} is not the next: ${at.earlier} comes first and is not verified`,
    host: at.host,
    seen: `${stepAddress(at.step.id, at.earlier)}: ${at.finding}`,
    wanted: `every step of "${at.play.name}" verified on ${at.earlier}, by this run or one before`,
    state: `nothing was done on ${at.host}`,
    help: `the order is ${at.play.allHosts.join(' → ')}: finish ${at.earlier} first`,
  })
