// A TCP connection to an SSH server, or the reason why there is none.
import { Socket } from 'node:net'
import { hostUnreachable, socketWords } from './connection-problems.ts'
import type { Target } from './target.ts'

/**
 * Our own socket, since node-ssh's waits 40 ms before it sends what is small.
 *
 * @throws {Problem} `host-unreachable`.
 */
export const openSocket = (target: Target): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = new Socket()
    socket.setNoDelay(true)
    const fail = (seen: string) => {
      socket.destroy()
      reject(hostUnreachable(target, seen))
    }
    const timer = setTimeout(
      () => fail(`no answer within ${target.connectTimeoutMs / 1000} s`),
      target.connectTimeoutMs,
    )
    const onError = (error: NodeJS.ErrnoException) => {
      clearTimeout(timer)
      fail(socketWords(error))
    }
    socket.once('error', onError)
    socket.connect(target.port, target.address, () => {
      clearTimeout(timer)
      socket.off('error', onError)
      resolve(socket)
    })
  })
