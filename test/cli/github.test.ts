// In a job of GitHub Actions: marks beside the lines of a change, the report on the page of the job, and the workflow of
// docs/ci.md, whose commands are carried out as they stand there.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { githubAt } from '../../src/cli/github.ts'
import { readText } from '../docs/pages.ts'
import { unreachableSite } from './unreachable-site.ts'

const envOf = (dir: string) => ({
  GITHUB_ACTIONS: 'true',
  GITHUB_WORKSPACE: dir,
  GITHUB_STEP_SUMMARY: join(dir, 'summary.md'),
})

const commandsIn = (stderr: string): readonly string[] => stderr.split('\n').filter(line => line.startsWith('::'))

const isGuard = (line: string): boolean => /^::(?:stop-commands::[\w-]{36}|[\w-]{36}::)$/.test(line)

/** What a runner would obey: between `stop-commands` and the same word again, nothing. */
const heeded = (stderr: string): readonly string[] => {
  let until: string | undefined
  return commandsIn(stderr).filter(line => {
    const stop = /^::stop-commands::(.*)$/.exec(line)?.[1]
    if (until === undefined && stop !== undefined) until = stop
    else if (line === `::${until}::`) until = undefined
    else return until === undefined
    return false
  })
}

describe('a job', () => {
  it('has the faults of a lint beside their lines, from the root of the repository', async () => {
    const site = unreachableSite()
    const { status, stderr } = await site.run('lint wrong.yml', { env: { ...envOf(join(site.dir, '..')) } })
    const folder = site.dir.split('/').at(-1)
    expect(status).toBe(2)
    expect(commandsIn(stderr)).toContainEqual(
      expect.stringMatching(
        `^::error file=${folder}/wrong\\.yml,line=1,endLine=1,col=3,endColumn=6,title=key-unknown::`,
      ),
    )
  })

  it('has them as well where a program reads the rest, and its warnings', async () => {
    const site = unreachableSite({
      'doubtful.yml': '- hosts: all\n  vars: { a: 1 }\n  tasks: [{ name: Nothing, command: "true" }]\n',
    })
    const { stdout, stderr } = await site.run('lint doubtful.yml --format json', { env: envOf(site.dir) })
    expect(JSON.parse(stdout)).toMatchObject([{ severity: 'warning', code: 'variable-unused' }])
    expect(commandsIn(stderr).filter(line => !isGuard(line))).toEqual([
      expect.stringMatching(/^::warning file=doubtful\.yml,line=2,.*title=variable-unused::/),
    ])
  })

  it('has what failed in a run, and its report; no line in between is a command', async () => {
    const site = unreachableSite()
    const { status, stderr } = await site.run('playbook one.yml --yes', { env: envOf(site.dir) })
    expect(status).toBe(6)
    expect(heeded(stderr)).toEqual([
      expect.stringMatching(/^::error file=inventory\.yml,line=1,.*,title=host-unreachable · ada::/),
    ])
    expect(stderr.indexOf('::stop-commands::')).toBeLessThan(stderr.indexOf('unreachable'))
    expect(commandsIn(stderr).at(-1)).toMatch(/^::[\w-]{36}::$/)
    expect(site.text('summary.md')).toMatch(/^<!--|^# /)
    expect(site.text('summary.md')).toContain('Run report: one')
  })

  it.each(['doctor', 'report', 'history', 'lock status', 'lint'])(
    'takes nothing that `%s` tells for a command',
    async words => {
      const site = unreachableSite()
      const { stderr } = await site.run(words, { env: envOf(site.dir) })
      const [stop = '', ...others] = commandsIn(stderr)
      expect(stop).toMatch(/^::stop-commands::/)
      expect(stderr.startsWith(stop)).toBe(true)
      expect(others.at(-1)).toMatch(/^::[\w-]{36}::$/)
    },
  )

  it('has nothing of it elsewhere', async () => {
    const site = unreachableSite()
    const { stderr } = await site.run('playbook one.yml --yes')
    expect(commandsIn(stderr)).toEqual([])
  })
})

describe('the page of a job', () => {
  const told: string[] = []
  const at = (page: string) => {
    const { dir } = unreachableSite()
    const vars: Readonly<Record<string, string>> = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: join(dir, page) }
    const stderr = { write: (text: string) => told.push(text) }
    return { dir, page: join(dir, page), github: githubAt({ cwd: dir, environment: name => vars[name], stderr }) }
  }

  it('keeps what other commands of the step wrote', () => {
    const { page, github } = at('summary.md')
    writeFileSync(page, '# before\n')
    github?.summarize('# after', 'elsewhere')
    expect(readText(page)).toBe('# before\n# after\n')
  })

  it('names a report that is too long, and cuts none', () => {
    const { page, github } = at('summary.md')
    github?.summarize('x'.repeat(1024 * 1024), 'It lies elsewhere.')
    expect(readText(page)).toBe('The report is longer than GitHub shows here (1025 KiB). It lies elsewhere.\n')
  })

  it('that cannot be written fails nothing, and it is told', () => {
    const { page, github } = at('folder')
    mkdirSync(page)
    github?.summarize('# after', 'It lies elsewhere.')
    expect(told.join('')).toMatch(/The page of the job has no report: EISDIR.* It lies elsewhere\./)
  })
})

describe('the workflow of docs/ci.md', () => {
  type Step = {
    readonly uses?: string
    readonly run?: string
    readonly with?: object
    readonly env?: object
    readonly if?: string
  }
  type Job = {
    readonly 'runs-on': string | readonly string[]
    readonly needs?: string
    readonly steps: readonly Step[]
  }
  const [, text = ''] = /```yaml\n([\s\S]*?)```/.exec(readText('docs/ci.md')) ?? []
  const workflow = parse(text) as { readonly on: object; readonly jobs: Readonly<Record<string, Job>> }
  const steps = Object.values(workflow.jobs).flatMap(job => job.steps)

  it('has the keys of one', () => {
    expect(Object.keys(workflow)).toEqual(['name', 'on', 'permissions', 'jobs'])
    for (const job of Object.values(workflow.jobs)) {
      expect(Object.keys(job).filter(key => !['runs-on', 'needs', 'concurrency', 'steps'].includes(key))).toEqual([])
      expect(job.needs === undefined || job.needs in workflow.jobs).toBe(true)
    }
    for (const step of steps) {
      expect(Object.keys(step).filter(key => !['uses', 'with', 'run', 'env', 'if'].includes(key))).toEqual([])
      expect([step.uses, step.run].filter(Boolean)).toHaveLength(1)
      if (step.uses) expect(step.uses).toMatch(/^actions\/[\w-]+@v\d+$/)
    }
  })

  it.each(steps.flatMap(({ run = '' }) => /^npx run (.*)/.exec(run)?.[1] ?? []))('run %s', async words => {
    const site = unreachableSite({ 'install.yml': '- hosts: all\n  tasks: [{ name: Nothing, command: "true" }]\n' })
    mkdirSync(join(site.dir, 'playbooks'))
    writeFileSync(join(site.dir, 'playbooks/install.yml'), site.text('install.yml'))
    const { status, stderr } = await site.run(words, { env: envOf(site.dir) })
    expect([words, status, stderr]).toEqual([words, words.startsWith('lint') ? 0 : 6, expect.any(String)])
    if (words.includes('--events')) expect(site.text('events.jsonl')).toBe(site.journal())
  })
})
