// How long steps took is read from journals: of the same playbook and cluster, carried out, the newest first.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { formerTimes } from '../../src/cli/former-times.ts'
import { openJournal } from '../../src/journal/index.ts'
import type { StepOutcome } from '../../src/model/events.ts'
import { ended, started } from '../report/story.ts'

const dir = mkdtempSync(join(tmpdir(), 'former-'))
let minute = 0

const write = (run: string, ms: number, more: { outcome?: StepOutcome; playbook?: string; mode?: 'dry-run' } = {}) => {
  const { outcome = 'changed', playbook = 'install', mode = 'run' } = more
  minute += 1
  const at = new Date(Date.UTC(2026, 10, 23, 5, minute))
  mkdirSync(join(dir, run))
  const journal = openJournal(dir, run, { now: () => at })
  journal.emit(started({ run, playbook, mode }))
  journal.emit(ended('node1', 'install/installer', { outcome, ms }))
  journal.close()
}

const asked = { run: 'now', playbook: 'install', cluster: 'msgr1' }
const told = (host = 'node1') => {
  const outlined = { step: 'install/installer', name: 'x', task: 'x', host, play: 0, within: [] }
  return formerTimes(dir, asked)(outlined)
}

it('the newest run counts in which the step was carried out', () => {
  expect(told()).toBeUndefined()
  write('r1', 1000)
  write('r2', 2000)
  expect(told()).toEqual({ ms: 2000, where: 'in run r2' })
  write('r3', 3, { outcome: 'same' })
  write('r4', 4, { playbook: 'paths' })
  write('r5', 5, { mode: 'dry-run' })
  write('now', 6)
  expect(told()).toEqual({ ms: 2000, where: 'in run r2' })
  expect(told('node2')).toBeUndefined()
})

it('a journal that cannot be read tells nothing', () => {
  write('r6', 6000)
  expect(told()).toEqual({ ms: 6000, where: 'in run r6' })
  writeFileSync(join(dir, 'r6', 'events.jsonl'), 'x\n')
  expect(told()).toEqual({ ms: 2000, where: 'in run r2' })
})
