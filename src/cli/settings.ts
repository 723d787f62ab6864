// Settings: `run.yml`, searched upward from where the user stands.
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { Problems } from '../model/problem.ts'
import type { Span } from '../model/span.ts'
import { child, type Located } from '../text/located.ts'
import { parseYaml } from '../text/yaml.ts'
import { validate } from '../text/zod-problems.ts'
import { readText } from './read-text.ts'
import { shown } from './shown.ts'

/** What `run.yml` may say. */
export const settingsSchema = z.strictObject({
  inventory: z.string().optional().meta({ description: 'the inventory that is used without -i' }),
  runs: z.string().default('.run/runs').meta({ description: 'where the journals of runs are kept' }),
  forks: z.int().min(1).default(10).meta({ description: 'how many hosts work at the same time' }),
  vault_password_file: z
    .string()
    .optional()
    .meta({ description: 'file with the vault password, or a program that prints it' }),
  vault_ids: z
    .array(z.string())
    .default([])
    .meta({ description: 'LABEL@SOURCE, where the source is a file, a program or prompt' }),
  host_key_checking: z
    .enum(['strict', 'accept-new', 'ask'])
    .optional()
    .meta({ description: 'what becomes of a host whose key is not known; a changed key is always refused' }),
  approval: z
    .strictObject({
      allowed_signers: z.string().meta({ description: 'who may sign a plan; a file as ssh-keygen reads it' }),
      required: z.boolean().default(true).meta({ description: 'a plan that nobody signed is refused' }),
    })
    .optional()
    .meta({ description: 'how a plan is approved' }),
})

export type Approval = {
  /** Absolute. */
  readonly allowedSigners: string
  readonly isRequired: boolean
}

export type Settings = {
  /** `run.yml` itself, where there is one. */
  readonly file: string | undefined
  /** Directory of `run.yml`, or where the user stands when there is none. */
  readonly site: string
  readonly inventory: string | undefined
  /** Where `run.yml` names it. */
  readonly inventoryAt?: Span | undefined
  /** Absolute. */
  readonly runs: string
  /** What can be thrown away or made again: caches, the lab. */
  readonly state: string
  readonly forks: number
  /** Where vault passwords come from, as written there. */
  readonly vault: { readonly passwordFile?: string; readonly ids: readonly string[] }
  /** What becomes of a host whose key is not known; undefined leaves it to `~/.ssh/config`. */
  readonly hostKeyChecking: 'strict' | 'accept-new' | 'ask' | undefined
  /** How a plan is approved; nothing where the site does not ask for it. */
  readonly approval: Approval | undefined
}

/** @throws {Problems} where `run.yml` is not as it should be. */
export const findSettings = (from: string): Settings => {
  const site = findUpward(from, 'run.yml')
  const file = join(site ?? from, 'run.yml')
  const written = site === undefined ? undefined : readSettings(file, shown(file, { cwd: from }))
  const read = written?.value ?? settingsSchema.parse({})
  const base = site ?? from
  return {
    file: site === undefined ? undefined : file,
    site: base,
    inventory: read.inventory === undefined ? undefined : resolve(base, read.inventory),
    inventoryAt: child(written?.node, 'inventory')?.span,
    runs: resolve(base, read.runs),
    state: join(base, '.run'),
    forks: read.forks,
    vault: {
      ids: read.vault_ids,
      ...(read.vault_password_file !== undefined && { passwordFile: read.vault_password_file }),
    },
    hostKeyChecking: read.host_key_checking,
    approval: read.approval && {
      allowedSigners: resolve(base, read.approval.allowed_signers),
      isRequired: read.approval.required,
    },
  }
}

type Written = { readonly value: z.infer<typeof settingsSchema>; readonly node: Located | undefined }

const readSettings = (path: string, file: string): Written => {
  const { node, problems } = parseYaml({ file, text: readText(path, file) })
  if (problems.length > 0) throw new Problems(problems)
  if (!node) return { value: settingsSchema.parse({}), node }
  const { value, problems: faults } = validate(node, settingsSchema, { noun: 'setting' })
  if (value === undefined) throw new Problems(faults)
  return { value, node }
}

const findUpward = (from: string, name: string): string | undefined => {
  if (existsSync(join(from, name))) return from
  const parent = dirname(from)
  return parent === from ? undefined : findUpward(parent, name)
}
