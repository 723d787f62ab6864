// A whole process is measured from its start to its end, with what it starts itself.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { measure } from '../../bench/measure.ts'

const dir = mkdtempSync(join(tmpdir(), 'bench-measure-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const place = { cwd: dir, log: join(dir, 'log') }
const node = (script: string) => [process.execPath, '-e', script]

/** By the clock of the processor: on a busy machine time goes by without work. */
const work = 'while (process.cpuUsage().user < 200_000);'
const memory = 'const kept = Buffer.alloc(100e6, 1); setTimeout(() => kept, 500);'

/** Holds memory until there is a second one that does. */
const together = `${memory}
require('node:fs').writeFileSync('here.' + process.pid, '')
const all = () => require('node:fs').readdirSync('.').filter(name => name.startsWith('here.')).length
const look = setInterval(() => all() === 2 && (clearInterval(look), setTimeout(() => kept, 500)), 10)`

describe('a measure', { timeout: 30_000 }, () => {
  it('is of the whole process: its time, its work, its memory, how it ended', async () => {
    const { wallMs, cpuMs, peakKb, exitCode } = await measure(node(`${memory}${work} process.exitCode = 3`), place)
    expect(exitCode).toBe(3)
    expect(wallMs).toBeGreaterThanOrEqual(200)
    expect(cpuMs).toBeGreaterThan(150)
    expect(peakKb).toBeGreaterThan(100_000)
  })

  it('counts what the process starts and waits for', async () => {
    const child = `require('node:child_process').spawnSync(process.execPath, ['-e', ${JSON.stringify(`${memory}${work}`)}])`
    const alone = await measure(node(''), place)
    const both = await measure(node(child), place)
    expect(both.cpuMs).toBeGreaterThan(alone.cpuMs + 50)
  })

  it('adds up the memory of processes that live at the same time', async () => {
    const hold = '"$1" -e "$2" & "$1" -e "$2" & wait'
    const { peakKb } = await measure(['sh', '-c', hold, 'sh', process.execPath, together], place)
    expect(peakKb).toBeGreaterThan(200_000)
  })

  it('keeps what the process said, of the last one only', async () => {
    await measure(['sh', '-c', 'echo one'], place)
    await measure(['sh', '-c', 'echo two; echo three >&2'], place)
    expect(readFileSync(place.log, 'utf8')).toBe('two\nthree\n')
  })

  it('ends the process when it is not wanted any more', async () => {
    const stop = new AbortController()
    const measured = measure(['sleep', '60'], { ...place, signal: stop.signal })
    stop.abort()
    await expect(measured).rejects.toThrow('aborted')
  })
})
