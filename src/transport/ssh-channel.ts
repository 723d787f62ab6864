// One program on a node as a channel of an SSH connection.
import { constants } from 'node:os'
import type { ClientChannel } from 'ssh2'
import type { Channel } from './channel.ts'
import type { Limit } from './under-way.ts'

/**
 * @param lost Settles when the connection is gone: then no channel says anything any more.
 */
export const sshChannel = (stream: ClientChannel, lost: Promise<unknown>, limit?: Limit): Channel => {
  let status: number | null = null
  stream.on('exit', (code: number | null, signal?: string) => {
    status = code ?? (signal ? 128 + (signalNumber(signal) ?? 0) : null)
  })
  // A channel that fails also closes; the connection says why.
  stream.on('error', () => {})
  stream.stderr.on('error', () => {})
  const closed = new Promise<number | null>(resolve => {
    stream.on('close', () => resolve(status))
    void lost.then(() => resolve(null))
  })
  const packets = packetsInto(stream, limit)
  return {
    closed,
    onStdout: listener => void stream.on('data', listener),
    onStderr: listener => void stream.stderr.on('data', listener),
    write: (bytes, how) => Promise.race([closed, packets.add(bytes, how)]).then(() => {}),
    endInput: () => {
      packets.flush()
      stream.end()
    },
    destroy: () => stream.destroy(),
  }
}

/** What is said in one turn of the loop goes out as one packet: each costs encryption, a system call, and a wakeup. */
const packetsInto = (stream: ClientChannel, limit: Limit | undefined) => {
  let waiting: (string | Uint8Array)[] = []
  let sent: Promise<void> | undefined
  let whenSent = () => {}
  const flush = () => {
    const [bytes, done] = [joined(waiting), whenSent]
    ;[waiting, sent] = [[], undefined]
    if (bytes.length === 0) return done()
    if (!stream.writable) return
    const roomIsThere = limit?.wait()
    stream.write(bytes, () => {
      roomIsThere?.()
      done()
    })
  }
  return {
    flush,
    add(bytes: string | Uint8Array, { isFollowed = false } = {}): Promise<void> {
      waiting.push(bytes)
      sent ??= new Promise(resolve => {
        whenSent = resolve
        // What follows is asked for in this turn, and is sent in the next one.
        setImmediate(isFollowed ? () => setImmediate(flush) : flush)
      })
      return sent
    },
  }
}

const joined = (all: readonly (string | Uint8Array)[]): Uint8Array => {
  const [first = Buffer.alloc(0), ...others] = all.map(one => (typeof one === 'string' ? Buffer.from(one) : one))
  return others.length === 0 ? first : Buffer.concat([first, ...others])
}

const signalNumber = (name: string): number | undefined =>
  constants.signals[`SIG${name.replace(/^SIG/, '')}` as keyof typeof constants.signals]
