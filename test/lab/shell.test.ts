// `labShell` hands stdin and stdout over to a node until the shell or the command there ends.
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { beforeAll, expect, it } from 'vitest'
import { connectionOf } from '../../lab/index.ts'
import { callArgv, up } from './scratch-lab.ts'

let lab: Awaited<ReturnType<typeof up>>
beforeAll(async () => {
  lab = await up()
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
