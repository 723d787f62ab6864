// A playbook carried out by a program: a report in the place of a screen, problems thrown, and nothing on the terminal.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { basename, dirname, join, relative } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type * as surface from '../../src/cli/package/index.ts'
import type { RunEvent } from '../../src/model/events.ts'
import { unreachableSite } from './unreachable-site.ts'

/** As it is built. */
const { runPlaybook, Problem, Problems }: typeof surface = createRequire(import.meta.url)('../../dist/package.cjs')

const thrownBy = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  )

const written = ['stdout', 'stderr'].map(name => vi.spyOn(process[name as 'stdout'], 'write'))
afterEach(() => {
  vi.clearAllMocks()
})
const writtenByUs = () => written.flatMap(spy => spy.mock.calls).length

describe('a run', () => {
  it('ends with a report whatever came of it, which is what the journal says', async () => {
    const site = unreachableSite()
    const heard: RunEvent[] = []
    const signals = process.listenerCount('SIGINT')
    const report = await runPlaybook('one.yml', {
      mode: 'run',
      cwd: site.dir,
      yes: true,
      onEvent: event => heard.push(event),
    })
    expect(writtenByUs()).toBe(0)
    expect(process.listenerCount('SIGINT')).toBe(signals)
    expect(report).toMatchObject({
      mode: 'run',
      exitCode: 6,
      steps: [{ step: 'one/nothing', host: 'ada', outcome: 'not-reached', changes: [] }],
      problems: [{ code: 'host-unreachable', host: 'ada' }],
      journal: join(site.dir, '.run/runs', report.run, 'events.jsonl'),
    })
    expect(heard.map(({ seq }) => seq)).toEqual(heard.map((_, index) => index + 1))
    expect(site.journal().split('\n').filter(Boolean)).toHaveLength(heard.length)
  })

  it('is of the site that stands above where it is begun, however that is written', async () => {
    const site = unreachableSite()
    for (const folder of ['tasks', 'below']) mkdirSync(join(site.dir, folder))
    writeFileSync(join(site.dir, 'tasks/mine.ts'), "import { task } from '#task'\nexport default task\n")
    const cwd = relative(process.cwd(), join(site.dir, 'below'))
    const error = await thrownBy(runPlaybook('../one.yml', { mode: 'dry-run', cwd }))
    if (!(error instanceof Problems)) throw error
    expect(error.all.map(({ message }) => message)).toEqual(['tasks/mine.ts exports no task as its default'])
    rmSync(join(site.dir, 'tasks'), { recursive: true })
    const { journal } = await runPlaybook('../one.yml', { mode: 'dry-run', cwd })
    expect(journal).toBe(join(site.dir, '.run/runs', basename(dirname(journal)), 'events.jsonl'))
  })

  it('is in the journal as the line that does the same', async () => {
    const site = unreachableSite()
    const heard: RunEvent[] = []
    await runPlaybook('one.yml', {
      mode: 'dry-run',
      cwd: site.dir,
      inventory: 'inventory.yml',
      extraVars: { name: 'two words' },
      only: ['nothing'],
      limit: 'ada',
      onEvent: event => heard.push(event),
    })
    const line = `run playbook one.yml -i inventory.yml -l ada --only nothing -e '{"name":"two words"}' --dry-run`
    expect(heard[0]).toMatchObject({ type: 'run-started', mode: 'dry-run', command: line })
  })

  it('prints what the command would show without a terminal, where it is asked to', async () => {
    const site = unreachableSite()
    let printed = ''
    const options = { mode: 'run', cwd: site.dir, yes: true } as const
    await runPlaybook('one.yml', { ...options, print: text => (printed += text) })
    expect(printed).toMatch(/^run {2}one .*cluster/m)
    expect(printed).toContain('error[host-unreachable]')
    expect(writtenByUs()).toBe(0)
  })

  it('goes on when a listener throws, and throws that at the end', async () => {
    const site = unreachableSite()
    const oops = new Error('oops')
    const onEvent = vi.fn(() => {
      throw oops
    })
    expect(await thrownBy(runPlaybook('one.yml', { mode: 'run', cwd: site.dir, yes: true, onEvent }))).toBe(oops)
    expect(onEvent).toHaveBeenCalledTimes(1)
    expect(site.journal()).toContain('"type":"run-ended"')
  })
})

describe('thrown is', () => {
  it('all that is wrong with the input, at once', async () => {
    const site = unreachableSite({ 'wrong.yml': '- hosts: nobody\n  taks: []\n' })
    const error = await thrownBy(runPlaybook('wrong.yml', { mode: 'dry-run', cwd: site.dir }))
    if (!(error instanceof Problems)) throw error
    expect(error.all.map(({ code }) => code)).toContain('key-unknown')
    expect(writtenByUs()).toBe(0)
  })

  it.each([
    [{}, 'option-wrong', /value for `mode`/, 'run or dry-run'],
    [{ mode: 'runn' }, 'option-wrong', /value for `mode`/, 'run or dry-run'],
    [{ mode: 'run', forks: 0 }, 'option-wrong', /value for `forks`/, 'a whole number, 1 or more'],
    [{ mode: 'run', tags: 'one' }, 'option-wrong', /value for `tags`/, 'a list'],
    [{ mode: 'run', onEvent: {} }, 'option-wrong', /value for `onEvent`/, 'a function'],
    [{ mode: 'run', dryrun: true }, 'option-unknown', /no option `dryrun`/, undefined],
  ])('that %j is no way to ask for a run, and none is begun', async (options, code, summary, wanted) => {
    const site = unreachableSite()
    const error = await thrownBy(runPlaybook('one.yml', { cwd: site.dir, yes: true, ...(options as { mode: 'run' }) }))
    if (!(error instanceof Problems)) throw error
    const told = error.all.map(({ message, fields }) => ({ message, code: fields.code, wanted: fields.wanted }))
    expect(told).toEqual([{ code, message: expect.stringMatching(summary), wanted }])
    expect(existsSync(join(site.dir, '.run/runs'))).toBe(false)
  })

  it('that nobody agreed to change a cluster', async () => {
    const site = unreachableSite()
    const error = await thrownBy(runPlaybook('one.yml', { mode: 'run', cwd: site.dir }))
    if (!(error instanceof Problem)) throw error
    expect(error.code).toBe('not-confirmed')
  })

  it('the reason of a signal that came before anything began', async () => {
    const site = unreachableSite()
    const signal = AbortSignal.abort(new Error('too late'))
    expect(await thrownBy(runPlaybook('one.yml', { mode: 'run', cwd: site.dir, yes: true, signal }))).toBe(
      signal.reason,
    )
  })
})

describe('a signal', () => {
  it('that comes in between ends the run in order, and the report says so', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1')
    await new Promise(resolve => silent.once('listening', resolve))
    const address = silent.address()
    const port = typeof address === 'object' ? address?.port : 0
    const site = unreachableSite({
      'inventory.yml': `all: { hosts: { ada: { ansible_host: 127.0.0.1, ansible_port: ${port} } } }\n`,
    })
    const stop = new AbortController()
    silent.on('connection', socket => {
      stop.abort()
      setTimeout(() => socket.destroy(), 100)
      silent.close()
    })
    const heard: RunEvent[] = []
    const report = await runPlaybook('one.yml', {
      mode: 'run',
      cwd: site.dir,
      yes: true,
      signal: stop.signal,
      onEvent: event => heard.push(event),
    })
    expect(heard).toContainEqual(expect.objectContaining({ type: 'run-interrupted', signal: 'abort' }))
    expect(report.exitCode).toBe(130)
    expect(report.steps).toMatchObject([{ outcome: 'not-reached' }])
  })
})

it('the variables of secrets are those that it is given', async () => {
  const site = unreachableSite({
    'inventory.yml':
      'all: { hosts: { ada: { ansible_host: 127.0.0.1, ansible_port: 1, word: { secret: env:WORD } } } }\n',
  })
  mkdirSync(join(site.dir, 'x'))
  writeFileSync(join(site.dir, 'one.yml'), '- hosts: all\n  tasks: [{ name: Say, debug: { msg: "{{ word }}" } }]\n')
  const options = { mode: 'dry-run', cwd: site.dir } as const
  expect(await thrownBy(runPlaybook('one.yml', { ...options, environment: {} }))).toBeInstanceOf(Error)
  const report = await runPlaybook('one.yml', { ...options, environment: { WORD: 'Kanarienvogel' } })
  expect(JSON.stringify([report, site.journal()])).not.toContain('Kanarienvogel')
})
