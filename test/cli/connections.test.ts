// At the end of a run nobody waits for a connection that is still under way, and nobody is asked about one.
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { openNodes, type ReachableTarget } from '../../src/cli/connections.ts'
import { setOut } from '../../src/engine/set-out.ts'
import type { Question } from '../../src/task/person.ts'
import { outline, play } from '../kit/outlines.ts'
import { problemOf } from '../shell/problem-of.ts'
import { type FaultyServer, startFaultyServer } from '../transport/faulty-server.ts'

const open: { silent?: Server; server?: FaultyServer } = {}

afterEach(async () => {
  open.silent?.close()
  await open.server?.stop()
  open.silent = open.server = undefined
})

/** Accepts, and says nothing. */
const silentServer = async () => {
  const sockets: Socket[] = []
  open.silent = createServer(socket => sockets.push(socket.resume()))
  open.silent.listen(0, '127.0.0.1')
  await once(open.silent, 'listening')
  return { sockets, port: (open.silent.address() as { readonly port: number }).port }
}

/** Longer than a test may take. */
const forLong = 600_000

const targetAt = (port: number, host = 'node1'): ReachableTarget => ({
  host,
  address: '127.0.0.1',
  port,
  user: 'root',
  knownHostsFiles: [],
  connectTimeoutMs: forLong,
})

describe.runIf(existsSync('/proc/net/tcp'))('setting out', () => {
  it('has sent the first packet to every node when it is done', async () => {
    const { port } = await silentServer()
    const nodes = openNodes(host => targetAt(port, host))
    const hosts = ['node1', 'node2', 'node3']
    await setOut({ outline: outline(hosts, play(hosts, [])), nodes, now: () => 0 })
    expect(connectionsTo(port)).toBe(3)
    await nodes.close()
  })
})

/** As the kernel has them, which answers for a server that has not come to it yet. @source proc_net_tcp.rst: address, state */
const connectionsTo = (port: number): number => {
  const there = new RegExp(`:\\s+\\w+:\\w+ \\w+:${port.toString(16).toUpperCase().padStart(4, '0')} 01 `)
  return readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .filter(line => there.test(line)).length
}

describe('closing', () => {
  it('gives up those under way, and begins none that waited for its turn', async () => {
    const { sockets, port } = await silentServer()
    const nodes = openNodes(host => targetAt(port, host))
    const reached = Promise.all(Array.from({ length: 60 }, (_, at) => problemOf(nodes.shell(`node${at + 1}`))))
    while (sockets.length < 50) await once(open.silent as Server, 'connection')
    await nodes.close()
    const codes = (await reached).map(({ code }) => code)
    expect(codes.filter(code => code === 'host-unreachable')).toHaveLength(50)
    expect(codes.filter(code => code === 'connections-closed')).toHaveLength(10)
    await Promise.all(sockets.map(socket => socket.closed || once(socket, 'close')))
    expect(sockets).toHaveLength(50)
  })

  it('gives up one that has come as far as a jump host', async () => {
    const { sockets, port } = await silentServer()
    const nodes = openNodes(() => ({ ...targetAt(port), jumps: [targetAt(port, 'door')] }))
    const reached = problemOf(nodes.shell('node1'))
    while (sockets.length < 1) await once(open.silent as Server, 'connection')
    await nodes.close()
    expect((await reached).fields).toMatchObject({ code: 'host-unreachable', host: 'door' })
  })

  it('takes a question back that stands there', async () => {
    open.server = await startFaultyServer()
    const { target } = open.server
    const asked: Question[] = []
    let isAsked = () => {}
    const waiting = new Promise<void>(resolve => {
      isAsked = resolve
    })
    const person = {
      async ask(question: Question) {
        asked.push(question)
        isAsked()
        await once(question.until ?? new EventTarget(), 'abort')
        return undefined
      },
    }
    const unknown = { ...target, knownHostsFiles: [], hostKeyChecking: 'ask' as const }
    const nodes = openNodes(() => unknown, { company: { person, keys: new Map(), tell: () => {} } })
    const reached = problemOf(nodes.shell('node1'))
    await waiting
    await nodes.close()
    expect((await reached).code).toBe('host-key-unknown')
    expect(asked).toHaveLength(1)
  })
})
