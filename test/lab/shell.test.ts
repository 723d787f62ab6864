// `labShell` hands stdin and stdout over to a node until the shell there ends.
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { connectionOf } from '../../lab/index.ts'
import { callArgv, up } from './scratch-lab.ts'

it('a shell reads what is typed, and tells its exit status', async () => {
  const lab = await up()
  const [program = '', ...args] = callArgv('labShell', connectionOf(lab, 'node2'))
  const shell = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  shell.stdin.end('uname -n; exit 3\n')
  expect(await text(shell.stdout)).toBe('node2\n{"answer":3}\n')
})
