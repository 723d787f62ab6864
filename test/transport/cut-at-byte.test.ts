// A wire that is cut at any byte, in either direction: never a result that is none, and nothing that is told unsent has run.
import { existsSync, rmSync } from 'node:fs'
import { createServer, connect as dial, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { Problem } from '../../src/model/problem.ts'
import { connect } from '../../src/transport/session.ts'
import type { Target } from '../../src/transport/target.ts'
import { heldAs } from '../kit/fault-table.ts'
import { problemOf } from '../shell/problem-of.ts'
import { startFaultyServer } from './faulty-server.ts'
import { hasSshd, startSshd } from './sshd.ts'

type Cut = { readonly after: number; readonly side: 'to the node' | 'from the node' }

let wire: Server | undefined
const wires: (() => void)[] = []
afterEach(() => wire?.close())

/** A wire to the server that is reset once so many bytes have gone over it in one direction. */
const cutWire = ({ port }: Target, { after, side }: Cut): Promise<number> =>
  new Promise(resolve => {
    wire = createServer(here => {
      const there = dial(port, '127.0.0.1')
      const reset = () => {
        here.resetAndDestroy()
        there.resetAndDestroy()
      }
      wires.push(reset)
      for (const socket of [here, there]) socket.on('error', () => {}).on('close', reset)
      hand(here, there, side === 'to the node' ? after : Number.POSITIVE_INFINITY, reset)
      hand(there, here, side === 'from the node' ? after : Number.POSITIVE_INFINITY, reset)
    })
    wire.listen(0, '127.0.0.1', () => {
      const address = wire?.address()
      resolve(typeof address === 'object' && address ? address.port : 0)
    })
  })

const hand = (from: Socket, to: Socket, room: number, reset: () => void): void => {
  let left = room
  from.on('data', bytes => {
    if (bytes.length < left) to.write(bytes)
    else to.write(bytes.subarray(0, left), reset)
    left -= bytes.length
  })
}

const points = [0, 21, 300, 1300, 1600, 2000, 2400, 2700, 3000, 3400]
const cuts: readonly Cut[] = points.flatMap(after => [
  { after, side: 'to the node' },
  { after, side: 'from the node' },
])

const servers = [
  ['the server of the tests', true, startFaultyServer],
  ['OpenSSH (needs openssh-server)', hasSshd, () => startSshd()],
] as const

describe.each(servers)('%s', (_, canBe, start) => {
  describe.skipIf(!canBe)('behind a wire that is cut', () => {
    let server: Awaited<ReturnType<typeof start>>
    let direct: Target
    beforeAll(async () => {
      server = await start()
      direct = server.target
    })
    afterAll(() => server.stop())

    /** What came of a command that leaves a trace: a true result, or the problem. */
    const carryOut = async (cut: Cut, trace: string): Promise<Problem | 'done'> => {
      const target = { ...direct, port: await cutWire(direct, cut), hostKeyAlias: `[127.0.0.1]:${direct.port}` }
      try {
        const session = await connect(target)
        try {
          const result = await session.shell().run(`: >${trace}; sleep 0.05; echo it is so`)
          expect(result).toEqual({ exitCode: 0, stdout: 'it is so\n', stderr: '' })
          return 'done'
        } finally {
          await session.close()
        }
      } catch (error) {
        if (error instanceof Problem) return error
        throw error
      }
    }

    it.each(cuts)('after $after bytes $side', async cut => {
      const trace = join(server.dir, 'trace')
      rmSync(trace, { force: true })
      const came = await carryOut(cut, trace)
      const hasRun = existsSync(trace)
      if (came === 'done') return expect(hasRun).toBe(true)
      expect(came.fields).toMatchObject({ code: expect.stringMatching(/^(?:host-unreachable|connection-lost)$/) })
      const isOpen = came.fields.state?.startsWith('nobody knows') ?? false
      expect(came.exit).toBe(came.code === 'host-unreachable' ? 6 : 7)
      expect(isOpen || !hasRun, `it has run, and is told: ${came.fields.state}`).toBe(true)
    })

    it('in mid-command, the end of that is not known', async () => {
      const trace = join(server.dir, 'trace')
      rmSync(trace, { force: true })
      const port = await cutWire(direct, { after: Number.POSITIVE_INFINITY, side: 'to the node' })
      const session = await connect({ ...direct, port, hostKeyAlias: `[127.0.0.1]:${direct.port}` })
      const problem = problemOf(session.shell().run(`: >${trace}; sleep 5`))
      await expect.poll(() => existsSync(trace), { interval: 10, timeout: 10_000 }).toBe(true)
      for (const reset of wires.splice(0)) reset()
      const told = await problem
      expect(told.fields.state).toMatch(/^nobody knows whether `: >/)
      heldAs(
        'its connection is reset in mid-command',
        new Problem({ ...told.fields, state: told.fields.state?.replace(trace, '…') }),
        'OpenSSH too',
      )
    })
  })
})
