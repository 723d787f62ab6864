// The key of a site's prints: what cannot be shown is known again by it, and it never leaves the site.
import { createHmac, randomBytes } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isErrno } from '../journal/index.ts'
import type { KeyedPrint } from '../model/plan-file.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import { canonicalJson } from '../text/canonical.ts'

/** Tells one site's key from another's, and nothing of it. */
export const nameOfKey = (key: Buffer): string => hashed(key, 'key').slice(0, 16)

/** One print for each name, in their order; a name can have several values. */
export const printValues = (key: Buffer, values: ReadonlyMap<string, readonly string[]>): readonly KeyedPrint[] =>
  [...values]
    .map(([name, all]) => ({ name, print: hashed(key, canonicalJson([name, [...new Set(all)].sort()])) }))
    .sort((one, other) => (one.name < other.name ? -1 : 1))

const hashed = (key: Buffer, text: string): string => createHmac('sha256', key).update(text).digest('hex')

/** @returns `plan-key-missing` or `plan-key-other` where it is not the key of that name. */
export const keyNamed = (name: string | undefined, state: string): Buffer | Problem => {
  const file = keyFile(state)
  if (!existsSync(file)) return noKey(file)
  const key = readFileSync(file)
  return name !== undefined && nameOfKey(key) !== name ? otherKey(file) : key
}

const keyFile = (state: string): string => join(state, 'plan.key')

/** Two plans that are made at once agree on one key: it comes whole, and whoever comes second reads the first's. */
export const makeKey = (state: string): Buffer => {
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
