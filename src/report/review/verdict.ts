// What a reviewer has to know in half a minute: how much, how sure, what for good, and what asks for a second look.
import { type Evidence, evidences } from '../../model/answer.ts'
import { isWait } from '../../model/counts.ts'
import type { StepOutcome } from '../../model/events.ts'
import type { Look } from '../../model/look.ts'
import type { PlanBody, PlannedStep } from '../../model/plan-file.ts'
import { inWords } from '../changes.ts'
import { groupBy } from './group-by.ts'
import { isFinal, mayChange } from './way-back.ts'

/** Steps, and the nodes that something is so on for each of them. */
export type OnHosts = { readonly steps: readonly string[]; readonly hosts: readonly string[] }

export type Warning = { readonly text: string; readonly on: readonly OnHosts[] }

export type Verdict = {
  readonly steps: number
  readonly outcomes: Readonly<Partial<Record<StepOutcome, number>>>
  readonly evidence: Readonly<Record<Evidence, number>>
  readonly final: readonly OnHosts[]
  /** Services that are made to run or to stop, `~ service novell-nmma: …`, and what else does not work meanwhile. */
  readonly services: readonly { readonly change: string; readonly on: readonly OnHosts[] }[]
  /** Acts and foreign programs: what they start and stop on their way is not in the plan. */
  readonly opaque: readonly OnHosts[]
  readonly holds: readonly { readonly hold: string; readonly hosts: readonly string[] }[]
  readonly warnings: readonly Warning[]
  readonly risks: readonly { readonly host?: string; readonly text: string }[]
}

export const verdictOf = ({ steps, holds = [], risks = [] }: PlanBody): Verdict => ({
  steps: steps.length,
  outcomes: countBy(steps.filter(step => !isWait(step)).map(({ outcome }) => outcome)),
  evidence: { exact: 0, predicted: 0, attested: 0, opaque: 0, ...countBy(steps.flatMap(s => s.evidence ?? [])) },
  final: onHosts(steps.filter(isFinal)),
  services: servicesOf(steps),
  opaque: onHosts(steps.filter(step => mayChange(step) && isAct(step))),
  holds: holdsTaken(steps, holds),
  warnings: warningsOf(steps),
  risks,
})

/** Steps on the same nodes together. */
export const onHosts = (steps: readonly Pick<PlannedStep, 'step' | 'host'>[]): readonly OnHosts[] => {
  const each = [...groupBy(steps, ({ step }) => step).entries()].map(([step, same]) => ({
    step,
    hosts: [...new Set(same.map(({ host }) => host))],
  }))
  return [...groupBy(each, ({ hosts }) => hosts.join(' ')).values()].map(same => ({
    steps: same.map(({ step }) => step),
    hosts: same[0].hosts,
  }))
}

const countBy = <Word extends string>(words: readonly Word[]): Partial<Record<Word, number>> => {
  const counts: Partial<Record<Word, number>> = {}
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1
  return counts
}

/** It leaves a receipt, or a foreign program does it. */
const isAct = ({ evidence, changes }: PlannedStep): boolean =>
  evidence === 'opaque' || changes.some(({ kind }) => kind === 'act')

const servicesOf = (steps: readonly PlannedStep[]): Verdict['services'] => {
  const changes = steps.flatMap(step =>
    step.changes
      .filter(({ kind, meanwhile }) => kind === 'service' || meanwhile !== undefined)
      .map(change => ({ step, change: [inWords(change).name, ...inWords(change).fields].join(' ') })),
  )
  return [...groupBy(changes, ({ change }) => change).entries()].map(([change, same]) => ({
    change,
    on: onHosts(same.map(({ step }) => step)),
  }))
}

/** A hold is taken where a step inside may have something to do. */
const holdsTaken = (steps: readonly PlannedStep[], holds: NonNullable<PlanBody['holds']>): Verdict['holds'] => {
  const taken = holds.filter(({ block, play, host }) =>
    steps.some(
      step =>
        step.host === host && step.play === play && step.within.includes(block) && (isWait(step) || mayChange(step)),
    ),
  )
  return [...groupBy(taken, ({ hold }) => hold).entries()].map(([hold, same]) => ({
    hold,
    hosts: [...new Set(same.map(({ host }) => host))],
  }))
}

const restingOn = (steps: readonly PlannedStep[], type: Look['origin']['type']): readonly PlannedStep[] =>
  steps.filter(({ looks }) => looks.some(({ origin }) => origin.type === type))

const warningsOf = (steps: readonly PlannedStep[]): readonly Warning[] => {
  const ended = (wanted: StepOutcome) => steps.filter(step => step.outcome === wanted && !isWait(step))
  const warnings: readonly (readonly [text: string, steps: readonly PlannedStep[]])[] = [
    ['cannot be told before the run', ended('unknown')],
    ['failed in the dry run', ended('failed')],
    ['not reached by the dry run', ended('not-reached')],
    ['rests on what nobody can see now', restingOn(steps, 'presumed')],
  ]
  return warnings.filter(([, some]) => some.length > 0).map(([text, some]) => ({ text, on: onHosts(some) }))
}

export const evidenceInOrder = (evidence: Verdict['evidence']): readonly (readonly [Evidence, number])[] =>
  evidences.map((word): readonly [Evidence, number] => [word, evidence[word]]).filter(([, count]) => count > 0)
