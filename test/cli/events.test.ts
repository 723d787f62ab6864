// `--events`: what comes out while a run goes on is its journal, byte for byte, wherever it is sent; a reader holds up nobody.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openOutlet } from '../../src/cli/event-outlet.ts'
import { Problem } from '../../src/model/problem.ts'
import { unreachableSite } from './unreachable-site.ts'

const typesIn = (text: string): readonly string[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line).type)

describe('events go', () => {
  it('to a file, which nobody else can read', async () => {
    const site = unreachableSite()
    const { status } = await site.run('playbook one.yml --yes --events events.jsonl')
    expect(status).toBe(6)
    expect(typesIn(site.text('events.jsonl'))).toEqual(expect.arrayContaining(['run-started', 'host-unreachable']))
    expect(typesIn(site.text('events.jsonl')).at(-1)).toBe('run-ended')
    expect(site.text('events.jsonl')).toBe(site.journal())
    expect(statSync(join(site.dir, 'events.jsonl')).mode & 0o777).toBe(0o600)
  })

  it('with the place of each step in the project, from wherever the command is called', async () => {
    const site = unreachableSite()
    mkdirSync(join(site.dir, 'below'))
    await site.run('playbook ../one.yml --yes', { before: ['sh', '-c', 'cd below; exec "$@"', 'sh'] })
    expect(JSON.parse(site.journal().split('\n')[0] ?? '').places).toEqual({
      'one/nothing': { file: 'one.yml', line: 2 },
    })
    expect((await site.run('report --format junit')).stdout).toContain(' file="one.yml" line="2" ')
  })

  it('to stdout, where nothing else comes then: what a dry run tells goes to stderr', async () => {
    const site = unreachableSite()
    const { stdout, stderr } = await site.run('playbook one.yml --dry-run --events -')
    expect(stdout).toBe(site.journal())
    expect(stderr).toContain('one/nothing')
    const without = await site.run('playbook one.yml --dry-run')
    expect(without.stdout).not.toBe('')
    expect(stderr).toContain(without.stdout.split('\n')[0])
  })

  it('to a descriptor that the caller has opened', async () => {
    const site = unreachableSite()
    await site.run('playbook one.yml --yes --events fd:3', { before: ['sh', '-c', 'exec 3>three; exec "$@"', 'sh'] })
    expect(site.text('three')).toBe(site.journal())
  })

  it('to a pipe, through to the last', async () => {
    const site = unreachableSite()
    await site.run('playbook one.yml --yes --events fd:3', {
      before: ['sh', '-c', '{ "$@" 3>&1 >&2; } | cat >three', 'sh'],
    })
    expect(site.text('three')).toBe(site.journal())
  })
})

describe('what an earlier run left in the file', () => {
  it('is gone when the input is refused: there was no run', async () => {
    const site = unreachableSite()
    writeFileSync(join(site.dir, 'events.jsonl'), '{"type":"run-ended"}\n')
    const { status } = await site.run('playbook wrong.yml --events events.jsonl')
    expect([status, site.text('events.jsonl')]).toEqual([2, ''])
  })
})

describe('a place that takes none is told before anything begins', () => {
  it.each([
    ['a folder', 'EISDIR'],
    ['missing/events.jsonl', 'ENOENT'],
    ['fd:77', 'EBADF'],
    ['pipe', 'ENXIO'],
  ])('%s', (to, seen) => {
    const cwd = mkdtempSync(join(tmpdir(), 'run-outlet-'))
    spawnSync('mkdir', [join(cwd, 'a folder')])
    spawnSync('mkfifo', [join(cwd, 'pipe')])
    let thrown: unknown
    try {
      openOutlet(to, { cwd })
    } catch (error) {
      thrown = error
    }
    if (!(thrown instanceof Problem)) throw thrown
    expect(thrown.fields).toMatchObject({ code: 'events-unwritable', state: 'nothing was begun' })
    expect(thrown.fields.seen).toContain(seen)
  })
})

describe('a reader', () => {
  const line = `${JSON.stringify({ text: 'x'.repeat(8_000) })}\n`

  /** Writes a hundred lines to a pipe, from a process of its own, whose reader is `program`. */
  const wrote = (program: string, patienceMs = 20_000) => {
    const outlet = JSON.stringify(new URL('../../src/cli/event-outlet.ts', import.meta.url).pathname)
    const dir = mkdtempSync(join(tmpdir(), 'run-reader-'))
    const esbuild = new URL('../../node_modules/.bin/esbuild', import.meta.url).pathname
    const text = `
      import { openOutlet } from ${outlet}
      const outlet = openOutlet('fd:3', { cwd: '/', patienceMs: ${patienceMs} })
      const begun = performance.now()
      for (let n = 0; n < 100; n++) outlet.write(${JSON.stringify(line)})
      const waited = performance.now() - begun
      console.log(JSON.stringify({ waited, why: outlet.close() ?? null }))`
    writeFileSync(join(dir, 'write.ts'), text)
    spawnSync(esbuild, [join(dir, 'write.ts'), '--bundle', '--platform=node', `--outfile=${join(dir, 'write.cjs')}`])
    const command = `{ "${process.execPath}" ${dir}/write.cjs 3>&1 >${dir}/told; } | ${program} >${dir}/read`
    spawnSync('sh', ['-c', command])
    return {
      told: JSON.parse(readFileSync(join(dir, 'told'), 'utf8')) as {
        readonly waited: number
        readonly why: string | null
      },
      read: readFileSync(join(dir, 'read'), 'utf8'),
    }
  }

  it('that is slow gets every line, and holds up nobody', () => {
    const { told, read } = wrote('{ sleep 2; cat; }')
    expect(told.why).toBeNull()
    expect(told.waited).toBeLessThan(1900)
    expect(read).toBe(line.repeat(100))
  })

  it('that goes away ends nothing, and it is told', () => {
    const { told } = wrote('head -n 1')
    expect(told.why).toContain('EPIPE')
  })

  it('that never reads is waited for a moment at the end, and it is told', () => {
    expect(wrote('sleep 2', 100).told.why).toBe('nobody read them')
  })
})
