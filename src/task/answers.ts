// The three answers of a check, and the change that one of them carries.
import type { Answer } from '../model/answer.ts'
import type { Change, notKnownYet, ResourceName } from '../model/change.ts'
import type { Json } from '../model/json.ts'
import type { Ref } from './resource.ts'

type NotKnown = typeof notKnownYet

/** A change that still knows the types of its values; `apply` gets it as it was handed over. */
export type ChangeOf<Before, After> = Omit<Change, 'before' | 'after'> & {
  readonly before: Before
  readonly after: After
}

type Same = Extract<Answer, { type: 'same' }>
type Unknown = Extract<Answer, { type: 'unknown' }>
export type Differs<Changes extends readonly Change[]> = {
  readonly type: 'differs'
  readonly because: string
  readonly changes: Changes
  readonly touches?: readonly ResourceName[]
  readonly result?: Json
}

/** The changes that an answer can carry; none where a check never says `differs`. */
export type ChangesOf<Given extends Answer> =
  Extract<Given, { type: 'differs' }> extends { readonly changes: infer Changes } ? Changes : readonly []

/** One difference. What nobody can know before it is done is `notKnownYet`. */
export const change = <
  Value extends Json,
  const Before extends NoInfer<Value> | NotKnown,
  const After extends NoInfer<Value> | NotKnown,
>(
  { kind, key }: Ref<Value>,
  before: Before,
  after: After,
): ChangeOf<Before, After> => ({ kind, key, before, after })

/** @param because A sentence for the report, without a full stop. */
export const same = (because: string, result?: Json): Same => ({
  type: 'same',
  because,
  ...(result !== undefined && { result }),
})

export const differs = <const Changes extends readonly Change[]>(...changes: Changes): Differs<Changes> => ({
  type: 'differs',
  because: '',
  changes,
})

/** `differs` with the reason in words, for where the changes alone do not say it. */
export const due = <const Changes extends readonly Change[]>(
  because: string,
  ...changes: Changes
): Differs<Changes> => ({
  type: 'differs',
  because,
  changes,
})

/** @param until What has to happen before it can be told. */
export const unknown = (until: string): Unknown => ({ type: 'unknown', until })
