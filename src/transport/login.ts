// The ways to prove who we are, in OpenSSH's order: keys, then what the server asks, then the password.
import type { AnyAuthMethod, AuthHandlerMiddleware } from 'ssh2'
import { reveal, type Secret } from '../model/secret.ts'
import type { Wishes } from './algorithms.ts'
import type { Attended } from './company.ts'
import { findIdentities } from './identities.ts'
import { keyWay } from './key-way.ts'
import { questionsWay } from './questions-way.ts'
import { unlocker } from './unlock.ts'

export type Credentials = {
  readonly user: string
  /** Private key files; one that is not there is passed over, and told when the login is refused. */
  readonly identityFiles?: readonly string[]
  /** Of the agent's keys only those that a file names too. */
  readonly identitiesOnly?: boolean
  /** Opens private keys that are locked. */
  readonly passphrase?: Secret
  /** Path of the agent's socket. */
  readonly agent?: string
  readonly password?: Secret
  /** Which ways there are and in which order, by the names of the protocol; all that are known unless told otherwise. */
  readonly loginOrder?: readonly string[]
}

/** One way to log in; what became of it is for a person. */
export type Way = {
  readonly told: string
  /** For ssh2. */
  readonly method: AnyAuthMethod
  /** Why it did not work, where the server's own "no" is not the reason. */
  because?: string
  /** Nothing new would be said by it. */
  isSpent?(): boolean
}

/** What the password was used for so far. */
export type PasswordUse = { isGiven: boolean }

export type LoginWays = {
  /** Gives ssh2 one way after the other. */
  readonly next: AuthHandlerMiddleware
  /** What was tried, and what could not be and why; for a person. */
  told(): readonly string[]
  /** What the server takes, by the names of the protocol; nothing as long as it did not say. */
  taken(): readonly string[]
}

export type Server = { readonly host: string } & Credentials & Wishes

/** The first that the server lets in ends it. A server counts the attempts: what it does not take is left out. */
export const loginWays = async (server: Server, company: Attended): Promise<LoginWays> => {
  const { identityFiles: files = [], agent, identitiesOnly: onlyThese, loginOrder = usualOrder } = server
  const unlock = unlocker(company, server.passphrase)
  const { keys, faults } = await findIdentities({ files, agent, onlyThese, unlock })
  const use: PasswordUse = { isGiven: false }
  const all: readonly Way[] = [
    ...keys.map(key => keyWay(key, server)),
    ...questionsWay(server, { company, use }),
    ...passwordWay(server, use),
  ]
  const ways = loginOrder.flatMap(name => all.filter(({ method }) => protocolName(method) === name))
  const hand = oneAfterTheOther(server.user, ways)
  return {
    ...hand,
    told: () => [...hand.told(), ...faults.map(({ told, because }) => `${told} (${because})`)],
  }
}

const usualOrder = ['publickey', 'keyboard-interactive', 'password']

const passwordWay = ({ user: username, password }: Server, use: PasswordUse): readonly Way[] =>
  password
    ? [
        {
          told: 'password',
          method: { type: 'password', username, password: reveal(password) },
          isSpent: () => use.isGiven,
        },
      ]
    : []

const protocolName = ({ type }: AnyAuthMethod): string => (type === 'agent' ? 'publickey' : type)

const oneAfterTheOther = (username: string, ways: readonly Way[]): LoginWays => {
  const none: AnyAuthMethod = { type: 'none', username }
  const left = [...ways]
  const tried: Way[] = []
  let takes: readonly string[] | undefined
  // Nearly every server takes keys: the only way is tried at once. Where there are more, what the server takes is asked
  // first: asked later, the question counts as one of the few attempts that it allows.
  const isKeyAlone = ways.length === 1 && ways.every(({ method }) => protocolName(method) === 'publickey')
  let last: AnyAuthMethod | undefined
  const isTaken = ({ method }: Way) => (takes ?? ['publickey']).includes(protocolName(method))
  const choose = (): AnyAuthMethod | undefined => {
    if (!takes && last?.type !== 'none' && (last || !isKeyAlone)) return none
    const at = left.findIndex(way => isTaken(way) && !way.isSpent?.())
    const [way] = at < 0 ? [] : left.splice(at, 1)
    if (way) tried.push(way)
    // ssh2 keeps to itself what a server says after a key: it may want more now. Asked once more, it says so.
    return way?.method ?? (last?.type === 'agent' && left.length > 0 ? none : undefined)
  }
  return {
    next: (taken, _partial, next) => {
      if (taken) takes = taken
      last = choose()
      next(last ?? (false as unknown as AnyAuthMethod)) // ssh2 takes false as the end; its types do not know
    },
    told: () => [
      ...tried.map(({ told, because = 'refused' }) => `${told} (${because})`),
      ...left
        .filter(way => !tried.some(({ told }) => told === way.told))
        .map(({ told }) => `${told} (not taken by the server)`),
    ],
    taken: () => takes ?? [],
  }
}
