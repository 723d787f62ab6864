// Shows that a secret is another one than before, and nothing of it: a hash with a key that never leaves the site.
import { createHmac, randomBytes } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isErrno } from '../journal/index.ts'
import type { PlanFile } from '../model/plan-file.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import { reveal, type Secret } from '../model/secret.ts'
import { canonicalJson } from '../text/canonical.ts'

export type SecretPrints = Pick<PlanFile, 'secretPrints' | 'secretKey'>

/** @param state Where a site keeps its key; one is made when there is none. Without secrets none is needed. */
export const printSecrets = (secrets: readonly Secret[], state: string): SecretPrints => {
  if (secrets.length === 0) return { secretPrints: [] }
  return printWith(keyOf(state), secrets)
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
  const file = keyFile(state)
  if (!existsSync(file)) return [noKey(file)]
  const now = printWith(readFileSync(file), secrets)
  if (secretKey !== undefined && now.secretKey !== secretKey) return [otherKey(file)]
  const then = new Map(secretPrints.map(({ name, print }) => [name, print]))
  const seen = new Map(now.secretPrints.map(({ name, print }) => [name, print]))
  return [...new Set([...then.keys(), ...seen.keys()])]
    .filter(name => then.get(name) !== seen.get(name))
    .map(name => changed(name, then.has(name), seen.has(name)))
}

const printWith = (key: Buffer, secrets: readonly Secret[]): Required<SecretPrints> => {
  const values = new Map<string, Set<string>>()
  for (const secret of secrets) values.set(secret.label, (values.get(secret.label) ?? new Set()).add(reveal(secret)))
  const print = (text: string) => createHmac('sha256', key).update(text).digest('hex')
  return {
    secretKey: print('key').slice(0, 16),
    secretPrints: [...values]
      .map(([name, all]) => ({ name, print: print(canonicalJson([name, [...all].sort()])) }))
      .sort((one, other) => (one.name < other.name ? -1 : 1)),
  }
}

const keyFile = (state: string): string => join(state, 'plan.key')

/** Two plans that are made at once agree on one key: it comes whole, and whoever comes second reads the first's. */
const keyOf = (state: string): Buffer => {
  const file = keyFile(state)
  if (existsSync(file)) return readFileSync(file)
  const draft = `${file}.${process.pid}`
  mkdirSync(state, { recursive: true })
  writeFileSync(draft, randomBytes(32), { mode: 0o600 })
  try {
    linkSync(draft, file)
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error
  } finally {
    rmSync(draft)
  }
  return readFileSync(file)
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

const noKey = (file: string): Problem =>
  new Problem({
    code: 'plan-key-missing',
    summary: 'Whether the secrets are those of the plan cannot be told: the key of their prints is not here',
    seen: `no file ${file}`,
    wanted: 'the key of the site where the plan was made',
    help: 'apply the plan where it was made, or make it again here',
    exit: exitCodes.drift,
  })

const otherKey = (file: string): Problem =>
  new Problem({
    code: 'plan-key-other',
    summary: 'Whether the secrets are those of the plan cannot be told: it was made with the key of another site',
    seen: `the key in ${file}`,
    wanted: 'the key of the site where the plan was made',
    help: 'apply the plan where it was made, or make it again here',
    exit: exitCodes.drift,
  })
