// A TCP connection to an SSH server, or the reason why there is none.
import { Socket } from 'node:net'
import { hostUnreachable, socketWords } from './connection-problems.ts'
import { inTime } from './in-time.ts'
import type { Target } from './target.ts'

/**
 * The first one is opened at once, so that the server gets ready while we do.
 *
 * @param until From then on nobody waits for one.
 */
export const socketsTo = (target: Target, until?: AbortSignal) => {
  let ahead: Promise<Socket> | undefined = openSocket(target, until)
  // Whoever takes it hears of it.
  ahead.catch(() => {})
  return {
    /** @throws {Problem} `host-unreachable`. */
    async open(): Promise<Socket> {
      const opening = ahead ?? openSocket(target, until)
      ahead = undefined
      const socket = await opening
      if (socket.destroyed)
        throw hostUnreachable(target, socket.errored ? socketWords(socket.errored) : 'Connection lost before handshake')
      return socket
    },
    /** Closes one that nobody took. */
    close(): void {
      ahead?.then(
        socket => socket.destroy(),
        () => {},
      )
    },
  }
}

/**
 * Our own socket, since node-ssh's waits 40 ms before it sends what is small.
 *
 * @throws {Problem} `host-unreachable`.
 */
const openSocket = (target: Target, until?: AbortSignal): Promise<Socket> => {
  const socket = new Socket()
  socket.setNoDelay(true)
  return inTime(connected(socket, target), { target, until, begun: socket })
}

const connected = (socket: Socket, target: Target): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => {
      socket.destroy()
      reject(hostUnreachable(target, socketWords(error)))
    }
    socket.once('error', onError)
    socket.connect(target.port, target.address, () => {
      socket.off('error', onError)
      // One that ends before anybody listens is told when it is taken.
      socket.on('error', () => {})
      resolve(inOnePiece(socket))
    })
  })

/**
 * What is written in one turn of the loop goes out in one piece: ssh2 writes a packet in three, and each piece costs a
 * system call here and wakes the server.
 *
 * @param socket Connected: Node.js gives it a `write` of its own when it connects.
 */
const inOnePiece = (socket: Socket): Socket => {
  const write = socket.write.bind(socket)
  const uncork = () => socket.uncork()
  socket.write = (...written: unknown[]) => {
    if (socket.writableCorked === 0) {
      socket.cork()
      process.nextTick(uncork)
    }
    return Reflect.apply(write, socket, written)
  }
  return socket
}
