// Shows that a secret is another one than before, and nothing of it.
import type { KeyedPrint, PlanFile } from '../model/plan-file.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import { reveal, type Secret } from '../model/secret.ts'
import { keyNamed, makeKey, nameOfKey, printValues } from './plan-key.ts'

export type SecretPrints = Pick<PlanFile, 'secretPrints' | 'secretKey'>

/** @param state Where a site keeps its key; one is made when there is none. Without secrets none is needed. */
export const printSecrets = (secrets: readonly Secret[], state: string): SecretPrints => {
  if (secrets.length === 0) return { secretPrints: [] }
  const key = makeKey(state)
  return { secretKey: nameOfKey(key), secretPrints: printsOf(secrets, key) }
}

/**
 * Holds secrets against their prints.
 *
 * @returns `plan-key-missing`, `plan-key-other`, or one `secret-changed` for each that is not what it was.
 */
export const changedSecrets = (
  { secretPrints, secretKey }: SecretPrints,
  secrets: readonly Secret[],
  state: string,
): readonly Problem[] => {
  if (secretPrints.length === 0 && secrets.length === 0) return []
  const key = keyNamed(secretKey, state)
  if (key instanceof Problem) return [key]
  const then = new Map(secretPrints.map(({ name, print }) => [name, print]))
  const seen = new Map(printsOf(secrets, key).map(({ name, print }) => [name, print]))
  return [...new Set([...then.keys(), ...seen.keys()])]
    .filter(name => then.get(name) !== seen.get(name))
    .map(name => changed(name, then.has(name), seen.has(name)))
}

const printsOf = (secrets: readonly Secret[], key: Buffer): readonly KeyedPrint[] => {
  const values = new Map<string, string[]>()
  for (const secret of secrets) values.set(secret.label, [...(values.get(secret.label) ?? []), reveal(secret)])
  return printValues(key, values)
}

const changed = (name: string, wasThere: boolean, isThere: boolean): Problem =>
  new Problem({
    code: 'secret-changed',
    summary: `The secret ${name} is not what it was when the plan was made`,
    seen: isThere ? (wasThere ? 'another value' : 'a secret that the plan does not know') : 'no such secret',
    wanted: wasThere ? 'the value of then' : 'none of that name',
    help: 'put it back as it was, or make the plan again',
    exit: exitCodes.drift,
  })
