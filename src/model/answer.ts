// What a check can answer: the thing is as wanted, it differs, or it cannot be told yet.
import type { Change, ResourceName } from './change.ts'
import type { Json } from './json.ts'

export type Answer<Result = Json> =
  | { readonly type: 'same'; readonly because: string; readonly result?: Result }
  | {
      readonly type: 'differs'
      readonly because: string
      readonly changes: readonly Change[]
      /** What it may leave behind beside its changes, in a way that nobody can foretell and nothing takes back. */
      readonly touches?: readonly ResourceName[]
      /** What `register` will see, as far as it can be told before. */
      readonly result?: Result
    }
  | { readonly type: 'unknown'; readonly until: string }

/**
 * How sure an answer is.
 *
 * `exact`: all that it rests on was seen now. `predicted`: it rests on a change that an earlier step will make, or on
 * a place that cannot be seen yet. `attested`: it rests on a receipt. `opaque`: a foreign program decides; only its
 * guard and its declared effects are known.
 */
export type Evidence = 'exact' | 'predicted' | 'attested' | 'opaque'

export const evidences: readonly Evidence[] = ['exact', 'predicted', 'attested', 'opaque']
