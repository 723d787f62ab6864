// The ways to prove who we are, in the order in which they are tried.
import { readFile } from 'node:fs/promises'
import type { AnyAuthMethod, AuthHandlerMiddleware } from 'ssh2'
import ssh2 from 'ssh2'
import { exitCodes, Problem } from '../model/problem.ts'
import { reveal, type Secret } from '../model/secret.ts'

export type Credentials = {
  readonly user: string
  /** Private key files; one that is not there is passed over, and told when the login is refused. */
  readonly identityFiles?: readonly string[]
  /** Opens private keys that are locked. */
  readonly passphrase?: Secret
  /** Path of the agent's socket. */
  readonly agent?: string
  readonly password?: Secret
}

export type LoginWays = {
  /** Gives ssh2 one way after the other. */
  readonly next: AuthHandlerMiddleware
  /** What is tried, and what cannot be and why; for a person. */
  readonly told: readonly string[]
}

/** Keys from files first, then the agent's, then the password: a server counts the attempts. */
export const loginWays = async (credentials: Credentials): Promise<LoginWays> => {
  const { user: username, identityFiles = [], agent, password } = credentials
  const files = await Promise.all(identityFiles.map(path => readIdentity(path, credentials)))
  const methods: AnyAuthMethod[] = [{ type: 'none', username }]
  for (const { key } of files) if (key) methods.push({ type: 'publickey', username, ...key })
  if (agent) methods.push({ type: 'agent', username, agent })
  if (password)
    methods.push({ type: 'password', username, password: reveal(password) }, interactive(username, password))
  const told = files.map(({ told }) => told)
  if (agent) told.push(`agent ${agent}`)
  if (password) told.push('password')
  return { next: oneAfterTheOther(methods), told }
}

/** Leaves out what the server does not take: each attempt counts there, and a few too many end the connection. */
const oneAfterTheOther = (methods: AnyAuthMethod[]): AuthHandlerMiddleware => {
  const left = [...methods]
  return (taken: readonly string[] | null, _partial, next) => {
    const isTaken = ({ type }: AnyAuthMethod) => !taken || taken.includes(type === 'agent' ? 'publickey' : type)
    let method = left.shift()
    while (method && !isTaken(method)) method = left.shift()
    next(method ?? (false as unknown as AnyAuthMethod)) // ssh2 takes false as the end; its types do not know
  }
}

type Endpoint = { readonly host: string; readonly address: string; readonly port: number; readonly user: string }

/** The server took none of the ways. */
export const loginRefused = ({ host, address, port, user }: Endpoint, told: readonly string[]): Problem =>
  new Problem({
    code: 'login-refused',
    summary: `${host} does not let ${user} in`,
    host,
    seen: told.length > 0 ? `tried: ${told.join(', ')}` : 'no key, no agent, no password to try',
    state: 'nothing was done there',
    exit: exitCodes.unreachable,
    help: `try \`ssh -p ${port} ${user}@${address}\` by hand; name a key in the inventory (\`ansible_ssh_private_key_file\`), or start an agent (\`ssh-add\`)`,
  })

type Identity = { readonly key?: { readonly key: Buffer; readonly passphrase?: string }; readonly told: string }

const readIdentity = async (path: string, { passphrase }: Credentials): Promise<Identity> => {
  const key = await readFile(path).catch(() => undefined)
  if (!key) return { told: `${path} (cannot be read)` }
  const secret = passphrase && reveal(passphrase)
  const parsed = ssh2.utils.parseKey(key, secret)
  if (!(parsed instanceof Error)) return { key: { key, passphrase: secret }, told: path }
  return { told: `${path} (${/passphrase|encrypted/i.test(parsed.message) ? 'locked' : 'no private key'})` }
}

/** Some servers ask for the password as a question instead. It is typed once; a second question is another one. */
const interactive = (username: string, password: Secret): AnyAuthMethod => {
  let isGiven = false
  return {
    type: 'keyboard-interactive',
    username,
    prompt: (_name, _instructions, _lang, prompts, finish) => {
      const asksPassword = prompts.length === 1 && !prompts[0]?.echo && !isGiven
      if (prompts.length > 0) isGiven = true
      finish(asksPassword ? [reveal(password)] : [])
    },
  }
}
