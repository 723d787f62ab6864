// A plan as a reviewer reads it, and after the run with what came of it: the one value behind every form of a review.

import type { RunEvent } from '../../model/events.ts'
import type { PlanBody, PlanFile, PlannedHold, PlannedStep } from '../../model/plan-file.ts'
import { type Closing, closingOf } from './closing.ts'
import { type Preconditions, preconditionsOf } from './preconditions.ts'
import { groupSteps, type StepGroup } from './step-groups.ts'
import { type Verdict, verdictOf } from './verdict.ts'
import { type WayBack, waysBack } from './way-back.ts'

export type Approval = {
  /** Who may sign, as the site's file names them. */
  readonly signers: readonly string[]
  /** The line that signs. */
  readonly command: string
  readonly isRequired: boolean
  /** Who has signed; told once it is carried out, so that one plan has one review. */
  readonly by?: readonly string[]
}

export type ReviewOptions = {
  /** The plan's file, as it would be typed. */
  readonly file: string
  /** How it is approved; nothing where the site does not ask for that. */
  readonly approval?: Approval
  /** The events of the run that carried it out, behind those of the runs that it went on with. */
  readonly events?: readonly RunEvent[]
}

export type Review = Pick<PlanFile, 'digest' | 'tool' | 'created' | 'validUntil'> &
  Omit<PlanBody, 'steps' | 'holds' | 'risks'> & {
    /** Raised when a field is taken away or means something else; a new field raises nothing. */
    readonly version: 1
    /** The command that carries it out. */
    readonly apply: string
    readonly approval?: Approval
    readonly verdict: Verdict
    readonly holds: readonly PlannedHold[]
    readonly preconditions: readonly Preconditions[]
    readonly groups: readonly StepGroup[]
    /** In the order of the plan: what each node is asked for. */
    readonly steps: readonly PlannedStep[]
    readonly waysBack: readonly WayBack[]
    readonly closing?: Closing
  }

/** Nothing of the day on which it is made goes into it: the same plan gives the same review. */
export const reviewOf = (plan: PlanFile, { file, approval, events }: ReviewOptions): Review => {
  const { digest, tool, created, validUntil, body } = plan
  const { steps, holds = [], risks: _told, ...about } = body
  return {
    version: 1,
    digest,
    tool,
    created,
    validUntil,
    apply: `run apply ${file}`,
    ...(approval && { approval }),
    ...about,
    verdict: verdictOf(body),
    holds,
    preconditions: preconditionsOf(steps),
    groups: groupSteps(steps),
    steps,
    waysBack: waysBack(body),
    ...(events && { closing: closingOf(steps, events) }),
  }
}
