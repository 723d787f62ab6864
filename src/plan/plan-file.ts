// A plan as a file: sealed by a digest over all of it, and read back only as it was written.
import { z } from 'zod'
import { addressOf } from '../model/address.ts'
import type { PlanBody, PlanFile } from '../model/plan-file.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import { canonicalJson, digest } from '../text/canonical.ts'

export type Seal = Pick<
  PlanFile,
  'tool' | 'created' | 'validUntil' | 'secretPrints' | 'environmentPrints' | 'secretKey'
>

export const sealPlan = (body: PlanBody, seal: Seal): PlanFile => {
  const sealed = { version: 1, ...seal, body } as const
  return { ...sealed, digest: digest(sealed) }
}

/** The bytes of the file: canonical JSON, so that one plan has one form. */
export const writePlan = (plan: PlanFile): string => `${canonicalJson(plan)}\n`

/**
 * Reads a plan as `writePlan` wrote it.
 *
 * @throws {Problem} `plan-unreadable`, `plan-version`, `plan-altered`; exit status 3.
 */
export const readPlan = (text: string, file: string): PlanFile => {
  try {
    return readSealed(text, file)
  } catch (error) {
    throw error instanceof RangeError ? unreadable(file, 'its values are nested too deeply') : error
  }
}

const readSealed = (text: string, file: string): PlanFile => {
  const value = parse(text, file)
  const version = 'version' in value ? value.version : undefined
  if (version !== 1) throw otherVersion(version, file)
  const read = schema.safeParse(value)
  if (!read.success) throw unreadable(file, z.prettifyError(read.error))
  const plan = value as PlanFile // the schema has its shape; what lies deeper is vouched for by the digest
  const { digest: told, ...sealed } = plan
  const seen = digest(sealed)
  if (told !== seen) throw altered(file, { seen: `digest ${seen}`, wanted: `digest ${told}, which the plan names` })
  if (text !== writePlan(plan))
    throw altered(file, { seen: 'other bytes for the same values', wanted: 'the bytes that `run plan` wrote' })
  return plan
}

/** @returns `plan-expired` where its time is over. */
export const expiryOf = ({ created, validUntil }: PlanFile, now: Date): Problem | undefined => {
  if (now.getTime() <= Date.parse(validUntil)) return undefined
  return new Problem({
    code: 'plan-expired',
    summary: 'The plan is too old',
    seen: `now ${now.toISOString()}`,
    wanted: `valid until ${validUntil}; it was made at ${created}`,
    help: 'make the plan again: run plan PLAYBOOK -o FILE',
    exit: exitCodes.drift,
  })
}

/** Addresses of the steps that a plan would carry out. */
export const plannedWork = ({ steps }: PlanBody): readonly string[] =>
  steps
    .filter(({ outcome, onlyWaits }) => outcome === 'would-change' || (outcome === 'unknown' && !onlyWaits))
    .map(addressOf)

const parse = (text: string, file: string): object => {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value
  } catch (error) {
    throw unreadable(file, error instanceof Error ? error.message : String(error))
  }
  throw unreadable(file, 'no JSON object')
}

const named = z.object({ kind: z.string(), key: z.string() })

const step = z.object({
  step: z.string(),
  host: z.string(),
  name: z.string(),
  outcome: z.string(),
  because: z.string(),
  changes: z.array(named.extend({ before: z.json(), after: z.json(), meanwhile: z.string().optional() })),
  looks: z.array(
    named.extend({ host: z.string(), home: z.string(), value: z.json(), origin: z.object({ type: z.string() }) }),
  ),
})

const print = z.object({ name: z.string(), print: z.string() })

const schema = z.object({
  version: z.literal(1),
  digest: z.string(),
  tool: z.string(),
  created: z.iso.datetime(),
  validUntil: z.iso.datetime(),
  secretPrints: z.array(print),
  environmentPrints: z.array(print).optional(),
  secretKey: z.string().optional(),
  body: z.object({
    request: z.object({ playbook: z.string() }),
    playbook: z.string(),
    inventory: z.string(),
    cluster: z.string(),
    order: z.array(z.string()),
    plays: z.array(z.object({ name: z.string(), hosts: z.array(z.string()) })),
    inputs: z.array(z.object({ file: z.string(), sha256: z.string() })),
    hostKeys: z.array(z.object({ host: z.string(), fingerprint: z.string() })),
    steps: z.array(step),
    secrets: z.array(z.string()),
    environment: z.array(z.string()).optional(),
  }),
})

const unreadable = (file: string, seen: string): Problem =>
  new Problem({
    code: 'plan-unreadable',
    summary: `${file} is no plan that can be read`,
    seen,
    wanted: 'a file as `run plan` wrote it',
    state: 'nothing was touched',
    exit: exitCodes.drift,
  })

const otherVersion = (version: unknown, file: string): Problem =>
  new Problem({
    code: 'plan-version',
    summary: `${file} was written by another version of this program`,
    seen: `version ${JSON.stringify(version) ?? 'none'}`,
    wanted: 'version 1',
    state: 'nothing was touched',
    help: 'apply it with the version that made it, or make the plan again with this one',
    exit: exitCodes.drift,
  })

const altered = (file: string, sides: { readonly seen: string; readonly wanted: string }): Problem =>
  new Problem({
    code: 'plan-altered',
    summary: `${file} is not as it was when the plan was made`,
    ...sides,
    state: 'nothing was touched',
    help: 'get the file again from whoever made it, or make the plan again',
    exit: exitCodes.drift,
  })
