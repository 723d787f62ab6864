// Words and bytes come through every layer between here and a program on a node as they went in.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { hostDollar } from '../../src/shell/dollar.ts'
import { render } from '../../src/template/render.ts'
import { compileTemplate } from '../../src/template/template.ts'
import { plainDoor } from '../../src/transport/door.ts'
import { FramedShell } from '../../src/transport/framed-shell.ts'
import { sudoDoor } from '../../src/transport/sudo.ts'
import { tries } from '../kit/fuzz.ts'
import { localConnection } from '../transport/local-connection.ts'

const dir = mkdtempSync(join(tmpdir(), 'quoting-'))
const ways = [
  ['dash', 'dash', plainDoor('node1')],
  ['bash', 'bash', plainDoor('node1')],
  ['bash --posix', 'bash --posix', plainDoor('node1')],
  ['busybox sh', 'busybox sh', plainDoor('node1')],
  ['dash behind sudo', 'dash', undefined],
] as const

const isThere = (sh: string): boolean => {
  const [program = '', ...args] = sh.split(' ')
  return spawnSync(program, [...args, '-c', ':']).status === 0
}
const hasSudo = process.getuid?.() === 0 && spawnSync('sudo', ['-n', 'true']).status === 0

const connections: ReturnType<typeof localConnection>[] = []
afterAll(() => {
  for (const connection of connections) connection.closeAll()
  rmSync(dir, { recursive: true })
})

const special = [
  '-n',
  '--',
  '*',
  '~',
  '$(id)',
  '`id`',
  "'",
  '"',
  '\\',
  '\n',
  '\r',
  '\t',
  ' ',
  ';',
  '#',
  '!',
  '=',
  '{a,b}',
  '\x1b',
  'é',
  '😀',
  '\u2028',
]

/** All that a word of a shell can hold: anything but NUL and the halves of characters. */
const word = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc
      .array(fc.oneof(fc.constantFrom(...special), fc.string({ maxLength: 3 })), { maxLength: 8 })
      .map(parts => parts.join('')),
  )
  .map(text => text.replaceAll('\0', ''))
  .filter(text => !/\p{Cs}/u.test(text))

const words = fc.array(word, { maxLength: 6 })
const bytes = fc.uint8Array({ maxLength: 300 })
/** Whatever a file may be called, below a directory. */
const fileName = word.map(text => `x${text.replaceAll('/', '_')}`.slice(0, 60)).filter(text => !/\p{Cs}/u.test(text))

describe.each(ways)('%s', (_, sh, door) => {
  const isPossible = isThere(sh) && (door !== undefined || hasSudo)
  const connection = localConnection(sh)
  connections.push(connection)
  const shell = new FramedShell(connection, () => door ?? sudoDoor({ host: 'node1', user: 'root' }))
  const $ = hostDollar(shell)

  test.skipIf(!isPossible)('each word of a list, and a word within a word', async () => {
    await fc.assert(
      fc.asyncProperty(words, word, async (list, one) => {
        const { stdout } = await $`printf '%s\\0' ${list} ${one} ${`a${one}b`}; :`
        expect(stdout.split('\0')).toEqual([...list, one, `a${one}b`, ''])
      }),
      tries(30),
    )
  })

  test.skipIf(!isPossible)('a word through a second shell, as `shell:` has it', async () => {
    await fc.assert(
      fc.asyncProperty(word, async one => {
        const { template } = compileTemplate("printf '%s\\0' {{ one | quote }}", place)
        const { stdout } = await $`sh -c -- ${String(render(template, { one }))}`
        expect(stdout).toBe(`${one}\0`)
      }),
      tries(20),
    )
  })

  test.skipIf(!isPossible)('bytes on stdin, also those that are no text', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, async input => {
        const { stdout } = await $({ input })`od -An -v -tx1 | tr -d ' \\n'`
        expect(stdout).toBe(Buffer.from(input).toString('hex'))
      }),
      tries(30),
    )
  })

  test.skipIf(!isPossible)('a file under any name', async () => {
    const own = mkdtempSync(join(dir, 'files-'))
    await fc.assert(
      fc.asyncProperty(fileName, bytes, async (file, content) => {
        await shell.upload(content, join(own, file), '0600')
        expect(readdirSync(own)).toEqual([file])
        expect(readFileSync(join(own, file))).toEqual(Buffer.from(content))
        rmSync(join(own, file))
      }),
      tries(8),
    )
  })
})

const place = { file: 't', line: 1, column: 1, width: 1, excerpt: '' }
