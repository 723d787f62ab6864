// One program on a node as a channel of an SSH connection.
import { constants } from 'node:os'
import type { ClientChannel } from 'ssh2'
import type { Channel } from './channel.ts'

/**
 * @param lost Settles when the connection is gone: then no channel says anything any more.
 */
export const sshChannel = (stream: ClientChannel, lost: Promise<unknown>): Channel => {
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
  return {
    closed,
    onStdout: listener => void stream.on('data', listener),
    onStderr: listener => void stream.stderr.on('data', listener),
    write: bytes =>
      new Promise(resolve => {
        void closed.then(() => resolve())
        if (stream.writable) stream.write(bytes, () => resolve())
      }),
    endInput: () => stream.end(),
    destroy: () => stream.destroy(),
  }
}

const signalNumber = (name: string): number | undefined =>
  constants.signals[`SIG${name.replace(/^SIG/, '')}` as keyof typeof constants.signals]
