// One verified SSH connection to a node, wrapped once so that nothing of it can end this process or pass for a result.
//
// node-ssh on its own accepts any host key, takes the end of a connection for the end of a command, and lets a reset
// end the whole process. So: our own socket (without delay), a verifier, an error listener that stays, keepalive.
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { NodeSSH } from 'node-ssh'
import type { Client } from 'ssh2'
import type { Problem } from '../model/problem.ts'
import type { HostShell } from '../shell/host-shell.ts'
import { algorithmsFor } from './algorithms.ts'
import type { Channel, Connection } from './channel.ts'
import {
  channelRefused,
  connectionLost,
  hostUnreachable,
  noCommonAlgorithm,
  socketWords,
} from './connection-problems.ts'
import { plainDoor } from './door.ts'
import { FramedShell } from './framed-shell.ts'
import { fingerprint, hostKeyProblem } from './host-key.ts'
import { judge, keysOf } from './known-hosts.ts'
import { readKnownHosts } from './known-hosts-files.ts'
import { loginRefused, loginWays } from './login.ts'
import { sshChannel } from './ssh-channel.ts'
import { sudoDoor } from './sudo.ts'
import type { Target } from './target.ts'

export type Session = {
  /** Inventory name of the node. */
  readonly host: string
  /** Who logged in. */
  readonly user: string
  /** Fingerprint of the key that the node showed, `SHA256:…`. */
  readonly hostKey: string
  /** The shell of a user: of the one who logged in, or, through sudo, of another. One for each, opened when needed. */
  shell(user?: string): HostShell
  /**
   * A connection that the node opens for us, to what only it may reach.
   *
   * @throws {Problem} `channel-refused`, `connection-lost`.
   */
  forward(address: string, port: number): Promise<Duplex>
  /** Resolves when the connection has ended, with the reason; undefined when we ended it. */
  readonly ended: Promise<Problem | undefined>
  close(): Promise<void>
}

export type ConnectOptions = {
  /** A session to go through, as `ProxyJump` does. */
  readonly through?: Session
}

/**
 * Connects, verifies the host key, logs in.
 *
 * @throws {Problem} `host-unreachable`, `no-common-algorithm`, `host-key-unknown`, `host-key-changed`,
 *   `host-key-revoked`, `host-key-certificate`, `login-refused`.
 */
export const connect = async (target: Target, { through }: ConnectOptions = {}): Promise<Session> => {
  const ways = await loginWays(target)
  const known = keysOf(await readKnownHosts(target.knownHostsFiles), target)
  const socket = through ? await through.forward(target.address, target.port) : await openSocket(target)
  const ssh = new NodeSSH()
  let distrust: Problem | undefined
  let hostKey = ''
  const ready = ssh.connect({
    sock: socket as Socket, // ssh2 takes any stream
    username: target.user,
    authHandler: ways.next,
    readyTimeout: target.connectTimeoutMs,
    keepaliveInterval: target.keepaliveMs ?? 10_000,
    keepaliveCountMax: 3,
    algorithms: algorithmsFor(known, target.legacyAlgorithms ?? false),
    hostVerifier: (key: Buffer) => {
      const file = target.knownHostsFiles[0] ?? '~/.ssh/known_hosts'
      hostKey = fingerprint(key)
      distrust = hostKeyProblem(judge(known, key), { ...target, key, file })
      return distrust === undefined
    },
  })
  const client = ssh.connection
  if (!client) throw new Error('node-ssh made no connection')
  const ended = watch(client, target)
  try {
    await ready
  } catch (error) {
    socket.destroy()
    throw distrust ?? explain(error as ClientError, target, ways.told)
  }
  return session(client, target, { ended, hostKey })
}

type Ended = {
  readonly whole: Promise<Problem | undefined>
  /** Why it ended; undefined while it stands. */
  reason(): Problem | undefined
  /** From now on an end is wanted. */
  expect(): void
}

/** Listens for the end of a connection, for ever: an error that nobody hears would end this process. */
const watch = (client: Client, target: Target): Ended => {
  let reason: Problem | undefined
  let isWanted = false
  const note = (seen: string) => {
    reason ??= connectionLost(target, isWanted ? 'closed by this program' : seen)
  }
  const whole = new Promise<Problem | undefined>(resolve => {
    client.on('error', (error: NodeJS.ErrnoException) => note(socketWords(error)))
    client.on('end', () => note('closed by the other side'))
    client.on('close', () => {
      note('closed')
      resolve(isWanted ? undefined : reason)
    })
  })
  return {
    whole,
    reason: () => reason,
    expect: () => {
      isWanted = true
    },
  }
}

type Met = { readonly ended: Ended; readonly hostKey: string }

const session = (client: Client, target: Target, { ended, hostKey }: Met): Session => {
  const shells = new Map<string, FramedShell>()
  const connection: Connection = {
    host: target.host,
    lost: ended.reason,
    open: async (line, { pty } = {}) => {
      const options = pty ? { pty: { cols: pty.columns, rows: pty.rows, term: 'dumb' } } : {}
      // Listened to at once: the whole of a short command can come in the packet that opens its channel.
      return ask<Channel>(target, ended, done =>
        client.exec(line, options, (error, stream) =>
          error ? done(error) : done(undefined, sshChannel(stream, ended.whole)),
        ),
      )
    },
  }
  return {
    host: target.host,
    user: target.user,
    hostKey,
    ended: ended.whole,
    shell(user = target.user) {
      const shell = shells.get(user) ?? new FramedShell(connection, () => door(target, user))
      shells.set(user, shell)
      return shell
    },
    forward: (address, port) =>
      ask<Duplex>(target, ended, done => client.forwardOut('127.0.0.1', 0, address, port, done)),
    async close() {
      ended.expect()
      await Promise.race([Promise.all([...shells.values()].map(shell => shell.close())), ended.whole, wait(1000)])
      client.end()
      const isClosed = await Promise.race([ended.whole.then(() => true), wait(1000)])
      if (!isClosed) client.destroy()
    },
  }
}

const door = (target: Target, user: string) =>
  user === target.user
    ? plainDoor(target.host)
    : sudoDoor({ host: target.host, user, password: target.becomePassword ?? target.password })

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
        if (error) return reject(channelRefused(target, error.message))
        resolve(value as T) // ssh2 gives one of the two
      })
    } catch {
      lost() // ssh2 throws "Not connected"
    }
  })

/** Our own socket, since node-ssh's waits 40 ms before it sends what is small. */
const openSocket = (target: Target): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = new Socket()
    socket.setNoDelay(true)
    const fail = (seen: string) => {
      socket.destroy()
      reject(hostUnreachable(target, seen))
    }
    const timer = setTimeout(
      () => fail(`no answer within ${target.connectTimeoutMs / 1000} s`),
      target.connectTimeoutMs,
    )
    const onError = (error: NodeJS.ErrnoException) => {
      clearTimeout(timer)
      fail(socketWords(error))
    }
    socket.once('error', onError)
    socket.connect(target.port, target.address, () => {
      clearTimeout(timer)
      socket.off('error', onError)
      resolve(socket)
    })
  })

type ClientError = NodeJS.ErrnoException & { readonly level?: string }

const explain = (error: ClientError, target: Target, told: readonly string[]): Problem => {
  if (error.level === 'client-authentication') return loginRefused(target, told)
  if (/no matching|unsupported/i.test(error.message)) return noCommonAlgorithm(target, error.message)
  if (error.level === 'client-timeout')
    return hostUnreachable(target, `connected, but no SSH login within ${target.connectTimeoutMs / 1000} s`)
  return hostUnreachable(target, socketWords(error))
}

const wait = (ms: number): Promise<undefined> =>
  new Promise(resolve => {
    setTimeout(() => resolve(undefined), ms).unref()
  })
