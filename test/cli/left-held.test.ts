// What earlier runs left, as their journals say: by the token that they marked it with.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { leftHeldBy } from '../../src/cli/left-held.ts'
import { openJournal } from '../../src/journal/index.ts'
import type { EventBody } from '../../src/model/events.ts'
import type { Lives } from '../../src/model/lock.ts'
import { ownerOf } from '../kit/carry.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'run-left-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

const began = (run: string): EventBody => ({
  type: 'run-started',
  run,
  mode: 'run',
  version: '0',
  playbook: 'install',
  playbookFile: 'install.yml',
  inventory: 'lab.yml',
  cluster: 'msgr1',
  lab: true,
  order: ['node1'],
  plays: [],
  steps: [],
  command: 'run playbook install',
})

const of = { hold: 'partition', host: 'node1' } as const
const taking: EventBody = { type: 'hold-intended', ...of }
const released: EventBody = { type: 'hold-released', ...of, ms: 1 }
const kept: EventBody = { type: 'hold-kept', ...of }
const ended = (exitCode: number): EventBody => ({
  type: 'run-ended',
  exitCode,
  counts: { same: 0, changed: 0, 'would-change': 0, skipped: 0, unknown: 0, failed: 0, 'not-reached': 0 },
  ms: 1,
})

/** Each run later than the one before. */
let minute = 0
const journal = (run: string, ...events: readonly EventBody[]): string => {
  const owner = ownerOf('msgr1', run)
  minute += 1
  const now = () => new Date(Date.UTC(2026, 10, 23, 6, minute))
  const written = openJournal(dir, run, { now })
  for (const event of [began(run), { type: 'cluster-locked', owner, places: ['node1'] } as const, ...events])
    written.emit(event)
  written.close()
  return owner.token
}

const left = (lives: Lives = () => false) =>
  leftHeldBy(dir, { run: 'own', cluster: 'msgr1', lives })('partition', 'node1')

describe('a hold', () => {
  it.each<[string, readonly EventBody[]]>([
    ['after a failure', [taking, ended(1)]],
    ['by a run that was killed', [taking]],
  ])('that was not given back %s is left', (_, events) => {
    const token = journal('one', ...events)
    expect(left()).toEqual([token])
  })

  it.each<[string, readonly EventBody[]]>([
    ['was given back', [taking, released, ended(1)]],
    ['a person wanted to keep', [taking, kept, ended(0)]],
    ['was never wanted', [ended(0)]],
  ])('that %s is not', (_, events) => {
    journal('one', ...events)
    expect(left()).toEqual([])
  })

  it.each([
    ['goes on', true],
    ['is of another controller, where nobody can tell', undefined],
  ])('of a run that %s is its own', (_, isAlive) => {
    journal('one', taking)
    expect(left(() => isAlive)).toEqual([])
  })

  it('of the run that asks is its own', () => {
    const token = journal('one', taking, ended(1))
    const asked = leftHeldBy(dir, { run: 'two', cluster: 'msgr1', lives: () => false })
    journal('two', taking)
    expect(asked('partition', 'node1')).toEqual([token])
  })

  it('is told by the newest run that has had it', () => {
    journal('one', taking, ended(1))
    journal('two', taking, released, ended(0))
    expect(left()).toEqual([])
  })

  it('is not forgotten over a run that was killed before it had marked it', () => {
    const token = journal('one', taking, ended(1))
    const next = journal('two', taking)
    expect(left()).toEqual([next, token])
    journal('three', taking, released, ended(0))
    expect(left()).toEqual([])
  })

  it('is not forgotten over runs that met a lock and did nothing', () => {
    const token = journal('one', taking, ended(1))
    for (let n = 0; n < 12; n += 1) journal(`refused ${n}`, ended(4))
    expect(left()).toEqual([token])
  })
})
