import { expect, it, vi } from 'vitest'
import { hostDollar } from '../../src/shell/dollar.ts'
import { localShell } from './local-shell.ts'

// Before zx is imported: it reads the environment once.
vi.hoisted(() => {
  Object.assign(process.env, {
    ZX_PREFIX: 'exit 9;',
    ZX_POSTFIX: '; exit 8',
    ZX_SHELL: '/nowhere/sh',
    ZX_CWD: '/nowhere',
    ZX_TIMEOUT: '1',
    ZX_PREFER_LOCAL: 'true',
    ZX_DETACHED: 'true',
  })
})

it('what zx would read from the environment does not reach a node', async () => {
  const shell = localShell()
  const { exitCode, stdout } = await hostDollar(shell)`sleep 0.05; echo done`
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'done\n' })
  expect(shell.asked[0]?.script).toBe('sleep 0.05; echo done')
})
