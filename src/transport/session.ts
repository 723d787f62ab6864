// One verified SSH connection to a node, wrapped once so that nothing of it can end this process or pass for a result.
import type { Duplex } from 'node:stream'
import type { Client } from 'ssh2'
import { Problem } from '../model/problem.ts'
import type { HostShell } from '../shell/host-shell.ts'
import { nextTick } from '../text/next-tick.ts'
import type { Channel, Connection } from './channel.ts'
import { alone, type Company } from './company.ts'
import { channelRefused, connectionLost, wayRefused } from './connection-problems.ts'
import { plainDoor } from './door.ts'
import type { Ended } from './ended.ts'
import { FramedShell } from './framed-shell.ts'
import type { Meeting, Met } from './handshake.ts'
import { inTime } from './in-time.ts'
import { socketsTo } from './socket.ts'
import { sshChannel } from './ssh-channel.ts'
import { suDoor } from './su.ts'
import { sudoDoor } from './sudo.ts'
import type { Target } from './target.ts'
import { limitUnderWay } from './under-way.ts'
import { waited } from './waited.ts'

export type Session = {
  /** Inventory name of the node. */
  readonly host: string
  /** Who logged in. */
  readonly user: string
  /** Fingerprint of the key that the node showed, `SHA256:…`. */
  readonly hostKey: string
  /** The shell of a user: of the one who logged in, or, through sudo or su, of another. One for each, opened when needed. */
  shell(user?: string): HostShell
  /**
   * A connection that the node opens for us, to what only it may reach.
   *
   * @throws {Problem} `channel-refused`, `connection-lost`.
   */
  forward(address: string, port: number): Promise<Duplex>
  /** Whether the connection has ended: known before anybody who waits for the end hears of it. */
  hasEnded(): boolean
  /** Resolves when the connection has ended, with the reason; undefined when we ended it. */
  readonly ended: Promise<Problem | undefined>
  close(): Promise<void>
}

export type ConnectOptions = {
  /** A session to go through, as `ProxyJump` does. */
  readonly through?: Session
  /** Who can be asked and told; nobody unless told otherwise. */
  readonly company?: Company
  /** From then on nobody waits for it: what is under way is given up. */
  readonly until?: AbortSignal | undefined
}

/**
 * Connects, verifies the host key, logs in.
 *
 * @throws {Problem} `host-unreachable`, `no-common-algorithm`, `host-key-unknown`, `host-key-changed`,
 *   `host-key-revoked`, `host-key-certificate`, `host-key-not-kept`, `login-refused`.
 */
export const connect = async (target: Target, options: ConnectOptions = {}): Promise<Session> => {
  const { through, company = alone(), until } = options
  const { address, port } = target
  if (through)
    return meet(target, { open: () => inTime(through.forward(address, port), { target, until }), company, until })
  const sockets = socketsTo(target, until)
  try {
    return await meet(target, { open: sockets.open, company, until })
  } finally {
    sockets.close()
  }
}

/** What speaks SSH is loaded when the first packet is on its way. */
const meet = async (target: Target, meeting: Meeting): Promise<Session> => {
  await nextTick()
  const { shakeHands } = await import('./handshake.ts')
  return session(target, await shakeHands(target, meeting))
}

const session = (target: Target, { client, ended, hostKey }: Met): Session => {
  const shells = new Map<string, FramedShell>()
  let openedInMs = Number.POSITIVE_INFINITY
  const connection: Connection = {
    host: target.host,
    lost: ended.reason,
    open: async (line, { pty } = {}) => {
      const options = pty ? { pty: { cols: pty.columns, rows: pty.rows, term: 'dumb' } } : {}
      const asked = performance.now()
      return ask<Channel>(target, ended, done =>
        client.exec(line, options, (error, stream) => {
          if (error) return done(error)
          openedInMs = Math.min(openedInMs, performance.now() - asked)
          const limit = limitUnderWay(client, stream, openedInMs)
          // Listened to at once: the whole of a short command can come in the packet that opens its channel.
          done(undefined, sshChannel(stream, ended.whole, limit))
        }),
      )
    },
  }
  return {
    host: target.host,
    user: target.user,
    hostKey,
    hasEnded: () => ended.reason() !== undefined,
    ended: ended.whole,
    shell(user = target.user) {
      const shell = shells.get(user) ?? new FramedShell(connection, () => door(target, user))
      shells.set(user, shell)
      return shell
    },
    forward: (address, port) =>
      ask<Duplex>(target, ended, done =>
        client.forwardOut('127.0.0.1', 0, address, port, (error, stream) =>
          error ? done(wayRefused(target, `${address} port ${port}`, error)) : done(undefined, stream),
        ),
      ),
    async close() {
      ended.expect()
      await Promise.race([Promise.all([...shells.values()].map(shell => shell.close())), ended.whole, waited(1000)])
      client.end()
      const isClosed = await Promise.race([ended.whole.then(() => true), waited(1000)])
      if (!isClosed) client.destroy()
    },
  }
}

const door = (target: Target, user: string) => {
  const { host, becomePassword: password } = target
  if (user === target.user) return plainDoor(host)
  return target.becomeMethod === 'su'
    ? suDoor({ host, user, password })
    : sudoDoor({ host, user, password: password ?? target.password })
}

type Callback<T> = { (error: Error): void; (error: Error | undefined, value: T): void }

/** Asks the connection for something, raced against its end: ssh2 forgets some of its callbacks. */
const ask = <T>(target: Target, ended: Ended, question: (done: Callback<T>) => Client): Promise<T> =>
  new Promise((resolve, reject) => {
    const lost = () => reject(ended.reason() ?? connectionLost(target, 'closed'))
    if (ended.reason()) return lost()
    void ended.whole.then(lost)
    try {
      question((error: Error | undefined, value?: T) => {
        if (ended.reason()) return lost()
        if (error) return reject(error instanceof Problem ? error : channelRefused(target, error.message))
        resolve(value as T) // ssh2 gives one of the two
      })
    } catch {
      lost() // ssh2 throws "Not connected"
    }
  })
