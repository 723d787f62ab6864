// What is asked for at the same time: in how many commands it goes, and that each is told what it would be told alone.
import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import type { CommandOptions, CommandResult } from '../../src/shell/host-shell.ts'
import { AskedTogether } from '../../src/transport/asked-together.ts'

const carriedOut = (script: string): CommandResult => {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script], { encoding: 'utf8' })
  return { exitCode: status ?? -1, stdout, stderr }
}

/** @returns What each was told, what was sent in one piece, and what was asked alone. */
const asked = async (scripts: readonly string[], options: CommandOptions = { isQuick: true }) => {
  const [sent, alone]: [string[], string[]] = [[], []]
  const way = new AskedTogether({
    assertUsable: () => {},
    async send(commands) {
      sent.push(...commands.map(({ script }) => script))
      return commands.map(command => ({ command, answer: Promise.resolve(carriedOut(command.script)) }))
    },
    async alone(script) {
      alone.push(script)
      return carriedOut(script)
    },
    notSent: error => error,
  })
  const told = await Promise.all(scripts.map(script => way.ask(script, options)))
  return { told, sent, alone }
}

describe('looks that take no time', () => {
  it.each<[string, readonly string[]]>([
    ['with and without an end of their lines', ['echo one', 'printf two', "printf '\\n\\nthree\\n\\n'"]],
    ['with nothing to say', [':', ':', 'echo x']],
    ['of any status', ['exit 44', 'echo x; exit 3', 'exec false', 'exit 7']],
    [
      'that would change what the next ones see',
      ['cd /; pwd', 'pwd; a=1', 'echo "${a-none}"; set -e; false', 'echo on'],
    ],
    ['with a comment at the end', ['echo one # two', 'echo three # four']],
    ['that take the place of their shell', ['exec echo one', 'exec printf two', 'exec echo three']],
    ['in more than ASCII', ["printf 'ü\\302'", "printf '\\244\\200'", "printf '\\377'"]],
  ])('go in one command, and each is told its own: %s', async (_, scripts) => {
    const { told, sent, alone } = await asked(scripts)
    expect(told).toEqual(scripts.map(carriedOut))
    expect([sent.length, alone]).toEqual([1, []])
  })

  it.each<[string, readonly string[]]>([
    ['says something on stderr', ['echo one', 'echo two >&2; exit 1', 'echo three']],
    ['ends the command', ['echo one', 'kill $$', 'echo three']],
  ])('are asked alone where one of them %s', async (_, scripts) => {
    const { sent, alone } = await asked(scripts)
    expect([sent.length, alone]).toEqual([1, scripts])
  })

  it('go with those of their kind, which one command makes for all', async () => {
    const kind = (key: string): CommandOptions => ({
      isQuick: true,
      together: {
        kind: 'kind',
        key,
        script: keys => `for key in ${keys.join(' ')}; do echo "$key"; done`,
        split: ({ stdout }) => stdout.split('\n').map(line => ({ exitCode: 0, stdout: `${line}\n`, stderr: '' })),
      },
    })
    const sent: string[] = []
    const way = new AskedTogether({
      assertUsable: () => {},
      async send(commands) {
        sent.push(...commands.map(({ script }) => script))
        return commands.map(command => ({ command, answer: Promise.resolve(carriedOut(command.script)) }))
      },
      alone: async script => carriedOut(script),
      notSent: error => error,
    })
    const told = await Promise.all([
      way.ask('echo a', kind('a')),
      way.ask('echo x', { isQuick: true }),
      way.ask('echo b', kind('b')),
    ])
    expect(told.map(({ stdout }) => stdout)).toEqual(['a\n', 'x\n', 'b\n'])
    expect(sent.length).toBe(1)
  })
})

it.each<[string, CommandOptions]>([
  ['may take their time', {}],
  ['have a time of their own', { isQuick: true, timeoutMs: 5000 }],
])('looks that %s go in a command each', async (_, options) => {
  const { told, sent } = await asked(['echo one', 'echo two'], options)
  expect(told.map(({ stdout }) => stdout)).toEqual(['one\n', 'two\n'])
  expect(sent).toEqual(['echo one', 'echo two'])
})
