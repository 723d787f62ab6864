// A mark on a node: an act was begun there, and nobody has seen its end yet.
import type { StepId } from './address.ts'
import type { Change } from './change.ts'

export type Begun = {
  readonly type: 'begun'
  readonly version: 1
  readonly step: StepId
  readonly host: string
  readonly cluster: string
  readonly run: string
  /** ISO 8601, UTC, by the controller's clock. */
  readonly at: string
  /** Digest of what the step was asked to do, without its secrets. */
  readonly settings: string
  /** What it was to change. */
  readonly changes: readonly Change[]
}
