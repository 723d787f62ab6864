import { describe, expect, test } from 'vitest'
import { Secret } from '../../src/model/secret.ts'
import { canonicalJson, digest } from '../../src/text/canonical.ts'
import { didYouMean, nearest } from '../../src/text/did-you-mean.ts'
import { formatDuration, parseDuration } from '../../src/text/duration.ts'
import { foldDiff, isBinary, unifiedDiff } from '../../src/text/unified-diff.ts'
import { describe as describeValue, either } from '../../src/text/words.ts'

describe('the nearest name', () => {
  const known = ['file', 'shell', 'command', 'agents-test', 'path', 'mode', 'mount_point', 'on']
  test.each([
    ['fil', 'file'],
    ['comand', 'command'],
    ['paht', 'path'],
    ['agents_test', 'agents-test'],
    ['MountPoint', 'mount_point'],
    ['onn', 'on'],
    ['xyz', undefined],
    ['of', undefined],
    ['template', undefined],
  ])('to %s is %s', (written, wanted) => {
    expect(nearest(written, known)).toBe(wanted)
  })

  test('is proposed; when none is near, all that there are', () => {
    expect(didYouMean('fil', known)).toBe('did you mean `file`?')
    expect(didYouMean('zzz', ['a', 'b'])).toBe('known here: a, b')
    expect(didYouMean('zzz', [])).toBeUndefined()
  })
})

describe('a duration', () => {
  test.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['1.5s', 1500],
    ['10m', 600_000],
    ['2h', 7_200_000],
    ['30', undefined],
    ['30 seconds', undefined],
    ['-3s', undefined],
    ['', undefined],
  ])('%s is %s ms', (text, wanted) => {
    expect(parseDuration(text)).toBe(wanted)
  })

  test.each([
    [0, '0ms'],
    [940, '940ms'],
    [1500, '1.5s'],
    [60_000, '1m'],
    [90_400, '1m 30s'],
    [3_600_000, '1h'],
    [7_384_000, '2h 3m 4s'],
  ])('%s ms reads %s', (ms, wanted) => {
    expect(formatDuration(ms)).toBe(wanted)
  })
})

describe('canonical JSON', () => {
  test('has one form for equal values, and one digest', () => {
    expect(canonicalJson({ b: [{ d: 1, c: undefined }], a: null })).toBe('{"a":null,"b":[{"d":1}]}')
    expect(digest({ b: 1, a: 2 })).toBe(digest({ a: 2, b: 1 }))
    expect(digest('')).toBe('12ae32cb1ec02d01eda3581b127c1fee3b0dc53572ed6baf239721a03d82e126')
  })

  test('never holds a secret', () => {
    expect(canonicalJson({ password: new Secret('password', 's3cret') })).toBe('{"password":"••••••"}')
  })
})

describe('a unified diff', () => {
  const diff = (before: string, after: string) => unifiedDiff(before, after, { from: 'before', to: 'after' })
  test.each([
    ['nothing where nothing changed', 'a\n', 'a\n', ''],
    ['the lines that changed', 'a\nb\nc\n', 'a\nB\nc\n', '--- before\n+++ after\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n'],
    [
      'a missing line break at the end',
      'a',
      'a\n',
      '--- before\n+++ after\n@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+a\n',
    ],
    ['line ends of another system', 'a\n', 'a\r\n', '--- before\n+++ after\n@@ -1,1 +1,1 @@\n-a\n+a␍\n'],
    ['a text that was empty', '', 'a\n', '--- before\n+++ after\n@@ -0,0 +1,1 @@\n+a\n'],
  ])('shows %s', (_, before, after, wanted) => {
    expect(diff(before, after)).toBe(wanted)
  })

  const long = Array.from({ length: 20 }, (_, line) => `line ${line}\n`).join('')

  test('shows a few lines around a change, or the whole text', () => {
    const changed = long.replace('line 10\n', 'line ten\n')
    const lines = (context?: 'all') =>
      unifiedDiff(long, changed, { from: 'a', to: 'b', ...(context && { context }) })
        .trimEnd()
        .split('\n').length
    expect(lines()).toBe(2 + 1 + 3 + 2 + 3)
    expect(lines('all')).toBe(2 + 1 + 19 + 2)
  })

  test('that is long is folded, and says what is left out', () => {
    const lines = diff('', long).trimEnd().split('\n')
    expect(foldDiff(lines, 5)).toEqual([...lines.slice(0, 5), '… 18 more lines of 23 (+18 −0)'])
    expect(foldDiff(lines, 22)).toEqual(lines)
    expect(foldDiff(lines, 100)).toEqual(lines)
  })

  test.each([
    ['a text', 'über\n', false],
    ['an empty text', '', false],
    ['a zero byte', 'a\0b', true],
    ['bytes that are no UTF-8', Buffer.from([0xff, 0xfe, 0x41]).toString('utf8'), true],
  ])('%s is binary: %s', (_, content, is) => expect(isBinary(content)).toBe(is))
})

test('values and choices are said in words, secrets never', () => {
  const values = [undefined, '', 'x', 3, true, [], [1], {}, { a: 1, b: 2 }, new Secret('password', 's3cret')]
  expect(values.map(describeValue)).toEqual([
    'nothing',
    'an empty text',
    'the text "x"',
    'the number 3',
    'true',
    'an empty list',
    'a list of 1',
    'an empty mapping',
    'a mapping with a and b',
    'the secret password',
  ])
  expect([either(['a']), either(['a', 'b']), either(['a', 'b', 'c'])]).toEqual(['a', 'a or b', 'a, b or c'])
})
