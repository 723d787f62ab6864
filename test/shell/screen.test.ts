import { describe, expect, it } from 'vitest'
import { blankScreen, screenText, writeScreen } from '../../src/shell/screen.ts'

const shown = (...pieces: readonly string[]): string => screenText(pieces.reduce(writeScreen, blankScreen))

describe('a screen', () => {
  it.each<[string, string, string]>([
    ['plain lines', 'one\r\ntwo', 'one\ntwo'],
    ['a colour is dropped', '\x1b[1;31mred\x1b[0m', 'red'],
    ['a title is dropped', '\x1b]0;root@node1\x07# ', '# '],
    ['a title that ends with ST is dropped', '\x1b]0;root@node1\x1b\\# ', '# '],
    ['a bell is dropped', 'Name: \x07', 'Name: '],
    ['a character set is dropped', '\x1b(Bplain\x1b=\x1b>', 'plain'],
    ['a question about the cursor is dropped', '\x1b[6n\x1b[?25h> ', '> '],
    ['a progress bar shows its last state', ' 10%\r 50%\r100%', '100%'],
    ['a shorter redraw leaves what it does not cover', 'waiting\rdone', 'doneing'],
    ['a redraw that erases leaves nothing', 'waiting\r\x1b[Kdone', 'done'],
    ['an erased line is empty', 'waiting\x1b[2K\rdone', 'done'],
    ['a pager that wipes its own prompt', '--More--\b\b\b\b\b\b\b\b        \b\b\b\b\b\b\b\bnext', 'next    '],
    ['a spinner', '|\b/\b-\b\\\bok', 'ok'],
    ['the cursor moves right', 'a\x1b[3Cb', 'a   b'],
    ['the cursor moves to a column', 'abc\x1b[1GX', 'Xbc'],
    ['a cleared screen starts a new line', 'old\x1b[H\x1b[2Jnew', 'old\nnew'],
    ['a tab stays', 'a\tb', 'a\tb'],
    ['a NUL is dropped', 'a\0b', 'ab'],
    ['letters of all the world', 'Größe — 名前: ', 'Größe — 名前: '],
  ])('%s', (_, said, seen) => expect(shown(said)).toBe(seen))

  it('reads the same however the output is cut', () => {
    const whole = 'Install \x1b[1;32m[y/n]\x1b[0m\r\n 10%\r 50%\r\x1b[K\x1b]0;title\x07done\b\be\x1b(B\r\n> '
    expect(shown(...whole)).toBe(shown(whole))
    for (let at = 1; at < whole.length; at += 1) expect(shown(whole.slice(0, at), whole.slice(at))).toBe(shown(whole))
  })

  it('does not show the begin of an escape sequence', () => {
    expect(shown('Name: \x1b[3')).toBe('Name: ')
    expect(shown('Name: \x1b]0;ti')).toBe('Name: ')
  })
})
