// Words of a command with variables of the node in them, as a shell on it reads the line that they make.
import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { expandedLine } from '../../../tasks/lib/expanded.ts'

const printed = (words: readonly string[]): readonly string[] =>
  execFileSync('sh', ['-c', `printf '%s\\n' ${expandedLine(words)}`], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: '/root', TWO: 'a  b' },
  })
    .split('\n')
    .slice(0, -1)

describe('a word is one word', () => {
  it.each([
    ['plain', 'plain'],
    ['', ''],
    ["it's", "it's"],
    ['$HOME', '/root'],
    ['${HOME}/x', '/root/x'],
    ['a$TWO.b', 'aa  b.b'],
    ['~/x', '/root/x'],
    ['~', '/root'],
    ['~nobody-of-that-name/x', '~nobody-of-that-name/x'],
    ['x~', 'x~'],
    ['$NOT_SET and ${NOT_SET}', '$NOT_SET and ${NOT_SET}'],
    ['$', '$'],
    ['$1 $(id) `id` "x"', '$1 $(id) `id` "x"'],
    ['\\$HOME', '\\/root'],
  ])('%s', (word, read) => {
    expect(printed([word])).toEqual([read])
  })
})
