// The thread that sums large files up, as it lies beside the built command.
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { afterAll, expect, it } from 'vitest'
import { type Order, sumUpBeside } from '../../src/cli/sums-beside.ts'
import { largeFile } from '../kit/large-file.ts'

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
