// The screen of a program where the server opens no channel to follow it on: asked for piece by piece, over the shell.
import { setTimeout as sleep } from 'node:timers/promises'
import type { HostShell, Stream } from '../host-shell.ts'
import { Outlet } from '../outlet.ts'
import { morePieces } from './scripts.ts'

const everyMs = 200

/** After its end so many looks more: `script` may write the last words late. */
const looksAfterEnd = 10

/** @param from Bytes that are known already. */
export const pollScreen = (shell: HostShell, place: string, from: number): Stream => {
  const pieces = new Outlet()
  let isStopped = false
  const poll = async (): Promise<number | null> => {
    let known = from
    for (let left = looksAfterEnd; left > 0 && !isStopped; await sleep(everyMs)) {
      const { stdout } = await shell.run(morePieces(place, known), { reads: true })
      const [word = '', ...hex] = stdout.split(/\s+/)
      const bytes = Buffer.from(hex.join(''), 'hex')
      if (bytes.length > 0) pieces.push(bytes)
      known += bytes.length
      if (word === 'over') left -= 1
    }
    return isStopped ? null : 0
  }
  return {
    onOutput: listener => pieces.listen(listener),
    ended: poll().catch(() => null),
    stop: () => {
      isStopped = true
    },
  }
}
