// How a host is reached and as whom, from the variables that Ansible uses for it.
import { z } from 'zod'
import type { Problem } from '../model/problem.ts'
import { reveal, Secret } from '../model/secret.ts'
import { renderTree, type Variables } from '../template/render.ts'
import { isSecretName } from '../template/secrets.ts'
import { locatedMap } from '../text/located.ts'
import { isPlainName } from '../text/names.ts'
import { validate } from '../text/zod-problems.ts'
import { insteadOfConnection } from './connection-of-ansible.ts'
import type { Host } from './inventory.ts'

const secret = z.union([z.instanceof(Secret), z.string()])
const truth = z.union([z.boolean(), z.stringbool()])

const nameOf = (what: string) => z.string().refine(isPlainName, `${what}: one word that does not begin with \`-\``)

/** What people put before and behind it, and what no name or address has. */
const hostName = nameOf('a name or an address')
  .refine(text => !text.includes('://'), 'a name or an address alone, with nothing in front')
  .refine(text => !text.includes('@'), 'a name or an address alone; the user is `ansible_user`')
  .refine(text => !/^[^:]*:\d+$/.test(text), 'a name or an address alone; the port is `ansible_port`')
  .refine(
    text =>
      !text.includes(':') || /^[^:]*:\d+$|:\/\//.test(text) || z.ipv6().safeParse(text.replace(/%.*/, '')).success,
    'a name, an IPv4 address, or an IPv6 address without brackets',
  )
  .refine(
    text => !/^\d+(?:\.\d+){3}$/.test(text) || text.split('.').every(part => Number(part) <= 255),
    'an address of four numbers up to 255, or a name',
  )

/** The names and what they may be; also for whoever asks for them one by one. */
export const connectionSchema = z.strictObject({
  ansible_connection: z
    .enum(['ssh', 'smart', 'paramiko', 'paramiko_ssh'], 'ssh, or left out: hosts are reached over SSH alone')
    .optional(),
  ansible_host: hostName.optional(),
  ansible_port: z.coerce.number().int().min(1).max(65535).optional(),
  ansible_user: nameOf('the name of a user').optional(),
  ansible_password: secret.optional(),
  ansible_ssh_private_key_file: z
    .string()
    .refine(path => !path.startsWith('-'), 'a path that does not begin with `-`')
    .optional(),
  ansible_ssh_private_key_passphrase: secret.optional(),
  ansible_host_key_checking: z.union([z.enum(['strict', 'accept-new', 'ask']), truth]).optional(),
  ansible_legacy_algorithms: z.union([z.literal('oldest'), truth]).optional(),
  ansible_become: truth.optional(),
  ansible_become_method: z.enum(['sudo', 'su']).optional(),
  ansible_become_user: nameOf('the name of a user').optional(),
  ansible_become_password: secret.optional(),
})

export type Connection = {
  /** Address or name to connect to; the host's own name unless told otherwise. */
  readonly address: string
  readonly port?: number
  readonly user?: string
  readonly password?: Secret
  readonly identityFile?: string
  /** Opens the private key. */
  readonly passphrase?: Secret
  /** What becomes of a host whose key is not known; a changed key is always refused. */
  readonly hostKeyChecking?: 'strict' | 'accept-new' | 'ask'
  /** Old SSH algorithms are allowed: a risk, for servers of 2010 and before. */
  readonly legacyAlgorithms?: true | 'oldest'
  readonly become?: {
    readonly method: 'sudo' | 'su'
    readonly user: string
    readonly password?: Secret
  }
}

/** The names that are about the connection and nothing else. */
export const isConnectionVariable = (name: string): boolean => name.startsWith('ansible_')

/** @param variables All that templates in it may need; the host's own unless told otherwise. */
export const connectionOf = (
  { name, written, variables: own }: Host,
  variables: Variables = own,
): { readonly connection: Connection; readonly problems: readonly Problem[] } => {
  const entries = written.entries.filter(({ key }) => isConnectionVariable(key) && !ansibleOnly.has(key))
  const node = locatedMap(entries, written.span)
  const tree = Object.fromEntries(entries.map(({ key }) => [key, variables[key]]))
  const { value, problems } = renderTree(tree, variables)
  if (problems.length > 0) return { connection: { address: name }, problems }
  const shape = { value: addressed(value), noun: 'variable', instead: insteadOfConnection }
  const checked = validate(node, connectionSchema, shape)
  return { connection: toConnection(name, checked.value ?? {}), problems: checked.problems }
}

/** Where a file is encrypted as a whole, so is the address in it; to connect, it has to be known. */
const addressed = (value: unknown): unknown =>
  Object.fromEntries(
    Object.entries(value ?? {}).map(([key, each]) => [
      key,
      each instanceof Secret && !isSecretName(key) ? reveal(each) : each,
    ]),
  )

/** Variables of Ansible that mean nothing to a connection: nothing runs on the node but `sh`, and a text is a text. */
export const ansibleOnly: ReadonlySet<string> = new Set([
  'ansible_group_priority',
  'ansible_managed',
  'ansible_python_interpreter',
  'ansible_shell_type',
])

const toConnection = (name: string, read: z.infer<typeof connectionSchema>): Connection => {
  const { ansible_become_password: password, ansible_ssh_private_key_passphrase: passphrase } = read
  const { ansible_legacy_algorithms: legacy } = read
  const checking = checkingOf(read.ansible_host_key_checking)
  return {
    address: read.ansible_host ?? name,
    ...(read.ansible_port !== undefined && { port: read.ansible_port }),
    ...(read.ansible_user !== undefined && { user: read.ansible_user }),
    ...(read.ansible_password !== undefined && { password: asSecret('ansible_password', read.ansible_password) }),
    ...(read.ansible_ssh_private_key_file !== undefined && { identityFile: read.ansible_ssh_private_key_file }),
    ...(passphrase !== undefined && { passphrase: asSecret('ansible_ssh_private_key_passphrase', passphrase) }),
    ...(checking !== undefined && { hostKeyChecking: checking }),
    ...(legacy !== undefined && legacy !== false && { legacyAlgorithms: legacy }),
    ...(read.ansible_become === true && {
      become: {
        method: read.ansible_become_method ?? 'sudo',
        user: read.ansible_become_user ?? 'root',
        ...(password !== undefined && { password: asSecret('ansible_become_password', password) }),
      },
    }),
  }
}

/** Ansible's `false` takes any key; the nearest to it here is to take a new one, and to say so. */
const checkingOf = (value: boolean | Connection['hostKeyChecking']): Connection['hostKeyChecking'] =>
  typeof value === 'boolean' ? (value ? undefined : 'accept-new') : value

const asSecret = (label: string, value: Secret | string): Secret =>
  value instanceof Secret ? value : new Secret(label, value)
