// The built-in SSH server behaves as OpenSSH's does, where a client can tell.
import { once } from 'node:events'
import ssh2, { type Client } from 'ssh2'
import { describe, expect, it, vi } from 'vitest'
import { connectionOf } from '../../lab/index.ts'
import { newKey } from '../../lab/ssh-front.ts'
import { atThisPace } from '../kit/pace.ts'
import { up } from './scratch-lab.ts'
import { begin, login, output, run } from './ssh.ts'

const lab = await up()
const root = await login(lab, 'node1')

describe('a command', () => {
  it.each([
    ['true', { status: 0 }],
    ['exit 7', { status: 7 }],
    ['no-such-command', { status: 127 }],
    ['kill -KILL $$', { signal: 'SIGKILL' }],
    ['kill -TERM $$', { signal: 'SIGTERM' }],
  ])('%s ends as it ends', async (command, end) => {
    expect(await run(root, command)).toMatchObject(end)
  })

  it('reads its input and keeps its two outputs apart', async () => {
    expect(await run(root, 'cat; echo oops >&2', 'given')).toEqual({ status: 0, stdout: 'given', stderr: 'oops\n' })
  })

  it('hands large outputs on whole', async () => {
    const size = 3_000_000
    const said = await run(root, `head -c ${size} /dev/zero | tr "\\0" x; head -c ${size} /dev/zero | tr "\\0" y >&2`)
    expect([said.stdout.length, said.stderr.length]).toEqual([size, size])
  })

  it('starts at home, with a plain environment', async () => {
    expect(await output(root, 'pwd; echo $HOME $USER')).toBe('/root\n/root root')
    expect(await output(root, 'env')).not.toMatch(/NODE|VITEST|npm_/)
  })

  it('gets the signals that the client sends, and may answer them', async () => {
    const talk = await begin(root, 'trap "echo caught; exit 3" TERM; echo ready; while :; do sleep 0.02; done')
    await talk.until('ready')
    talk.channel.signal('TERM')
    expect(await talk.said).toMatchObject({ status: 3, stdout: 'ready\ncaught\n' })
  })

  it('is hung up with all that it started when its channel closes', async () => {
    const { channel, until } = await begin(root, 'sh -c "sleep 4242; :" & echo ready; wait')
    await until('ready')
    channel.close()
    await expectGone('sleep 4242')
  })

  it('takes a few milliseconds', async () => {
    const start = performance.now()
    for (let count = 0; count < 20; count += 1) await run(root, ':')
    expect((performance.now() - start) / 20).toBeLessThan(atThisPace(100))
  })
})

describe('a terminal', () => {
  const size = { rows: 33, cols: 111, term: 'vt100' }

  it('is one, of the size and type that were asked for', async () => {
    const { said } = await begin(root, 'tty; stty size; echo $TERM', size)
    expect((await said).stdout).toMatch(/^\/dev\/pts\/\d+\r\n33 111\r\nvt100\r\n$/)
  })

  it('tells the exit status', async () => {
    expect(await (await begin(root, 'exit 9', size)).said).toMatchObject({ status: 9 })
  })

  it('shows what is typed, hides it when told to, and takes Ctrl-C', async () => {
    const { channel, said, until } = await begin(
      root,
      'read seen; stty -echo; echo asked; read hidden; echo "$seen $hidden"; sleep 60',
      size,
    )
    channel.write('one\n')
    await until('asked')
    channel.write('two\n')
    await until('one two')
    channel.write('\x03')
    const { stdout, status } = await said
    expect(stdout).toBe('one\r\nasked\r\none two\r\n')
    expect(status).toBe(130)
  })

  it('follows the window', async () => {
    // It may hear of rows and columns one after the other.
    const follow = 'trap "stty size" WINCH; echo ready; while [ "$(stty size)" != "40 120" ]; do sleep 0.02; done; :'
    const { channel, said, until } = await begin(root, follow, size)
    await until('ready')
    channel.setWindow(40, 120, 0, 0)
    expect(await said).toMatchObject({ status: 0, stdout: expect.stringContaining('40 120') })
  })

  it('hangs up what runs on it when the channel closes', async () => {
    const { channel, until } = await begin(root, 'echo ready; exec sleep 4343', size)
    await until('ready')
    channel.close()
    await expectGone('sleep 4343')
  })

  it('hangs up what stands still too', async () => {
    const { channel, until } = await begin(root, 'sleep 4545 & echo ready; kill -STOP $$; sleep 4545')
    await until('ready')
    channel.close()
    await expectGone('kill -STOP')
  })
})

describe('the server', () => {
  it('has no sftp', async () => {
    await expect(
      new Promise((resolve, reject) => root.sftp((error, sftp) => (error ? reject(error) : resolve(sftp)))),
    ).rejects.toThrow()
  })

  it.skipIf(lab.lacks.includes('chown to a second user'))("lets the agents' user in as such", async () => {
    const agents = await login(lab, 'node1', 'nvlmsgr')
    expect(await output(agents, 'id -un; pwd')).toBe('nvlmsgr\n/home/nvlmsgr')
  })

  it.each([
    ['an unknown key', { username: 'root', privateKey: newKey().private }],
    ['a password', { username: 'root', password: 'novell' }],
  ])('does not take %s', async (_what, credentials) => {
    const { host, port } = connectionOf(lab, 'node1')
    const client = new ssh2.Client().connect({ host, port, ...credentials })
    const [error] = await once(client, 'error').catch(error => [error])
    expect(error).toMatchObject({ level: 'client-authentication' })
  })

  it('carries TCP connections into the network of the node', async () => {
    const listen =
      "require('net').createServer(s => s.end('from the node')).listen(8300, '127.0.0.1', () => console.log('up'))"
    await output(
      root,
      `/run/lab/node -e "${listen}" >/tmp/up 2>&1 </dev/null & until grep -q up /tmp/up; do sleep 0.02; done`,
    )
    expect(await forwarded(root, 8300)).toBe('from the node')
    await expect(forwarded(root, 8301)).rejects.toThrow()
  })
})

it('a node that is unknown is named', () => {
  expect(() => connectionOf(lab, 'node9')).toThrow('The lab has no node node9')
})

const expectGone = (command: string): Promise<void> =>
  vi.waitFor(async () => {
    expect(await output(root, 'cat /proc/[0-9]*/cmdline | tr "\\0" " "')).not.toContain(command)
  }, 5_000)

const forwarded = (client: Client, port: number): Promise<string> =>
  new Promise((resolve, reject) =>
    client.forwardOut('127.0.0.1', 0, '127.0.0.1', port, (error, channel) => {
      if (error) return reject(error)
      let text = ''
      channel.on('data', (part: Buffer) => (text += part)).on('end', () => resolve(text))
    }),
  )
