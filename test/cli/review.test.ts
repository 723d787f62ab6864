// `run review` reads a plan and nothing else: no node is asked, no inventory has to be there.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { RunEvent } from '../../src/model/events.ts'
import { writePlan } from '../../src/plan/plan-file.ts'
import { plan } from '../report/review/a-plan.ts'
import { mixedRun } from '../report/review/a-run.ts'
import { refusal, siteOf } from './scratch-site.ts'

const golden = (name: string): string =>
  readFileSync(new URL(`../report/review/golden/${name}`, import.meta.url), 'utf8')

const journal = (events: readonly RunEvent[]): string =>
  events.map(event => `${JSON.stringify({ v: 1, ...event })}\n`).join('')

const otherPlan = mixedRun().map(event => (event.type === 'run-started' ? { ...event, plan: 'another' } : event))

const run = siteOf({
  'plan.json': writePlan(plan),
  'altered.json': writePlan(plan).replace('0755', '0777'),
  '.run/runs/2026-11-23-0612/events.jsonl': journal(mixedRun()),
  '.run/runs/2026-11-23-0700/events.jsonl': journal(otherPlan),
  '.run/runs/2026-11-23-0800/events.jsonl': journal(mixedRun()),
  '.run/runs/2026-11-23-0800/plan.json': writePlan(plan),
  'signed/run.yml': 'approval: { allowed_signers: signers }\n',
  'signed/signers': '# who may sign\nada@example.com,bob@example.com namespaces="run-plan" ssh-ed25519 AAAA\n',
  'signed/plan.json': writePlan(plan),
})

const dir = mkdtempSync(join(tmpdir(), 'run-review-'))
afterAll(() => rmSync(dir, { recursive: true }))

describe('run review', () => {
  it('writes Markdown to stdout, and nothing else', async () => {
    expect(await run('review', 'plan.json')).toEqual({ status: 0, stdout: golden('review.md'), stderr: '' })
  })

  it('with --run tells planned against done', async () => {
    const { status, stdout } = await run('review', 'plan.json', '--run', '2026-11-23-0612')
    expect({ status, stdout }).toEqual({ status: 0, stdout: golden('report.md') })
  })

  it('reads the copy of the plan that the run took', async () => {
    const { status, stdout } = await run('review', '--run', '2026-11-23-0800')
    expect(status).toBe(0)
    expect(stdout).toMatch(/^# Change report: install on msgr1\n/)
  })

  it.each([
    ['review.html', '<!doctype html>'],
    ['review.json', '{\n  "version": 1,'],
    ['review.md', '# Change review'],
    ['review', '# Change review'],
  ])('writes %s in the form that its ending says', async (name, begin) => {
    const file = join(dir, name)
    expect(await run('review', 'plan.json', '-o', file)).toEqual({ status: 0, stdout: '', stderr: '' })
    expect(readFileSync(file, 'utf8').startsWith(begin)).toBe(true)
  })

  it('writes the form that is asked for, whatever the ending', async () => {
    const file = join(dir, 'page')
    await run('review', 'plan.json', '--format', 'html', '-o', file)
    expect(readFileSync(file, 'utf8')).toContain('<!doctype html>')
  })

  it('refuses a plan that is not as it was made, with exit code 3', async () => {
    const { status, stdout, stderr } = await run('review', 'altered.json', '-o', join(dir, 'altered.md'))
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' })
    expect(stderr).toContain('error[plan-altered]')
    expect(existsSync(join(dir, 'altered.md'))).toBe(false)
  })

  it.each([
    [['review'], 'error[word-missing] `run review` needs a <plan>, or a run with --run'],
    [['review', 'no.json'], 'error[file-not-found] There is no file no.json'],
    [['review', '--run', '2026-11-23-0612'], 'error[file-not-found] Run 2026-11-23-0612 did not follow a plan'],
    [['review', 'plan.json', '--run', '1999-01-01-0000'], 'error[run-unknown]'],
    [['review', 'plan.json', '--run', '2026-11-23-0700'], 'error[run-of-another-plan]'],
    [['review', 'plan.json', '-o', 'no/such/place'], 'error[file-unwritable]'],
  ])('refuses %j', async (words, said) => {
    expect(refusal(await run(...words))).toContain(said)
  })
})
