import { describe, expect, it } from 'vitest'
import { asCode, asText } from '../../../src/report/markdown-text.ts'
import { wrap } from '../../../src/report/review/wrap.ts'

describe('lines of a mail', () => {
  const cases: readonly [what: string, text: string, lines: readonly string[]][] = [
    ['are broken at blanks', 'one two three four', ['one two', 'three four']],
    ['keep a word that is longer than they are', 'a/very/long/path b', ['a/very/long/path', 'b']],
    ['keep a code span whole', 'run `a b c d e f` now', ['run', '`a b c d e f`', 'now']],
    ['never begin as a list', 'aaaa bbbb - cc', ['aaaa bbbb -', 'cc']],
    ['never begin as a numbered list', 'aaaa bbbb 1. cc', ['aaaa bbbb 1.', 'cc']],
    ['keep a backtick that opens nothing', 'aaaa ` bbbbb', ['aaaa `', 'bbbbb']],
  ]
  it.each(cases)('%s', (_what, text, lines) => {
    expect(wrap(text, { columns: 10 })).toBe(lines.join('\n'))
  })

  it('are indented below the sign of their list', () => {
    expect(wrap('one two three', { columns: 10, first: '- ', rest: '  ' })).toBe('- one two\n  three')
  })
})

describe('text in Markdown', () => {
  const cases: readonly [text: string, markdown: string][] = [
    ['agents_user', 'agents_user'],
    ['_x_ and *y*', '\\_x\\_ and \\*y\\*'],
    ['<b>', '\\<b>'],
    ['[a](b)', '\\[a](b)'],
    ['[a]', '[a]'],
    ['a `b`', 'a \\`b\\`'],
    ['&lt;', '\\&lt;'],
    ['a\u001b[31m\nb', 'a b'],
  ]
  it.each(cases)('%j is written %j', (text, markdown) => {
    expect(asText(text)).toBe(markdown)
  })

  it('is word for word in a code span, with backticks in it too', () => {
    expect(asCode('a `b` c')).toBe('``a `b` c``')
    expect(asCode('`b`')).toBe('`` `b` ``')
  })
})
