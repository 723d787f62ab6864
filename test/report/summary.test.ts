// What is said at the end of a run: what an interruption left whole, and how to go on.
import { describe, expect, it } from 'vitest'
import type { EventBody } from '../../src/model/events.ts'
import { foldAll } from '../../src/report/fold.ts'
import { summaryLines } from '../../src/report/summary.ts'
import { ended, failedRun, stamped, started } from './story.ts'

const counts = { same: 0, changed: 0, 'would-change': 0, skipped: 0, unknown: 0, failed: 0, 'not-reached': 0 }
const over = (exitCode: number): EventBody => ({ type: 'run-ended', exitCode, counts, ms: 1000 })
const linesOf = (...events: readonly EventBody[]) =>
  summaryLines(foldAll(stamped([started({ command: 'run playbook install --limit node1' }), ...events])))

const begins = (step: string): EventBody => ({ type: 'step-started', step, host: 'node1' })
const hold = { hold: 'partition', host: 'node1' } as const
const taken: EventBody = { type: 'hold-acquired', ...hold, ms: 1 }
const back: EventBody = { type: 'hold-released', ...hold, ms: 1 }
const signal: EventBody = { type: 'run-interrupted', signal: 'SIGINT' }
const mount = (outcome: 'changed' | 'failed' | 'unknown') => ended('node1', 'install/mount', { outcome })

describe('an interrupted run', () => {
  it.each<[string, readonly EventBody[], string]>([
    [
      'finished what was at hand and gave back what it held',
      [taken, begins('install/mount'), signal, mount('changed'), back],
      'interrupted by SIGINT; install/mount@node1 was finished; the partition was given back on node1',
    ],
    ['says nothing of a step that failed', [begins('install/mount'), signal, mount('failed')], 'interrupted by SIGINT'],
    ['nor of one of which nobody knows', [begins('install/mount'), signal, mount('unknown')], 'interrupted by SIGINT'],
    ['nor of what is still held', [taken, signal], 'interrupted by SIGINT'],
    [
      'nor of what had ended before',
      [begins('install/mount'), mount('changed'), taken, back, signal],
      'interrupted by SIGINT',
    ],
  ])('%s', (_, events, line) => {
    expect(linesOf(...events, over(130)).filter(text => text.startsWith('interrupted'))).toEqual([line])
  })
})

describe('the way on', () => {
  const failed: readonly EventBody[] = [
    begins('install/mount'),
    { type: 'step-intended', step: 'install/mount', host: 'node1', changes: [] },
    mount('failed'),
  ]
  const same = 'then  run playbook install --limit node1'
  const resume = 'then  run resume 2026-11-23-0612'
  it.each<[string, readonly EventBody[], string]>([
    ['of a run that left nothing which a look does not show is the same line again', failed, same],
    [
      'of one that began nothing goes on with it: its journal has all that was typed',
      [begins('install/mount')],
      resume,
    ],
    ['of one that was interrupted goes on with it', [...failed, signal], resume],
    ['of one that has held something goes on with it', [taken, back, ...failed], resume],
    ['of one whose end nobody knows goes on with it', [begins('install/mount'), mount('unknown')], resume],
    [
      'of one in which a handler was asked for goes on with it',
      [{ type: 'handler-notified', handler: 'h', host: 'node1', by: 'install/mount' }, ...failed],
      resume,
    ],
  ])('%s', (_, events, line) => {
    expect(linesOf(...events, over(1)).filter(text => text.startsWith('then'))).toEqual([line])
  })

  it('of one that only looks is the same line again, whatever became of it', () => {
    const only = started({
      command: 'run playbook verify',
      plays: [{ name: 'Verify', strategy: 'linear', hosts: ['node1'], reads: true }],
    })
    expect(summaryLines(foldAll(stamped([only, ...failed, signal, over(130)])))).toContain('then  run playbook verify')
  })

  it('of one that was held to a plan is without the plan', () => {
    const all = [started({ command: 'run apply plan.json', plan: 'abcd' }), ...failed, over(1)]
    expect(summaryLines(foldAll(stamped(all)))).toContain(resume)
  })

  it('is what a problem says itself, where it does', () => {
    const lines = summaryLines(foldAll(failedRun()))
    expect(lines.filter(line => line.includes('run resume'))).toEqual(['  then    run resume 2026-11-23-0612'])
  })
})

it('a failure that was let pass is none of the run', () => {
  const passed = ended('node1', 'install/mount', { outcome: 'failed', ignored: true })
  expect(linesOf(begins('install/mount'), passed, over(0))[0]).toMatch(/: 1 failed and let pass · 8 not reached/)
})
