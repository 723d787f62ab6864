import { execFileSync, spawn } from 'node:child_process'
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { Secret } from '../../src/model/secret.ts'
import { converse } from '../../src/shell/converse.ts'
import { hostDollar } from '../../src/shell/dollar.ts'
import { connect, type Session } from '../../src/transport/session.ts'
import type { Target } from '../../src/transport/target.ts'
import { putFile } from '../../tasks/lib/put-file.ts'
import { endless } from '../kit/endless.ts'
import { heldAs } from '../kit/fault-table.ts'
import { largeFile } from '../kit/large-file.ts'
import { problemOf } from '../shell/problem-of.ts'
import { freePort, hasSshd, type Sshd, sshKeygen, startSshd } from './sshd.ts'

const sshAdd = 'ssh-add'

describe.skipIf(!hasSshd)('a session with OpenSSH (needs openssh-server)', () => {
  let sshd: Sshd
  let session: Session

  beforeAll(async () => {
    sshd = await startSshd()
    session = await connect(sshd.target)
  })

  afterAll(async () => {
    await session.close()
    await sshd.stop()
  })

  it('runs commands one after the other in one shell, as zx', async () => {
    const $ = hostDollar(session.shell())
    expect(await $`echo ${"it's"}; echo warning >&2`.text()).toBe("it's\n")
    const shells = await Promise.all([$`echo $PPID $$`.text(), $`echo $PPID $$`.text()])
    expect(shells[0]).toBe(shells[1])
  })

  it('tells exit status, stdout and stderr apart', async () => {
    expect(await session.shell().run('echo out; echo err >&2; exit 3')).toEqual({
      exitCode: 3,
      stdout: 'out\n',
      stderr: 'err\n',
    })
  })

  it('uploads a file whole, with its mode, and leaves nothing beside it', async () => {
    const bytes = Buffer.alloc(3_000_000, 'ü\0\n')
    const path = join(sshd.dir, "it's a file")
    await session.shell().upload(bytes, path, '0640')
    expect(readFileSync(path).equals(bytes)).toBe(true)
    expect(statSync(path).mode & 0o777).toBe(0o640)
    expect((await session.shell().run(`ls ${sshd.dir}`)).stdout).not.toMatch(/file\./)
  })

  it('opens a terminal that is plain and wide', async () => {
    const terminal = await session.shell().terminal('echo $TERM $LANG; stty size; tty >/dev/null && read x; exit $x')
    let said = ''
    terminal.onOutput(text => {
      said += text
    })
    await vi.waitFor(() => expect(said).toContain('50 250'))
    await terminal.write('7\r')
    expect(await terminal.exited).toBe(7)
    expect(said).toBe('dumb C\r\n50 250\r\n7\r\n')
  })

  it('carries out a dialogue with an interactive program', async () => {
    const program = `stty -echo; printf 'Password: '; read -r a; stty echo; echo; printf 'Port [8300]: '; read -r b; [ "$a $b" = 'secret 8301' ]`
    const { exitCode } = await converse(
      await session.shell().terminal(program),
      {
        prompts: [
          { name: 'password', expect: 'Password:', secret: true },
          { name: 'port', expect: 'Port', answer: '8301' },
        ],
      },
      { answerOf: ({ answer }) => answer ?? new Secret('password', 'secret') },
    )
    expect(exitCode).toBe(0)
  })

  it('ends a program on a terminal, however stubborn, with what it started', async () => {
    const asleep = endless()
    const terminal = await session.shell().terminal(`trap '' TERM HUP INT; ${asleep} & while :; do ${asleep}; done`)
    await terminal.end()
    expect((await session.shell().run(`pgrep -fx "${asleep}"`)).stdout).toBe('')
    expect(await terminal.exited).not.toBe(0)
  })

  it('a program that has ended by itself needs no end', async () => {
    const terminal = await session.shell().terminal('exit 4')
    expect(await terminal.exited).toBe(4)
    await terminal.end()
  })

  it('goes through another session, and sees the host behind it as itself', async () => {
    const behind = await connect({ ...sshd.target, host: 'node2' }, { through: session })
    expect((await behind.shell().run('echo $SSH_CONNECTION')).stdout).toMatch(/^127\.0\.0\.1 /)
    await behind.close()
  })

  it('reaches a port that only the node reaches', async () => {
    const stream = await session.forward('127.0.0.1', sshd.target.port)
    const greeting = await new Promise(resolve => stream.once('data', resolve))
    expect(String(greeting)).toMatch(/^SSH-2.0-/)
    stream.destroy()
    const port = await freePort()
    expect((await problemOf(session.forward('127.0.0.1', port))).fields).toMatchObject({
      code: 'channel-refused',
      summary: `node1 leads nobody to 127.0.0.1 port ${port}`,
      seen: 'it gets no connection there itself',
    })
  })

  it('logs in with a key that an agent holds', async () => {
    const socket = join(sshd.dir, 'agent')
    const agent = spawn('sh', ['-c', `exec ssh-agent -D -a ${socket}`], { stdio: 'ignore' })
    await vi.waitFor(() => statSync(socket))
    execFileSync(sshAdd, ['-q', join(sshd.dir, 'user')], { env: { ...process.env, SSH_AUTH_SOCK: socket } })
    const second = await connect({ ...sshd.target, identityFiles: [], agent: socket })
    expect((await second.shell().run('echo in')).stdout).toBe('in\n')
    await second.close()
    agent.kill()
  })

  it('hands a large file on whole, also through another session, and while keys are exchanged anew', async () => {
    const anew = await startSshd({ config: ['RekeyLimit 3M'] })
    const input = largeFile(
      join(anew.dir, 'large'),
      Array.from({ length: 1_000_000 }, (_, at) => `${at}`.padStart(9)).join(''),
    )
    for (const way of [{}, { through: session }]) {
      const there = await connect({ ...anew.target, host: 'node2' }, way)
      expect((await there.shell().run('cksum', { input })).stdout).toBe(`${input.sums.crc} ${input.sums.bytes}\n`)
      await there.close()
    }
    await anew.stop()
  })

  it('moves no file to its place that is another one now than it was', async () => {
    const place = join(sshd.dir, 'it')
    writeFileSync(place, 'old\n')
    const large = largeFile(join(sshd.dir, 'large'), 'x'.repeat(9_000_000))
    writeFileSync(large.path, 'another')
    const changed = await problemOf(putFile(hostDollar(session.shell()), { path: place, content: large }))
    expect([changed.code, readFileSync(place, 'utf8')]).toEqual(['file-changed', 'old\n'])
    rmSync(large.path)
    const gone = await problemOf(putFile(hostDollar(session.shell()), { path: place, content: large }))
    expect([gone.code, readFileSync(place, 'utf8')]).toEqual(['file-unreadable', 'old\n'])
  })

  it('passes over an agent that is not there', async () => {
    const second = await connect({ ...sshd.target, agent: '/nowhere/agent' })
    await second.close()
  })

  it('shows no key of ours that others can read, as OpenSSH does', async () => {
    const open = join(sshd.dir, 'open')
    writeFileSync(open, readFileSync(join(sshd.dir, 'user')), { mode: 0o640 })
    const problem = await problemOf(connect({ ...sshd.target, identityFiles: [open] }))
    expect(problem.fields).toMatchObject({
      code: 'login-refused',
      seen: expect.stringContaining(`${open} (others can read it: \`chmod 600 ${open}\`)`),
    })
  })

  it('shows a locked key, and asks for no passphrase where the server does not take it', async () => {
    const locked = join(sshd.dir, 'locked')
    sshKeygen(['-q', '-t', 'ed25519', '-N', 'a passphrase', '-f', locked])
    const problem = await problemOf(connect({ ...sshd.target, identityFiles: [locked] }))
    expect(problem.fields).toMatchObject({
      code: 'login-refused',
      seen: expect.stringContaining(`tried: ${locked} (refused); the server takes publickey`),
    })
  })

  it('opens a locked key with its passphrase', async () => {
    const key = join(sshd.dir, 'user')
    sshKeygen(['-q', '-a', '1', '-p', '-P', '', '-N', 'a passphrase', '-f', key])
    const second = await connect({ ...sshd.target, passphrase: new Secret('passphrase', 'a passphrase') })
    await second.close()
  })
})

describe.skipIf(!hasSshd)('a server that allows one channel at a time (needs openssh-server)', () => {
  let sshd: Sshd
  let session: Session
  beforeAll(async () => {
    sshd = await startSshd({ config: ['MaxSessions 1'] })
    session = await connect(sshd.target)
  })
  afterAll(async () => {
    await session.close()
    await sshd.stop()
  })

  it('carries commands, an upload, and commands again', async () => {
    const shell = session.shell()
    expect((await shell.run('echo in')).stdout).toBe('in\n')
    await shell.upload(Buffer.alloc(100_000, 'x\0'), join(sshd.dir, 'file'), '0600')
    expect((await shell.run(`wc -c <${sshd.dir}/file`)).stdout.trim()).toBe('100000')
  })

  it('carries a terminal in place of the shell; a command beside it is refused with a word about it', async () => {
    const shell = session.shell()
    expect((await shell.run('echo in')).stdout).toBe('in\n')
    const terminal = await shell.terminal('read x; exit $x')
    const { fields } = await problemOf(shell.run('true'))
    expect(fields).toMatchObject({ code: 'channel-refused', help: expect.stringContaining('MaxSessions') })
    await terminal.write('4\r')
    expect(await terminal.exited).toBe(4)
    await vi.waitFor(async () => expect((await shell.run('echo on')).stdout).toBe('on\n'))
  })

  it('cannot have a command ended, and says that it may still run', async () => {
    const asleep = endless()
    const { fields } = await problemOf(session.shell().run(asleep, { timeoutMs: 200 }))
    expect(fields).toMatchObject({
      code: 'command-timeout',
      state: `\`${asleep}\` may still run on node1: it could not be ended`,
    })
    execFileSync('pkill', ['-fx', asleep])
  })
})

describe.skipIf(!hasSshd)('a server of 2010 (needs openssh-server)', () => {
  let sshd: Sshd
  beforeAll(async () => {
    const config = ['KexAlgorithms diffie-hellman-group14-sha1', 'Ciphers aes256-cbc', 'MACs hmac-sha1']
    sshd = await startSshd({ config })
  })
  afterAll(() => sshd.stop())

  it('is not spoken to, and the setting that lets it in is named', async () => {
    const problem = await problemOf(connect(sshd.target))
    heldAs('it speaks only old SSH algorithms', problem, 'OpenSSH too')
    expect(problem.fields).toMatchObject({
      code: 'no-common-algorithm',
      exit: 6,
      help: expect.stringContaining('ansible_legacy_algorithms: true'),
    })
  })

  it.each<[string, Partial<Target>]>([
    ['the inventory', { legacyAlgorithms: true }],
    ['~/.ssh/config', { algorithms: { kex: '+diffie-hellman-group14-sha1', cipher: '+aes256-cbc' } }],
  ])('is reached where %s asks for it', async (_, more) => {
    const session = await connect({ ...sshd.target, ...more })
    expect((await session.shell().run('echo in')).stdout).toBe('in\n')
    await session.close()
  })
})

describe.skipIf(!hasSshd)('a server that allows few attempts (needs openssh-server)', () => {
  it.each([
    { allowed: 1, wrong: 0 },
    { allowed: 2, wrong: 1 },
    { allowed: 6, wrong: 5 },
  ])(
    'lets in who has $wrong wrong keys before the right one, where $allowed are allowed',
    async ({ allowed, wrong }) => {
      const sshd = await startSshd({ config: [`MaxAuthTries ${allowed}`] })
      const wrongs = Array.from({ length: wrong }, (_, n) => join(sshd.dir, `wrong${n}`))
      for (const file of wrongs) sshKeygen(['-q', '-t', 'ed25519', '-N', '', '-f', file])
      const identityFiles = [...wrongs, join(sshd.dir, 'user')]
      const session = await connect({ ...sshd.target, identityFiles })
      await session.close()
      await sshd.stop()
    },
  )
})
