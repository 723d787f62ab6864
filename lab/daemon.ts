// The lab's own process: it holds all of a lab, and everything of the lab goes when it goes.
import { closeSync, openSync, writeSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { Problem } from '../src/model/problem.ts'
import { MachineRoom } from './machine-room.ts'
import { serveDoor } from './net-door.ts'
import { type LabPlan, paths, type Reply, type Request } from './words.ts'

const main = async (): Promise<void> => {
  const [, entry = '', word = ''] = process.argv
  if (word === 'door') return serveDoor()
  const plan = JSON.parse(word) as LabPlan // written by `labUp` of the same version
  process.on('uncaughtException', error => {
    console.error(error)
    process.exit(1)
  })
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => process.exit(1))
  try {
    await serve(plan, await MachineRoom.open(plan, entry))
    tellStarter({ answer: 'up' })
  } catch (error) {
    tellStarter(failure(error))
    process.exit(1)
  }
}

/** `labUp` waits on descriptor 3, if it is still there. */
const tellStarter = (reply: Reply): void => {
  try {
    writeSync(3, `${JSON.stringify(reply)}\n`)
    closeSync(3)
  } catch (error) {
    console.error('nobody waits for the lab any more', error)
  }
}

const serve = (plan: LabPlan, room: MachineRoom): Promise<void> => {
  const server = createServer({ allowHalfOpen: true }, socket => {
    socket.on('error', () => {})
    createInterface({ input: socket }).once('line', line => void reply(socket, JSON.parse(line) as Request))
  })
  // One after the other: a snapshot must not see half of a restore.
  let last: Promise<unknown> = Promise.resolve()
  const reply = async (socket: Socket, request: Request): Promise<void> => {
    const mine = last.then(() => answer(room, request)).then(answer => ({ answer }), failure)
    last = mine
    socket.end(`${JSON.stringify(await mine)}\n`, () => request.ask === 'down' && process.exit(0))
  }
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(shortPath(plan.dir), resolve)
  })
}

/** Through an open directory: the path of a socket may not be longer than 107 bytes. */
const shortPath = (dir: string): string => paths(`/proc/self/fd/${openSync(dir, 'r')}`).control

const answer = async (room: MachineRoom, request: Request): Promise<unknown> => {
  switch (request.ask) {
    case 'status':
      return room.status
    case 'down':
      return room.close()
    case 'snapshot':
      return room.snapshot(request.name)
    case 'restore':
      return room.restore(request.name)
    case 'fault':
      return room.fault(request.node, request.fault)
    case 'directory':
      return room.directory()
    case 'kill':
      return room.kill(request.node)
    case 'boot':
      return room.boot(request.node)
  }
}

const failure = (error: unknown): Reply =>
  error instanceof Problem
    ? { problem: error.fields }
    : { bug: error instanceof Error ? String(error.stack) : String(error) }

void main()
