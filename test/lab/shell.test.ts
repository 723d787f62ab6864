// `labShell` hands stdin and stdout over to a node until the shell or the command there ends.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { beforeAll, expect, it } from 'vitest'
import { connectionOf } from '../../lab/index.ts'
import { beginCommand } from './e2e/command.ts'
import { callArgv, up } from './scratch-lab.ts'

const site = mkdtempSync(join(tmpdir(), 'site-'))
let lab: Awaited<ReturnType<typeof up>>
beforeAll(async () => {
  lab = await up()
  mkdirSync(join(site, '.run'), { mode: 0o700 })
  symlinkSync(lab.dir, join(site, '.run', 'lab'))
})

it.each([
  ['a shell reads what is typed', '', 'uname -n; exit 3\n', 'node2\n{"answer":3}\n'],
  ['a command reads what it is handed', 'cat; exit 4', 'as it is', 'as it is{"answer":4}\n'],
])('%s, and tells its exit status', async (_what, command, typed, seen) => {
  const [program = '', ...args] = callArgv('labShell', connectionOf(lab, 'node2'), command)
  const shell = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  shell.stdin.end(typed)
  expect(await text(shell.stdout)).toBe(seen)
})

it.each([
  ['uname', '-n'],
  ['--', 'uname', '-n'],
])('`run lab shell node2 %s %s %s` carries the command out', async (...words) => {
  expect(await beginCommand({ dir: site }, ['lab', 'shell', 'node2', ...words.filter(Boolean)]).end).toMatchObject({
    status: 0,
    stdout: 'node2\n',
  })
})
