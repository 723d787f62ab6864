// A plan as it is handed to a reviewer and held to by a run: what would be done, on what grounds, until when.
import type { Evidence } from './answer.ts'
import type { Change } from './change.ts'
import type { OutlinedPlay, StepOutcome } from './events.ts'
import type { Look } from './look.ts'
import type { RunRequest } from './request.ts'

export type PlannedStep = {
  /** `playbook/step`. */
  readonly step: string
  readonly host: string
  readonly name: string
  readonly task: string
  readonly play: number
  readonly within: readonly string[]
  readonly source?: string
  readonly outcome: StepOutcome
  readonly evidence?: Evidence
  readonly because: string
  readonly changes: readonly Change[]
  /** What the answer rests on. Those that met the world are the plan's preconditions. */
  readonly looks: readonly Look[]
  /** False where no way back exists. */
  readonly undoable: boolean
}

/** The same for the same world, on any machine, in any time zone: no time, no run, no path outside the site. */
export type PlanBody = {
  readonly request: RunRequest
  readonly playbook: string
  readonly playbookFile: string
  readonly inventory: string
  readonly cluster: string
  readonly lab: boolean
  /** The failover list. */
  readonly order: readonly string[]
  readonly plays: readonly OutlinedPlay[]
  /** Every file that the plan rests on, with the SHA-256 of its bytes. */
  readonly inputs: readonly { readonly file: string; readonly sha256: string }[]
  /** `SHA256:…` of the key that each host showed. */
  readonly hostKeys: readonly { readonly host: string; readonly fingerprint: string }[]
  readonly steps: readonly PlannedStep[]
  /** Names of the secrets that it uses. */
  readonly secrets: readonly string[]
}

export type PlanFile = {
  readonly version: 1
  /** SHA-256 of the canonical JSON of everything else in the file. */
  readonly digest: string
  readonly tool: string
  /** ISO 8601, UTC. */
  readonly created: string
  readonly validUntil: string
  /** A keyed hash for each secret: shows that one changed, and nothing of it. The key stays at the site. */
  readonly secretPrints: readonly { readonly name: string; readonly print: string }[]
  readonly body: PlanBody
}
