// What a build warms the command up by is laid over its host without a fault, and ends where nobody answers for that.
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { exitCodes } from '../../src/model/problem.ts'
import { beginCommand } from '../lab/e2e/command.ts'

it('comes to a connection', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'run-warm-up-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  cpSync(fileURLToPath(new URL('../../bin/warm-up', import.meta.url)), dir, { recursive: true })
  const { status, stderr } = await beginCommand({ dir }, ['playbook', 'playbook.yml', '-i', 'inventory.yml', '--yes'])
    .end
  expect(stderr).toContain('[host-unreachable]')
  expect(status).toBe(exitCodes.unreachable)
})
