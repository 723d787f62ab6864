import { execFileSync, spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { describe, expect, it, test } from 'vitest'
import { Secret } from '../../src/model/secret.ts'
import { part, quote, type Words } from '../../src/shell/quote.ts'

/** What a real shell makes of a quoted list: its words, one after the other. */
const readBack = (shell: readonly string[], words: Words): string[] => {
  const [program = '', ...args] = shell
  const out = execFileSync(program, [...args, '-c', `printf '%s\\0' ${quote(words)}`], {
    env: { LC_ALL: 'C', PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return out.toString('utf8').split('\0').slice(0, -1)
}

const awkward = [
  '',
  ' ',
  '-n',
  '~',
  '~root',
  '*',
  'a b',
  "it's",
  "''",
  '"$HOME"',
  '$(id)',
  '`id`',
  '\\',
  '\\n',
  'a\nb',
  'trailing\n',
  '\t',
  '\r',
  'X=1',
  '!x',
  '#',
  'ü€😀',
  '\x1b[31m',
  '{a,b}',
  ';reboot',
  '&&',
  '|',
  '>',
  "\\'",
]

/** Any character but NUL and the lone surrogates, which UTF-8 cannot carry. */
const randomText = (): string =>
  Array.from({ length: randomInt(1, 40) }, () =>
    String.fromCodePoint(randomInt(4) === 0 ? randomInt(0xa0, 0xd800) : randomInt(1, 0x80)),
  ).join('')

const shells = [
  { name: 'dash', command: ['dash'] },
  { name: 'bash', command: ['bash'] },
  { name: 'bash --posix', command: ['bash', '--posix'] },
  { name: 'busybox sh', command: ['busybox', 'sh'] },
]

describe.each(shells)('read back by $name', ({ command }) => {
  const isThere = spawnSync(command[0] ?? '', [...command.slice(1), '-c', ':']).status === 0

  test.skipIf(!isThere)('awkward words come back as they went in', () => {
    expect(readBack(command, awkward)).toEqual(awkward)
  })

  test.skipIf(!isThere)('random words come back as they went in', () => {
    const words = Array.from({ length: 500 }, randomText)
    expect(readBack(command, words)).toEqual(words)
  })
})

describe('quote', () => {
  it.each<[string, Words, string]>([
    ['a plain word stays plain', '/mnt/messenger', '/mnt/messenger'],
    ['an empty word is still a word', '', "''"],
    ['a word that looks like an assignment is quoted', 'A=1', "'A=1'"],
    ['a number', 8300, '8300'],
    ['a boolean', true, 'true'],
    ['a list becomes several words', ['a b', 1], "'a b' 1"],
    ['an empty list is nothing', [], ''],
    ['a part of a script stays, its words quoted', part`rm ${'a b'} && ${part`echo $x`}`, "rm 'a b' && echo $x"],
  ])('%s', (_, words, quoted) => expect(quote(words)).toBe(quoted))

  it('refuses a secret and names it, not its value', () => {
    const refuse = () => quote(new Secret('directory_password', 'canary-4711'))
    expect(refuse).toThrow(expect.objectContaining({ code: 'secret-in-command' }))
    expect(refuse).toThrow(/directory_password/)
    expect(refuse).not.toThrow(/canary-4711/)
  })

  it('makes a part of a template alone, and keeps secrets out of it', () => {
    expect(() => part`echo ${new Secret('s', 'x') as never}`).toThrow(
      expect.objectContaining({ code: 'secret-in-command' }),
    )
    expect(() => part(['rm -rf /'] as never)).toThrow('a part is written as a template')
  })

  it('refuses a NUL, which no shell can carry', () => {
    expect(() => quote('a\0b')).toThrow(expect.objectContaining({ code: 'word-with-nul' }))
  })
})
