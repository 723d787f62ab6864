// What an SSH server says before anybody logs in: its software, the algorithms that it offers, and those agreed on.
import type { Client, NegotiatedAlgorithms } from 'ssh2'
import { type AlgorithmKind, legacyThatSuits } from './algorithms.ts'

type PerKind<Value> = Readonly<Record<AlgorithmKind, Value>>

export type Greeting = {
  /** Such as `OpenSSH_5.1`; nothing where it was not understood. */
  readonly software?: string
  /** As far as it came to that. */
  readonly offered: Partial<PerKind<readonly string[]>>
  /** Nothing where there is none in common. */
  readonly agreed?: PerKind<string>
  /** What the host would have to be allowed: nothing more, the old ones, the oldest; or no list of ours has any of them. */
  readonly needs: 'nothing' | 'legacy' | 'oldest' | 'unheard-of'
}

/** ssh2 tells what the other side offers in its lines for debugging alone. */
export type Listening = {
  /** For ssh2. */
  debug(line: string): void
  /** What was heard so far. */
  heard(): Greeting | undefined
}

export const listenToGreeting = (): Listening & { follow(client: Client): void } => {
  const offered: Partial<Record<AlgorithmKind, readonly string[]>> = {}
  let software: string | undefined
  let agreed: PerKind<string> | undefined
  return {
    debug(line) {
      const ident = /^Remote ident: '?SSH-[\d.]+-([^\s']+)/.exec(line)?.[1]
      if (ident !== undefined) software = ident
      const [, name = '', list = ''] = /^Handshake: \(remote\) ([^:]+): (.*)$/.exec(line) ?? []
      const kind = kinds[name]
      // A second exchange of keys, hours later, says the same.
      if (kind && list !== '') offered[kind] = list.split(',').filter(each => !isSignal.test(each))
    },
    follow(client) {
      client.once('handshake', negotiated => {
        agreed = agreedOn(negotiated)
      })
    },
    heard: () =>
      software === undefined && offered.kex === undefined
        ? undefined
        : {
            ...(software !== undefined && { software }),
            offered,
            ...(agreed && { agreed }),
            needs: legacyThatSuits(offered),
          },
  }
}

/** What stands among them and is none. @source OpenSSH, PROTOCOL, "strict key exchange"; RFC 8308 */
const isSignal = /^(?:kex-strict|ext-info)-/

const kinds: Readonly<Record<string, AlgorithmKind>> = {
  'KEX method': 'kex',
  'Host key format': 'hostKey',
  'S->C cipher': 'cipher',
  'S->C MAC': 'mac',
}

const agreedOn = ({ kex, serverHostKey, sc }: NegotiatedAlgorithms): PerKind<string> => ({
  kex,
  hostKey: serverHostKey,
  cipher: sc.cipher,
  // A cipher that authenticates needs none.
  mac: sc.mac,
})
