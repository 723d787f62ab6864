import { mkdirSync, mkdtempSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { createRun, listRuns, openJournal, surveyRuns } from '../../src/journal/index.ts'
import type { EventBody } from '../../src/model/events.ts'
import { started } from '../report/story.ts'

let dir: string
beforeEach(() => {
  dir = join(mkdtempSync(join(tmpdir(), 'runs-')), 'kept')
})

const minute = new Date(2026, 10, 23, 6, 12)

describe('the name of a run', () => {
  it('is the minute in which it began, then counted', () => {
    expect([1, 2, 3].map(() => createRun(dir, minute))).toEqual([
      '2026-11-23-0612',
      '2026-11-23-0612-2',
      '2026-11-23-0612-3',
    ])
  })

  it('is a folder that is readable for its owner only', () => {
    expect(statSync(join(dir, createRun(dir, minute))).mode & 0o777).toBe(0o700)
  })

  it('says so where no folder can be made', () => {
    expect(() => createRun('/dev/null/runs', minute)).toThrow(expect.objectContaining({ code: 'journal-unwritable' }))
  })
})

describe('the list of runs', () => {
  const keep = (run: string, at: string, bodies: readonly EventBody[]) => {
    const journal = openJournal(dir, run, { now: () => new Date(at) })
    for (const body of bodies) journal.emit(body)
    journal.close()
  }
  const end = { type: 'run-ended', exitCode: 10, counts: {} as never, ms: 1 } as const

  it('is empty where no run was ever kept', () => {
    expect(listRuns(dir)).toEqual([])
  })

  it('names the newest first, and tells those that ended from those that did not', () => {
    keep('a', '2026-11-23T05:12:00.000Z', [started({ mode: 'dry-run' }), end])
    keep('b', '2026-11-24T05:12:00.000Z', [started()])
    mkdirSync(join(dir, 'taken-but-never-begun'))
    const common = { playbook: 'install', cluster: 'msgr1' }
    expect(listRuns(dir)).toEqual([
      { ...common, run: 'b', mode: 'run', started: '2026-11-24T05:12:00.000Z' },
      { ...common, run: 'a', mode: 'dry-run', started: '2026-11-23T05:12:00.000Z', exitCode: 10, ms: 1, counts: {} },
    ])
  })

  it('also reads a run whose outline is longer than one read', () => {
    keep('a', '2026-11-23T05:12:00.000Z', [started({ command: 'x'.repeat(200_000) }), end])
    expect(listRuns(dir)).toMatchObject([{ run: 'a', exitCode: 10 }])
  })

  it.each([
    ['that is damaged', 'no event\n', 'journal-damaged'],
    ['of another version', '{"v":99,"seq":1,"type":"run-started"}\n', 'journal-version'],
  ])('a journal %s hides no other, and stands where it was written last', (_name, text, code) => {
    keep('a', '2026-11-22T05:12:00.000Z', [started()])
    keep('c', '2026-11-24T05:12:00.000Z', [started()])
    mkdirSync(join(dir, 'b'))
    writeFileSync(join(dir, 'b', 'events.jsonl'), text)
    utimesSync(join(dir, 'b', 'events.jsonl'), 0, new Date('2026-11-23T05:12:00.000Z'))
    expect(surveyRuns(dir)).toMatchObject([{ run: 'c' }, { run: 'b', problem: { code } }, { run: 'a' }])
    expect(listRuns(dir).map(({ run }) => run)).toEqual(['c', 'a'])
  })

  it('knows which run was gone on with, and which was taken back', () => {
    keep('a', '2026-11-22T05:12:00.000Z', [started({ resumes: 'z', request: { playbook: 'install', undo: 'y' } })])
    expect(listRuns(dir)).toMatchObject([{ resumes: 'z', undoes: 'y' }])
  })
})
