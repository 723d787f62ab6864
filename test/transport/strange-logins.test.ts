// Strange ways in: what login shells, login files, disks and servers of old nodes do, and that commands run all the same.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Algorithms } from 'ssh2'
import { afterAll, describe, expect, it } from 'vitest'
import { exitCodes } from '../../src/model/problem.ts'
import { plainDoor } from '../../src/transport/door.ts'
import { FramedShell } from '../../src/transport/framed-shell.ts'
import { startingSh } from '../../src/transport/login-line.ts'
import { openProgram } from '../../src/transport/program.ts'
import { connect } from '../../src/transport/session.ts'
import { endless } from '../kit/endless.ts'
import { problemOf } from '../shell/problem-of.ts'
import { startFaultyServer } from './faulty-server.ts'
import { localConnection } from './local-connection.ts'
import { hasNamespaces } from './sshd.ts'

const dir = mkdtempSync(join(tmpdir(), 'strange-login-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const open = (login: string, words?: readonly string[]) => {
  const connection = localConnection('/bin/sh', login, words)
  const shell = new FramedShell(connection, () => plainDoor('node1'))
  return { shell, close: () => shell.close().then(() => connection.closeAll()) }
}

/** The home is a disk of its own, and nothing fits on it any more. */
const fullHome = `mount -t tmpfs -o size=4k full '${dir}' && cat /dev/zero >'${dir}/full' 2>/dev/null; HOME='${dir}'; export HOME; cd; exec sh -c "$1"`

type Way = { readonly login?: string; readonly words?: readonly string[]; readonly isHere?: boolean }

const ways: readonly (readonly [string, Way])[] = [
  ['csh as login shell', { words: ['csh', '-f', '-c'], isHere: spawnSync('csh', ['-f', '-c', 'exit 0']).status === 0 }],
  ['login files that talk on both streams', { login: 'echo motd; echo oh >&2; printf "no line break"' }],
  ['login files that set up a terminal', { login: 'stty erase ^H; exec 3>&1' }],
  ['umask 077', { login: 'umask 077' }],
  ['a German locale', { login: 'LANG=de_DE.UTF-8 LANGUAGE=de LC_ALL=de_DE.UTF-8; export LANG LANGUAGE LC_ALL' }],
  [
    'a home on a full disk',
    { words: ['unshare', '-m', '--propagation', 'private', 'sh', '-c', fullHome, 'sh'], isHere: hasNamespaces },
  ],
]

describe.each(ways)('%s', (what, { login = ':', words, isHere = true }) => {
  it.skipIf(!isHere)('leads to the same shell: scripts, inputs, files with their modes, an end', async () => {
    const { shell, close } = open(login, words)
    const place = mkdtempSync(join(tmpdir(), 'strange-place-'))
    const script = `# it's a note!\nfor i in 1 2\ndo\n  printf '%s\\n' "$i\\041" '!$HOME' # \`\ndone`
    expect(await shell.run(script)).toEqual({ exitCode: 0, stdout: '1\\041\n!$HOME\n2\\041\n!$HOME\n', stderr: '' })
    expect((await shell.run('cat', { input: 'one\n!two' })).stdout).toBe('one\n!two')
    expect((await shell.run('wc -c', { input: Buffer.alloc(100_000) })).stdout.trim()).toBe('100000')
    expect((await shell.run(`printf '%.1f' 1.5; ls /nowhere/x`)).stderr).toMatch(/No such file or directory/)
    await shell.upload(Buffer.from('text'), join(place, 'file'), '0644')
    expect([readFileSync(join(place, 'file'), 'utf8'), statSync(join(place, 'file')).mode & 0o777]).toEqual([
      'text',
      0o644,
    ])
    const asleep = endless()
    expect((await problemOf(shell.run(asleep, { timeoutMs: 100 }))).code, what).toBe('command-timeout')
    expect((await shell.run(`pgrep -fx "${asleep}"`)).stdout).toBe('')
    await close()
    rmSync(place, { recursive: true })
  })
})

it.skipIf(!hasNamespaces)('a file for a home that is full is a problem, and what is there stays', async () => {
  const { shell, close } = open(':', ways.at(-1)?.[1].words)
  const { fields } = await problemOf(shell.upload(Buffer.alloc(10_000), join(dir, 'file'), '0644'))
  expect(fields).toMatchObject({ code: 'upload-failed', seen: expect.stringContaining('No space left on device') })
  expect(fields.help).toContain('df -h')
  await close()
})

it.each([
  ['exec 2>&1', 'shell-mixed', 'exec 2>&1'],
  ['exec 2>/dev/null', 'shell-half', 'exec 2>…'],
  ['exec >/dev/null', 'shell-half', 'exec >…'],
  ['exec 1>&2', 'shell-half', 'exec >…'],
])('login files with `%s` are told as that, and nothing is done', async (login, code, found) => {
  // What never comes need not be waited for; what comes is, however slow this machine is.
  const impatient = code === 'shell-half' && { otherMs: 200 }
  const connection = localConnection('/bin/sh', login)
  const problem = await problemOf(openProgram(connection, { script: 'cat', door: plainDoor('node1'), ...impatient }))
  expect(problem.fields).toMatchObject({ code, help: expect.stringContaining(found), exit: exitCodes.unreachable })
  connection.closeAll()
})

it('a login shell gets one line, without what csh would read as more', () => {
  expect(startingSh('echo one')).toBe("exec /bin/sh -c 'echo one'")
  expect(startingSh("a\nb! '\\n'")).not.toMatch(/[\n!]/)
})

/** @source sshd_config(5) of each release, `Ciphers` and `MACs`; what the library of the tests cannot serve is left out. */
const servers: Readonly<Record<'OpenSSH_5.1' | 'OpenSSH_4.2', Algorithms>> = {
  'OpenSSH_5.1': {
    serverHostKey: ['ssh-rsa'],
    kex: ['diffie-hellman-group14-sha1', 'diffie-hellman-group1-sha1'],
    cipher: ['aes128-cbc', '3des-cbc', 'aes192-cbc', 'aes256-cbc', 'aes128-ctr', 'aes192-ctr', 'aes256-ctr'],
    hmac: ['hmac-md5', 'hmac-sha1', 'hmac-sha1-96', 'hmac-md5-96'],
  },
  'OpenSSH_4.2': {
    serverHostKey: ['ssh-rsa'],
    kex: ['diffie-hellman-group14-sha1', 'diffie-hellman-group1-sha1'],
    cipher: ['aes128-cbc', '3des-cbc', 'aes192-cbc', 'aes256-cbc'],
    hmac: ['hmac-md5', 'hmac-sha1', 'hmac-sha1-96', 'hmac-md5-96'],
  },
}

it.each(['OpenSSH_5.1', 'OpenSSH_4.2'] as const)(
  'a server as %s is refused with the setting that lets it in',
  async name => {
    const server = await startFaultyServer({ isOld: true, software: name, speaks: servers[name] })
    const { fields } = await problemOf(connect(server.target))
    expect(fields).toMatchObject({
      code: 'no-common-algorithm',
      help: expect.stringContaining('ansible_legacy_algorithms: true'),
    })
    const session = await connect({ ...server.target, legacyAlgorithms: true })
    expect((await session.shell().run('echo in')).stdout).toBe('in\n')
    await session.close()
    await server.stop()
  },
)
