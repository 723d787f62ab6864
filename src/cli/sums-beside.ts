// Large files are summed up on a thread beside the command, which reads on and logs in meanwhile.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { MessagePort, Worker } from 'node:worker_threads'
import type { Sums } from '../model/large-file.ts'

/** @property answer Takes the sums of the file; closed without them where it cannot be read. */
export type Order = { readonly path: string; readonly answer: MessagePort }

/**
 * Has a file summed up from now on.
 *
 * @returns Its sums; nothing where the thread did not come to its end, or is not there.
 */
export const sumUpBeside = (path: string, hand: (order: Order) => void = handToThread): Promise<Sums | undefined> => {
  const { port1: here, port2: answer } = new (threads().MessageChannel)()
  const told = new Promise<Sums | undefined>(resolve => {
    here.once('message', resolve)
    // A thread that dies closes what it was given.
    here.once('close', () => resolve(undefined))
  })
  // Whoever waits for it has a node waiting too; a command that ends needs it no more.
  here.unref()
  hand({ path, answer })
  return told
}

/** Loaded where a file is large: few commands have one. */
const threads = () => process.getBuiltinModule('node:worker_threads')

let thread: Worker | undefined

/** One thread for all files, which ends when it has nothing to do. */
const handToThread = (order: Order): void => {
  thread ??= startThread()
  if (thread) thread.postMessage(order, [order.answer])
  else order.answer.close()
}

/** It lies beside the bundle of the command. */
const program = fileURLToPath(new URL('./sums-thread.cjs', import.meta.url))

const startThread = (): Worker | undefined => {
  if (!existsSync(program)) return undefined
  const started = new (threads().Worker)(program, { execArgv: [], env: {} })
  const forget = () => {
    if (thread === started) thread = undefined
  }
  started.on('error', forget).on('exit', forget).unref()
  return started
}
