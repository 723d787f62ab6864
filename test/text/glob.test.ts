import { expect, test } from 'vitest'
import { matchesGlob } from '../../src/text/glob.ts'

test.each([
  ['node1', 'node1', true],
  ['node1', 'node10', false],
  ['node?', 'node1', true],
  ['node?', 'node', false],
  ['*', '', true],
  ['*.example.com', 'a.b.example.com', true],
  ['*.example.com', 'example.com', false],
  ['a*b*c', 'aXbYbZc', true],
  ['a*b*c', 'aXbYbZ', false],
  ['n.de', 'node', false],
  ['', '', true],
  ['', 'a', false],
])('%s and %s: %s', (glob, name, fits) => expect(matchesGlob(glob, name)).toBe(fits))

test('many stars cost no more than the two lengths', () => {
  const start = performance.now()
  expect(matchesGlob(`${'*a'.repeat(1000)}b`, 'a'.repeat(5000))).toBe(false)
  expect(performance.now() - start).toBeLessThan(2000)
})
