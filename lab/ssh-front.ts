// The SSH server of one node, in this process: it checks the key and hands each channel on into the node.
import { createServer, type Server as NetServer, type Socket } from 'node:net'
import ssh2, { type Connection, type ServerChannel } from 'ssh2'
import { accountOn } from './enter.ts'
import { Faults } from './faults.ts'
import { serveSession } from './ssh-session.ts'
import type { Fault } from './words.ts'

export type KeyPair = { readonly private: string; readonly public: string }

/** Ways into the node behind a front; each waits while the node is being restarted. */
export type NodeDoor = {
  /** The node's first process. */
  pid(): Promise<number>
  /** Lets the node see its processes as they are now, where it has no kernel of its own to ask. */
  show?(): void
  /** A connection made from the node. */
  connect(host: string, port: number): Promise<Socket>
}

export type Front = {
  readonly port: number
  fault(fault: Fault): Promise<void>
  close(): Promise<void>
}

type FrontOptions = { readonly hostKey: KeyPair; readonly clientKey: KeyPair; readonly door: NodeDoor }

export const openFront = async ({ hostKey, clientKey, door }: FrontOptions): Promise<Front> => {
  const faults = new Faults()
  const sockets = new Map<number, Socket>()
  const servers = { right: sshServer(hostKey.private), other: sshServer(newKey().private) }
  for (const server of Object.values(servers))
    server.on('connection', (client: Connection, info: { port: number }) => {
      const socket = sockets.get(info.port)
      if (socket) serveConnection(client, { socket, faults, clientKey, door })
    })
  const listener = createServer(socket => {
    const { remotePort = 0 } = socket.setNoDelay(true)
    sockets.set(remotePort, socket)
    socket.on('close', () => sockets.delete(remotePort)).on('error', () => {})
    servers[faults.is('other-host-key') ? 'other' : 'right'].injectSocket(socket)
    if (faults.is('freeze')) freeze(socket)
  })
  const port = await listen(listener, 0)
  const cutAll = () => {
    for (const socket of sockets.values()) socket.destroy()
  }
  const shut = () =>
    new Promise<void>(resolve => {
      cutAll()
      listener.close(() => resolve())
    })
  return {
    port,
    close: shut,
    fault: async fault => {
      faults.set(fault)
      if (fault.kind === 'unreachable') return shut()
      if (!listener.listening) await listen(listener, port)
      if (fault.when !== undefined) return
      if (fault.kind === 'drop') cutAll()
      if (fault.kind === 'none') for (const socket of sockets.values()) thaw(socket)
      if (fault.kind === 'freeze') for (const socket of sockets.values()) freeze(socket)
    },
  }
}

/** ssh2 writes about one key in a hundred so that it cannot read it again. */
export const newKey = (): KeyPair => {
  const pair = ssh2.utils.generateKeyPairSync('ed25519')
  return ssh2.utils.parseKey(pair.private) instanceof Error ? newKey() : pair
}

const sshServer = (hostKey: string) => new ssh2.Server({ hostKeys: [hostKey] }).on('error', () => {})

export const listen = (listener: NetServer, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    listener.once('error', reject).listen(port, '127.0.0.1', () => {
      listener.off('error', reject)
      const address = listener.address()
      resolve(typeof address === 'object' && address ? address.port : 0)
    })
  })

/** Nothing comes in or goes out any more; the connection stays. */
const freeze = (socket: Socket): void => {
  socket.cork()
  socket.pause()
}

const thaw = (socket: Socket): void => {
  socket.uncork()
  socket.resume()
}

/** So long a command may run, unheard, before the connection is cut: it is to have begun. */
const beginMs = 200

type ConnectionOptions = { socket: Socket; faults: Faults; clientKey: KeyPair; door: NodeDoor }

const serveConnection = (client: Connection, { socket, faults, clientKey, door }: ConnectionOptions): void => {
  let user = 'root'
  let open = 0
  const hear = async (text: string, hasBegun = async () => {}): Promise<void> => {
    const kind = faults.hear(text)
    if (kind === 'drop' || kind === 'freeze') freeze(socket)
    if (kind !== 'drop') return
    await hasBegun()
    setTimeout(() => socket.destroy(), beginMs).unref()
  }
  const count = (channel: ServerChannel): void => {
    open += 1
    channel.once('close', () => {
      open -= 1
    })
  }
  const allowed = parseKey(clientKey.public)
  client.on('error', () => {})
  client.on('authentication', async context => {
    if (context.method !== 'publickey' || faults.is('refuse-login')) return context.reject(['publickey'])
    const { key, signature, blob, hashAlgo } = context
    if (key.algo !== allowed.type || !key.data.equals(allowed.getPublicSSH())) return context.reject(['publickey'])
    if (signature && blob && allowed.verify(blob, signature, hashAlgo) !== true) return context.reject(['publickey'])
    if (!accountOn(await door.pid(), context.username)) return context.reject(['publickey'])
    user = context.username
    context.accept()
  })
  client.on('session', (accept, reject) => {
    if (open >= faults.maxSessions) return reject()
    serveSession(accept(), {
      ...{ door, user, hear, count },
      tellsStatus: () => !faults.is('no-exit-status'),
    })
  })
  client.on('tcpip', async (accept, reject, { destIP, destPort }) => {
    try {
      const target = await door.connect(destIP, destPort)
      const channel = accept()
      target
        .on('error', () => channel.close())
        .pipe(channel)
        .pipe(target)
    } catch {
      reject()
    }
  })
}

const parseKey = (text: string) => {
  const key = ssh2.utils.parseKey(text)
  if (key instanceof Error) throw key
  return key
}
