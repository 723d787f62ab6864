// A door before each node, on which packets take their time, and are counted: the kernel here may have no netem.

import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** What has gone through a door. */
export type Traffic = {
  /** How often a client spoke after it had been answered: trips that had to follow one another. */
  readonly trips: number
  readonly bytes: number
}

export type Door = {
  readonly port: number
  /** What has gone through since it was asked the last time. */
  taken(): Traffic
  close(): void
}

/** Opens a door to a port of this machine. @param rttMs What a packet and its answer take longer. */
export const openDoor = async (target: number, rttMs: number): Promise<Door> => {
  const open = new Set<Socket>()
  let traffic: Traffic = { trips: 0, bytes: 0 }
  const server: Server = createServer({ noDelay: true }, client => {
    const node = connect({ port: target, host: '127.0.0.1', noDelay: true })
    let isAnswered = true
    for (const socket of [client, node]) {
      open.add(socket)
      socket.on('error', () => socket.destroy()).on('close', () => open.delete(socket))
    }
    client.on('data', ({ length }) => {
      traffic = { trips: traffic.trips + (isAnswered ? 1 : 0), bytes: traffic.bytes + length }
      isAnswered = false
    })
    node.on('data', ({ length }) => {
      traffic = { ...traffic, bytes: traffic.bytes + length }
      isAnswered = true
    })
    carry(client, node, rttMs / 2)
    carry(node, client, rttMs / 2)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as { readonly port: number }).port, // it listens on a port
    taken() {
      const { trips, bytes } = traffic
      traffic = { trips: 0, bytes: 0 }
      return { trips, bytes }
    },
    close() {
      server.close()
      for (const socket of open) socket.destroy()
    },
  }
}

/** In order, since timers of one length keep theirs. */
const carry = (from: Socket, to: Socket, ms: number): void => {
  from.on('data', bytes => void setTimeout(() => to.writable && to.write(bytes), ms))
  from.on('end', () => void setTimeout(() => to.end(), ms))
  from.on('close', () => void setTimeout(() => to.destroy(), ms))
}
