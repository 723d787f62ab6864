// A hold as the looks of the steps inside see it.
import type { Change } from '../../model/change.ts'
import type { Json } from '../../model/json.ts'
import type { Rest } from '../../model/receipt.ts'

export type HeldThing = {
  readonly name: string
  readonly provides: readonly Change[]
  /** Tells this volume from another of the same name; what is attested of another does not count. */
  readonly identity: Identity
  isHeldBy(host: string): boolean
}

export type Identity =
  | { readonly type: 'none' }
  /** Nobody can see it before the hold is taken. */
  | { readonly type: 'hidden'; readonly name: string }
  /** What every receipt of a step inside rests on. */
  | { readonly type: 'seen'; readonly value: Json; readonly rest: Rest }

export const restsOf = (holds: readonly HeldThing[]): readonly Rest[] =>
  holds.flatMap(({ identity }) => (identity.type === 'seen' ? [identity.rest] : []))
