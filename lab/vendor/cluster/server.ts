// Answers the nodes: one line of JSON each way, over the cluster's own network.
import type { Server, Socket } from 'node:net'
import { createInterface } from 'node:readline'
import type { Asked, Cluster } from './cluster.ts'

/** Where the nodes ask. */
export const clusterPort = 7023

/** @param nodeAt Whose address it is: a node is known by it. */
export const serveCluster = (server: Server, cluster: Cluster, nodeAt: (address: string) => string): void => {
  server.on('connection', (socket: Socket) => {
    socket.setNoDelay(true).on('error', () => socket.destroy())
    createInterface({ input: socket }).once('line', line => {
      const asked = JSON.parse(line) as Asked // written by the stand-in of `cluster` on the node
      socket.end(`${JSON.stringify(cluster.answer(nodeAt(socket.remoteAddress ?? ''), asked))}\n`)
    })
  })
}
