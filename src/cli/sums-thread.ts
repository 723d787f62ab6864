// The thread that sums large files up, one after the other.
import { parentPort } from 'node:worker_threads'
import { sumsOf } from './sums.ts'
import type { Order } from './sums-beside.ts'

/** A second file is often named right after the first. */
const idleMs = 250

const idle = setTimeout(() => parentPort?.close(), idleMs)

parentPort?.on('message', ({ path, answer }: Order) => {
  try {
    answer.postMessage(sumsOf(path))
  } catch {
    // The command reads it again, and tells what is wrong with it.
  } finally {
    answer.close()
    idle.refresh()
  }
})
