import { describe, expect, it } from 'vitest'
import { $ as zx } from 'zx/core'
import { Problem } from '../../src/model/problem.ts'
import { Secret } from '../../src/model/secret.ts'
import { type HostDollar, hostDollar } from '../../src/shell/dollar.ts'
import type { CommandResult, HostShell } from '../../src/shell/host-shell.ts'
import { localShell } from './local-shell.ts'
import { problemOf } from './problem-of.ts'

const password = new Secret('directory_password', 'canary-4711')

describe('a command on a node', () => {
  const shell = localShell()
  const $ = hostDollar(shell)

  it('reads like zx: awaited, it has stdout and an exit code', async () => {
    const { stdout, exitCode } = await $`echo hello`
    expect({ stdout, exitCode }).toEqual({ stdout: 'hello\n', exitCode: 0 })
  })

  it.each([
    ['a word with a quote', "it's", "it's"],
    ['a list', ['a b', 'c'], 'a b|c'],
    ['an empty list', [], ''],
    ['a number', 7, '7'],
  ])('interpolates %s', async (_, words, printed) => {
    expect(await $`for word in ${words}; do printf '%s|' "$word"; done`.text()).toBe(printed && `${printed}|`)
  })

  it('begins no context, which would make each promise of this process slower', async () => {
    await $`:`
    expect(Object.getOwnPropertySymbols(new Promise(() => {}))).toEqual([])
  })

  it('sends the script as it stands, with no prefix of bash', async () => {
    await $`false; true`
    expect(shell.asked.at(-1)?.script).toBe('false; true')
  })

  it('gives text and lines of stdout only, since a warning is no answer', async () => {
    expect(await $`echo warning >&2; echo 'ü 1'; echo 2`.text()).toBe('ü 1\n2\n')
    expect(await $`echo warning >&2; echo 'ü 1'; echo 2`.lines()).toEqual(['ü 1', '2'])
    expect(`${await $`echo warning >&2; echo answer`}`).toBe('answer')
  })

  it('reads json', async () => expect(await $`echo '{"a":1}'`.json()).toEqual({ a: 1 }))

  it('gives the exit code without throwing', async () => expect(await $`exit 3`.exitCode).toBe(3))

  it.each<[string, (it: HostDollar) => Promise<{ exitCode: number | null }>]>([
    ['as a method', $ => $`exit 3`.nothrow()],
    ['as an option', $ => $({ nothrow: true })`exit 3`],
  ])('takes an exit status as an answer with nothrow %s', async (_, ask) => expect((await ask($)).exitCode).toBe(3))

  it.each(['text', new TextEncoder().encode('text'), new Secret('x', 'text')])('reads input %#', async input => {
    expect(await $({ input })`cat`.text()).toBe('text')
  })

  it.each<[string, (it: HostDollar) => Promise<unknown>]>([
    ['as a method', $ => $`sleep 5`.timeout('100ms')],
    ['as an option', $ => $({ timeout: 100 })`sleep 5`],
  ])('is ended when it takes too long, told %s', async (_, ask) => {
    expect((await problemOf(ask($))).code).toBe('command-timeout')
  })

  it('is ended by kill, on the node', async () => {
    const command = $`sleep 5`
    setTimeout(() => command.kill(), 50)
    expect((await problemOf(command)).code).toBe('command-interrupted')
  })

  it('keeps the options of two bindings apart', async () => {
    const lenient = $({ nothrow: true })
    expect((await lenient`exit 1`).exitCode).toBe(1)
    expect((await problemOf($`exit 1`)).code).toBe('command-failed')
  })

  it('runs several at once without mixing them up', async () => {
    const texts = await Promise.all([1, 2, 3, 4].map(n => $`echo ${n}`.text()))
    expect(texts).toEqual(['1\n', '2\n', '3\n', '4\n'])
  })
})

describe('a command that fails', () => {
  const $ = hostDollar(localShell())

  it('is a Problem with command, status and the end of what it said, on either stream', async () => {
    const problem = await problemOf($`echo started; echo 'no such volume' >&2; exit 5`)
    expect(problem.fields).toMatchObject({
      code: 'command-failed',
      summary: "`echo started; echo 'no such volume' >&2; exit 5` ended with exit status 5 on node1",
      host: 'node1',
      seen: 'no such volume',
      wanted: 'exit status 0',
      excerpt: 'started\nno such volume',
    })
  })

  it('says what the shell means by 127', async () => {
    expect((await problemOf($`${'no-such-program-here'}`)).message).toContain('exit status 127 (command not found)')
  })

  it('shows stdout when stderr is empty, and only the end of it', async () => {
    const { fields } = await problemOf($`i=0; while [ $i -lt 30 ]; do echo line $i; i=$((i+1)); done; exit 1`)
    expect(fields.excerpt?.split('\n').slice(0, 2)).toEqual(['… 10 lines before', 'line 10'])
  })

  it('never shows the secret that it was given', async () => {
    const problem = await problemOf($({ input: password })`read p; echo "wrong: $p" >&2; exit 1`)
    expect(problem.fields.seen).toBe('wrong: ••••••')
    expect(JSON.stringify(problem.fields)).not.toContain('canary')
  })

  it('is caught once for text(), lines() and await', async () => {
    expect((await problemOf($`exit 1`.text())).code).toBe('command-failed')
    expect((await problemOf($`exit 1`.lines())).code).toBe('command-failed')
    expect(await $`exit 1`.catch((error: Problem) => error.code)).toBe('command-failed')
  })
})

describe('a lost connection', () => {
  const lost = new Problem({ code: 'connection-lost', summary: 'gone', exit: 7 })
  const shell: HostShell = { ...localShell(), run: () => Promise.reject(lost) }
  const $ = hostDollar(shell)

  it.each<[string, () => Promise<unknown>]>([
    ['await', () => $`true`],
    ['nothrow', () => $`true`.nothrow()],
    ['exitCode', () => $`true`.exitCode],
    ['text', () => $({ nothrow: true })`true`.text()],
  ])('is no result for %s', async (_, ask) => expect(await problemOf(ask())).toBe(lost))
})

describe('what is kept away from this machine', () => {
  const shell = localShell()
  const $ = hostDollar(shell)

  it('a pipe in zx style is refused, since zx would start its second half here', () => {
    const command = $`true`
    expect(() => (command as unknown as { pipe: unknown }).pipe).toThrow(/does not reach a node/)
  })

  it('leaves an error of ours its stack', async () => {
    const before = Error.stackTraceLimit
    expect(() => $`echo ${'\0'}`).toThrow()
    await $`true`
    expect([Error.stackTraceLimit, before > 0]).toEqual([before, true])
  })

  it.each([
    ['before', () => {}],
    ['while another command is under way', () => void $`sleep 0.1`],
    ['behind one that could not begin', () => expect(() => $`echo ${'\0'}`).toThrow()],
  ])('what calls zx itself is refused, %s', async (_, begin) => {
    begin()
    await expect(zx`true`).rejects.toMatchObject({ cause: { message: 'zx starts nothing on this machine' } })
  })

  it('there is no pid that a signal could reach', async () => {
    const command = $`true`
    expect((command as unknown as { pid: unknown }).pid).toBeUndefined()
    await command
  })

  it('a secret in a template is refused before anything is sent', () => {
    const before = shell.asked.length
    // @ts-expect-error A secret is no word of a command line.
    expect(() => $`echo ${password}`).toThrow(expect.objectContaining({ code: 'secret-in-command' }))
    // @ts-expect-error Nor in a list.
    expect(() => $`echo ${['-p', password]}`).toThrow(expect.objectContaining({ code: 'secret-in-command' }))
    expect(shell.asked.length).toBe(before)
  })

  it.each([undefined, null, {}, () => 'x'])('%s in a template is a mistake of its author', value => {
    // @ts-expect-error Only text, numbers, booleans and lists of them.
    expect(() => $`echo ${value}`).toThrow(TypeError)
  })
})

describe('the record of commands', () => {
  it('tells each command with its result, secrets masked', async () => {
    const heard: [string, CommandResult | undefined][] = []
    const $ = hostDollar(localShell(), { onCommand: (script, result) => heard.push([script, result]) })
    await $({ input: password, nothrow: true })`cat; exit 2`
    await $`sleep 5`.timeout('50ms').catch(() => {})
    expect(heard).toEqual([
      ['cat; exit 2', { exitCode: 2, stdout: '••••••', stderr: '' }],
      ['sleep 5', undefined],
    ])
  })
})
