// Strikes the secrets that are known out of a whole value, as a journal does.
import { masked } from '../journal/index.ts'
import type { Secret } from '../model/secret.ts'
import { redactor } from '../shell/redact.ts'

export type Mask = <Value>(value: Value) => Value

/** The value keeps its shape: only texts in it change, and what JSON cannot carry is left out. */
export const maskOf = (secrets: readonly Secret[]): Mask => {
  const strike = redactor(secrets)
  return <Value>(value: Value) => masked(value, strike) as Value // the same shape, by what `masked` does
}
