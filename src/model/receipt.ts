// Proof that an act was done, or that a place was seen in order: kept on the node and in the journal.
import type { ResourceName } from './change.ts'
import type { Json } from './json.ts'

export type Rest = ResourceName & {
  /** SHA-256 of the canonical JSON of the value that was seen. */
  readonly digest: string
}

export type Attest = ResourceName & {
  readonly home: string
  readonly value: Json
  /** When it was last seen, where that is later than the receipt. */
  readonly seenAt?: string
}

export type Receipt = {
  readonly version: 1
  /** `playbook/step`. */
  readonly step: string
  readonly host: string
  readonly cluster: string
  readonly run: string
  /** ISO 8601, UTC, by the controller's clock. */
  readonly at: string
  /** Digest of the settings that the act was done with; empty when it had none that matter. */
  readonly settings: string
  /** What the act rests on: when one of these moves, it is due again. */
  readonly rests: readonly Rest[]
  /** What was seen on a volume that is mounted only while somebody holds it. */
  readonly attests: readonly Attest[]
  readonly result?: Json
}
