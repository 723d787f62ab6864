// The two lines above a plan, in words: what it is for, and how much of it is how sure.
import { type Evidence, evidences } from '../model/answer.ts'
import { isWait } from '../model/counts.ts'
import { outcomeWords, plural } from './counts.ts'
import type { PlanDocument, PlannedStep } from './plan.ts'
import { oneLine } from './printable.ts'

export type PlanHead = { readonly title: string; readonly counts: string }

export const planHead = (plan: PlanDocument): PlanHead => {
  const steps = plan.hosts.flatMap(host => host.steps)
  return {
    title: [
      `Plan ${plan.digest.slice(0, 4)}`,
      oneLine(plan.playbook),
      `cluster ${oneLine(plan.cluster)}`,
      `order ${plan.order.map(oneLine).join(' → ')}`,
    ].join('  '),
    counts: [tellCounts(steps), tellChanges(steps), tellFinal(steps)].filter(Boolean).join('    '),
  }
}

/** Something would change, or may. */
export const hasWork = ({ hosts }: PlanDocument): boolean =>
  hosts.some(({ steps }) => steps.some(step => step.outcome !== 'same' && step.outcome !== 'skipped' && !isWait(step)))

const tellCounts = (steps: readonly PlannedStep[]): string => {
  const counts = evidences.map(evidence => [countOf(steps, evidence), evidence] as const)
  const told = counts.filter(([count]) => count > 0).map(part => part.join(' '))
  const rest = steps.filter(({ evidence }) => evidence === undefined).length
  if (rest > 0) told.push(`${rest} without an answer`)
  return `${plural(steps.length, 'step')}: ${told.join(' · ') || 'none'}`
}

const countOf = (steps: readonly PlannedStep[], wanted: Evidence): number =>
  steps.filter(({ evidence }) => evidence === wanted).length

/** Where one of these comes, it cannot be said that nothing is to change. */
const worthTelling = ['would-change', 'unknown', 'failed', 'not-reached'] as const

const tellChanges = (steps: readonly PlannedStep[]): string => {
  const due = steps.filter(step => !isWait(step))
  const counts = worthTelling.map(outcome => [due.filter(step => step.outcome === outcome).length, outcome] as const)
  const told = counts.filter(([count]) => count > 0).map(([count, outcome]) => `${count} ${outcomeWords[outcome]}`)
  return told.join(' · ') || 'nothing to change'
}

const tellFinal = (steps: readonly PlannedStep[]): string => {
  const count = steps.filter(({ isFinal }) => isFinal).length
  return count === 0 ? '' : `${count} cannot be undone (▲)`
}
