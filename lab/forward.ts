// Connections that come in at one place go on to another.
import { connect, type Server, type Socket } from 'node:net'

/** @param open Makes the way on; what comes in waits for it. */
export const forward = (from: Server, open: () => Socket | Promise<Socket>): void => {
  from.on('connection', (socket: Socket) => {
    socket.on('error', () => socket.destroy())
    void Promise.resolve(open()).then(
      target => join(socket, target),
      () => socket.destroy(),
    )
  })
}

export const toPort = (port: number) => (): Socket => connect({ host: '127.0.0.1', port })

const join = (socket: Socket, target: Socket): void => {
  for (const [one, other] of [
    [socket, target],
    [target, socket],
  ] as const)
    one
      .setNoDelay(true)
      .on('error', () => other.destroy())
      .on('close', () => other.destroy())
      .pipe(other)
}
