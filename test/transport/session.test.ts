import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import type { ServerChannel } from 'ssh2'
import { afterEach, describe, expect, it } from 'vitest'
import { Secret } from '../../src/model/secret.ts'
import { alone } from '../../src/transport/company.ts'
import type { Greeting } from '../../src/transport/greeting.ts'
import { connect, type Session } from '../../src/transport/session.ts'
import { socketsTo } from '../../src/transport/socket.ts'
import type { Target } from '../../src/transport/target.ts'
import { heldAs } from '../kit/fault-table.ts'
import { problemOf } from '../shell/problem-of.ts'
import { type Faults, type FaultyClient, type FaultyServer, obey, startFaultyServer } from './faulty-server.ts'
import { freePort } from './sshd.ts'

const open: { server?: FaultyServer; session?: Session; listener?: Server } = {}

const serve = async (faults?: Faults): Promise<FaultyServer> => {
  open.server = await startFaultyServer(faults)
  return open.server
}

const login = async (faults?: Faults, more: Partial<Target> = {}): Promise<Session> => {
  const { target } = await serve(faults)
  open.session = await connect({ ...target, ...more })
  return open.session
}

afterEach(async () => {
  await open.session?.close()
  await open.server?.stop()
  open.listener?.close()
  open.session = open.server = open.listener = undefined
})

const ears = () => {
  const heard: Greeting[] = []
  return { heard, company: { ...alone(), greeted: (_host: string, greeting: Greeting) => void heard.push(greeting) } }
}

describe('no connection', () => {
  const nowhere = async (more: Partial<Target> = {}): Promise<Target> => ({
    host: 'node1',
    address: '127.0.0.1',
    port: await freePort(),
    user: 'root',
    knownHostsFiles: [],
    connectTimeoutMs: 300,
    ...more,
  })

  it('when nothing listens', async () => {
    const { fields } = await problemOf(connect(await nowhere()))
    expect(fields).toMatchObject({
      code: 'host-unreachable',
      host: 'node1',
      seen: 'connection refused: nothing listens on that port',
      exit: 6,
    })
  })

  it('when the name is not known', async () => {
    const { fields } = await problemOf(connect(await nowhere({ address: 'node1.invalid', connectTimeoutMs: 5000 })))
    expect(fields).toMatchObject({ code: 'host-unreachable', seen: expect.stringMatching(/the name/) })
  })

  it.each<[string, (server: Server) => void]>([
    ['accepts and says nothing', () => {}],
    ['accepts and closes', server => server.on('connection', socket => socket.end())],
    [
      'speaks something else',
      server => server.on('connection', socket => socket.end('HTTP/1.0 400 Bad Request\r\n\r\n')),
    ],
  ])('when the other side %s', async (_, behave) => {
    const target = await nowhere()
    open.listener = createServer(socket => void socket.on('error', () => {}))
    behave(open.listener)
    await new Promise<void>(resolve => open.listener?.listen(target.port, '127.0.0.1', resolve))
    expect((await problemOf(connect(target))).fields).toMatchObject({ code: 'host-unreachable', exit: 6 })
  })

  it.each<[string, (socket: Socket) => void, string]>([
    ['closes', socket => socket.end(), 'Connection lost before handshake'],
    ['resets', socket => socket.resetAndDestroy(), 'connection reset by the other side'],
  ])('when the other side %s before we come to speak', async (_, behave, seen) => {
    const target = await nowhere()
    open.listener = createServer(behave)
    await new Promise<void>(resolve => open.listener?.listen(target.port, '127.0.0.1', resolve))
    const sockets = socketsTo(target)
    await new Promise(resolve => setTimeout(resolve, 100))
    expect((await problemOf(sockets.open())).fields).toMatchObject({ code: 'host-unreachable', seen })
  })

  it('to a server that nobody comes to speak with stays open', async () => {
    const target = await nowhere()
    const ended = new Promise(resolve => {
      open.listener = createServer(socket => socket.once('close', resolve).resume())
    })
    await new Promise<void>(resolve => open.listener?.listen(target.port, '127.0.0.1', resolve))
    socketsTo(target).close()
    await ended
  })
})

describe('a login', () => {
  it('is refused, and told what was tried', async () => {
    const { target } = await serve({ refusesLogin: true })
    const problem = await problemOf(connect({ ...target, identityFiles: ['/nowhere/id'] }))
    expect(problem.fields).toMatchObject({
      code: 'login-refused',
      exit: 6,
      seen: 'tried: password (refused), /nowhere/id (cannot be read); the server takes password',
    })
  })

  it('is refused with a wrong password, which is not told', async () => {
    const { target } = await serve()
    const problem = await problemOf(connect({ ...target, password: new Secret('ssh_password', 'canary-4711') }))
    expect(problem.code).toBe('login-refused')
    expect(JSON.stringify(problem.fields)).not.toContain('canary')
  })

  it('is not tried with a host key that is not known', async () => {
    const { target } = await serve()
    expect((await problemOf(connect({ ...target, knownHostsFiles: ['/nowhere/known_hosts'] }))).fields).toMatchObject({
      code: 'host-key-unknown',
      help: expect.stringContaining(`ssh-keyscan -p ${target.port} -t ed25519 127.0.0.1 >> /nowhere/known_hosts`),
    })
  })

  it('is not tried with a host key that has changed', async () => {
    const { target, dir } = await serve()
    const { target: other, stop } = await startFaultyServer()
    const file = join(dir, 'old')
    const line = readFileSync(other.knownHostsFiles[0] ?? '', 'utf8').replace(String(other.port), String(target.port))
    writeFileSync(file, line)
    expect((await problemOf(connect({ ...target, knownHostsFiles: [file] }))).code).toBe('host-key-changed')
    await stop()
  })
})

describe('a server that speaks only old algorithms', () => {
  it('is refused, with the setting that allows it', async () => {
    const { target } = await serve({ isOld: true })
    const problem = await problemOf(connect(target))
    expect(problem.fields).toMatchObject({
      code: 'no-common-algorithm',
      exit: 6,
      help: expect.stringContaining('ansible_legacy_algorithms: true'),
    })
    heldAs('it speaks only old SSH algorithms', problem, 'OpenSSH too')
  })

  it('is refused where it speaks only the oldest, and the old ones are allowed', async () => {
    const { target } = await serve({ isOld: 'oldest' })
    heldAs(
      'it speaks only the oldest SSH algorithms, and `ansible_legacy_algorithms` is `true`',
      await problemOf(connect({ ...target, legacyAlgorithms: true })),
    )
    const session = await login({ isOld: 'oldest' }, { legacyAlgorithms: 'oldest' })
    expect((await session.shell().run('echo in')).stdout).toBe('in\n')
  })

  it('is reached on request', async () => {
    const session = await login({ isOld: true }, { legacyAlgorithms: true })
    expect((await session.shell().run('echo in')).stdout).toBe('in\n')
  })

  it('is heard of all the same: what it offers, and what it would need', async () => {
    const { heard, company } = ears()
    const { target } = await serve({ isOld: true })
    await problemOf(connect(target, { company }))
    expect(heard).toMatchObject([
      { software: expect.stringContaining('ssh2'), offered: { kex: ['diffie-hellman-group14-sha1'] }, needs: 'legacy' },
    ])
    expect(heard[0]).not.toHaveProperty('agreed')
  })
})

describe('a server that is reached', () => {
  it('is heard of with what was agreed on', async () => {
    const { heard, company } = ears()
    const { target } = await serve()
    open.session = await connect(target, { company })
    expect(heard).toMatchObject([
      { agreed: { hostKey: 'ssh-ed25519', kex: expect.any(String), cipher: expect.any(String) }, needs: 'nothing' },
    ])
    expect(heard[0]?.offered.hostKey).toEqual(['ssh-ed25519'])
  })
})

describe('a session', () => {
  it('carries commands', async () => {
    const session = await login()
    expect(await session.shell().run('echo out; echo err >&2; exit 3')).toEqual({
      exitCode: 3,
      stdout: 'out\n',
      stderr: 'err\n',
    })
  })

  it('that we close has ended without a reason', async () => {
    const session = await login()
    await session.shell().run('true')
    await session.close()
    expect(await session.ended).toBeUndefined()
  })

  it('whose server opens no channel says so', async () => {
    const session = await login({ refusesChannels: true })
    expect((await problemOf(session.shell().run('true'))).code).toBe('channel-refused')
  })
})

describe('a connection that is lost', () => {
  const unknown = { code: 'connection-lost', host: 'node1', exit: 7 }

  it.each<[string, Faults, Partial<Target>]>([
    ['by a reset', { onExec: obeyThen((_channel, client) => client.reset()) }, {}],
    ['by a polite end', { onExec: obeyThen((_channel, client) => client.end()) }, {}],
    ['by a channel that closes without exit status', { onExec: obeyThen(channel => channel.close()) }, {}],
    ['by a peer that freezes', { onExec: obeyThen((_channel, client) => client.freeze()) }, { keepaliveMs: 50 }],
  ])('in mid-command %s has no known outcome', async (_, faults, more) => {
    const session = await login(faults, more)
    const { fields } = await problemOf(session.shell().run('sleep 5'))
    expect(fields).toMatchObject({ ...unknown, state: 'nobody knows whether `sleep 5` was carried out to its end' })
  })

  it.each<[string, Faults, Partial<Target>]>([
    ['by a reset', { onExec: (_channel, _line, client) => client.reset() }, {}],
    ['by a peer that freezes', { onExec: (_channel, _line, client) => client.freeze() }, { keepaliveMs: 50 }],
  ])('while a shell is opened %s is told', async (_, faults, more) => {
    const session = await login(faults, more)
    expect((await problemOf(session.shell().run('true'))).fields).toMatchObject(unknown)
  })

  it('leaves what was not sent unsent, and says so', async () => {
    const session = await login({ onExec: obeyThen((_channel, client) => client.reset()) })
    const [first, second] = [session.shell().run('sleep 5'), session.shell().run('touch /tmp/never')]
    expect((await problemOf(first)).code).toBe('connection-lost')
    expect((await problemOf(second)).fields.state).toBe('`touch /tmp/never` was not sent')
    expect(await session.ended).toMatchObject({ code: 'connection-lost' })
  })

  it('leaves a terminal with an unknown end', async () => {
    const session = await login({ onExec: obeyThen((_channel, client) => client.reset()) })
    const terminal = await session.shell().terminal('sleep 5')
    expect(await terminal.exited).toBeNull()
    expect((await problemOf(terminal.end())).fields).toMatchObject(unknown)
  })
})

/** Obeys, and strikes when `sleep` has come and had time to begin. */
function obeyThen(strike: (channel: ServerChannel, client: FaultyClient) => void): Faults['onExec'] {
  return (channel, line, client) => {
    obey(channel, line)
    let heard = line
    const hear = (words: string) => {
      heard += words
      if (!heard.includes('sleep 5')) return
      channel.off('data', hear)
      setTimeout(() => strike(channel, client), 50)
    }
    channel.on('data', hear)
    hear('')
  }
}
