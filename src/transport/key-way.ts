// Logging in with one key: it is shown first, and signs only when the server takes it.
import ssh2, { type ParsedKey, type SignCallback } from 'ssh2'
import { signsWithSha1 } from './algorithms.ts'
import type { Hash, Identity } from './identities.ts'
import type { Server, Way } from './login.ts'

/** As an agent of a single key: so the passphrase of a locked one is asked for only when it opens something. */
export const keyWay = (identity: Identity, server: Server): Way => {
  const way: Way = {
    told: identity.told,
    method: {
      type: 'agent',
      username: server.user,
      agent: new SoleKey(identity, { allowsSha1: signsWithSha1(server), fail: note }),
    },
  }
  function note(because: string): void {
    way.because = because
  }
  return way
}

type AnyKey = ParsedKey | Buffer | string

type SoleKeyFields = { readonly allowsSha1: boolean; fail(because: string): void }

class SoleKey extends ssh2.BaseAgent {
  readonly #identity: Identity
  readonly #fields: SoleKeyFields

  constructor(identity: Identity, fields: SoleKeyFields) {
    super()
    this.#identity = identity
    this.#fields = fields
  }

  override getIdentities(done: (error: Error | undefined, keys?: ParsedKey[]) => void): void {
    void this.#identity.publicKey().then(key => {
      if (!key) this.#fields.fail('locked')
      done(undefined, key ? [key] : [])
    })
  }

  /** ssh2 always gives options here, although its types also know a call without. */
  override sign(
    key: AnyKey,
    text: Buffer,
    options: { readonly hash?: Hash } | SignCallback,
    done?: SignCallback,
  ): void {
    const { hash } = typeof options === 'object' ? options : {}
    const answer = typeof options === 'function' ? options : done
    void this.#sign(text, hash).then(signature => answer?.(undefined, signature ?? nothing(key)))
  }

  async #sign(text: Buffer, hash: Hash | undefined): Promise<Buffer | undefined> {
    if (hash === 'sha1' && !this.#fields.allowsSha1) {
      this.#fields.fail('the server wants a signature with SHA-1: `ansible_legacy_algorithms: true` allows it')
      return undefined
    }
    const signature = await this.#identity.sign(text, hash)
    if (!signature) this.#fields.fail('taken by the server, but locked')
    return signature
  }
}

/** A signature that fits nothing, in the form of its type: an error here would end the whole login in ssh2. */
const nothing = (key: AnyKey): Buffer =>
  typeof key === 'object' && 'type' in key && /^ecdsa|dss/.test(key.type)
    ? Buffer.from([0x30, 6, 2, 1, 1, 2, 1, 1])
    : Buffer.alloc(64)
