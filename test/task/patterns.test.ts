// A pattern that is a trap is given up, however short the text: with repetitions, or with a choice that is repeated.
import { describe, expect, it } from 'vitest'
import { findIn, foundIn } from '../../src/task/patterns.ts'

describe('a pattern', () => {
  it.each([
    ['a repetition within a repetition', '^(a+)+$'],
    ['a repetition of a choice', '^(a|a|a)*$'],
    ['repetitions one behind the other', `^${'a*'.repeat(9)}b$`],
  ])('with %s is given up after a second of work', (_, trap) => {
    const text = `${'a'.repeat(39)}!`
    expect(() => foundIn(trap, ['b', text])).toThrow('does not come to its end')
  })

  it.each<[string, string, readonly boolean[]]>([
    ['of plain text', 'ort', [true, false]],
    ['with one repetition', '^po*rt', [true, false]],
    ['with a choice', '^(port|starboard)$', [false, false]],
  ])('%s is found where it is', (_, pattern, found) => {
    expect(foundIn(pattern, ['port = 8300', 'host = a'])).toEqual(found)
    expect(findIn(pattern, 'port = 8300') !== null).toBe(found[0])
  })
})
