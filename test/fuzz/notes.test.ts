// What lies on a node is what the node says: receipts, marks and locks of any text are left out or read, and never throw.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseOwner } from '../../src/engine/lock/scripts.ts'
import { parseNotes } from '../../src/engine/notes.ts'
import { createReceipts } from '../../src/engine/receipts.ts'
import { anyText, tries } from '../kit/fuzz.ts'

const at = { host: 'node1', cluster: 'msgr1' }
const receipt = {
  version: 1,
  step: 'install/installer',
  ...at,
  run: '2026-11-23-0612',
  at: '2026-11-23T05:12:00.000Z',
  settings: '',
  rests: [{ kind: 'file', key: '/etc/a', digest: 'abc' }],
  attests: [{ kind: 'text', key: '/mnt/a', home: 'volume /dev/sdb1', value: 'x' }],
  result: { rc: 0 },
}
const change = { kind: 'file', key: '/etc/a', before: { type: 'absent' }, after: { type: 'file' } }
const mark = { type: 'begun', ...receipt, rests: undefined, attests: undefined, result: undefined, changes: [change] }

/** Read as a run reads them, and asked for all that a run asks. */
const used = (stdout: string): number => {
  const { receipts, begun } = parseNotes({ stdout, stderr: '', exitCode: 0 }, at)
  const all = createReceipts(receipts)
  all.later('2026-11-23T05:12:00.000Z')
  all.attested('volume /dev/sdb1', { kind: 'text', key: '/mnt/a' }, [])
  all.restingOn([{ home: 'node1', change }], 'other/step')
  return receipts.length + begun.flatMap(({ changes }) => changes.map(({ key }) => key)).length
}

/** One field of it is any value, or not there. */
const slipped = (whole: object) =>
  fc
    .tuple(fc.constantFrom(...Object.keys(whole)), fc.oneof(fc.jsonValue(), fc.constant(undefined)))
    .map(([field, value]) => JSON.stringify({ ...whole, [field]: value }))

describe('notes on a node', () => {
  test('are read as they were written', () => {
    expect(used(`${JSON.stringify(receipt)}\n${JSON.stringify(mark)}\n`)).toBe(2)
  })

  test('of another node are none of this one', () => {
    expect(used(JSON.stringify({ ...receipt, host: 'node2' }))).toBe(0)
  })

  test('of any text or any values throw nothing', () => {
    const line = fc.oneof(anyText, fc.json(), slipped(receipt), slipped(mark))
    fc.assert(
      fc.property(fc.array(line, { maxLength: 4 }), lines => {
        used(lines.join('\n'))
      }),
      tries(300),
    )
  })

  test('that say who has a lock are taken whole, or not at all', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, fc.json()), text => {
        const owner = parseOwner(text)
        if (owner) expect(Object.values(owner).every(value => value !== undefined)).toBe(true)
      }),
      tries(300),
    )
  })
})
