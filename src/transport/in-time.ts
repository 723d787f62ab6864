// A way to a server that somebody else opens is waited for as long as a socket is; one that comes later is closed.
import type { Duplex } from 'node:stream'
import { givenUp, hostUnreachable } from './connection-problems.ts'
import type { Target } from './target.ts'

/**
 * @param until From then on nobody waits for it.
 * @throws {Problem} `host-unreachable`, and what opening it throws.
 */
export const inTime = (opening: Promise<Duplex>, target: Target, until?: AbortSignal): Promise<Duplex> =>
  new Promise((resolve, reject) => {
    let isLate = false
    const settle = () => {
      clearTimeout(timer)
      until?.removeEventListener('abort', giveUp)
    }
    const fail = (seen: string) => {
      settle()
      isLate = true
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
