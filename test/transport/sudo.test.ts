import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Secret } from '../../src/model/secret.ts'
import { connect, type Session } from '../../src/transport/session.ts'
import type { Target } from '../../src/transport/target.ts'
import { endless } from '../kit/endless.ts'
import { heldAs } from '../kit/fault-table.ts'
import { problemOf } from '../shell/problem-of.ts'
import { type Accounts, accounts, hasSudo, password, passwordLogins, rootPassword } from './accounts.ts'
import { type Sshd, startSshd } from './sshd.ts'

const sudoers = ['Defaults lecture = always', 'root ALL=(ALL) ALL', 'ops ALL=(ALL) ALL', 'free ALL=(ALL) NOPASSWD: ALL']

describe.skipIf(!hasSudo)('sudo (needs openssh-server, sudo, root and mount namespaces)', () => {
  let sshd: Sshd
  const sessions: Session[] = []

  const login = async (user: string, more: Partial<Target> = {}): Promise<Session> => {
    const session = await connect({ ...sshd.target, identityFiles: [], user, password, ...more })
    sessions.push(session)
    return session
  }

  beforeAll(async () => {
    sshd = await startSshd({ prepare: accounts({ sudoers }), config: passwordLogins })
  })

  afterAll(async () => {
    await Promise.all(sessions.map(session => session.close()))
    await sshd.stop()
  })

  it('leads from a login by password into a shell of root', async () => {
    const session = await login('ops')
    expect((await session.shell().run('id -un')).stdout).toBe('ops\n')
    expect(await session.shell('root').run('id -un; cat', { input: 'one\n' })).toEqual({
      exitCode: 0,
      stdout: 'root\none\n',
      stderr: '',
    })
  })

  it('leads into the shell of any user, and back', async () => {
    const session = await login('ops')
    const names = await Promise.all(
      ['guest', 'ops', 'root'].map(async user => (await session.shell(user).run('id -un')).stdout),
    )
    expect(names).toEqual(['guest\n', 'ops\n', 'root\n'])
  })

  it('is given no password where it asks for none', async () => {
    const session = await login('free')
    expect((await session.shell('root').run('id -un; cat')).stdout).toBe('root\n')
  })

  it('carries binary input, an upload, and a terminal', async () => {
    const shell = (await login('ops')).shell('root')
    expect((await shell.run('wc -c', { input: Buffer.alloc(100_000) })).stdout.trim()).toBe('100000')
    await shell.upload(Buffer.from('x'), '/run/sudo/file', '0600')
    expect((await shell.run('stat -c "%U %a" /run/sudo/file')).stdout).toBe('root 600\n')
    const terminal = await shell.terminal('stty size; id -un; exit 5')
    let said = ''
    terminal.onOutput(text => {
      said += text
    })
    expect(await terminal.exited).toBe(5)
    expect(said).toBe('50 250\r\nroot\r\n')
  })

  it('ends what root runs when it takes too long', async () => {
    const shell = (await login('ops')).shell('root')
    const asleep = endless()
    expect((await problemOf(shell.run(asleep, { timeoutMs: 200 }))).code).toBe('command-timeout')
    expect((await shell.run(`pgrep -fx "${asleep}"`)).stdout).toBe('')
  })

  it('ends what root runs on a terminal', async () => {
    const shell = (await login('ops')).shell('root')
    const asleep = endless()
    const terminal = await shell.terminal(`trap "" TERM HUP; ${asleep} & ${asleep}`)
    await terminal.end()
    expect((await shell.run(`pgrep -fx "${asleep}"`)).stdout).toBe('')
  })

  it('refuses a wrong password, which is not told', async () => {
    const session = await login('ops', { becomePassword: new Secret('become_password', 'canary-4711') })
    const problem = await problemOf(session.shell('root').run('true'))
    expect(problem.fields).toMatchObject({ code: 'sudo-password-wrong', host: 'node1' })
    heldAs('the password for sudo is wrong', problem, 'OpenSSH too')
    expect(JSON.stringify(problem.fields)).not.toContain('canary')
  })

  it('does not let in a user that it does not know', async () => {
    const session = await login('guest')
    expect((await session.shell().run('id -un')).stdout).toBe('guest\n')
    const problem = await problemOf(session.shell('root').run('true'))
    expect(problem.fields).toMatchObject({
      code: 'no-sudo',
      seen: expect.stringContaining('guest is not in the sudoers file'),
    })
  })

  it('says so when it wants a password that nobody gave', async () => {
    const session = await login('ops', { identityFiles: sshd.target.identityFiles, password: undefined })
    expect((await problemOf(session.shell('root').run('true'))).code).toBe('sudo-password-missing')
  })
})

describe.skipIf(!hasSudo)('sudo of another kind (needs openssh-server, sudo, root and mount namespaces)', () => {
  const all = ['root ALL=(ALL) ALL', 'ops ALL=(ALL) ALL', 'free ALL=(ALL) NOPASSWD: ALL']

  const as = async (kind: Accounts, ask: (login: (more?: Partial<Target>) => Promise<Session>) => Promise<void>) => {
    const sshd = await startSshd({ prepare: accounts(kind), config: passwordLogins })
    const sessions: Session[] = []
    try {
      await ask(async (more = {}) => {
        const session = await connect({ ...sshd.target, identityFiles: [], user: 'ops', password, ...more })
        sessions.push(session)
        return session
      })
    } finally {
      await Promise.all(sessions.map(session => session.close()))
      await sshd.stop()
    }
  }

  it('that wants the password of the other user (`targetpw`) gets that', () =>
    as({ sudoers: ['Defaults targetpw', ...all] }, async login => {
      const right = await login({ becomePassword: rootPassword })
      expect((await right.shell('root').run('id -un')).stdout).toBe('root\n')
      const { fields } = await problemOf((await login()).shell('root').run('true'))
      expect(fields).toMatchObject({ code: 'sudo-password-wrong', help: expect.stringContaining('`targetpw`') })
    }))

  it('that wants a terminal (`requiretty`) is refused with the line that lets us in, and serves terminals', () =>
    as({ sudoers: ['Defaults requiretty', ...all] }, async login => {
      const session = await login()
      const problem = await problemOf(session.shell('root').run('true'))
      heldAs('sudo wants a terminal (`requiretty`)', problem, 'OpenSSH too')
      expect(problem.fields).toMatchObject({
        code: 'sudo-wants-terminal',
        exit: 6,
        help: expect.stringContaining('!requiretty'),
      })
      expect(await (await session.shell('root').terminal('exit 3')).exited).toBe(3)
    }))

  describe('that asks in words of its own, whatever it was told', () => {
    const pam = [
      'auth optional pam_ftp.so',
      'auth required pam_unix.so use_first_pass',
      'account required pam_unix.so',
      'session required pam_permit.so',
    ]

    it('is answered, also on a terminal, and told when the answer is wrong', () =>
      as({ sudoers: ['Defaults lecture = always', ...all], pam }, async login => {
        const session = await login()
        expect(await session.shell('root').run('id -un; cat')).toEqual({ exitCode: 0, stdout: 'root\n', stderr: '' })
        heldAs('sudo asks in another language', { status: 0, events: [] }, 'OpenSSH too')
        expect(await (await session.shell('root').terminal('exit 3')).exited).toBe(3)
        const wrong = await login({ becomePassword: new Secret('become', 'canary-4711') })
        const problem = await problemOf(wrong.shell('root').run('true'))
        expect(problem.fields).toMatchObject({ code: 'sudo-password-wrong', host: 'node1' })
        heldAs('sudo asks in another language, and the password is wrong', problem, 'OpenSSH too')
        expect(JSON.stringify(problem.fields)).not.toContain('canary')
        const none = await login({ user: 'free' })
        expect((await none.shell('root').run('id -un; cat')).stdout).toBe('root\n')
      }))
  })
})
