// An SSH server in this process that does what no good server does.

import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Algorithms, Connection, ServerChannel } from 'ssh2'
import ssh2 from 'ssh2'
import { newKey } from '../../lab/ssh-front.ts'
import { Secret } from '../../src/model/secret.ts'
import type { Target } from '../../src/transport/target.ts'

export type Faults = {
  /** What becomes of a line that it is asked to carry out; by default a local `sh` does it. */
  readonly onExec?: (channel: ServerChannel, line: string, client: FaultyClient) => void
  readonly refusesLogin?: boolean
  readonly refusesChannels?: boolean
  /** Speaks only what servers of 2006 did; `oldest`: what was weak by then. */
  readonly isOld?: boolean | 'oldest'
  /** As what it greets, such as `OpenSSH_5.1`. */
  readonly software?: string
  /** The algorithms that it offers, where these are not those of `isOld`. */
  readonly speaks?: Algorithms
}

export type FaultyClient = {
  /** Ends the connection as a firewall does: with a reset. */
  reset(): void
  /** Ends it politely. */
  end(): void
  /** Says nothing more, and does not read. */
  freeze(): void
}

export type FaultyServer = { readonly target: Target; readonly dir: string; stop(): Promise<void> }

const password = 'a password'

/** Carries out a line by a real shell. */
export const obey = (channel: ServerChannel, line: string): void => obeyAs([])(channel, line)

/** The same, with words before it that say where. */
export const obeyAs =
  (before: readonly string[]) =>
  (channel: ServerChannel, line: string): void => {
    const [program = 'sh', ...words] = [...before, 'sh', '-c', line]
    const child = spawn(program, words)
    channel.pipe(child.stdin).on('error', () => {})
    child.stdout.pipe(channel, { end: false })
    child.stderr.pipe(channel.stderr, { end: false })
    child.once('close', code => {
      channel.exit(code ?? 255)
      channel.end()
    })
    channel.once('close', () => child.kill('SIGKILL'))
  }

const old: Algorithms = {
  serverHostKey: ['ssh-rsa'],
  kex: ['diffie-hellman-group14-sha1'],
  cipher: ['aes128-cbc', '3des-cbc'],
  hmac: ['hmac-md5', 'hmac-sha1'],
}

const oldest: Algorithms = {
  serverHostKey: ['ssh-rsa'],
  kex: ['diffie-hellman-group1-sha1'],
  cipher: ['3des-cbc'],
  hmac: ['hmac-md5'],
}

export const startFaultyServer = async (faults: Faults = {}): Promise<FaultyServer> => {
  const dir = mkdtempSync(join(tmpdir(), 'faulty-'))
  const hostKey = faults.isOld ? ssh2.utils.generateKeyPairSync('rsa', { bits: 2048 }) : newKey()
  const clients = new Set<Connection>()
  const sockets = new Set<Socket>()
  const server = new ssh2.Server(
    {
      hostKeys: [hostKey.private],
      ...(faults.software && { ident: faults.software }),
      algorithms: faults.speaks ?? (faults.isOld === 'oldest' ? oldest : faults.isOld ? old : undefined),
    },
    client => {
      clients.add(client)
      client.on('error', () => {})
      client.on('authentication', context => {
        const isRight = context.method === 'password' && context.password === password && !faults.refusesLogin
        return isRight ? context.accept() : context.reject(['password'])
      })
      const socket = (client as unknown as { _sock: Socket })._sock
      sockets.add(socket)
      const handle: FaultyClient = {
        reset: () => socket.resetAndDestroy(),
        end: () => client.end(),
        freeze: () => {
          socket.pause()
          socket.write = () => true
        },
      }
      client.on('session', (accept, reject) => {
        if (faults.refusesChannels) return reject()
        const session = accept()
        session.on('pty', acceptPty => acceptPty?.())
        session.on('exec', (acceptExec, _reject, { command }) => {
          ;(faults.onExec ?? obey)(acceptExec(), command, handle)
        })
      })
    },
  )
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const knownHosts = join(dir, 'known_hosts')
  writeFileSync(knownHosts, `[127.0.0.1]:${port} ${hostKey.public}\n`)
  return {
    dir,
    target: {
      host: 'node1',
      address: '127.0.0.1',
      port,
      user: 'root',
      password: new Secret('ssh_password', password),
      knownHostsFiles: [knownHosts],
      connectTimeoutMs: 30_000,
    },
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>(resolve => server.close(() => resolve()))
      rmSync(dir, { recursive: true })
    },
  }
}
