import { mkdtempSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Disk, realDisk } from '../../src/journal/disk.ts'
import { openJournal, readJournal } from '../../src/journal/index.ts'
import type { EventBody } from '../../src/model/events.ts'
import { Problem } from '../../src/model/problem.ts'
import { Secret } from '../../src/model/secret.ts'
import { goodRun } from '../report/story.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'journal-'))
})

const notice = (text: string): EventBody => ({ type: 'notice', text })
const now = () => new Date('2026-11-23T05:12:00.000Z')
const textOf = (file: string) => readFileSync(file, 'utf8')

const problemOf = (act: () => unknown): Problem => {
  try {
    act()
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('a journal', () => {
  it('stamps each event with a number and the time of its clock', () => {
    const journal = openJournal(dir, 'r1', { now })
    expect(journal.emit(notice('one'))).toEqual({ type: 'notice', text: 'one', seq: 1, at: '2026-11-23T05:12:00.000Z' })
    expect(journal.emit(notice('two')).seq).toBe(2)
    journal.close()
  })

  it('is readable for its owner only', () => {
    const { file, close } = openJournal(dir, 'r1')
    close()
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o700)
  })

  it('gives back what was put in', () => {
    const journal = openJournal(dir, 'r1', { now })
    const emitted = goodRun().map(({ seq, at, ...body }) => journal.emit(body as EventBody))
    journal.close()
    expect(readJournal(dir, 'r1')).toEqual(emitted)
  })

  it('tells a listener what a reader will read, whatever was put in', () => {
    const journal = openJournal(dir, 'r1', { redact: text => text.replaceAll('pass', '***') })
    const anything = fc.anything({ withObjectString: true, withNullPrototype: true, withSparseArray: true })
    fc.assert(
      fc.property(anything, value => {
        const event = journal.emit({ ...notice('a pass'), changes: value } as EventBody)
        expect(event).toEqual(readJournal(dir, 'r1').at(-1))
      }),
      { numRuns: 50 },
    )
    journal.close()
  })

  it('tells a listener when the event is in the file, and not before', () => {
    const journal = openJournal(dir, 'r1')
    const seen: string[] = []
    const stop = journal.listen(event => seen.push(`${event.seq} ${textOf(journal.file).trim().split('\n').length}`))
    journal.emit(notice('one'))
    journal.emit(notice('two'))
    stop()
    journal.emit(notice('three'))
    journal.close()
    expect(seen).toEqual(['1 1', '2 2'])
  })

  it('goes on after the last whole line of a run that was killed', () => {
    const first = openJournal(dir, 'r1')
    first.emit(notice('one'))
    first.close()
    writeFileSync(first.file, '{"v":1,"seq":2,"at":"2026', { flag: 'a' })
    const second = openJournal(dir, 'r1')
    second.emit(notice('two'))
    second.close()
    expect(readJournal(dir, 'r1').map(event => event.type === 'notice' && event.text)).toEqual(['one', 'two'])
  })
})

describe('what must not be lost is on disk before emit returns (P6)', () => {
  const step = { step: 'install/mount', host: 'node1' }
  const receipt = {
    version: 1,
    ...step,
    cluster: 'c',
    run: 'r1',
    at: '',
    settings: '',
    rests: [],
    attests: [],
  } as const
  const urgent: readonly EventBody[] = [
    { type: 'hold-intended', hold: 'partition', host: 'node1' },
    { type: 'prompt-answered', ...step, prompt: 'Sure?', answer: 'y' },
    { type: 'receipt-written', receipt },
    { type: 'receipt-withdrawn', ...step, because: 'uid.conf moved' },
    { type: 'run-ended', exitCode: 0, counts: {} as never, ms: 1 },
  ]

  const calls: string[] = []
  const disk: Disk = {
    write(fd, bytes) {
      calls.push('write')
      return realDisk.write(fd, bytes)
    },
    sync(fd) {
      calls.push('sync')
      realDisk.sync(fd)
    },
    async syncBeside(fd) {
      calls.push('sync begins')
      await realDisk.syncBeside(fd)
      calls.push('sync ends')
    },
    cut: realDisk.cut,
  }
  const intent = (host: string): EventBody => ({ type: 'step-intended', step: 'install/mount', host, changes: [] })

  it('or, for what steps mean to do, when the engine has waited: those who wait together wait for one sync', async () => {
    const journal = openJournal(dir, 'r1', { disk })
    calls.length = 0
    const waiting = ['node1', 'node2', 'node3'].map(async host => {
      journal.emit(intent(host))
      await journal.onDisk()
      calls.push(host)
    })
    await Promise.all(waiting)
    // The first one's sync began before the others had written.
    const [first, second] = [
      ['write', 'sync begins', 'write', 'write', 'sync ends'],
      ['sync begins', 'node1', 'sync ends', 'node2', 'node3'],
    ]
    expect(calls).toEqual([...first, ...second])
    calls.length = 0
    await journal.onDisk()
    expect(calls).toEqual([])
    journal.close()
  })

  it('which nobody waits for in vain: a disk that refuses is told to each', async () => {
    const refusing: Disk = {
      ...disk,
      syncBeside: async () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' })),
    }
    const journal = openJournal(dir, 'r1', { disk: refusing })
    journal.emit(intent('node1'))
    const told = await Promise.allSettled([journal.onDisk(), journal.onDisk()])
    expect(told).toMatchObject([{ reason: { code: 'journal-full' } }, { reason: { code: 'journal-full' } }])
    journal.close()
  })

  it.each(urgent)('$type', body => {
    const journal = openJournal(dir, 'r1', { disk })
    calls.length = 0
    journal.emit(notice('a notice alone is not worth a sync'))
    expect(calls).toEqual(['write'])
    journal.emit(body)
    expect(calls).toEqual(['write', 'write', 'sync'])
    journal.close()
  })
})

describe('a full disk', () => {
  /** The kernel's own refusal, after some bytes of the line went in. */
  const fullAfter = (bytesLeft: { now: number }): Disk => {
    const full = openSync('/dev/full', 'w')
    return {
      ...realDisk,
      write(fd, bytes) {
        const part = bytes.subarray(0, Math.min(bytes.length, bytesLeft.now))
        if (part.length === 0) return writeSync(full, bytes)
        bytesLeft.now -= part.length
        return realDisk.write(fd, part)
      },
    }
  }

  it('is told as a problem, nobody hears of the event, and no half line stays', () => {
    const room = { now: 100 }
    const journal = openJournal(dir, 'r1', { disk: fullAfter(room), now })
    const heard: number[] = []
    journal.listen(({ seq }) => heard.push(seq))
    journal.emit(notice('fits'))
    const before = textOf(journal.file)
    const problem = problemOf(() => journal.emit(notice('does not fit any more, not with all these words')))
    expect(problem.code).toBe('journal-full')
    expect(problem.fields.help).toContain('df -h')
    expect(textOf(journal.file)).toBe(before)
    room.now = 1000
    journal.emit(notice('after somebody made room'))
    journal.close()
    expect(heard).toEqual([1, 2])
    expect(readJournal(dir, 'r1')).toHaveLength(2)
  })
})

describe('secrets (P10)', () => {
  const known = 'p"ss\nw\\rd'
  const redact = (text: string) => text.replaceAll(known, '••••••').replaceAll('same', '••••••')
  const withSecrets = (): EventBody => ({
    type: 'step-ended',
    step: 'install/installer',
    host: 'node1',
    outcome: 'same',
    because: `the answer was ${known}`,
    changes: [],
    // What a careless task hands on: the object itself, the text in a list, the text as a key.
    result: { object: new Secret('directory', known) as never, list: [known], [known]: 1 },
    ms: 1,
  })

  it('are written masked wherever they stand, also where JSON escapes them', () => {
    const journal = openJournal(dir, 'r1', { redact })
    journal.emit(withSecrets())
    journal.close()
    const text = textOf(journal.file)
    expect(text).not.toContain(JSON.stringify(known).slice(1, -1))
    expect(text.match(/••••••/g)).toHaveLength(4)
  })

  it('are masked for those who listen too, so that a screen shows what a replay shows', () => {
    const journal = openJournal(dir, 'r1', { redact })
    const event = journal.emit(withSecrets())
    journal.close()
    expect(JSON.stringify(event)).not.toContain('w\\\\rd')
    expect(event).toEqual(readJournal(dir, 'r1')[0])
  })

  it('do not take our own words with them', () => {
    const journal = openJournal(dir, 'r1', { redact })
    expect(journal.emit(withSecrets())).toMatchObject({ type: 'step-ended', outcome: 'same' })
    journal.close()
  })
})
