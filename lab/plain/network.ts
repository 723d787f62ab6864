// The network of nodes without namespaces: a part of this machine's own 127.0.0.0/8, where whoever asks for an address has it.
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type Server } from 'node:net'
import { addressOf, type Network, outerAddressOf, ownNetwork } from '../network.ts'
import { clusterPort } from '../vendor/index.ts'
import type { Grants } from '../words.ts'

/** First three numbers of all addresses of a lab; of one without namespaces, the first that no other lab has. */
export const partOf = async ({ lane }: Grants, dir: string): Promise<string> => {
  if (lane !== 'plain') return ownNetwork
  const first = createHash('sha256').update(dir).digest().readUInt8(0)
  const parts = Array.from({ length: 256 }, (_, at) => `127.77.${(first + at) % 256}`)
  for (const part of parts) if (await isFree(part)) return part
  throw new Error('256 labs are up on this machine')
}

const isFree = async (part: string): Promise<boolean> => {
  const server = await listen(outerAddressOf(part), clusterPort).catch(() => undefined)
  return server?.close() !== undefined
}

export const plainNetwork = (part: string): Network => {
  const address = outerAddressOf(part)
  return {
    ...{ part, address, enter: [] },
    door: node => ({
      // From the node's own address, so that others see who it is.
      async connect(host, port) {
        const socket = connect({ host, port, localAddress: node ? addressOf(part, node.index) : address })
        await once(socket, 'connect')
        return socket
      },
      ...{ listen, close: () => {} },
    }),
    plug: async () => {},
    close: () => {},
  }
}

const listen = async (host: string, port: number): Promise<Server> => {
  const server = createServer().listen(port, host)
  await once(server, 'listening')
  return server
}
