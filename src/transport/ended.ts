// Why a connection ended, noted once and for ever.
import type { Client } from 'ssh2'
import type { Problem } from '../model/problem.ts'
import { connectionLost, socketWords } from './connection-problems.ts'
import type { Target } from './target.ts'

export type Ended = {
  readonly whole: Promise<Problem | undefined>
  /** Why it ended; undefined while it stands. */
  reason(): Problem | undefined
  /** From now on an end is wanted. */
  expect(): void
}

/** Listens for the end of a connection, for ever: an error that nobody hears would end this process. */
export const watch = (client: Client, target: Target): Ended => {
  let reason: Problem | undefined
  let isWanted = false
  const note = (seen: string) => {
    reason ??= connectionLost(target, isWanted ? 'closed by this program' : seen)
  }
  const whole = new Promise<Problem | undefined>(resolve => {
    client.on('error', (error: NodeJS.ErrnoException) => note(socketWords(error)))
    client.on('end', () => note('closed by the other side'))
    client.on('close', () => {
      note('closed')
      resolve(isWanted ? undefined : reason)
    })
  })
  return {
    whole,
    reason: () => reason,
    expect: () => {
      isWanted = true
    },
  }
}
