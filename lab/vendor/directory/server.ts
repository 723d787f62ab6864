// A stand-in for eDirectory's LDAP service: one tree, simple authentication, no TLS. For the lab only.
import { createServer, type Server, type Socket } from 'node:net'
import { Fault, result } from './fault.ts'
import { open, type Request, type Search } from './request.ts'
import { type Attributes, type DirectoryState, valuesOf } from './state.ts'
import { Tree } from './tree.ts'
import { answer, cut, found } from './wire.ts'

export type RunningDirectory = {
  readonly port: number
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
}): Promise<RunningDirectory> => {
  const tree = new Tree(options.state)
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket.setNoDelay(true))
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy())
    serve(socket, tree)
  })
  await listen(server, options)
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    dump: () => tree.dump(),
    load: state => tree.load(state),
    close: () =>
      new Promise(done => {
        server.close(() => done())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

const listen = (server: Server, { host, port }: { host: string; port: number }): Promise<void> =>
  new Promise((done, failed) => server.once('error', failed).listen(port, host, done))

const serve = (socket: Socket, tree: Tree): void => {
  let pending: Buffer = Buffer.alloc(0)
  let who = ''
  const take = (message: Buffer): void => {
    const { id, tag, read } = open(message)
    try {
      const request = read()
      if (request.is === 'unbind') return void socket.end()
      if (request.is === 'abandon') return
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
