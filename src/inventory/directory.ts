// The directory that an inventory names: `ldap_directory:` among the variables of a host.
import { z } from 'zod'
import type { Problem } from '../model/problem.ts'
import { Secret } from '../model/secret.ts'
import { renderTree, type Variables } from '../template/render.ts'
import { entry } from '../text/located.ts'
import { validate } from '../text/zod-problems.ts'
import type { Host } from './inventory.ts'

const variable = 'ldap_directory'

/** What `ldap_directory:` may say; also for whoever asks for it value by value. */
export const directorySchema = z.strictObject({
  address: z.string().min(1),
  port: z.coerce.number().int().min(1).max(65535).optional(),
  encryption: z.enum(['starttls', 'ldaps', 'plain']).optional(),
  root_certificate: z.string().optional(),
  certificate_name: z.string().optional(),
  legacy_tls: z.boolean().default(false),
  user: z.string().min(1),
  password: z.union([z.instanceof(Secret), z.string().min(1)]),
  via: z.enum(['auto', 'controller', 'node']).default('auto'),
  timeout: z.number().positive().default(15),
})

export type DirectorySettings = {
  readonly address: string
  readonly port: number
  readonly encryption: 'starttls' | 'ldaps' | 'plain'
  /** As written: relative to the site. */
  readonly rootCertificate?: string
  readonly certificateName?: string
  readonly legacyTls: boolean
  readonly user: string
  readonly password: Secret
  /** Who connects: this machine, the node that a step is for, or whoever gets an answer. */
  readonly via: 'auto' | 'controller' | 'node'
  readonly timeoutMs: number
}

/** @param variables All that templates in it may need; the host's own unless told otherwise. */
export const directoryOfHost = (
  { written, variables: own }: Host,
  variables: Variables = own,
): { readonly directory?: DirectorySettings; readonly problems: readonly Problem[] } => {
  const place = entry(written, variable)
  if (!place) return { problems: [] }
  const { value, problems } = renderTree(variables[variable], variables)
  if (problems.length > 0) return { problems }
  const checked = validate(place.node, directorySchema, { value, owner: place.keySpan })
  return checked.value ? { directory: toSettings(checked.value), problems: [] } : { problems: checked.problems }
}

const toSettings = (read: z.infer<typeof directorySchema>): DirectorySettings => {
  const { port = read.encryption === 'ldaps' ? 636 : 389 } = read
  return {
    address: read.address,
    port,
    encryption: read.encryption ?? (port === 636 ? 'ldaps' : 'starttls'),
    ...(read.root_certificate !== undefined && { rootCertificate: read.root_certificate }),
    ...(read.certificate_name !== undefined && { certificateName: read.certificate_name }),
    legacyTls: read.legacy_tls,
    user: read.user,
    password: read.password instanceof Secret ? read.password : new Secret(`${variable}.password`, read.password),
    via: read.via,
    timeoutMs: read.timeout * 1000,
  }
}
