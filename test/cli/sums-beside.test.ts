// The thread that sums large files up, as it lies beside the built command.
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { afterAll, expect, it } from 'vitest'
import { type Order, sumUpBeside } from '../../src/cli/sums-beside.ts'
import { largeFile } from '../kit/large-file.ts'
import { unreachableSite } from './unreachable-site.ts'

const dir = mkdtempSync(join(tmpdir(), 'sums-'))
afterAll(() => rmSync(dir, { recursive: true }))

const program = fileURLToPath(new URL('../../dist/sums-thread.cjs', import.meta.url))
const handTo = (thread: Worker) => (order: Order) => thread.postMessage(order, [order.answer])

it('gives the sums of one file after the other, and those that it can where one cannot be read', async () => {
  const thread = new Worker(program)
  const files = ['one', 'other'].map((name, at) => largeFile(join(dir, name), name.repeat(700_001 + at)))
  const [first, lost, second] = [files[0]?.path ?? '', join(dir, 'nowhere'), files[1]?.path ?? '']
  const told = [first, lost, second].map(path => sumUpBeside(path, handTo(thread)))
  expect(await Promise.all(told)).toEqual([files[0]?.sums, undefined, files[1]?.sums])
  // It has nothing more to do, and ends by itself.
  expect(await once(thread, 'exit')).toEqual([0])
})

it('gives nothing where the thread dies, and keeps nobody waiting', async () => {
  const thread = new Worker('process.exit(1)', { eval: true })
  expect(await sumUpBeside(join(dir, 'one'), handTo(thread))).toBeUndefined()
})

it('gives nothing where there is no thread', async () => {
  expect(await sumUpBeside(join(dir, 'one'))).toBeUndefined()
})

it.each([
  ['is started by the command where a file is large', 2 ** 24, true],
  ['is not where it is less, since it would take longer to start', 2 ** 24 - 1, false],
])('%s', async (_, size, isStarted) => {
  const watch = "process.on('worker', () => require('node:fs').writeFileSync('started', ''))"
  const copy = '- hosts: all\n  tasks: [{ name: Large, copy: { src: large, dest: /srv/large } }]\n'
  const site = unreachableSite({ 'large.yml': copy, 'watch.cjs': watch, large: 'x'.repeat(size) })
  const { status } = await site.run('playbook large.yml --yes', {
    env: { NODE_OPTIONS: `--require ${site.dir}/watch.cjs` },
  })
  expect([status, existsSync(join(site.dir, 'started'))]).toEqual([6, isStarted])
  rmSync(site.dir, { recursive: true })
})
