// `npm test` on a machine that grants no namespaces skips what needs them, and says so.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { whyVariable } from '../kit/namespaces.ts'

const checkout = fileURLToPath(new URL('../..', import.meta.url))

it('a file of tests whose lab cannot come up is skipped by name', () => {
  const { status, stdout } = spawnSync(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', '--project', 'lab', 'test/lab/storage.test.ts', '--reporter=json'],
    { cwd: checkout, encoding: 'utf8', env: { ...process.env, [whyVariable]: 'needs namespaces' } },
  )
  const { testResults } = JSON.parse(stdout) as { testResults: { assertionResults: unknown }[] }
  expect([status, testResults[0]?.assertionResults]).toMatchObject([
    0,
    [{ title: 'needs namespaces', status: 'skipped' }],
  ])
})
