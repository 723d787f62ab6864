// A way to a server is waited for as long as its target says, and no longer than anybody wants it; one that comes later is closed.
import type { Duplex } from 'node:stream'
import { givenUp, hostUnreachable } from './connection-problems.ts'
import type { Target } from './target.ts'

export type Waiting<Way> = {
  readonly target: Target
  /** From then on nobody waits for it. */
  readonly until?: AbortSignal | undefined
  /** What is there of it already: closed when it is given up. */
  readonly begun?: Way
}

/** @throws {Problem} `host-unreachable`, and what opening it throws. */
export const inTime = <Way extends Duplex>(
  opening: Promise<Way>,
  { target, until, begun }: Waiting<Way>,
): Promise<Way> =>
  new Promise((resolve, reject) => {
    let isLate = false
    const settle = () => {
      clearTimeout(timer)
      until?.removeEventListener('abort', giveUp)
    }
    const fail = (seen: string) => {
      settle()
      isLate = true
      begun?.destroy()
      reject(hostUnreachable(target, seen))
    }
    const giveUp = () => fail(givenUp)
    const { connectTimeoutMs } = target
    const timer = setTimeout(() => fail(`no answer within ${connectTimeoutMs / 1000} s`), connectTimeoutMs)
    if (until?.aborted) giveUp()
    else until?.addEventListener('abort', giveUp)
    opening.then(
      way => {
        settle()
        if (isLate) way.destroy()
        else resolve(way)
      },
      error => {
        settle()
        reject(error)
      },
    )
  })
