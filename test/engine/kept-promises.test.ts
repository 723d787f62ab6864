import { expect, test } from 'vitest'
import { assertKept } from '../../src/engine/kept-promises.ts'
import { notKnownYet } from '../../src/model/change.ts'
import type { Json } from '../../src/model/json.ts'
import type { Look } from '../../src/model/look.ts'

const motd = { kind: 'text', key: '/etc/motd' }
const look = (value: Json): Look => ({ ...motd, host: 'node1', home: 'node1', value, origin: { type: 'world' } })
const promised = (after: Json) => [{ ...motd, before: 'old', after }]

test('what came out as promised is kept, whatever the order of its fields', () => {
  expect(() => assertKept(promised({ a: 1, b: 2 }), [look({ b: 2, a: 1 })])).not.toThrow()
})

test('what came out otherwise is told with both sides', () => {
  expect(() => assertKept(promised('new'), [look('old'), look('newer')])).toThrow(
    expect.objectContaining({ fields: expect.objectContaining({ seen: '"newer"', wanted: '"new"' }) }),
  )
})

test('what nobody could know before, or nobody looked at after, breaks no promise', () => {
  expect(() => assertKept(promised(notKnownYet), [look('anything')])).not.toThrow()
  expect(() => assertKept(promised('new'), [])).not.toThrow()
})
