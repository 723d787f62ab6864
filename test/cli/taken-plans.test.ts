// A plan is taken once, also where two runs begin at the same moment.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findTaken, takePlan } from '../../src/cli/taken-plans.ts'
import { listRuns } from '../../src/journal/index.ts'

let dir: string
let runs: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'run-taken-'))
  runs = join(dir, 'runs')
  writeFileSync(join(dir, 'plan.json'), 'the plan')
})
afterEach(() => rmSync(dir, { recursive: true }))

const take = (run: string, digest = 'abc') => {
  mkdirSync(join(runs, run), { recursive: true })
  takePlan(runs, { digest, file: join(dir, 'plan.json'), run })
}

describe('a plan', () => {
  it('that nobody took is free', () => {
    expect(findTaken(runs, 'abc')).toBeUndefined()
  })

  it('that was taken is refused, with the run that took it', () => {
    take('2026-11-23-0612')
    expect(findTaken(runs, 'abc')).toMatchObject({ code: 'plan-taken', exit: 3 })
    expect(findTaken(runs, 'abc')?.fields.seen).toBe('taken by run 2026-11-23-0612')
    expect(findTaken(runs, 'abd')).toBeUndefined()
  })

  it('is kept beside the journal of the run that took it', () => {
    take('2026-11-23-0612')
    expect(readFileSync(join(runs, '2026-11-23-0612', 'plan.json'), 'utf8')).toBe('the plan')
  })

  it('is not given to a run that came too late, and counts as no run itself', () => {
    take('2026-11-23-0612')
    expect(() => take('2026-11-23-0613')).toThrow('taken already')
    expect(existsSync(join(runs, '2026-11-23-0613', 'plan.json'))).toBe(false)
    expect(listRuns(runs)).toEqual([])
  })

  it('is taken by one of many that begin at once', async () => {
    const module = new URL('../../src/cli/taken-plans.ts', import.meta.url).pathname
    const { build } = await import('esbuild')
    await build({
      entryPoints: [module],
      outfile: join(dir, 'take.mjs'),
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'silent',
    })
    const program = `import { takePlan } from '${join(dir, 'take.mjs')}'
import { mkdirSync } from 'node:fs'
const run = 'run-' + process.pid
mkdirSync('${runs}/' + run, { recursive: true })
await new Promise(resolve => setTimeout(resolve, Number(process.argv[1]) - Date.now()))
try { takePlan('${runs}', { digest: 'abc', file: '${dir}/plan.json', run }) } catch (error) { process.exit(error.exit ?? 1) }`
    const at = Date.now() + 1500
    const ends = await Promise.all(
      Array.from({ length: 4 }, () => {
        const child = spawn(process.execPath, ['--input-type=module', '-e', program, `${at}`], { stdio: 'ignore' })
        return new Promise(resolve => child.once('close', resolve))
      }),
    )
    expect(ends.toSorted()).toEqual([0, 3, 3, 3])
    expect(readdirSync(runs).filter(run => existsSync(join(runs, run, 'plan.json')))).toHaveLength(1)
  }, 60_000)
})
