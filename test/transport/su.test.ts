import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Secret } from '../../src/model/secret.ts'
import { connect, type Session } from '../../src/transport/session.ts'
import type { Target } from '../../src/transport/target.ts'
import { endless } from '../kit/endless.ts'
import { problemOf } from '../shell/problem-of.ts'
import { accounts, hasSu, password, passwordLogins, rootPassword } from './accounts.ts'
import { type Sshd, startSshd } from './sshd.ts'

describe.skipIf(!hasSu)('su (needs openssh-server, root and mount namespaces)', () => {
  let sshd: Sshd
  const sessions: Session[] = []

  const login = async (more: Partial<Target> = {}): Promise<Session> => {
    const usual = {
      identityFiles: [],
      user: 'ops',
      password,
      becomeMethod: 'su',
      becomePassword: rootPassword,
    } as const
    const session = await connect({ ...sshd.target, ...usual, ...more })
    sessions.push(session)
    return session
  }
  /** As the one who logs in sees it. */
  const fifos = async (session: Session) =>
    (await session.shell().run("find /tmp -maxdepth 1 -name 'run.??????' -uid 7100")).stdout

  beforeAll(async () => {
    sshd = await startSshd({ prepare: accounts(), config: passwordLogins })
  })

  afterAll(async () => {
    await Promise.all(sessions.map(session => session.close()))
    await sshd.stop()
  })

  it('leads into a shell of root, with streams apart, and leaves nothing behind', async () => {
    const session = await login()
    const shell = session.shell('root')
    expect(await shell.run('id -un; cat; echo warning >&2; exit 3', { input: 'one\n' })).toEqual({
      exitCode: 3,
      stdout: 'root\none\n',
      stderr: 'warning\n',
    })
    expect(await fifos(session)).toBe('')
    const [first, second] = [await shell.run('echo $$'), await shell.run('echo $PPID $$')]
    expect(second.stdout).toContain(first.stdout.trim())
  })

  it('leads into the shell of a user who may read nothing of the first', async () => {
    const session = await login({ becomePassword: password })
    expect((await session.shell('guest').run('id -un; id -u')).stdout).toBe('guest\n7102\n')
    expect(await fifos(session)).toBe('')
  })

  it('needs no password where it asks for none', async () => {
    const session = await login({ user: 'root', identityFiles: sshd.target.identityFiles, becomePassword: undefined })
    expect((await session.shell('ops').run('id -un')).stdout).toBe('ops\n')
  })

  it('carries binary input, an upload, and a terminal', async () => {
    const shell = (await login()).shell('root')
    expect((await shell.run('wc -c', { input: Buffer.alloc(100_000) })).stdout.trim()).toBe('100000')
    await shell.upload(Buffer.from('x\0y'), '/run/sudo/file', '0600')
    expect((await shell.run('stat -c "%U %a %s" /run/sudo/file')).stdout).toBe('root 600 3\n')
    const terminal = await shell.terminal('stty size; id -un; stty -echo; sleep 1; stty echo; exit 5')
    let said = ''
    terminal.onOutput(text => {
      said += text
    })
    expect(await terminal.exited).toBe(5)
    expect(said).toBe('50 250\r\nroot\r\n')
  })

  it('ends what root runs when it takes too long', async () => {
    const shell = (await login()).shell('root')
    const asleep = endless()
    expect((await problemOf(shell.run(asleep, { timeoutMs: 300 }))).code).toBe('command-timeout')
    expect((await shell.run(`pgrep -fx "${asleep}"`)).stdout).toBe('')
  })

  it('shows the password to no list of processes', async () => {
    const shell = (await login()).shell('root')
    const seen = async (pattern: string) =>
      (await shell.run(`grep -al '${pattern}' /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null`)).stdout
    expect(await seen('su.root.-[c]')).toContain('/cmdline')
    expect(await seen('root passwor[d]')).toBe('')
  })

  it('ends with its session, and so does all that it started', async () => {
    const session = await login()
    await session.shell('root').run('sleep 1; echo $$ >/run/sudo/pid')
    await session.close()
    const other = await login()
    const gone =
      'tries=50; while kill -0 $(cat /run/sudo/pid) 2>/dev/null && [ $tries -gt 0 ]; do sleep 0.1; tries=$((tries-1)); done; echo $tries'
    expect(Number((await other.shell('root').run(gone)).stdout)).toBeGreaterThan(0)
    expect(await fifos(other)).toBe('')
  })

  it.each<[string, string, Partial<Target>, string]>([
    ['a wrong password', 'su-password-wrong', { becomePassword: new Secret('become', 'canary-4711') }, 'root'],
    ['no password', 'su-password-missing', { becomePassword: undefined }, 'root'],
    ['an account without a shell', 'no-su', { becomePassword: password }, 'locked'],
    ['an account that is not there', 'no-su', {}, 'nobody-at-all'],
  ])('does not let in with %s, and leaves nothing behind', async (_, code, more, user) => {
    const session = await login(more)
    const { fields } = await problemOf(session.shell(user).run('true'))
    expect(fields).toMatchObject({ code, host: 'node1', exit: 6, state: 'nothing was done there' })
    expect(JSON.stringify(fields)).not.toContain('canary')
    expect(await fifos(session)).toBe('')
    const terminal = await problemOf(session.shell(user).terminal('true'))
    expect(terminal.code).toBe(code)
  })

  it('says what an account without a shell says', async () => {
    const session = await login({ becomePassword: password })
    const { fields } = await problemOf(session.shell('locked').run('true'))
    expect(fields.seen).toContain('not available')
  })
})
