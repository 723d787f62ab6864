// What a program on a node can do to the terminal of the person who answers it: move the cursor, and no more.
import { expect, it } from 'vitest'
import { onlyForEyes } from '../../src/cli/only-for-eyes.ts'

const cases = [
  ['words and colours', '\x1b[32mGrün\x1b[0m 設定', '\x1b[32mGrün\x1b[0m 設定'],
  ['a line drawn anew', '50%\r\x1b[2K60%', '50%\r\x1b[2K60%'],
  ['a title', 'a\x1b]0;title\x07b', 'ab'],
  ['the clipboard', 'a\x1b]52;c;cm0gLXJm\x1b\\b', 'ab'],
  ['a device control string', 'a\x1bPq#0\x1b\\b', 'ab'],
  ['questions that the terminal answers', 'a\x1b[6n\x1b[c\x1b[>c\x1bZ\x05b', 'ab'],
] as const

it.each(cases)('%s', (_, said, shown) => expect(onlyForEyes()(said)).toBe(shown))

it.each(cases)('%s, one character at a time', (_, said, shown) => {
  const eyes = onlyForEyes()
  expect([...said].map(eyes).join('')).toBe(shown)
})
