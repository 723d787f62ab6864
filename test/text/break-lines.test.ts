import { describe, expect, it } from 'vitest'
import { breakLines } from '../../src/text/break-lines.ts'

describe('a text in lines', () => {
  it.each([
    ['short', 20, ['short']],
    ['', 20, ['']],
    ['one two three', 7, ['one two', 'three']],
    ['one  two   three', 8, ['one  two', 'three']],
    ['  in front', 6, ['  in', 'front']],
    ['a word-that-is-wider', 6, ['a', 'word-that-is-wider']],
    ['say `run step a/b@c` then', 12, ['say', '`run step a/b@c`', 'then']],
    ['an open ` tick stays', 9, ['an open `', 'tick', 'stays']],
    ['漢字 漢字', 5, ['漢字', '漢字']],
    ['all on one line', Number.POSITIVE_INFINITY, ['all on one line']],
  ])('%j in %d columns', (text, columns, lines) => {
    expect(breakLines(text, columns)).toEqual(lines)
  })

  it('begins behind what stands on the first line already', () => {
    expect(breakLines('one two three', 11, { first: 6 })).toEqual(['one', 'two three'])
    expect(breakLines('one', 6, { first: 6 })).toEqual(['', 'one'])
  })
})
