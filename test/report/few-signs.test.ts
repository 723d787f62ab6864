// Which terminals have few signs, and what they are shown in the place of ours.
import { describe, expect, it } from 'vitest'
import { hasFewSigns, inFewSigns } from '../../src/report/few-signs.ts'
import { spinner } from '../../src/report/tree/step-line.ts'
import { sourcesOf } from '../kit/imports.ts'

describe('a terminal has few signs', () => {
  it.each([
    [{}, false],
    [{ TERM: 'xterm-256color', LANG: 'de_DE.UTF-8' }, false],
    [{ LANG: 'C.utf8' }, false],
    [{ LANG: '' }, false],
    [{ LANG: 'C' }, true],
    [{ LANG: 'en_US.UTF-8', LC_ALL: 'POSIX' }, true],
    [{ LANG: 'C', LC_CTYPE: 'en_US.UTF-8' }, false],
    [{ TERM: 'linux', LANG: 'en_US.UTF-8' }, true],
  ])('%j: %s', (environment: Readonly<Record<string, string>>, isSo) => {
    expect(hasFewSigns(name => environment[name])).toBe(isSo)
  })
})

it('each sign becomes one of ASCII that is as wide, and letters stay', () => {
  expect(inFewSigns('✔ ✖ ▲ · → node1 … ── ••• Grüße')).toBe('v x ^ . > node1 * -- *** Grüße')
  expect([0, 80, 160, 240].map(now => inFewSigns(spinner(now))).join('')).toBe('|/-\\')
})

it('there is none that we draw with and do not replace', () => {
  const drawn = [...sourcesOf('src/report'), ...sourcesOf('src/cli')].flatMap(
    ({ code }) => code.match(/[^\x00-\u024f]/gu) ?? [],
  )
  expect([...new Set(drawn)].filter(sign => /[^\x00-\u024f]/u.test(inFewSigns(sign)))).toEqual([])
})
