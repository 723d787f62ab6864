// Asks the daemon of a lab, over the socket in its state directory.
import { closeSync, openSync } from 'node:fs'
import { connect } from 'node:net'
import { Problem } from '../src/model/problem.ts'
import { paths, type Reply, type Request } from './words.ts'

/** Nobody listens there. */
export class NotUp extends Error {}

/**
 * Asks one thing and waits for the answer.
 *
 * @throws {NotUp} no daemon; {Problem} as the daemon says.
 */
export const ask = async (dir: string, request: Request): Promise<unknown> => opened(await exchange(dir, request))

export const opened = (reply: Reply): unknown => {
  if ('problem' in reply) throw new Problem(reply.problem)
  if ('bug' in reply) throw new Error(`in the daemon of the lab: ${reply.bug}`)
  return reply.answer
}

const exchange = (dir: string, request: Request): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const place = openDirectory(dir)
    // Through an open directory: the path of a socket may not be longer than 107 bytes.
    const socket = connect(paths(`/proc/self/fd/${place}`).control)
    let text = ''
    socket.setEncoding('utf8').on('data', part => (text += part))
    socket.on('connect', () => socket.write(`${JSON.stringify(request)}\n`))
    socket.on('error', () => reject(new NotUp(dir)))
    socket.on('close', () => {
      closeSync(place)
      if (text.endsWith('\n')) resolve(JSON.parse(text) as Reply)
      else reject(new NotUp(dir))
    })
  })

const openDirectory = (dir: string): number => {
  try {
    return openSync(dir, 'r')
  } catch {
    throw new NotUp(dir)
  }
}
