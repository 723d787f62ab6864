// What goes to a server in one turn of the loop, which ssh2 writes piece by piece, goes out as one.
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, it } from 'vitest'
import { socketsTo } from '../../src/transport/socket.ts'
import type { Target } from '../../src/transport/target.ts'

it('sends what is written in one turn as one piece, in its order, and the next turn as another', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const accepted = once(server, 'connection') as Promise<[Socket]>
  const { port } = server.address() as AddressInfo
  const socket = await socketsTo({ address: '127.0.0.1', port, connectTimeoutMs: 10_000 } as Target).open()
  const [there] = await accepted
  for (const said of ['first', 'second']) {
    for (const piece of [said, ' ', 'in pieces']) socket.write(piece)
    const [heard] = await once(there, 'data')
    expect(`${heard}`).toBe(`${said} in pieces`)
  }
  const ended = once(there, 'end')
  const last = once(there, 'data')
  socket.write('last')
  socket.end(' words')
  expect(`${(await last)[0]}`).toBe('last words')
  await ended
  server.close()
})
