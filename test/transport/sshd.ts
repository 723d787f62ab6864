// A throwaway OpenSSH server on a loopback port, as the user who runs the tests.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, connect as dial } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import type { Target } from '../../src/transport/target.ts'

const program = '/usr/sbin/sshd'

const keygen = 'ssh-keygen'

export const hasSshd = existsSync(program) && spawnSync(keygen, ['-?']).error === undefined

export const sshKeygen = (args: readonly string[], input = ''): string =>
  execFileSync(keygen, args, { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] })

export type Sshd = {
  readonly dir: string
  /** How to get in. */
  readonly target: Target
  stop(): Promise<void>
}

export type SshdOptions = {
  /** More lines of its configuration. */
  readonly config?: readonly string[]
  /** A script that runs first, as root in a mount namespace of its own; `$1` is a directory to use. */
  readonly prepare?: string
}

export const startSshd = async ({ config = [], prepare }: SshdOptions = {}): Promise<Sshd> => {
  const dir = mkdtempSync(join(tmpdir(), 'sshd-'))
  chmodSync(dir, 0o755) // the server reads the keys of a user as that user
  const port = await freePort()
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true }) // it insists on an empty directory there
  for (const name of ['host', 'user']) sshKeygen(['-q', '-t', 'ed25519', '-N', '', '-f', join(dir, name)])
  const knownHosts = join(dir, 'known_hosts')
  writeFileSync(knownHosts, `[127.0.0.1]:${port} ${readFileSync(join(dir, 'host.pub'), 'utf8')}`)
  const lines = [
    `ListenAddress 127.0.0.1:${port}`,
    `HostKey ${dir}/host`,
    `AuthorizedKeysFile ${dir}/user.pub`,
    'PidFile none',
    'StrictModes no',
    'PermitRootLogin yes',
    'LogLevel ERROR',
    ...config,
  ]
  writeFileSync(join(dir, 'config'), lines.join('\n'))
  const command = [program, '-D', '-e', '-f', join(dir, 'config')]
  const [first = '', ...rest] = prepare
    ? [...enter, 'sh', '-ec', `${prepare}\nshift; exec "$@"`, 'sh', dir, ...command]
    : command
  const server = spawn(first, rest, { stdio: 'ignore' })
  const stopped = new Promise<void>(resolve => server.once('exit', () => resolve()))
  const target: Target = {
    host: 'node1',
    address: '127.0.0.1',
    port,
    user: userInfo().username,
    identityFiles: [join(dir, 'user')],
    knownHostsFiles: [knownHosts],
    connectTimeoutMs: 30_000,
  }
  await untilListening(port)
  return {
    dir,
    target,
    async stop() {
      server.kill()
      await stopped
      rmSync(dir, { recursive: true })
    },
  }
}

const enter = ['unshare', '-m', '--propagation', 'private']

/** Whether this machine lets us have a mount namespace, where a test can have users of its own. */
export const hasNamespaces = spawnSync(enter[0] ?? '', [...enter.slice(1), 'true']).status === 0

export const freePort = (): Promise<number> =>
  new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })

/** What whoever listens there says first; nothing where nobody does. */
const greetingOf = (port: number): Promise<string> =>
  new Promise(resolve => {
    const socket = dial(port, '127.0.0.1')
    const tell = (text: string) => {
      socket.destroy()
      resolve(text)
    }
    socket.once('data', bytes => tell(bytes.toString('latin1'))).once('error', () => tell(''))
  })

const untilListening = async (port: number): Promise<void> => {
  for (let tries = 0; tries < 100; tries += 1) {
    if ((await greetingOf(port)).startsWith('SSH-2.0-')) return
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  throw new Error(`sshd does not listen on port ${port}`)
}
