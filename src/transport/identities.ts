// The keys that can be shown at a login, in OpenSSH's order, from files and from an agent.
import { readFile, stat } from 'node:fs/promises'
import ssh2, { type ParsedKey } from 'ssh2'
import { fingerprint } from './host-key.ts'
import { readPrivateKey, readPublicKey } from './private-key.ts'
import type { Unlock } from './unlock.ts'

export type Hash = 'sha1' | 'sha256' | 'sha512'

/** One key to log in with. */
export type Identity = {
  /** What a person calls it. */
  readonly told: string
  /** The key to show; for some locked files only their passphrase brings it to light. */
  publicKey(): Promise<ParsedKey | undefined>
  /** Signs; asked only when the server takes the key. Nothing where it cannot be had. */
  sign(text: Buffer, hash?: Hash): Promise<Buffer | undefined>
}

/** A file or an agent that gives no key, and why. */
export type Fault = { readonly told: string; readonly because: string }

export type Identities = { readonly keys: readonly Identity[]; readonly faults: readonly Fault[] }

export type IdentitySources = {
  readonly files: readonly string[]
  readonly agent?: string
  /** Of the agent's keys only those that a file names too. */
  readonly onlyThese?: boolean
  readonly unlock: Unlock
}

/** The agent's keys that a file names, then its other ones, then those of files. */
export const findIdentities = async (sources: IdentitySources): Promise<Identities> => {
  const [files, agent] = await Promise.all([
    Promise.all(sources.files.map(path => fromFile(path, sources.unlock))),
    sources.agent === undefined ? undefined : fromAgent(sources.agent),
  ])
  const isNamed = ({ key }: Shown) => files.some(file => key !== undefined && file.key?.equals(key))
  const held = agent?.keys ?? []
  const isHeld = ({ key }: Shown) => key !== undefined && held.some(other => other.key?.equals(key))
  const keys = [
    ...held.filter(isNamed),
    ...held.filter(each => !isNamed(each) && !sources.onlyThese),
    ...files.filter(file => !isHeld(file)),
  ]
  return {
    keys: keys.flatMap(({ identity }) => identity ?? []),
    faults: [...keys.flatMap(({ fault }) => fault ?? []), ...(agent?.faults ?? [])],
  }
}

type Shown = { readonly key?: ParsedKey; readonly identity?: Identity; readonly fault?: Fault }

const fromFile = async (path: string, unlock: Unlock): Promise<Shown> => {
  const text = await readFile(path, 'latin1').catch(() => undefined)
  if (text === undefined) return noIdentity(path, 'cannot be read')
  const read = readPrivateKey(text)
  if (read.type === 'unreadable') return noIdentity(path, read.because, text)
  if (await isOpenToOthers(path)) return noIdentity(path, `others can read it: \`chmod 600 ${path}\``, text)
  if (read.type === 'open') {
    const { key } = read
    return { key, identity: { told: path, publicKey: async () => key, sign: async (...asked) => signed(key, asked) } }
  }
  const key = read.publicKey ?? (await beside(path))
  const open = () => unlock(path, text)
  return {
    ...(key && { key }),
    identity: {
      told: path,
      publicKey: async () => key ?? (await open()),
      async sign(...asked) {
        const opened = await open()
        return opened && signed(opened, asked)
      },
    },
  }
}

/** A key of one's own that others can read is no secret. @source OpenSSH, `sshkey_perm_ok` */
const isOpenToOthers = async (path: string): Promise<boolean> => {
  const { uid, mode } = await stat(path)
  return uid === process.getuid?.() && (mode & 0o077) !== 0
}

/** The file itself may be a public key, or may not be there, where an agent has the private one. */
const noIdentity = async (path: string, because: string, text = ''): Promise<Shown> => {
  const shown = readPublicKey(text) ?? (await beside(path))
  return { ...(shown && { key: shown }), fault: { told: path, because } }
}

const beside = async (path: string): Promise<ParsedKey | undefined> =>
  readPublicKey(await readFile(`${path}.pub`, 'latin1').catch(() => ''))

const signed = (key: ParsedKey, [text, hash]: readonly [Buffer, Hash?]): Buffer | undefined => {
  const signature: Buffer | Error = key.sign(text, hash)
  return signature instanceof Error ? undefined : signature
}

type Agent = { readonly keys: readonly Shown[]; readonly faults: readonly Fault[] }

const fromAgent = (socket: string): Promise<Agent> =>
  new Promise(resolve => {
    const told = `agent ${socket}`
    const agent = ssh2.createAgent(socket)
    agent.getIdentities((error, found) => {
      if (error) return resolve({ keys: [], faults: [{ told, because: 'does not answer' }] })
      // ssh2 hands on keys that it has read already; its types allow more.
      const keys = ((found ?? []) as readonly ParsedKey[]).map(key => ({ key, identity: heldBy(agent, key) }))
      resolve({ keys, faults: keys.length > 0 ? [] : [{ told, because: 'holds no key' }] })
    })
  })

const heldBy = (agent: ReturnType<typeof ssh2.createAgent>, key: ParsedKey): Identity => ({
  told: `agent's ${key.type} ${key.comment || fingerprint(key.getPublicSSH())}`,
  publicKey: async () => key,
  sign: (text, hash) =>
    new Promise(resolve => {
      agent.sign(key, text, hash ? { hash } : {}, (error, signature) => resolve(error ? undefined : signature))
    }),
})
