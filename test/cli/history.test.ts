// `run history` and `run report`, on journals that other runs left: from the command line, without a node.
import { describe, expect, it } from 'vitest'
import { machineId, startOf } from '../../src/cli/processes.ts'
import { toLine } from '../../src/journal/format.ts'
import type { EventBody, RunEvent } from '../../src/model/events.ts'
import { dryRun, failedRun, goodRun, stamped, started } from '../report/story.ts'
import { refusal, siteOf } from './scratch-site.ts'

const journal = (events: readonly RunEvent[], day: number): string =>
  events
    .map(
      ({ seq, at, ...body }) =>
        toLine(body as EventBody, { seq, at: at.replace('11-23', `11-${day}`), redact: text => text }).line,
    )
    .join('')

/** That changes were found is told by the process alone; the journal says that the run went well. */
const asKept = (event: RunEvent): RunEvent => (event.type === 'run-ended' ? { ...event, exitCode: 0 } : event)

const begun = (more: Parameters<typeof started>[0]) => stamped([started(more)])

const site = siteOf({
  '.run/runs/dry/events.jsonl': journal(dryRun().map(asKept), 20),
  '.run/runs/failed/events.jsonl': journal(failedRun(), 21),
  '.run/runs/good/events.jsonl': journal([...begun({ resumes: 'failed' }), ...goodRun().slice(1)], 22),
  '.run/runs/open/events.jsonl': journal(begun({ cluster: 'msgr2', playbook: 'paths' }), 24),
  '.run/runs/damaged/events.jsonl': 'nothing of ours\n',
})

const column = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map(line => line.split(/ {2,}/)[0])

describe('run history', () => {
  it('lists the newest first, each with how it went and what it has to do with others', async () => {
    const { status, stdout, stderr } = await site('history')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toContain('its journal cannot be read: The journal holds a line that is not an event')
    const rows = stdout.split('\n').filter(line => !line.startsWith('damaged'))
    expect(rows.map(row => row.replace(/ {2}2026-11-\d\d \d\d:\d\d:\d\d/, '').replace(/ {2,}/g, ' | '))).toEqual([
      'RUN | BEGAN | TOOK | MODE | PLAYBOOK | CLUSTER | EXIT | OUTCOME',
      'open | - | run | paths | msgr2 | - | no end: it is under way, or broke off',
      'good | 2m 9s | run | install | msgr1 | 0 | done; 9 changed; goes on with failed',
      'failed | 1m 1s | run | install | msgr1 | 1 | failed; gone on with by good',
      'dry | 900ms | dry-run | install | msgr1 | 0 | found changes; 9 would change',
      '',
    ])
  })

  it.each([
    [['--failed'], ['damaged', 'failed', 'open']],
    [['--cluster', 'msgr2'], ['open']],
    [
      ['--playbook', 'install'],
      ['dry', 'failed', 'good'],
    ],
    [['--cluster', 'msgr2', '--failed', '-n', '1'], ['open']],
  ])('%j', async (flags, runs) => {
    // A journal that cannot be read stands where its file was written last, which is now.
    expect(column((await site('history', ...flags)).stdout).sort()).toEqual(runs)
  })

  it('says how many it left out', async () => {
    const { stdout } = await site('history', '--cluster', 'msgr1', '--limit', '2')
    expect(column(stdout)).toEqual(['good', 'failed', '… and 1 before: --limit 3'])
  })

  it('tells a name that no run has, with the one that was meant', async () => {
    const { status, stdout, stderr } = await site('history', '--playbook', 'instal')
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
    expect(stderr).toBe('No run that is kept here is such a one. did you mean `install`?\n')
  })

  it('is JSON for programs', async () => {
    const { runs } = JSON.parse((await site('history', '--format', 'json')).stdout)
    expect(runs).toHaveLength(5)
    expect(runs).toContainEqual(
      expect.objectContaining({ run: 'failed', exitCode: 1, resumedBy: 'good', outcome: 'failed', ms: 61_000 }),
    )
    expect(runs).toContainEqual(expect.objectContaining({ run: 'damaged', code: 'journal-damaged' }))
  })

  it('says so where no run is kept', async () => {
    expect(await siteOf()('history')).toEqual({ status: 0, stdout: '', stderr: 'No run is kept here.\n' })
  })
})

describe('a run without an end', () => {
  const lockedBy = (pid: number, machine = machineId()) =>
    journal(
      stamped([
        started(),
        {
          type: 'cluster-locked',
          places: ['node1'],
          owner: {
            version: 1,
            token: 'x',
            run: 'r',
            cluster: 'msgr1',
            user: 'ada',
            controller: 'desk',
            machine,
            pid,
            started: startOf(pid) ?? '',
            since: '2026-11-23T05:12:00.000Z',
            why: 'run playbook install',
          },
        },
      ]),
      23,
    )

  it.each([
    ['whose process lives is under way', lockedBy(process.pid), 'under way'],
    ['whose process is gone broke off', lockedBy(2 ** 22 + 1), 'broke off'],
    ['of another machine may be either', lockedBy(process.pid, 'another'), 'no end: it is under way, or broke off'],
  ])('%s', async (_name, text, outcome) => {
    const { stdout } = await siteOf({ '.run/runs/r/events.jsonl': text })('history', '--format', 'json')
    expect(JSON.parse(stdout).runs).toMatchObject([{ run: 'r', outcome }])
  })
})

describe('run report', () => {
  it.each([
    ['text', /^run {4}install {12}run /],
    ['tree', /^install {2}cluster msgr1/],
    ['md', /^# Run report: install on msgr1\n/],
    ['html', /^<!doctype html>/],
    ['json', /^\{\n {2}"version": 1,/],
    ['jsonl', /^\{"v":1,"seq":1,.*"type":"run-started"/],
    ['junit', /^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites /],
  ])('as %s', async (format, beginning) => {
    const { status, stdout, stderr } = await site('report', 'failed', '--format', format)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(beginning)
  })

  it('tells of the newest run where none is named, and that it has no end', async () => {
    const { stdout, stderr } = await site('report')
    expect(stdout).toMatch(/^run {4}paths /)
    expect(stderr).toBe('Run open has no end in its journal: it is under way, or broke off.\n')
  })

  it('takes the form from the file that it writes', async () => {
    expect(await site('report', 'good', '-o', 'good.xml')).toEqual({ status: 0, stdout: '', stderr: '' })
    const { stdout } = await site('report', 'good', '--format', 'junit')
    expect(stdout).toContain('tests="9"')
  })

  it.each([
    [['report', 'god'], 'error[run-unknown]', 'did you mean `good`?'],
    [['report', '../runs/good'], 'error[run-unknown]', 'run history'],
    [['report', 'damaged'], 'error[journal-damaged]', 'events.jsonl:1'],
    [['report', 'good', '-o', 'no/such/place.md'], 'error[file-unwritable]', 'no/such/place.md'],
  ])('%j is refused', async (command, code, help) => {
    const { status, stdout, stderr } = await site(...command)
    expect({ status: status !== 0, stdout }).toEqual({ status: true, stdout: '' })
    expect(stderr).toContain(code)
    expect(stderr).toContain(help)
  })

  it('says so where no run is kept', async () => {
    expect(refusal(await siteOf()('report'))).toContain('error[run-missing]')
  })
})
