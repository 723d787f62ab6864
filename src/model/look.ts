// One look at one thing: what was asked, what was seen, and where the answer came from.
import type { ResourceName } from './change.ts'
import type { Json } from './json.ts'

export type Origin =
  | { readonly type: 'world' }
  /** An earlier step of this dry run will have made it so. */
  | { readonly type: 'promise'; readonly by: string }
  /** Nobody can see the place yet and nothing vouches for it: taken as if it had never been touched. */
  | { readonly type: 'presumed'; readonly place: string }
  | { readonly type: 'receipt'; readonly run: string; readonly host: string; readonly at: string }

export type Look = ResourceName & {
  readonly host: string
  /** Where the thing lies: the host, or the volume that a hold brings. */
  readonly home: string
  readonly value: Json
  readonly origin: Origin
}
