// A file is read while the program opens that takes it, and no longer when there is none.
import { expect, it } from 'vitest'
import { LargeFile } from '../../src/model/large-file.ts'
import { supplyOf } from '../../src/transport/input.ts'
import type { Program } from '../../src/transport/program.ts'
import { connect } from '../../src/transport/session.ts'
import { readingOf } from '../kit/large-file.ts'
import { problemOf } from '../shell/problem-of.ts'
import { startFaultyServer } from './faulty-server.ts'

const threePieces = () => {
  const told: string[] = []
  const file = new LargeFile('/it', {
    ...readingOf({ bytes: 3, crc: '1' }),
    async *pieces() {
      try {
        for (const byte of [1, 2, 3]) {
          told.push(`read ${byte}`)
          yield Uint8Array.of(byte)
        }
      } finally {
        told.push('closed')
      }
    },
  })
  const program: Pick<Program, 'write' | 'endInput'> = {
    write: async bytes => void told.push(`written ${bytes[0]}`),
    endInput: () => void told.push('ended'),
  }
  // It is told of nothing else.
  return { told, file, program: program as Program }
}

const turn = () => new Promise<void>(resolve => setImmediate(resolve))
const how = () => ({ enough: new AbortController().signal, onFed: undefined })

it('has the first piece before its program is there, and each other one when that was written', async () => {
  const { told, file, program } = threePieces()
  const supply = supplyOf(file)
  await turn()
  expect(told).toEqual(['read 1'])
  await supply.feed(program, how())
  expect(told).toEqual(['read 1', 'written 1', 'read 2', 'written 2', 'read 3', 'written 3', 'closed', 'ended'])
})

it('is left alone when its program has enough', async () => {
  const { told, file, program } = threePieces()
  const enough = AbortSignal.abort()
  await supplyOf(file).feed(program, { enough, onFed: undefined })
  await turn()
  expect(told.toSorted()).toEqual(['closed', 'ended', 'read 1'])
})

it('is left alone where no program opens', async () => {
  const server = await startFaultyServer({ refusesChannels: true })
  const session = await connect(server.target)
  const { told, file } = threePieces()
  expect((await problemOf(session.shell().run('cat', { input: file }))).code).toBe('channel-refused')
  await turn()
  expect({ told, sent: file.sent() }).toEqual({ told: ['read 1', 'closed'], sent: undefined })
  await session.close()
  await server.stop()
})
