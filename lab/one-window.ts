// Hands both outputs of a command to its channel, whose window they share.
import { type Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ServerChannel } from 'ssh2'

/**
 * Hands on piece by piece, no two pieces at once, and lets ssh2 forget each piece that is through.
 *
 * Of stdout and stderr that both wait for the window ssh2 wakes only one, and what it once kept of stdout it sends
 * again when stderr had to wait.
 *
 * @returns Settles when all of it was taken. Ends none of the channel's streams.
 * @source ssh2 1.17, server.js, CHANNEL_WINDOW_ADJUST; Channel.js, `_chunk`
 */
export const handOn = async (stdout: Readable, stderr: Readable, channel: ServerChannel): Promise<void> => {
  let last: Promise<void> = Promise.resolve()
  const send = (to: Writable, bytes: Buffer): Promise<void> =>
    new Promise(resolve =>
      to.write(bytes, () => {
        Object.assign(channel, forgotten)
        resolve()
      }),
    )
  const inTurns = (to: Writable) =>
    new Writable({
      write(bytes: Buffer, _encoding, done) {
        last = last.then(() => send(to, bytes))
        void last.then(() => done())
      },
    })
  await Promise.allSettled([pipeline(stdout, inTurns(channel)), pipeline(stderr, inTurns(channel.stderr))])
}

const forgotten = { _chunk: undefined, _chunkcb: undefined, _chunkErr: undefined, _chunkcbErr: undefined }
