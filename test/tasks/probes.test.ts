// The kinds of things that only these tasks know: what programs of OES print, and what is made of it.
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeAuthority, makeCertificate } from '../../lab/certificates.ts'
import type { Json } from '../../src/model/json.ts'
import { hostDollar } from '../../src/shell/dollar.ts'
import { readNow } from '../../src/task/resource.ts'
import { addresses } from '../../tasks/lib/addresses.ts'
import { clusterResource, clusterView } from '../../tasks/lib/cluster-resource.ts'
import { agentAnswer, answersAs } from '../../tasks/lib/liveness.ts'
import { startupSwitches } from '../../tasks/lib/startup-switches.ts'
import { fileSystem, storage, uuidOf } from '../../tasks/lib/storage.ts'
import { parse } from '../kit/parse-probe.ts'
import { shells } from '../kit/posix.ts'
import { sandboxHost } from '../kit/sandbox-host.ts'

describe('cluster resources', () => {
  const head = 'Name              State       Node      Lives\n'
  const withBcc = 'Name              State       BCC     Node      Lives\n'
  it.each<[string, string, Json]>([
    [
      'a running one',
      `${head}MSGR     Running     node2     4\n`,
      { type: 'resource', state: 'Running', node: 'node2' },
    ],
    [
      'one with a BCC column',
      `${withBcc}MSGR   Running  No    node2     4\n`,
      { type: 'resource', state: 'Running', node: 'node2' },
    ],
    [
      'one that is offline',
      `${head}MSGR     Offline               0\n`,
      { type: 'resource', state: 'Offline', node: '' },
    ],
    [
      'one of two with a like name',
      `${head}MSGR2  Running  node1  1\nMSGR  Offline   0\n`,
      { type: 'resource', state: 'Offline', node: '' },
    ],
    ['the header alone, as some old nodes print', head, { type: 'silent' }],
    ['the header alone, with a BCC column', withBcc, { type: 'silent' }],
    ['others, and not this one', `${head}MSGR2     Running     node2     4\n`, { type: 'absent' }],
    [
      'one that waits for a quorum: a state of two words',
      `${head}MSGR     Quorum Wait         0\n`,
      { type: 'resource', state: 'Quorum Wait', node: '' },
    ],
    [
      'one that waits, with a BCC column',
      `${withBcc}MSGR     Quorum Wait   No      0\n`,
      { type: 'resource', state: 'Quorum Wait', node: '' },
    ],
    [
      'one that is offline, with a BCC column',
      `${withBcc}MSGR     Offline     No      3\n`,
      { type: 'resource', state: 'Offline', node: '' },
    ],
    [
      'one on a node whose name is a number',
      `${head}MSGR     Running     12     4\n`,
      { type: 'resource', state: 'Running', node: '12' },
    ],
    ...['Quorum wait', 'Quorum_Wait', 'QUORUM WAIT'].map((spelled): [string, string, Json] => [
      `one whose state another release spells ${spelled}`,
      `${head}MSGR     ${spelled}     node1     4\n`,
      { type: 'resource', state: 'Quorum Wait', node: 'node1' },
    ]),
    [
      'one whose state another release spells NDS Sync',
      `${withBcc}MSGR   NDS Sync  No    node2     4\n`,
      { type: 'resource', state: 'NDS_Sync', node: 'node2' },
    ],
    ...(['Loading', 'Unloading', 'Comatose', 'Unassigned', 'NDS_Sync', 'Alert'] as const).map(
      (state): [string, string, Json] => [
        `one that is ${state}`,
        `${head}MSGR     ${state}     node1     4\n`,
        { type: 'resource', state, node: 'node1' },
      ],
    ),
  ])('%s', (_, stdout, value) => expect(parse(clusterResource('MSGR'), stdout)).toEqual(value))

  it.each([
    ...['Dreaming', 'Monitored', 'Upgrade'].map((state): [string, string] => [
      `the state ${state}, which nobody knows`,
      `${head}MSGR     ${state}     node1     4\n`,
    ]),
    ['rows without their header', 'MSGR2  Running  node1  1\nMSGR     Running     node1     4\n'],
  ])('are not guessed at: %s', (_, stdout) => expect(parse(clusterResource('MSGR'), stdout)).toBeUndefined())

  it.each([
    ['Cluster msgr1\nThis node node1 [epoch 3 master node node1]\nCluster nodes [node1, node2]\n', ['node1', 'node2']],
    ['Cluster msgr1\nThis node node1 [epoch 3 master node node1]\nCluster nodes [node1]\n', ['node1']],
  ])('have members: %j', (stdout, members) =>
    expect(parse(clusterView('all'), stdout)).toEqual({ type: 'view', members }),
  )

  it('have no members that nobody has listed', () => {
    expect(parse(clusterView('all'), 'Cluster msgr1\n')).toBeUndefined()
  })

  it('are told from no cluster at all', () => {
    expect(parse(clusterResource('MSGR'), '', { exitCode: 44 })).toEqual({ type: 'no-cluster' })
  })
})

describe('addresses', () => {
  it('are all that `ip` lists, of both families', () => {
    const stdout = [
      '1: lo    inet 127.0.0.1/8 scope host lo',
      '2: eth0    inet 10.88.1.1/24 brd 10.88.1.255 scope global eth0',
      '2: eth0    inet6 fe80::1/64 scope link',
    ].join('\n')
    expect(parse(addresses('all'), stdout)).toEqual({ ips: ['127.0.0.1', '10.88.1.1', 'fe80::1'] })
  })
})

describe('a living agent', () => {
  it.each([
    ['HTTP/1.0 200 OK\r\n\r\n&NM_A_SZ_RESULT_CODE=53505', true],
    ['HTTP/1.0 200 OK\r\n\r\nhello', false],
    ['53505', false],
    ['', false],
  ])('%j: %s', (answer, lives) => expect(answersAs(answer)).toBe(lives))
})

describe('a living agent that speaks TLS', () => {
  const living = (request: IncomingMessage, response: ServerResponse) => {
    request
      .on('data', () => {})
      .on('end', () => response.end(asks(request) ? '&tag=NM_A_SZ_RESULT_CODE&val=53505' : ''))
  }
  const asks = ({ method, url }: IncomingMessage) => ['POST /topic', 'GET /logout'].includes(`${method} ${url}`)
  const served = async (server: Server) => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }
  const scratch = mkdtempSync(join(tmpdir(), 'agent-tls-'))
  const node = sandboxHost()
  const servers: Server[] = []
  const at = { address: '127.0.0.1', port: 0, seconds: 1, tls: true }

  beforeAll(async () => {
    const authority = await makeAuthority(scratch, 'authority')
    const { certificate, key } = await makeCertificate(scratch, 'agent', { authority, names: ['DNS:agent'] })
    servers.push(createTlsServer({ cert: readFileSync(certificate), key: readFileSync(key) }, living))
    servers.push(createServer(living))
    at.port = await served(servers[0] as Server)
  })

  afterAll(() => {
    for (const server of servers) server.close()
    node.close()
    rmSync(scratch, { recursive: true, force: true })
  })

  it.each(['messaging', 'archive'] as const)('answers the %s request over TLS', async probe => {
    expect(await readNow(hostDollar(node), agentAnswer({ probe, ...at }))).toEqual({ answers: true })
  })

  it('is silent where it is asked in clear, and one in clear where it is asked over TLS', async () => {
    const inClear = await readNow(hostDollar(node), agentAnswer({ probe: 'archive', ...at, tls: false }))
    const port = await served(servers[1] as Server)
    const overTls = await readNow(hostDollar(node), agentAnswer({ probe: 'archive', ...at, port }))
    expect([inClear, overTls]).toEqual([{ answers: false }, { answers: false }])
  })

  it('is seen by its connection alone where the node has no openssl', async () => {
    const bare = sandboxHost()
    bare.install('perl', 'exec /usr/bin/perl "$@"')
    const without = { ...bare, run: (script: string) => bare.run(`PATH=${bare.programs}\n${script}`) }
    expect(await readNow(hostDollar(without), agentAnswer({ probe: 'archive', ...at }))).toEqual({
      answers: true,
      only: 'connection',
    })
    expect(await readNow(hostDollar(without), agentAnswer({ probe: 'archive', ...at, port: 1 }))).toEqual({
      answers: false,
    })
    bare.close()
  })
})

describe('storage', () => {
  const device = '/dev/sdb1'
  it('tells what is mounted where, with the UUID of each', () => {
    const stdout = [
      'present u1',
      'uuid',
      'line proc /proc proc rw 0 0',
      'uuid u1',
      'line /dev/dm-1 /mnt/with\\040blank ext3 rw 0 0',
    ].join('\n')
    expect(parse(storage(device), stdout)).toEqual({
      present: true,
      uuid: 'u1',
      mounts: [
        { source: 'proc', at: '/proc', fstype: 'proc', uuid: '' },
        { source: '/dev/dm-1', at: '/mnt/with blank', fstype: 'ext3', uuid: 'u1' },
      ],
    })
  })

  it.each([
    ['nothing', ''],
    ['no mounts at all', 'present u1\n'],
    ['a line without its UUID', 'present u1\nline proc /proc proc rw 0 0\n'],
  ])('cannot be understood where the node says %s', (_, stdout) =>
    expect(parse(storage(device), stdout)).toBeUndefined(),
  )

  it('has an identity only where its UUID can be read', () => {
    expect(uuidOf(parse(fileSystem(device), 'u1\n'))).toBe('u1')
    expect(parse(fileSystem(device), '')).toEqual({ unknown: true })
    expect(uuidOf({ unknown: true })).toBe('')
  })

  it.each(shells.filter(({ isHere }) => isHere))('is asked of a real node whose shell is $shell', async ({ words }) => {
    const node = sandboxHost(words)
    node.install('blkid', 'case $7 in *data) echo u1;; *) exit 2;; esac')
    await node.prepare(': >data')
    const seen = await readNow(hostDollar(node), storage(node.path('data')))
    expect(seen).toMatchObject({ present: true, uuid: 'u1' })
    expect(seen.mounts).toContainEqual(expect.objectContaining({ at: '/proc', fstype: 'proc' }))
    expect(await readNow(hostDollar(node), storage(node.path('none')))).toMatchObject({ present: false, uuid: '' })
    node.close()
  })
})

describe.each(shells)('the switches of a startup file, by $shell', ({ words, isHere }) => {
  it.skipIf(!isHere)('are names alone: a value may be a password', async () => {
    const node = sandboxHost(words)
    await node.prepare(
      "printf -- '# --note\\n--user x\\n --Password geheim\\n/queue /srv\\n-log=/srv\\nplain\\n' >startup",
    )
    expect(await readNow(hostDollar(node), startupSwitches(node.path('startup')))).toEqual({
      names: ['log', 'password', 'queue', 'user'],
    })
    expect(await readNow(hostDollar(node), startupSwitches(node.path('none')))).toEqual({ names: [] })
    node.close()
  })
})
