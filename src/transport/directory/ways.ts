// The ways to a directory: a socket of this machine, or a channel that a node opens for us.
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { exitCodes, Problem } from '../../model/problem.ts'
import { socketWords } from '../connection-problems.ts'
import type { DirectoryTarget, DirectoryWay } from './target.ts'

type Place = Pick<DirectoryTarget, 'address' | 'port'>

/** Longest wait for a connection from here: what is filtered on the way never answers, and a node may be asked next. */
const connectMs = 4000

export const fromHere = ({ address, port }: Place): DirectoryWay => ({
  name: 'from here',
  open: () =>
    new Promise<Duplex>((resolve, reject) => {
      const socket = new Socket().setNoDelay(true)
      const fail = (seen: string) => {
        socket.destroy()
        reject(noConnection({ address, port }, seen))
      }
      const late = setTimeout(() => fail(`no connection within ${connectMs / 1000} s`), connectMs)
      const onError = (error: NodeJS.ErrnoException) => {
        clearTimeout(late)
        fail(socketWords(error))
      }
      socket.once('error', onError).connect(port, address, () => {
        clearTimeout(late)
        resolve(socket.off('error', onError))
      })
    }),
})

/** @param forward `Session.forward` of the node. */
export const throughNode = (
  node: string,
  forward: (address: string, port: number) => Promise<Duplex>,
  { address, port }: Place,
): DirectoryWay => ({ name: `through ${node}`, open: () => forward(address, port) })

const noConnection = ({ address, port }: Place, seen: string): Problem =>
  new Problem({
    code: 'directory-unreachable',
    summary: `no connection to ${address} port ${port}`,
    seen,
    exit: exitCodes.unreachable,
  })
