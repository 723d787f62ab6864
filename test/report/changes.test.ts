import { describe, expect, it } from 'vitest'
import type { Change } from '../../src/model/change.ts'
import type { Json } from '../../src/model/json.ts'
import { inWords, tellChange } from '../../src/report/index.ts'

const change = (before: Json, after: Json): Change => ({ kind: 'file', key: '/a', before, after })

const absent = { type: 'absent' }
const file = { type: 'file', owner: 'root', mode: '0644' }

describe('a change in words', () => {
  it.each<[string, Json, Json, string]>([
    ['one field', file, { ...file, owner: 'nvlmsgr' }, '~ file /a: owner root → nvlmsgr'],
    ['two fields', file, { ...file, owner: 'a', mode: '0600' }, '~ file /a: owner root → a, mode 0644 → 0600'],
    ['another type', file, { ...file, type: 'directory' }, '~ file /a: type file → directory'],
    ['it comes to be', absent, file, '+ file /a: owner root, mode 0644'],
    ['it ceases to be', file, absent, '- file /a: owner was root, mode was 0644'],
    ['from nothing', null, 'x', '+ file /a: none → x'],
    ['it is mounted', { type: 'unmounted' }, { type: 'mounted', source: '/dev/sdb' }, '+ file /a: source /dev/sdb'],
    ['a plain value', 'off', 'on', '~ file /a: off → on'],
    ['words with blanks', 'a b', '', '~ file /a: "a b" → ""'],
    ['numbers and claims', { n: 1, on: false }, { n: 2, on: true }, '~ file /a: n 1 → 2, on false → true'],
    ['a list', { users: ['root', 'a'] }, { users: ['a', 'b'] }, '~ file /a: users + b − root'],
    ['only the order of a list', ['a', 'b'], ['b', 'a'], '~ file /a: ["a","b"] → ["b","a"]'],
    ['a field that comes', {}, { uid: 7 }, '~ file /a: uid 7'],
    ['a field inside a field', { at: { x: 1 } }, { at: { x: 2 } }, '~ file /a: at {"x":1} → {"x":2}'],
    ['nobody knows what', file, { unknown: true }, '~ file /a: not known before it is done'],
    [
      'nobody knows one field',
      file,
      { ...file, owner: { unknown: true } },
      '~ file /a: owner root → not known before it is done',
    ],
    ['one line of a text', { text: 'a\nb\n' }, { text: 'a\nc\n' }, '~ file /a: text +1 −1 line'],
    ['lines that come', { text: 'a\n' }, { text: 'a\nb\nc\n' }, '~ file /a: text +2 lines'],
    ['a text that goes', { type: 'text', text: 'a\n' }, absent, '- file /a: text −1 line'],
    ['the last line break goes', { text: 'a\n' }, { text: 'a' }, '~ file /a: text +1 −1 line'],
    ['other line ends', { text: 'a\n' }, { text: 'a\r\n' }, '~ file /a: text +1 −1 line'],
    [
      'a binary content',
      { text: 'a\0b' },
      { text: 'a\0bc' },
      '~ file /a: text binary, 3 bytes, sha256 59b271ae1bbc → 4 bytes, sha256 40bb547d936b',
    ],
    ['a binary content that comes', absent, { text: '\0' }, '+ file /a: text binary, 1 bytes, sha256 6e340b9cffb3'],
    ['a sealed file', { type: 'sealed', print: 'aa' }, { type: 'sealed', print: 'bb' }, '~ file /a: print aa → bb'],
    ['a secret, masked', { password: '••••••' }, { password: '••••••' }, '~ file /a: a value that is not shown'],
  ])('%s', (_name, before, after, words) => {
    expect(tellChange(change(before, after))).toBe(words)
  })

  it('shows a text as a unified diff', () => {
    expect(inWords(change({ text: 'a\nb\n' }, { text: 'a\nc\n' })).diff).toEqual([
      '--- /a',
      '+++ /a',
      '@@ -1,2 +1,2 @@',
      ' a',
      '-b',
      '+c',
    ])
  })

  it('shows nothing that a terminal would obey', () => {
    const { diff } = inWords(change({ text: '' }, { text: 'a\u001b[2J\u0007\n' }))
    expect(diff.at(-1)).toBe('+a�')
  })
})
