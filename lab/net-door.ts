// A door into another network namespace: a small process there makes sockets and hands them over to this one.
import { type ChildProcess, spawn } from 'node:child_process'
import { connect, createServer, type Server, Socket } from 'node:net'
import { environment } from './programs.ts'

type Wish = { readonly id: number; readonly host: string; readonly port: number; readonly listen: boolean }
type Given = { readonly id: number; readonly refused?: string }

/** A way into the network of a node, or to where the nodes find what is not theirs. */
export type Door = Pick<NetDoor, 'connect' | 'listen' | 'close'>

export class NetDoor {
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, (given: Given, socket: Socket | Server | undefined) => void>()
  #last = 0

  /** @param entry File that starts this program; it is started again, with the word `door`. */
  constructor(pid: number, entry: string) {
    const argv = ['--pdeathsig', 'KILL', '--', 'nsenter', '-t', `${pid}`, '-n', '--', process.execPath, entry, 'door']
    this.#child = spawn('setpriv', argv, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], env: environment })
    this.#child.on('message', (given: Given, socket) => {
      this.#waiting.get(given.id)?.(given, socket as Socket | Server | undefined)
      this.#waiting.delete(given.id)
    })
    this.#child.on('exit', () => {
      for (const [id, settle] of this.#waiting) settle({ id, refused: 'the namespace is gone' }, undefined)
      this.#waiting.clear()
    })
    this.#child.on('error', () => {})
  }

  async connect(host: string, port: number): Promise<Socket> {
    const socket = await this.#wish({ host, port, listen: false })
    if (socket instanceof Socket) return socket
    throw new Error('no connection was handed over')
  }

  async listen(host: string, port: number): Promise<Server> {
    return (await this.#wish({ host, port, listen: true })) as Server
  }

  close(): void {
    this.#child.kill('SIGKILL')
  }

  #wish(wish: Omit<Wish, 'id'>): Promise<Socket | Server> {
    const id = ++this.#last
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ refused }, socket) => (socket ? resolve(socket) : reject(new Error(refused))))
      this.#child.send({ ...wish, id }, error => error && reject(error))
    })
  }
}

/** The process on the other side. It ends when nobody listens to it any more. */
export const serveDoor = (): void => {
  process.on('message', (wish: Wish) => (wish.listen ? giveListener(wish) : giveConnection(wish)))
  process.on('disconnect', () => process.exit())
}

const giveConnection = ({ id, host, port }: Wish): void => {
  const socket = connect({ host, port })
  socket.on('error', error => process.send?.({ id, refused: error.message }))
  // Handed over before anything is read from it.
  socket.once('connect', () => {
    socket.pause()
    process.send?.({ id }, socket)
  })
}

const giveListener = ({ id, host, port }: Wish): void => {
  const server = createServer()
  server.on('error', error => process.send?.({ id, refused: error.message }))
  server.listen(port, host, () => process.send?.({ id }, server, undefined, () => server.close()))
}
