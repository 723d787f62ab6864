// A plan as it is handed to a reviewer and held to by a run: what would be done, on what grounds, until when.
import type { Evidence } from './answer.ts'
import type { Change } from './change.ts'
import type { InputPrint, OutlinedStep, StepOutcome } from './events.ts'
import type { Json } from './json.ts'
import type { Look } from './look.ts'
import type { RunRequest } from './request.ts'
import type { Risk } from './risk.ts'
import type { RunHead } from './run-head.ts'

/** One prompt of a dialogue, and what is typed; a secret answer is masked. */
export type PlannedPrompt = {
  readonly name: string
  /** The words that it waits for; a pattern stands between slashes. */
  readonly expect: string
  /** As it will be typed; as its author wrote it where that is known only then. */
  readonly answer: string
  /** The condition under which it comes, as written. */
  readonly when?: string
}

/** What a foreign program is given: word for word, secrets masked. */
export type Given = {
  /** The arguments of its step. */
  readonly args: { readonly [name: string]: Json }
  /** In the order of the dialogue. */
  readonly prompts?: readonly PlannedPrompt[]
}

/** What a person does, and by what it is proved. */
export type ByHand = {
  readonly text: string
  readonly who?: string
  readonly proof?: string
}

/** What one host has while steps of a block are carried out, and what is so there meanwhile. */
export type PlannedHold = {
  /** Name of the block. */
  readonly block: string
  /** Name of the hold, such as `partition`. */
  readonly hold: string
  readonly play: number
  readonly host: string
  readonly provides: readonly Change[]
}

export type PlannedStep = OutlinedStep & {
  readonly outcome: StepOutcome
  readonly evidence?: Evidence
  readonly because: string
  readonly changes: readonly Change[]
  /** What the answer rests on. Those that met the world are the plan's preconditions. */
  readonly looks: readonly Look[]
  /** False where no way back exists. */
  readonly undoable: boolean
  /** What its task keeps true, in a sentence. */
  readonly summary?: string
  /** Of an opaque step. */
  readonly given?: Given
  /** Of a step that a person does. */
  readonly byHand?: ByHand
}

/** The same for the same world, on any machine, in any time zone: no time, no run, no path outside the site. */
export type PlanBody = RunHead & {
  readonly request: RunRequest
  /** Every file that the plan rests on, with the SHA-256 of its bytes. */
  readonly inputs: readonly InputPrint[]
  /** `SHA256:…` of the key that each host showed. */
  readonly hostKeys: readonly { readonly host: string; readonly fingerprint: string }[]
  readonly steps: readonly PlannedStep[]
  /** Names of the secrets that it uses. */
  readonly secrets: readonly string[]
  /** Names of the variables of the environment that it was made from; not there without one. */
  readonly environment?: readonly string[]
  readonly holds?: readonly PlannedHold[]
  /** What was asked for and makes it less safe: legacy algorithms, a node that is taken on trust. */
  readonly risks?: readonly Risk[]
}

export type KeyedPrint = { readonly name: string; readonly print: string }

export type PlanFile = {
  readonly version: 1
  /** SHA-256 of the canonical JSON of everything else in the file. */
  readonly digest: string
  readonly tool: string
  /** ISO 8601, UTC. */
  readonly created: string
  readonly validUntil: string
  /** A keyed hash for each secret: shows that one changed, and nothing of it. The key stays at the site. */
  readonly secretPrints: readonly KeyedPrint[]
  /** The same for each variable of the environment that was looked up; not there without one. */
  readonly environmentPrints?: readonly KeyedPrint[]
  /** Tells one site's key from another's, and nothing of it; not there without prints. */
  readonly secretKey?: string
  readonly body: PlanBody
}
