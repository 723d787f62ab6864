// A journal or a plan that was damaged is told as damaged, or read up to the damage: it never says what nobody wrote.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { createRun, listRuns, openJournal, readJournal } from '../../src/journal/index.ts'
import type { RunEvent } from '../../src/model/events.ts'
import { Problem } from '../../src/model/problem.ts'
import { readPlan, writePlan } from '../../src/plan/plan-file.ts'
import { anyText, anyTree, slips, tries } from '../kit/fuzz.ts'
import { memoryCluster } from '../kit/memory-cluster.ts'
import { outline, play, step } from '../kit/outlines.ts'
import { planFor } from '../kit/plans.ts'
import { keep } from '../kit/things.ts'
import { ended, started } from '../report/story.ts'

const dir = mkdtempSync(join(tmpdir(), 'damage-'))
afterAll(() => rmSync(dir, { recursive: true }))

const run = createRun(dir, new Date(2026, 10, 23, 6, 12))
const journal = openJournal(dir, run)
journal.emit(started())
for (const host of ['node1', 'node2'])
  for (const text of ['install/mount', 'install/installer']) {
    journal.emit({ type: 'step-intended', step: text, host, changes: [] })
    journal.emit(ended(host, text, { because: 'ü € 😀 \u2028 "quoted" \\ \ud800', ms: 12 }))
  }
journal.emit({
  type: 'run-ended',
  exitCode: 0,
  counts: { same: 4, changed: 0, 'would-change': 0, skipped: 0, unknown: 0, failed: 0, 'not-reached': 0 },
  ms: 1,
})
journal.close()

const { file } = journal
const bytes = readFileSync(file)
const whole = readJournal(dir, run)

/** The events that are read, or nothing where a problem is told. */
const readDamaged = (damaged: Uint8Array | string): readonly RunEvent[] | undefined => {
  writeFileSync(file, damaged)
  try {
    return readJournal(dir, run)
  } catch (error) {
    if (error instanceof Problem && error.code.startsWith('journal-')) return undefined
    throw error
  }
}

/** What is read is a beginning of what was written. */
const expectNoLie = (damaged: Uint8Array | string): void => {
  const read = readDamaged(damaged)
  if (read !== undefined) expect(read).toEqual(whole.slice(0, read.length))
}

describe('a journal', () => {
  test('that was cut off at any byte is read up to its last whole line', () => {
    for (let size = 0; size <= bytes.length; size += 1) {
      const read = readDamaged(bytes.subarray(0, size))
      const lines = bytes.subarray(0, size).toString('latin1').split('\n').length - 1
      if (read?.length !== lines) expect({ size, read: read?.length }).toEqual({ size, read: lines })
    }
    expect(readDamaged(bytes)).toEqual(whole)
  })

  test('in which any one bit turned never reads as another run', () => {
    const bit = fc.tuple(fc.integer({ min: 0, max: bytes.length - 1 }), fc.integer({ min: 0, max: 7 }))
    fc.assert(
      fc.property(bit, ([at, which]) => {
        const damaged = Uint8Array.from(bytes)
        damaged[at] = (damaged[at] ?? 0) ^ (1 << which)
        expectNoLie(damaged)
      }),
      tries(800),
    )
  })

  test('in which a stretch was written over never reads as another run', () => {
    const stretch = fc.tuple(
      fc.integer({ min: 0, max: bytes.length - 1 }),
      fc.uint8Array({ minLength: 1, maxLength: 40 }),
    )
    fc.assert(
      fc.property(stretch, ([at, over]) => {
        const damaged = Uint8Array.from(bytes)
        damaged.set(over.subarray(0, bytes.length - at), at)
        expectNoLie(damaged)
      }),
      tries(200),
    )
  })

  test('whose lines were moved, left out or said twice never reads as another run', () => {
    const lines = bytes.toString('utf8').split(/(?<=\n)/)
    const order = fc.array(fc.integer({ min: 0, max: lines.length - 1 }), { maxLength: lines.length + 2 })
    fc.assert(
      fc.property(order, picked => expectNoLie(picked.map(at => lines[at]).join(''))),
      tries(200),
    )
  })

  test('of any text is a problem, or empty; the list of runs too', () => {
    const text = fc.oneof(
      anyText,
      slips(bytes.toString('utf8')),
      anyTree(['v', 'seq', 'type', 'at', 'sum']).map(tree => `${JSON.stringify(tree)}\n`),
    )
    fc.assert(
      fc.property(text, each => {
        expectNoLie(each)
        try {
          listRuns(dir)
        } catch (error) {
          expect(error).toBeInstanceOf(Problem)
        }
      }),
      tries(150),
    )
  })
})

describe('a plan', async () => {
  const one = ['node1']
  const lamp = outline(one, play(one, [step('Lamp', keep, { args: { key: 'lamp', value: 'on' } })]))
  const text = writePlan(await planFor(lamp, memoryCluster(one)))

  const expectRefused = (damaged: string): void => {
    if (damaged === text) return
    expect(() => readPlan(damaged, 'plan.json')).toThrow(Problem)
  }

  test('that was cut off at any byte is refused', () => {
    for (let size = 0; size < text.length; size += 1) expectRefused(text.slice(0, size))
  })

  test('in which anything is otherwise is refused', () => {
    fc.assert(fc.property(slips(text), expectRefused), tries(150))
  })

  test('of any text or any values is refused', () => {
    const words = ['version', 'digest', 'body', 'steps', 'created', 'validUntil']
    const value = anyTree(words).map(tree => JSON.stringify({ version: 1, ...(typeof tree === 'object' && tree) }))
    fc.assert(fc.property(fc.oneof(anyText, value), expectRefused), tries(150))
  })

  test('of values in values without end is refused', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    expectRefused(deep)
    expectRefused(`{"version":1,"a":${deep}}`)
    expectRefused(text.replace('"secrets":', `"x":${deep},"secrets":`))
    expectRefused(text.replace(/"value":"[^"]*"/, `"value":${deep}`))
  })
})
