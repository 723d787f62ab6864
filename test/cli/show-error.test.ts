// What a disk of this machine refuses is told as a problem with a way on; only what is our own fault is a bug.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { loadFolder } from '../../src/cli/modules.ts'
import { showError } from '../../src/cli/show-error.ts'
import type { Surroundings } from '../../src/cli/surroundings.ts'
import { runFile } from '../lab/e2e/command.ts'

const thrownBy = (work: () => unknown): unknown => {
  try {
    work()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

const told = (error: unknown): string => {
  const lines: string[] = []
  const stderr = { write: (text: string) => void lines.push(text) }
  showError(error, { stderr, version: '0', colour: false, isSpoken: false } as unknown as Surroundings)
  return lines.join('')
}

it.each([
  ['a folder that cannot be made', () => mkdirSync('/sys/run/cache', { recursive: true })],
  ['a folder where nobody may write', () => mkdirSync('/sys/run')],
])("%s is the machine's", (_, work) => {
  expect(told(thrownBy(work))).toMatch(
    /^error\[disk-refused\] This machine refuses .*\n(?:.*\n)* {2}help {4}look at it/,
  )
})

it('a file that is not there, and nobody told of, is a bug', () => {
  expect(told(thrownBy(() => readFileSync('/nowhere')))).toContain('This is a bug of run itself')
})

it('where nothing can be kept, modules are loaded all the same', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'modules-'))
  writeFileSync(join(folder, 'one.ts'), 'export default 1 as number')
  expect(await loadFolder(folder, { cache: '/sys/run/cache', cwd: folder })).toEqual({ one: 1 })
})

it('what cannot be written to stdout is told, and no success', () => {
  const { status, stderr } = spawnSync(
    'sh',
    ['-c', '"$0" "$@" >/dev/full', process.execPath, runFile, 'docs', 'copy'],
    {
      encoding: 'utf8',
    },
  )
  expect([status, stderr]).toEqual([1, expect.stringContaining('error[stdout-unwritable]')])
})
