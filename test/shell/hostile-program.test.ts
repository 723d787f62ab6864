// What a program puts on a terminal costs no more than its length, and is never taken for a prompt that it is not.
import { describe, expect, it } from 'vitest'
import { blankScreen, screenText, writeScreen } from '../../src/shell/screen.ts'
import { rehearse } from './rehearse.ts'

const within = (longestMs: number, work: () => void): void => {
  const start = performance.now()
  work()
  expect(performance.now() - start).toBeLessThan(longestMs)
}

const longMs = 20_000

describe('a screen', () => {
  it.each([
    ['a jump far to the right', '\x1b[999999999Cx'],
    ['a jump to a column that no terminal has', '\x1b[2147483647Gx'],
    ['many jumps', '\x1b[9999C'.repeat(10_000)],
    ['a line of a megabyte', 'x'.repeat(2 ** 20)],
    ['a line written over and over', `${'x'.repeat(8000)}${'\ry'.repeat(20_000)}`],
    ['an escape without an end', `\x1b]${'x'.repeat(2 ** 20)}`],
    ['many escapes without an end', '\x1b]x'.repeat(50_000)],
    ['backspaces', 'x\b'.repeat(50_000)],
  ])('takes %s', (_, text) => {
    within(longMs, () => {
      const shown = screenText(writeScreen(blankScreen, text))
      expect(shown.length).toBeLessThan(2 * text.length + 10_000)
    })
  })
})

const prompt = (expect: string | RegExp) => ({ prompts: [{ name: 'a', expect, answer: 'y' }] })

describe('a dialogue', () => {
  it('gives a pattern up that does not come to its end', () => {
    within(longMs, () => {
      const { outcome, typed } = rehearse(prompt(/(a+)+$/), [`${'a'.repeat(40)}!`, 2000])
      expect([outcome, typed]).toEqual(['pattern-too-slow', []])
    })
  })

  it('looks for a prompt of signs in as many signs', () => {
    within(longMs, () => {
      const { typed } = rehearse(prompt('#'), ['# '.repeat(30_000), 2000])
      expect(typed).toEqual(['y\r'])
    })
  })

  it('ends a program that never stops talking', () => {
    const piece = 'words without end\n'.repeat(20_000)
    const { outcome } = rehearse(
      prompt('Go on?'),
      Array.from({ length: 60 }, () => piece),
    )
    expect(outcome).toBe('dialogue-too-much')
  })
})
