// Each row is what Python's `shlex.split` makes of it, but the continued line, which is that of sh.
import { describe, expect, it } from 'vitest'
import { splitWords, wordsIn } from '../../src/shell/split-words.ts'

describe('a command line', () => {
  it.each([
    ['', []],
    ['  ls  -l\t/x\n', ['ls', '-l', '/x']],
    [`'two words' "and three" e'f'"g"`, ['two words', 'and three', 'efg']],
    ['x\\ y \\"z', ['x y', '"z']],
    ['"a \\"b\\" \\\\ \\n"', ['a "b" \\ \\n']],
    ["'a\\b' ''", ['a\\b', '']],
    ['a | b > $c #d', ['a', '|', 'b', '>', '$c', '#d']],
    ["it\\'s", ["it's"]],
    ['--x="a b"', ['--x=a b']],
    ['one \\\n  two', ['one', 'two']],
    ['äöü "日本 語"', ['äöü', '日本 語']],
  ])('%j', (line, words) => {
    expect(wordsIn(line)).toEqual(words)
    expect(splitWords(line)).toEqual(words)
  })

  it.each([
    ["it's", ['its']],
    ['say "a b', ['say', 'a b']],
    ['x \\', ['x', '\\']],
  ])('without an end is none: %j', (line, words) => {
    expect(wordsIn(line)).toBeUndefined()
    expect(splitWords(line)).toEqual(words)
  })
})
