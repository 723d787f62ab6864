import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { Secret } from '../../src/model/secret.ts'
import { readingGiven } from '../../src/shell/given-text.ts'
import type { CommandResult, Input } from '../../src/shell/host-shell.ts'
import { lookDollar } from '../../src/shell/look-dollar.ts'
import { file } from '../../src/task/kinds/index.ts'
import { readNow } from '../../src/task/resource.ts'
import { plainDoor } from '../../src/transport/door.ts'
import { FramedShell } from '../../src/transport/framed-shell.ts'
import { endless } from '../kit/endless.ts'
import { largeFile } from '../kit/large-file.ts'
import { problemOf } from '../shell/problem-of.ts'
import { localConnection, shells } from './local-connection.ts'

/** All that has one byte, some that have more; among them are those by which a shell marks quotes for itself. */
const everyCharacter = [
  ...Array.from({ length: 0x2ff }, (_, at) => String.fromCharCode(at + 1)),
  '\u2028\ufeff\u{1f600}',
].join('')

const open = (sh: string, login?: string) => {
  const connection = localConnection(sh, login)
  return { connection, shell: new FramedShell(connection, () => plainDoor('node1')) }
}

describe.each(shells)('one shell for many commands, as %s', sh => {
  const { connection, shell } = open(sh)
  const dir = mkdtempSync(join(tmpdir(), 'framed-'))

  afterAll(async () => {
    await shell.close()
    connection.closeAll()
    rmSync(dir, { recursive: true })
  })

  it.each<[string, string, { exitCode?: number; stdout?: string; stderr?: string }]>([
    ['says both streams apart', 'echo out; echo err >&2', { stdout: 'out\n', stderr: 'err\n' }],
    ['keeps a missing line break missing', 'printf out; printf err >&2', { stdout: 'out', stderr: 'err' }],
    ['says nothing', ':', { stdout: '', stderr: '' }],
    ['carries any text', "printf '%s' \"it's €\"", { stdout: "it's €" }],
    ['carries a script of several lines', 'for i in 1 2\ndo\n  echo $i # a comment\ndone', { stdout: '1\n2\n' }],
    ['carries a here-document', "cat <<'END'\n$HOME\nEND", { stdout: '$HOME\n' }],
    ['carries NUL bytes', "printf 'a\\000b'", { stdout: 'a\0b' }],
    ['has an empty stdin', 'cat; echo end', { stdout: 'end\n' }],
    ['ends with its own exit status', '(exit 3)', { exitCode: 3 }],
    ['is not found', 'no-such-program', { exitCode: 127 }],
    ['is ended by a signal', "sh -c 'kill -9 $$'", { exitCode: 137 }],
    ['has a plain locale', 'echo $LC_ALL', { stdout: 'C\n' }],
    ['finds the programs of the administrator', 'echo :$PATH: | grep -c :/usr/sbin:', { stdout: '1\n' }],
  ])('a command %s', async (_, script, expected) => {
    expect(await shell.run(script)).toMatchObject({ exitCode: 0, ...expected })
  })

  it.each([
    ['exits', 'exit 3'],
    ['changes the directory', 'cd /'],
    ['sets -e', 'set -e; false; echo no'],
    ['sets -u and -f', 'set -uf'],
    ['sets a trap', "trap 'echo trapped' EXIT"],
    ['sets a variable', 'LC_ALL=de_DE; MARK=1; IFS=x; export MARK'],
    ['defines a function named as a command', 'echo() { printf forged; }; printf() { :; }; eval() { :; }'],
    ['is no shell at all', "if ( ' ' \" ` <<"],
    ['ends the word it is quoted in', "' ) ; exit 9; ( '"],
    ['closes its streams', 'exec >&- 2>&- <&-'],
    ['replaces itself', 'exec true'],
    ['reads all input', 'cat >/dev/null'],
    ['leaves a process behind', '(sleep 3 >/dev/null 2>&1 &)'],
    ['prints something like a marker', 'printf "%032d 0\\n" 7; printf "%032d\\n" 7 >&2'],
    ['asks for a new umask', 'umask 777'],
  ])('a command that %s does not harm the next one', async (_, script) => {
    const before = connection.opened()
    await shell.run(script)
    expect(await shell.run('pwd; echo ${MARK-none} $- | tr -d imsBhH; printf %s "$IFS" | wc -c; umask')).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(`^${process.cwd()}\nnone *\n *3\n00?22\n$`),
      stderr: '',
    })
    expect(connection.opened()).toBe(Math.max(before, 1))
  })

  it('a look that is asked behind a command is sent before that has answered, and made when it has ended', async () => {
    const file = join(dir, 'behind')
    const told: string[] = []
    let look: Promise<unknown> | undefined
    const onSent = () => {
      look = shell.run(`cat ${file}`, { reads: true, onSent: () => told.push('look sent') })
    }
    await shell.run(`sleep 0.5; echo done >${file}`, { onSent }).then(() => told.push('command ended'))
    expect(await look).toMatchObject({ stdout: 'done\n' })
    expect(told).toEqual(['look sent', 'command ended'])
  })

  it('what is asked twice before it was sent is asked once, and anew behind the next command', async () => {
    const file = join(dir, 'counted')
    const look = () => shell.run(`echo x >>${file}; wc -l <${file}`, { reads: true })
    const before = [look(), look()]
    const command = shell.run(`echo x >>${file}`)
    const behind = [look(), look()]
    await command
    const lines = await Promise.all([...before, ...behind].map(async each => Number((await each).stdout)))
    expect(lines).toEqual([1, 1, 3, 3])
  })

  it('looks that are asked at the same time have an answer each, whatever one of them does', async () => {
    const scripts = [
      'echo one',
      'exit 3',
      "if ( ' ",
      'echo out; echo err >&2',
      'cat; cd /; false',
      'printf no-break',
      'pwd',
    ]
    const looks = await Promise.all(scripts.map(script => shell.run(script, { reads: true })))
    expect(looks.map(({ stdout, exitCode }) => [stdout, exitCode])).toEqual([
      ['one\n', 0],
      ['', 3],
      ['', expect.any(Number)],
      ['out\n', 0],
      ['', 1],
      ['no-break', 0],
      [`${process.cwd()}\n`, 0],
    ])
    expect(looks[2]?.exitCode).not.toBe(0)
    expect(looks.map(({ stderr }) => stderr).filter(text => text === 'err\n')).toHaveLength(1)
  })

  it('one of them that takes too long is ended, and takes none of the others with it', async () => {
    const look = (script: string, timeoutMs?: number) =>
      shell.run(script, { reads: true, ...(timeoutMs && { timeoutMs }) })
    const before = look('echo before')
    const long = problemOf(look('sleep 60', 300))
    const behind = [look('echo first'), look('echo second')]
    expect((await long).code).toBe('command-timeout')
    expect((await Promise.all([before, ...behind])).map(({ stdout }) => stdout)).toEqual([
      'before\n',
      'first\n',
      'second\n',
    ])
  })

  it('looks of one kind are one command; of which one cannot be told, it is made alone', async () => {
    const made = join(dir, 'made')
    const asked = (key: string) => ({
      reads: true,
      together: {
        kind: 'word',
        key,
        script: (keys: readonly string[]) =>
          `echo together >>${made}; for key in ${keys.join(' ')}; do echo "$key"; done`,
        split: ({ stdout }: CommandResult) =>
          stdout
            .trimEnd()
            .split('\n')
            .map(word => (word === 'odd' ? undefined : { stdout: `${word}!\n`, stderr: '', exitCode: 0 })),
      },
    })
    const look = (key: string) => shell.run(`echo ${key} >>${made}; echo alone`, asked(key))
    const told = await Promise.all([look('a'), shell.run('echo other', { reads: true }), look('odd'), look('b')])
    expect(told.map(({ stdout }) => stdout)).toEqual(['a!\n', 'other\n', 'alone\n', 'b!\n'])
    expect((await look('single')).stdout).toBe('alone\n')
    expect(readFileSync(made, 'utf8')).toBe('together\nodd\nsingle\n')
  })

  it('what stands at several paths is the same, asked together or one by one', async () => {
    const at = (name: string) => join(dir, 'together', name)
    mkdirSync(at('a folder'), { recursive: true, mode: 0o750 })
    writeFileSync(at("it's"), 'x', { mode: 0o600 })
    symlinkSync('leads\nto two lines', at('link'))
    symlinkSync('there', at('there'))
    spawnSync('mkfifo', [at('pipe')])
    const names = ['a folder', "it's", 'nothing', 'link', 'there', 'pipe', '-n', 'nothing/below', "it's/below"]
    const ask = (name: string) => readNow(lookDollar(shell), file(at(name)))
    const together = await Promise.all(names.map(ask))
    const single: unknown[] = []
    for (const name of names) single.push(await ask(name))
    expect(together).toEqual(single)
    expect(together.map(({ type }) => type)).toEqual([
      'directory',
      'file',
      'absent',
      'link',
      'link',
      'other',
      'absent',
      'absent',
      'absent',
    ])
    rmSync(at(''), { recursive: true })
  })

  it('what a process left behind says between two commands belongs to neither', async () => {
    const said = join(dir, 'said')
    await shell.run(`(sleep 0.1; echo late; echo late >&2; : >${said}) &`)
    // It is in the pipe now, and read in the turn after next at the latest.
    await vi.waitUntil(() => existsSync(said), { timeout: 60_000, interval: 20 })
    await new Promise(resolve => setTimeout(resolve, 50))
    expect(await shell.run('echo mine')).toEqual({ exitCode: 0, stdout: 'mine\n', stderr: '' })
  })

  it('carries out commands one after the other, in order', async () => {
    const file = join(dir, 'order')
    await Promise.all([3, 2, 1].map(n => shell.run(`sleep 0.0${n}; echo ${n} >>${file}`)))
    expect(readFileSync(file, 'utf8')).toBe('3\n2\n1\n')
  })

  it('says a word beside a long command, and neither waits for the other', async () => {
    const go = join(dir, 'go')
    const long = shell.run(`until [ -e '${go}' ]; do sleep 0.05; done; echo long`)
    expect(await shell.run(`: >'${go}'; echo beside`, { beside: true })).toMatchObject({ stdout: 'beside\n' })
    expect(await long).toMatchObject({ stdout: 'long\n' })
  })

  it('looks are answered in order, and the second goes out before the first is answered', async () => {
    const go = join(dir, 'look')
    const first = shell.run('sleep 0.2; echo first; echo one >&2', { reads: true })
    const second = shell.run(`echo second; echo two >&2; (exit 4)`, { reads: true })
    const third = shell.run(`: >'${go}'; echo third`, { reads: true })
    expect(await first).toEqual({ exitCode: 0, stdout: 'first\n', stderr: 'one\n' })
    expect(await second).toEqual({ exitCode: 4, stdout: 'second\n', stderr: 'two\n' })
    expect(await third).toEqual({ exitCode: 0, stdout: 'third\n', stderr: '' })
  })

  it('what is no look waits for all before it, and all after it waits for it', async () => {
    const seen: string[] = []
    const told = (name: string) => () => void seen.push(name)
    const thing = join(dir, 'thing')
    const looks = [1, 2].map(n => shell.run(`sleep 0.05; cat '${thing}' 2>&1`, { reads: true }).finally(told(`${n}`)))
    const made = shell.run(`echo made >'${thing}'`).finally(told('made'))
    const after = shell.run(`cat '${thing}'`, { reads: true }).finally(told('after'))
    expect((await Promise.all(looks)).map(({ exitCode }) => exitCode)).toEqual([1, 1])
    await made
    expect((await after).stdout).toBe('made\n')
    expect(seen).toEqual(['1', '2', 'made', 'after'])
  })

  it('a look that takes too long is ended when its own time is over, and the others are answered', async () => {
    const asleep = endless()
    const looks = [
      shell.run('sleep 0.4; echo first', { reads: true }),
      shell.run(asleep, { reads: true, timeoutMs: 100 }),
      shell.run('echo third', { reads: true }),
    ] as const
    expect((await problemOf(looks[1])).code).toBe('command-timeout')
    expect((await looks[0]).stdout).toBe('first\n')
    expect((await looks[2]).stdout).toBe('third\n')
    expect((await shell.run(`pgrep -fx "${asleep}"`)).stdout).toBe('')
  })

  it('a look behind one that is ended is not ended with it, and says all that it has to say', async () => {
    const looks = [
      shell.run(endless(), { reads: true, timeoutMs: 100 }),
      shell.run('{ sleep 2.5; echo mounted; } | cat', { reads: true }),
    ] as const
    expect((await problemOf(looks[0])).code).toBe('command-timeout')
    expect(await looks[1]).toEqual({ exitCode: 0, stdout: 'mounted\n', stderr: '' })
  })

  it('a look whose shell another one took away is made once more', async () => {
    const [first, second] = [shell.run('kill -9 $$', { reads: true }), shell.run('echo on', { reads: true })]
    expect((await problemOf(first)).code).toBe('connection-lost')
    expect((await second).stdout).toBe('on\n')
  })

  it('carries 8 MB on both streams at once', async () => {
    const both = 'head -c 8000000 /dev/zero | tr "\\000" x; head -c 8000000 /dev/zero | tr "\\000" y >&2'
    const { stdout, stderr } = await shell.run(both)
    expect([stdout.length, stderr.length]).toEqual([8_000_000, 8_000_000])
    expect(/^x+$/.test(stdout) && /^y+$/.test(stderr)).toBe(true)
  })

  it.each<[string, Input, string]>([
    ['a text', 'one\ntwo', 'one\ntwo'],
    ['a text with a line break at its end', 'one\n', 'one\n'],
    ['an empty text', '', ''],
    ['a text that looks like an end', "EOF\n'\n%s\\n", "EOF\n'\n%s\\n"],
    ['a secret', new Secret('password', "it's $HOME"), "it's $HOME"],
    ['a text with a NUL', 'a\0b', 'a\0b'],
    ['bytes', Buffer.from('bytes \0'), 'bytes \0'],
    ['a large text', 'ü'.repeat(500_000), 'ü'.repeat(500_000)],
    ['a file piece by piece', largeFile(join(dir, 'large'), 'ü'.repeat(1_500_000)), 'ü'.repeat(1_500_000)],
  ])('a command reads %s', async (_, input, text) => {
    expect((await shell.run('cat', { input })).stdout).toBe(text)
  })

  it.each<[string, Input, string]>([
    ['a text', "it's $HOME\\n `x`\ntwo", "it's $HOME\\n `x`\ntwo"],
    ['line breaks at its end', 'one\n\n\n', 'one\n\n\n'],
    ['an empty text', '', ''],
    ['a text without end of line and with a dot', '.', '.'],
    ['what a shell has its own use for', everyCharacter, everyCharacter],
    ['a secret', new Secret('password', 'a b'), 'a b'],
    ['a text too long for a command', 'ü'.repeat(100_000), 'ü'.repeat(100_000)],
  ])('a script that begins with it has %s in a variable, and nothing on stdin', async (_, input, text) => {
    const { stdout } = await shell.run(`${readingGiven.script}printf %s "$given"; cat`, { input })
    expect(stdout).toBe(text)
  })

  it('starts no program for a text in a variable, and shows it to none', async () => {
    const canary = randomUUID()
    const script = `${readingGiven.script}PATH=/nowhere; printf %s "$given" >${dir}/given; PATH=/usr/bin:/bin exec env`
    const { stdout, stderr } = await shell.run(script, { input: new Secret('password', canary) })
    expect({ isShown: stdout.includes(canary), stderr, text: readFileSync(join(dir, 'given'), 'utf8') }).toEqual({
      isShown: false,
      stderr: '',
      text: canary,
    })
  })

  it('says how much of a file is sent, piece by piece to the last', async () => {
    const file = largeFile(join(dir, 'counted'), 'x'.repeat(5_000_000))
    const fed: (readonly [number, number])[] = []
    await shell.run('cat >/dev/null', { input: file, onFed: (at, of) => fed.push([at, of]) })
    expect(fed.map(([at]) => at)).toEqual([2 ** 21, 2 ** 22, 5_000_000])
    expect(new Set(fed.map(([, of]) => of))).toEqual(new Set([5_000_000]))
  })

  it('tells of a file that has gone, and the shell goes on', async () => {
    const gone = largeFile(join(dir, 'gone'), 'x')
    rmSync(gone.path)
    const { fields } = await problemOf(shell.run('cat', { input: gone }))
    expect(fields).toMatchObject({ code: 'file-unreadable', seen: expect.stringContaining('ENOENT') })
    expect((await shell.run('echo on')).stdout).toBe('on\n')
  })

  it('waits for no input where a command beside the others is given none', async () => {
    expect((await shell.run('cat; echo end', { beside: true })).stdout).toBe('end\n')
  })

  it('a command may leave its input alone', async () => {
    for (const input of ['x'.repeat(30_000), 'x'.repeat(300_000), largeFile(join(dir, 'left'), 'x'.repeat(5_000_000))])
      expect(await shell.run('echo ok', { input })).toEqual({ exitCode: 0, stdout: 'ok\n', stderr: '' })
  })

  it('no secret is in the process list while it is read', async () => {
    const canary = randomUUID()
    const input = new Secret('password', canary)
    const { stdout } = await shell.run('cat >/dev/null; cat /proc/[0-9]*/cmdline | tr "\\000" " "', { input })
    expect(stdout).toContain('cat /proc/1/cmdline')
    expect(stdout).not.toContain(canary)
  })

  it('a command that takes too long is ended with all that it started; the shell goes on', async () => {
    const before = await shell.run('echo $$')
    const asleep = endless()
    const problem = await problemOf(shell.run(`sh -c "${asleep}; :" & ${asleep}`, { timeoutMs: 200 }))
    expect(problem.code).toBe('command-timeout')
    expect((await shell.run(`pgrep -fx "${asleep}"`)).stdout).toBe('')
    expect(await shell.run('echo $$')).toEqual(before)
  })

  it('a command that will not listen is ended all the same', async () => {
    const problem = await problemOf(shell.run("trap '' TERM; while :; do sleep 0.1; done", { timeoutMs: 100 }))
    expect(problem.code).toBe('command-timeout')
    expect((await shell.run('echo on')).stdout).toBe('on\n')
  })

  it('a command is interrupted', async () => {
    const asleep = endless()
    const problem = await problemOf(shell.run(asleep, { signal: AbortSignal.timeout(100) }))
    expect(problem.code).toBe('command-interrupted')
    expect((await shell.run(`pgrep -fx "${asleep}"`)).stdout).toBe('')
  })

  it('a command that ends the shell itself has no known outcome; the next has a new shell', async () => {
    const problem = await problemOf(shell.run('kill -9 $$'))
    expect(problem.fields).toMatchObject({ code: 'connection-lost', exit: 7, host: 'node1' })
    expect(problem.fields.state).toBe('nobody knows whether `kill -9 $$` was carried out to its end')
    expect((await shell.run('echo on')).stdout).toBe('on\n')
  })

  it('uploads a file whole', async () => {
    const path = join(dir, 'a file')
    await shell.upload(Buffer.from('one\0two\xff', 'latin1'), path, '0600')
    expect(readFileSync(path, 'latin1')).toBe('one\0two\xff')
    await shell.upload(Buffer.from('other'), path, '0640')
    expect(readFileSync(path, 'utf8')).toBe('other')
    expect(statSync(path).mode & 0o777).toBe(0o640)
    expect(readdirSync(dir).filter(name => name.startsWith('a file'))).toEqual(['a file'])
  })

  it.each([
    ['a directory that is not there', join(dir, 'nowhere/file'), /No such file|nonexistent|can't create|failed/i],
    ['a directory in place of the file', '/tmp', '/tmp is a directory'],
  ])('an upload fails at %s', async (_, path, seen) => {
    const problem = await problemOf(shell.upload(Buffer.from('x'), path, '0644'))
    expect(problem.fields).toMatchObject({ code: 'upload-failed', seen: expect.stringMatching(seen) })
  })
})

it('a shell that was given up and closes late takes none away that came after it', async () => {
  const inner = localConnection('sh')
  let close = () => {}
  const late = new Promise<void>(resolve => {
    close = resolve
  })
  const connection: typeof inner = {
    ...inner,
    async open(line, how) {
      const channel = await inner.open(line, how)
      return { ...channel, closed: channel.closed.then(status => late.then(() => status)) }
    },
  }
  const shell = new FramedShell(connection, () => plainDoor('node1'))
  const slow = problemOf(shell.run('sleep 60', { reads: true, timeoutMs: 50 }))
  await Promise.all([slow, shell.run('echo other', { reads: true })])
  await shell.run('echo a shell that came after it')
  const opened = inner.opened()
  close()
  // Its end has been heard when the next turn of the loop begins; that of its process came before.
  await vi.waitUntil(() => inner.living() === 1, { timeout: 60_000, interval: 20 })
  await new Promise(resolve => setImmediate(resolve))
  await shell.run('echo still the same')
  expect(inner.opened()).toBe(opened)
  inner.closeAll()
})

describe('login files', () => {
  it('may talk on both streams', async () => {
    const { connection, shell } = open('sh', 'echo Welcome to node1; echo fortune >&2; printf "no line break"')
    expect(await shell.run('echo mine')).toEqual({ exitCode: 0, stdout: 'mine\n', stderr: '' })
    connection.closeAll()
  })

  it('that end the session are told', async () => {
    const { shell } = open('sh', 'echo "This account is not available."; exit 1')
    expect((await problemOf(shell.run('true'))).fields).toMatchObject({
      code: 'no-shell',
      seen: 'This account is not available.',
    })
  })
})
