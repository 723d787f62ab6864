// The three answers of a check, and the change that one of them carries.
import type { Answer } from '../model/answer.ts'
import type { Change } from '../model/change.ts'
import type { Json } from '../model/json.ts'
import type { Ref } from './resource.ts'

/** A change that still knows the type of its value; `apply` gets it as it was handed over. */
export type ChangeOf<Value extends Json> = Change & { readonly before: Value; readonly after: Value }

export type Same<Result = undefined> = Extract<Answer<Result>, { type: 'same' }>
export type Differs<Changes extends readonly Change[], Result = undefined> = {
  readonly type: 'differs'
  readonly because: string
  readonly changes: Changes
  readonly result?: Result
}
export type Unknown = Extract<Answer, { type: 'unknown' }>
export type AnswerOf<Changes extends readonly Change[], Result> = Same<Result> | Differs<Changes, Result> | Unknown

export const change = <Value extends Json>(
  { kind, key }: Ref<Value>,
  before: NoInfer<Value>,
  after: NoInfer<Value>,
): ChangeOf<Value> => ({
  kind,
  key,
  before,
  after,
})

/** @param because A sentence for the report, without a full stop. */
export const same = <Result = undefined>(because: string, result?: Result): Same<Result> => ({
  type: 'same',
  because,
  ...(result !== undefined && { result }),
})

export const differs = <Changes extends readonly Change[]>(...changes: Changes): Differs<Changes, never> => ({
  type: 'differs',
  because: '',
  changes,
})

/** `differs` with the reason in words, for where the changes alone do not say it. */
export const due = <Changes extends readonly Change[]>(
  because: string,
  ...changes: Changes
): Differs<Changes, never> => ({ type: 'differs', because, changes })

/** @param until What has to happen before it can be told. */
export const unknown = (until: string): Unknown => ({ type: 'unknown', until })
