// What a node says, however it says it, is output of a command and never its end, its status, or the next command's.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { plainDoor } from '../../src/transport/door.ts'
import { frames } from '../../src/transport/frame.ts'
import { FramedShell } from '../../src/transport/framed-shell.ts'
import { MarkerReader } from '../../src/transport/marker-reader.ts'
import { openProgram } from '../../src/transport/program.ts'
import { heldAs } from '../kit/fault-table.ts'
import { atThisPace } from '../kit/pace.ts'
import { problemOf } from '../shell/problem-of.ts'
import { type LocalConnection, localConnection, shells } from './local-connection.ts'

const connections: LocalConnection[] = []
afterEach(() => {
  for (const connection of connections.splice(0)) connection.closeAll()
})

const shellOf = (sh?: string, login?: string): FramedShell => {
  const connection = localConnection(sh, login)
  connections.push(connection)
  return new FramedShell(connection, () => plainDoor('node1'))
}

/** Markers as an earlier frame had them, and forms of ends that a node could guess. */
const forged = [
  '0123456789abcdef0123456789abcdef 0',
  `${'f'.repeat(32)} 0\n${'f'.repeat(32)}`,
  'echo 0123456789abcdef0123456789abcdef $?',
  '\u0000\u0001\u0004',
  '\u001b]0;title\u0007\u001b[2J',
]

describe.each(shells)('a node whose shell is %s', sh => {
  it.each(forged)('prints %j, and it is output', async text => {
    const result = await shellOf(sh).run('cat; exit 3', { input: text })
    expect(result).toEqual({ exitCode: 3, stdout: text, stderr: '' })
  })

  it('looks for the markers in its own process, and they are not there', async () => {
    const { exitCode, stdout } = await shellOf(sh).run(`tr '\\0' '\\n' </proc/$$/cmdline; exit 4`)
    expect([exitCode, /[0-9a-f]{32}/.test(stdout)]).toEqual([4, false])
  })

  it('prints the line that started it, markers and all, and its status is still its own', async () => {
    const shell = shellOf(sh)
    const large = 'x'.repeat(100_000)
    const { exitCode, stdout } = await shell.run(`wc -c; tr '\\0' '\\n' </proc/$$/cmdline; exit 4`, { input: large })
    expect([exitCode, stdout.trimStart().startsWith('100000')]).toEqual([4, true])
    expect((await shell.run('echo next')).stdout).toBe('next\n')
  })

  it('leaves something behind that goes on talking, and the next command does not hear it', async () => {
    const shell = shellOf(sh)
    const at = mkdtempSync(join(tmpdir(), 'late-'))
    await shell.run(`(until [ -e ${at}/go ]; do sleep 0.05; done; echo late; echo late >&2; touch ${at}/said) &`)
    const { stdout } = await shell.run('echo one; sleep 0.01')
    await shell.run(`touch ${at}/go; until [ -e ${at}/said ]; do sleep 0.05; done`)
    expect([stdout, await shell.run('echo two')]).toEqual(['one\n', { exitCode: 0, stdout: 'two\n', stderr: '' }])
  })

  it('prints megabytes, and all of them are there', async () => {
    const { stdout } = await shellOf(sh).run(`head -c 4000000 /dev/zero | tr '\\0' x`)
    expect(stdout.length).toBe(4_000_000)
  })
})

it('a node that prints without end is ended, and told', async () => {
  const shell = shellOf()
  expect((await problemOf(shell.run('yes'))).code).toBe('output-too-large')
  expect((await shell.run('echo next')).stdout).toBe('next\n')
})

const piece = (text: string) => Buffer.from(text)

it('what is sent behind another command begins where that one ends, and says no begin of its own', () => {
  const [asked] = frames([{ script: 'echo hello' }], { areBehind: true })
  const [end = '', ...others] = new Set(asked?.text.match(/[0-9a-f]{32}/g))
  expect(others).toEqual([])
  expect(asked?.text).toMatch(/^\( eval /)
  asked?.hear('stderr', piece(`${end}\n`))
  asked?.hear('stdout', piece(`hello\n${end} 0\n`))
  expect(asked?.result()).toEqual({ exitCode: 0, stdout: 'hello\n', stderr: '' })
})

describe('a node that repeats what it is told', () => {
  it('shows the frame itself, and the answer is the real one', () => {
    const [asked] = frames([{ script: 'echo hello' }])
    if (!asked) throw new Error('no frame')
    const [begin = '', end = ''] = [...asked.text.matchAll(/[0-9a-f]{32}/g)]
      .map(([marker]) => marker)
      .filter((each, at, all) => all.indexOf(each) === at)
    expect(asked.hear('stdout', piece(`${asked.text}${begin}\nhello\n`))).toBeUndefined()
    expect(asked.hear('stderr', piece(`+ ${asked.text}${begin}\n${end}\nnext`))).toEqual(piece('next'))
    expect(asked.result()).toBeUndefined()
    expect(asked.hear('stdout', piece(`${end} 7\n`))).toEqual(piece(''))
    expect(asked.result()).toEqual({ exitCode: 7, stdout: 'hello\n', stderr: '' })
  })

  it('has its shell trace each line (set -v), and statuses are still told apart', async () => {
    const shell = shellOf('sh -v')
    expect((await shell.run('exit 5')).exitCode).toBe(5)
    expect((await shell.run('echo a')).stdout).toBe('a\n')
  })

  it('and of looks that are asked at once each has its own answer', async () => {
    const shell = shellOf('sh -v')
    const looks = await Promise.all(['echo a', 'exit 4', 'echo c'].map(script => shell.run(script, { reads: true })))
    expect(looks.map(({ stdout, exitCode }) => [stdout, exitCode])).toEqual([
      ['a\n', 0],
      ['', 4],
      ['c\n', 0],
    ])
  })

  it('never says a status that is no number', () => {
    const reader = new MarkerReader('mark', /^\d{1,3}$/)
    expect(reader.feed(piece('mark $?; echo mark >&2\nmark zero\nmark 1234\n'))).toBeUndefined()
    expect(reader.feed(piece('mark 0\n'))?.said).toBe('0')
  })

  it('does not make a marker without an end cost more than its length', () => {
    const reader = new MarkerReader('mark', /^\d+$/)
    const start = performance.now()
    for (let round = 0; round < 200; round += 1) reader.feed(piece('mark'.repeat(1000)))
    expect(performance.now() - start).toBeLessThan(atThisPace(5000))
  })
})

describe('a login that talks', () => {
  it('says a lot before the shell answers, and is given up', async () => {
    const connection = localConnection('sh', `yes | head -c 3000000`)
    connections.push(connection)
    const problem = await problemOf(openProgram(connection, { script: 'cat', door: plainDoor('node1') }))
    expect(problem.code).toBe('shell-noisy')
    heldAs('its login files talk without end', problem)
  })

  it('says a little, and is passed over', async () => {
    expect((await shellOf('sh', 'echo Welcome; echo Mind the step >&2').run('echo hello')).stdout).toBe('hello\n')
  })
})
