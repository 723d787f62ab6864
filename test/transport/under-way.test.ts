// How much a node gets that its program has not taken yet.
import type { ClientChannel, ServerChannel } from 'ssh2'
import ssh2 from 'ssh2'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { reveal } from '../../src/model/secret.ts'
import { sshChannel } from '../../src/transport/ssh-channel.ts'
import { limitUnderWay } from '../../src/transport/under-way.ts'
import { startFaultyServer } from './faulty-server.ts'

const heard: ServerChannel[] = []
const server = await startFaultyServer({ onExec: channel => void heard.push(channel) })
const client = new ssh2.Client()
const { address, port, user, password } = server.target
await new Promise<void>(resolve => {
  client.once('ready', resolve).connect({ host: address, port, username: user, password: password && reveal(password) })
})

afterAll(async () => {
  client.end()
  await server.stop()
})

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

const turn = () => new Promise<void>(resolve => setImmediate(resolve))

const until = async (isSo: () => boolean) => {
  for (let turns = 0; !isSo(); turns += 1) {
    if (turns === 100_000) throw new Error(`not in ${turns} turns: ${isSo}`)
    await turn()
  }
}

const opened = async () => {
  const ours = await new Promise<ClientChannel>((resolve, reject) =>
    client.exec('', (error, stream) => (error ? reject(error) : resolve(stream))),
  )
  await until(() => heard.length > 0)
  return { ours, theirs: heard.pop() as ServerChannel } // it is there
}

describe('of what is written, the server gets', () => {
  const [few, all] = [768 * 1024, 2_000_000]

  const written = async (openedInMs: number) => {
    const { ours, theirs } = await opened()
    const channel = sshChannel(ours, new Promise(() => {}), limitUnderWay(client, ours, openedInMs))
    // What nobody reads does not end.
    channel.onStdout(() => {})
    channel.onStderr(() => {})
    return { channel, theirs, sent: channel.write(Buffer.alloc(all)) }
  }

  const got = async (theirs: ServerChannel, bytes: number) => {
    await until(() => theirs.readableLength >= bytes)
    for (let more = 0; more < 10; more += 1) await turn()
    return theirs.readableLength
  }

  // This one says that it has room when half of what it granted was used up.
  it('768 KB where it is near, and the rest where it says nothing for a while', async () => {
    const { theirs, sent } = await written(1)
    expect(await got(theirs, few)).toBe(few)
    vi.advanceTimersByTime(99)
    expect(await got(theirs, few)).toBe(few)
    vi.advanceTimersByTime(1)
    expect(await got(theirs, all)).toBe(all)
    await sent
  })

  it('all where it is far away', async () => {
    const { theirs, sent } = await written(11)
    expect(await got(theirs, all)).toBe(all)
    await sent
  })

  it('nothing more when its program is gone', async () => {
    const { channel, theirs } = await written(1)
    expect(await got(theirs, few)).toBe(few)
    theirs.close()
    await channel.closed
    vi.advanceTimersByTime(100)
    expect(await got(theirs, few)).toBe(few)
  })
})

it('a library that counts in another way is left alone', () => {
  for (const outgoing of [undefined, {}, { window: '1' }])
    expect(limitUnderWay(client, { outgoing, incoming: { id: 1 } } as unknown as ClientChannel, 1)).toBeUndefined()
  expect(limitUnderWay({} as typeof client, {} as ClientChannel, 1)).toBeUndefined()
})
