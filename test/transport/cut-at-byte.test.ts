// A wire that is cut at any byte, in either direction: never a result that is none, and nothing that is told unsent has run.
import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, connect as dial, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { LargeFile } from '../../src/model/large-file.ts'
import { Problem } from '../../src/model/problem.ts'
import { reveal, Secret } from '../../src/model/secret.ts'
import { hostDollar } from '../../src/shell/dollar.ts'
import { connect } from '../../src/transport/session.ts'
import type { Target } from '../../src/transport/target.ts'
import { type Content, putFile } from '../../tasks/lib/put-file.ts'
import { heldAs } from '../kit/fault-table.ts'
import { largeFile } from '../kit/large-file.ts'
import { problemOf } from '../shell/problem-of.ts'
import { startFaultyServer } from './faulty-server.ts'
import { hasSshd, startSshd } from './sshd.ts'

const sizeOf = (content: Content): number => {
  if (content instanceof LargeFile) return content.sums.bytes
  if (content instanceof Secret) return reveal(content).length
  if (typeof content === 'string') return content.length
  return 'base64' in content ? Buffer.from(content.base64, 'base64').length : 0
}

/** Whether a program has a file open. */
const isWritten = (path: string): boolean =>
  readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .some(pid => openFilesOf(pid).includes(path))

const openFilesOf = (pid: string): readonly string[] => {
  try {
    return readdirSync(`/proc/${pid}/fd`).map(fd => readlinkSync(`/proc/${pid}/fd/${fd}`))
  } catch {
    return [] // It has ended meanwhile.
  }
}

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

    it.each([
      ['a short text', () => 'x'.repeat(7000)],
      ['a text', () => 'x'.repeat(20_000)],
      ['a secret', () => new Secret('it', 'x'.repeat(100_000))],
      ['bytes', () => ({ base64: Buffer.alloc(500_000, 255).toString('base64') })],
      ['a file', () => largeFile(join(server.dir, 'large'), 'x'.repeat(3_000_000))],
    ])('%s that is put into a file is there whole, or not at all', async (_, contentOf) => {
      const place = join(server.dir, 'place')
      const content = contentOf()
      for (const after of [5000, 15_000, 60_000, 250_000, 1_000_000, 2_900_000]) {
        writeFileSync(place, 'old\n')
        const port = await cutWire(direct, { after, side: 'to the node' })
        const session = await connect({ ...direct, port, hostKeyAlias: `[127.0.0.1]:${direct.port}` })
        const came = await putFile(hostDollar(session.shell()), { path: place, content }).catch(error => error)
        await session.close()
        // What goes on there without us reads to the end of what came, and ends.
        await expect.poll(() => isWritten(`${place}.run-new`)).toBe(false)
        const { length } = readFileSync(place)
        expect([4, sizeOf(content)]).toContain(length)
        if (!(came instanceof Problem)) expect(length).toBe(sizeOf(content))
      }
    })

    it('in mid-command, the end of that is not known', async () => {
      const trace = join(server.dir, 'trace')
      rmSync(trace, { force: true })
      const port = await cutWire(direct, { after: Number.POSITIVE_INFINITY, side: 'to the node' })
      const session = await connect({ ...direct, port, hostKeyAlias: `[127.0.0.1]:${direct.port}` })
      const problem = problemOf(session.shell().run(`: >${trace}; sleep 5`))
      await expect.poll(() => existsSync(trace), { interval: 10, timeout: 60_000 }).toBe(true)
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
