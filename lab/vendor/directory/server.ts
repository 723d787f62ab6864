// A stand-in for eDirectory's LDAP service: one tree, simple authentication, TLS from the start or later. For the lab only.
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createSecureContext, createServer as createTlsServer, type SecureContext, TLSSocket } from 'node:tls'
import { Fault, result } from './fault.ts'
import { open, type Request, type Search } from './request.ts'
import { type Attributes, type DirectoryState, valuesOf } from './state.ts'
import { Tree } from './tree.ts'
import { answer, cut, found } from './wire.ts'

export type RunningDirectory = {
  readonly port: number
  /** Speaks TLS from the first byte; nothing where it has no certificate. */
  readonly securePort: number | undefined
  /** All entries, passwords too. */
  dump(): DirectoryState
  load(state: DirectoryState): void
  /** Ends the service and all its connections. */
  close(): Promise<void>
}

/**
 * Starts the directory on one address.
 *
 * @param options.port 0 takes a free one; the answer says which.
 * @throws the system's error when the address cannot be had.
 */
export const startDirectory = async (options: {
  readonly host: string
  readonly port: number
  readonly state: DirectoryState
  /** PEM texts; without them there is no TLS. */
  readonly tls?: { readonly cert: string; readonly key: string }
}): Promise<RunningDirectory> => {
  const tree = new Tree(options.state)
  const sockets = new Set<Socket>()
  const secureContext = options.tls && createSecureContext(options.tls)
  const take = (socket: Socket) => {
    sockets.add(socket.setNoDelay(true))
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy())
    serve(socket, { tree, secureContext })
  }
  const server = createServer(take)
  const port = await listen(server, options)
  const secure = options.tls && createTlsServer(options.tls, take)
  const securePort = secure && (await listen(secure, { host: options.host, port: 0 }))
  return {
    port,
    securePort,
    dump: () => tree.dump(),
    load: state => tree.load(state),
    close: () =>
      new Promise(done => {
        secure?.close()
        server.close(() => done())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

/** @returns The port that it got. */
const listen = (server: Server, { host, port }: { host: string; port: number }): Promise<number> =>
  new Promise((done, failed) => {
    // A server that listens on a port has an address with one.
    server.once('error', failed).listen(port, host, () => done((server.address() as AddressInfo).port))
  })

type Service = { readonly tree: Tree; readonly secureContext: SecureContext | undefined }

const serve = (socket: Socket, service: Service): void => {
  const { tree } = service
  let pending: Buffer = Buffer.alloc(0)
  let who = ''
  const take = (message: Buffer): void => {
    const { id, tag, read } = open(message)
    try {
      const request = read()
      if (request.is === 'unbind') return void socket.end()
      if (request.is === 'abandon') return
      if (request.is === 'start-tls') return void startTls(socket, { id, tag, service })
      if (request.is === 'bind') who = ''
      if (request.is === 'bind') who = tree.bind(request.dn, request.password)
      if (request.is === 'search') sendEntries(socket, { id, tree, who, search: request })
      socket.write(answer(id, tag, { code: carryOut(tree, who, request), message: '' }))
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      socket.write(answer(id, tag, error))
    }
  }
  socket.on('data', (bytes: Buffer) => {
    try {
      const { messages, rest } = cut(Buffer.concat([pending, bytes]))
      pending = rest
      messages.forEach(take)
    } catch {
      socket.destroy() // what is no LDAP gets no answer
    }
  })
}

/** The answer goes in the clear; all after it is TLS, and who was logged in is nobody. */
const startTls = (socket: Socket, { id, tag, service }: { id: number; tag: number; service: Service }): void => {
  const { secureContext } = service
  if (!secureContext || socket instanceof TLSSocket) throw new Fault(result.protocolError, 'no TLS here')
  socket.removeAllListeners('data')
  socket.write(answer(id, tag, { code: result.success, message: '' }))
  const secure = new TLSSocket(socket, { isServer: true, secureContext })
  secure.on('error', () => socket.destroy())
  serve(secure, service)
}

const carryOut = (tree: Tree, who: string, request: Request): number => {
  if (request.is === 'add') tree.add(who, request.dn, request.attributes)
  if (request.is === 'modify') tree.modify(who, request.dn, request.changes)
  if (request.is === 'delete') tree.delete(who, request.dn)
  if (request.is !== 'compare') return result.success
  return tree.compare(who, request.dn, request) ? result.compareTrue : result.compareFalse
}

const sendEntries = (
  socket: Socket,
  { id, tree, who, search }: { id: number; tree: Tree; who: string; search: Search },
): void => {
  const all = tree.search(who, search)
  const some = search.sizeLimit === 0 ? all : all.slice(0, search.sizeLimit)
  for (const { dn, attributes } of some) socket.write(found(id, dn, chosen(attributes, search)))
  if (some.length < all.length) throw new Fault(result.sizeLimitExceeded, 'there is more')
}

const chosen = (attributes: Attributes, { wanted, typesOnly }: Search): Attributes => {
  const isAll = wanted.length === 0 || wanted.includes('*')
  const names = isAll ? Object.keys(attributes) : wanted.filter(name => valuesOf(attributes, name).length > 0)
  return Object.fromEntries(names.map(name => [name, typesOnly ? [] : valuesOf(attributes, name)]))
}
