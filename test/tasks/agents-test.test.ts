// The agents' test: started, alive, as the right user; stopped, and nothing left over.
import { describe, expect, it } from 'vitest'
import type { Json } from '../../src/model/json.ts'
import { Problem } from '../../src/model/problem.ts'
import agentsTest from '../../tasks/agents-test.ts'
import { resourceStates } from '../../tasks/lib/cluster-resource.ts'
import { answerOf, apply, problemOf } from '../kit/fake-world.ts'
import { lastTraceOf, traced } from '../kit/last-trace.ts'
import { type Row, scriptedHost } from '../kit/scripted-host.ts'

const agent = (name: string, service: string, process: string, probe: string, port: number) => ({
  name,
  service,
  process,
  port,
  probe,
  queue: `/var/opt/novell/messenger/${process.slice(2)}/queue`,
  startup: `/etc/opt/novell/messenger/strtup.${process.slice(2)}`,
})

const messaging = agent('Messaging Agent', 'novell-nmma', 'nmma', 'messaging', 8300)
const archive = agent('Archive Agent', 'novell-nmaa', 'nmaa', 'archive', 8310)
const args = { agents: [messaging, archive], user: 'nvlmsgr', start_within: 0, stop_within: 0.5 }

const sum = { type: 'sum', crc: '1', bytes: 2 }
const installed = {
  'checksum /etc/init.d/novell-nmma': sum,
  'checksum /etc/init.d/novell-nmaa': sum,
  'checksum /etc/opt/novell/messenger/strtup.ma': sum,
  'checksum /etc/opt/novell/messenger/strtup.aa': sum,
  'text /etc/opt/novell/messenger/uid.conf': { type: 'text', text: 'nvlmsgr\n' },
  'process nmma': { count: 0, users: [] },
  'process nmaa': { count: 0, users: [] },
  'file /var/opt/novell/messenger/ma/queue': { type: 'directory', owner: 'nvlmsgr', group: 'msgrgroup', mode: '0755' },
  'file /var/opt/novell/messenger/aa/queue': { type: 'absent' },
}
const running = (count: number) => ({ count, users: count > 0 ? ['nvlmsgr'] : [] })

describe('what it answers', () => {
  const inCluster = (seen: Json) => ({
    things: { ...installed, 'cluster-resource MESSENGER': seen, [lastTraceOf('MESSENGER')]: traced('') },
  })
  const given = { ...args, resource: 'MESSENGER' }

  it.each<[string, Json]>([
    ...resourceStates
      .filter(state => state !== 'Offline')
      .map((state): [string, Json] => [state, { type: 'resource', state, node: '' }]),
    ['not told by any node', { type: 'silent' }],
    ['not among those that are listed', { type: 'absent' }],
  ])('refuses while the resource is %s, also where no agent runs', async (_, seen) => {
    expect(await problemOf(answerOf(agentsTest, given, inCluster(seen)))).toMatchObject({
      code: 'resource-not-offline',
      summary:
        'The cluster resource MESSENGER is not offline, so its agents run or will run, and a test would stop them',
      wanted: 'Offline',
    })
  })

  it.each([
    ['offline', { type: 'resource', state: 'Offline', node: '' }],
    ['one that no cluster knows, since there is none', { type: 'no-cluster' }],
  ])('is due while the resource is %s', async (_, seen) => {
    expect(await answerOf(agentsTest, given, inCluster(seen))).toMatchObject({ type: 'differs' })
  })

  it.each([
    ['never done', undefined, 'differs', 'no receipt stands'],
    ['done, and nothing runs', 'stands', 'same', 'a receipt stands'],
  ] as const)('%s', async (_, receipt, type, because) => {
    expect(await answerOf(agentsTest, args, { things: installed, receipt })).toMatchObject({ type, because })
  })

  it.each([
    ['an agent runs, also where it was tested', { 'process nmaa': running(1) }, 'stands', 'agent-left-over'],
    ['an agent runs', { 'process nmma': running(2) }, undefined, 'agent-left-over'],
    [
      'an agent runs, and the resource is offline',
      { 'process nmma': running(1), 'cluster-resource MESSENGER': { type: 'resource', state: 'Offline', node: '' } },
      undefined,
      'agent-left-over',
    ],
    [
      'the resource has started the agents',
      {
        'process nmma': running(1),
        'cluster-resource MESSENGER': { type: 'resource', state: 'Running', node: 'node1' },
      },
      'stands',
      'resource-not-offline',
    ],
    [
      'a queue belongs to another',
      { 'file /var/opt/novell/messenger/ma/queue': { type: 'directory', owner: 'root', group: 'root', mode: '0755' } },
      undefined,
      'wrong-owner',
    ],
  ] as const)('stops, so that a dry run tells it too, where %s', async (_, things, receipt, code) => {
    const given = 'cluster-resource MESSENGER' in things ? { ...args, resource: 'MESSENGER' } : args
    const asked = answerOf(agentsTest, given, { things: { ...installed, ...things }, receipt })
    expect(await problemOf(asked)).toMatchObject({ code })
  })
})

it('looks once more before it starts anything: with resource monitoring its stop would be a failure', async () => {
  const online = 'Name State Node Lives\nMESSENGER Loading node2 3\n'
  const host = scriptedHost([
    [/LC_ALL=C cluster resources/, online],
    [/LC_ALL=C cluster view/, 'Cluster nodes [node1]\n'],
  ])
  const problem = await problemOf(apply(agentsTest, { ...args, resource: 'MESSENGER' }, host))
  expect(problem).toMatchObject({ code: 'resource-not-offline', seen: 'Loading node2' })
  expect(host.commands.filter(command => /init\.d/.test(command))).toEqual([])
})

it('rests on the unit of a service, wherever it is, and tells it by `systemctl`', async () => {
  const unit = { ...messaging, service: 'gwm-nmma.service', tls: true }
  const things = {
    ...installed,
    'checksum /etc/systemd/system/gwm-nmma.service': { type: 'absent' as const },
    'checksum /usr/lib/systemd/system/gwm-nmma.service': sum,
  }
  expect(await answerOf(agentsTest, { ...args, agents: [unit] }, { things })).toMatchObject({ type: 'differs' })
  const { host } = await apply(agentsTest, { ...args, agents: [unit] }, [
    [/stat -c '%f %U %G'/, '41c0 nvlmsgr msgrgroup\n'],
    processes('nmma', '', 'nvlmsgr\n', ''),
    [/^systemctl (start|stop) gwm-nmma\.service <\/dev\/null$/, ''],
    [/systemctl is-active gwm-nmma\.service$/, ['active\n', { stdout: 'inactive\n', exitCode: 3 }]],
    [/openssl s_client -quiet -connect 127\.0\.0\.1:8300 /, answer],
  ])
  expect(host.commands.filter(command => /^systemctl (start|stop)/.test(command))).toEqual([
    'systemctl start gwm-nmma.service </dev/null',
    'systemctl stop gwm-nmma.service </dev/null',
  ])
})

it('rests on the unit where the site has it', async () => {
  const at = { ...args, agents: [{ ...messaging, service: 'gwm-nmma.service' }], unit_directory: '/opt/units' }
  const things = {
    ...installed,
    'checksum /etc/systemd/system/gwm-nmma.service': { type: 'absent' as const },
    'checksum /opt/units/gwm-nmma.service': sum,
  }
  expect(await answerOf(agentsTest, at, { things })).toMatchObject({ type: 'differs' })
})

const answer = 'HTTP/1.0 200 OK\r\n\r\n<NM_A_SZ_RESULT_CODE>53505'
const status = (service: string, ...words: string[]): Row => [
  new RegExp(`init.d/${service} status; else`),
  words.map(word => `Checking ... ${word}\n`),
]
const processes = (name: string, ...users: string[]): Row => [new RegExp(`" \\("${name}"\\) "`), users]
const does = (service: string, what: string, result: Row[1] = ''): Row => [
  `/etc/init.d/${service} ${what} </dev/null`,
  result,
]
const probe = (port: number, reply: Row[1]): Row => [new RegExp(`^perl .* ${port} `, 's'), reply]

/** A node on which both start, answer and stop. */
const healthy: readonly Row[] = [
  [/stat -c '%f %U %G'/, '41c0 nvlmsgr msgrgroup\n'],
  processes('nmma', '', 'nvlmsgr\n', ''),
  processes('nmaa', '', 'nvlmsgr\n', ''),
  does('novell-nmma', 'start'),
  does('novell-nmaa', 'start'),
  does('novell-nmma', 'stop'),
  does('novell-nmaa', 'stop'),
  status('novell-nmma', 'running', 'unused'),
  status('novell-nmaa', 'running', 'unused'),
  probe(8300, answer),
  probe(8310, answer),
  [/tail -n 5/, 'the end of the log'],
]

const deeds = (commands: readonly string[]) =>
  commands.flatMap(command => /^\/etc\/init\.d\/(\S+ (?:start|stop))/.exec(command)?.[1] ?? [])

describe('what it does', () => {
  it('starts in order, sees them answer, stops in reverse order, and tells how long the stop takes', async () => {
    const { host, told, result } = await apply(agentsTest, args, healthy)
    expect(deeds(host.commands)).toEqual([
      'novell-nmma start',
      'novell-nmaa start',
      'novell-nmaa stop',
      'novell-nmma stop',
    ])
    expect(told).toEqual([
      'starting the Messaging Agent',
      'starting the Archive Agent',
      'stopping the Archive Agent',
      'stopping the Messaging Agent',
    ])
    expect(result).toEqual({ stop_ms: expect.any(Number) })
  })

  it('says where it saw no more than a connection', async () => {
    const overTls = { ...args, agents: [{ ...messaging, tls: true }] }
    const table: Row[] = [[/openssl s_client/, 'accepted and not asked\n'], ...healthy]
    const { result } = await apply(agentsTest, overTls, table)
    expect(result).toEqual({ stop_ms: expect.any(Number), only: 'connection' })
  })

  it('asks each agent in its own way', async () => {
    const { host } = await apply(agentsTest, args, healthy)
    const asked = host.commands.filter(command => command.startsWith('perl'))
    expect(asked[0]).toContain("127.0.0.1 8300 'POST /topic HTTP/1.0")
    expect(asked[0]).toContain('&tag=NM_A_SZ_TRANSACTION_ID_A&cmd=0&val=1&type=10')
    expect(asked[1]).toContain("127.0.0.1 8310 'GET /logout HTTP/1.0")
  })
})

describe('what stops it before anything is started', () => {
  it('a process that is left over', async () => {
    const table = [processes('nmma', 'root\n'), ...healthy]
    expect(await problemOf(apply(agentsTest, args, table))).toEqual({
      code: 'agent-left-over',
      summary: 'nmma runs already, so a test would say nothing',
      seen: '1 process nmma, of root',
      wanted: 'none',
      state: 'no agent was started',
      help: "find out who started it; end it: its init script's `stop`, else `pkill -x nmma`",
    })
  })

  it('a queue directory of another owner, which would leave a process that nobody can stop', async () => {
    const table: Row[] = [
      [/stat -c '%f %U %G'/, '41c0 root root\n'],
      does('novell-nmma', 'start', new Error('never')),
      ...healthy,
    ]
    expect(await problemOf(apply(agentsTest, args, table))).toEqual({
      code: 'wrong-owner',
      summary: 'The queue directory of the Messaging Agent does not belong to the user that it runs as',
      seen: '/var/opt/novell/messenger/ma/queue: root',
      wanted: 'nvlmsgr',
      state: 'no agent was started',
      help: "`chown -R nvlmsgr /var/opt/novell/messenger/ma/queue`, or mend the agents' user in the inventory",
    })
  })
})

describe('an agent that does not start', () => {
  it('is told with its log, and all are stopped again', async () => {
    const host = scriptedHost([status('novell-nmaa', 'dead'), ...healthy])
    expect(await problemOf(apply(agentsTest, args, host))).toEqual({
      code: 'agent-not-started',
      summary: 'The Archive Agent does not run 0 s after its start',
      seen: 'the end of the log',
      wanted: 'status "running", a process nmaa, and an answer on port 8310',
      state: 'left running: 1 process nmaa, of nvlmsgr',
      help: 'look at its log on the node, then start it by hand: `/etc/init.d/novell-nmaa start`',
    })
    expect(deeds(host.commands).slice(2)).toEqual(['novell-nmaa stop', 'novell-nmma stop'])
  })

  it.each([
    ['does not answer', ''],
    ['is another program that answers', 'HTTP/1.1 404 Not Found'],
  ])('is one that runs, but %s', async (_, reply) => {
    expect(await problemOf(apply(agentsTest, args, [probe(8300, reply), ...healthy]))).toMatchObject({
      code: 'agent-not-started',
    })
  })

  it('or runs as another user', async () => {
    const table = [processes('nmma', '', 'root\n'), ...healthy]
    expect(await problemOf(apply(agentsTest, args, table))).toEqual({
      code: 'agent-wrong-user',
      summary: 'The Messaging Agent runs, but as another user',
      seen: 'root',
      wanted: 'nvlmsgr',
      state: 'left running: 1 process nmma, of root; 1 process nmaa, of nvlmsgr',
      help: 'compare uid.conf on the node with the agents’ user in the inventory',
    })
  })
})

describe('an agent that does not stop', () => {
  const stays = processes('nmaa', '', 'nvlmsgr\n', 'nvlmsgr\n')

  it('is told; the others are stopped all the same', async () => {
    const host = scriptedHost([stays, ...healthy])
    expect(await problemOf(apply(agentsTest, args, host))).toEqual({
      code: 'agent-not-stopped',
      summary: 'The Archive Agent is still there 0.5 s after its stop',
      seen: '1 process nmaa, of nvlmsgr',
      wanted: 'no process, and a status other than "running"',
      state: 'left running: 1 process nmaa, of nvlmsgr',
      help: 'end it on the node: `pkill -x nmaa`, and `pkill -9 -x nmaa` if it stays',
    })
    expect(deeds(host.commands).slice(2)).toEqual(['novell-nmaa stop', 'novell-nmma stop'])
  })

  it('is also one whose stop script hangs; what is still there counts, and not the script', async () => {
    const hangs = new Problem({ code: 'command-timeout', summary: 'it took too long' })
    const gone = scriptedHost([does('novell-nmaa', 'stop', hangs), ...healthy])
    expect((await apply(agentsTest, args, gone)).result).toEqual({ stop_ms: expect.any(Number) })
    const left = scriptedHost([stays, does('novell-nmaa', 'stop', hangs), ...healthy])
    expect(await problemOf(apply(agentsTest, args, left))).toMatchObject({ code: 'agent-not-stopped' })
  })

  it('may come behind a stop, where the connection was lost while it was started: then it is stopped once more', async () => {
    const lost = new Problem({ code: 'connection-lost', summary: 'gone', exit: 7 })
    const host = scriptedHost([
      does('novell-nmaa', 'start', lost),
      processes('nmma', '', 'nvlmsgr\n', ''),
      processes('nmaa', '', 'nvlmsgr\n', ''),
      ...healthy,
    ])
    expect(await problemOf(apply(agentsTest, args, host))).toMatchObject({
      code: 'connection-lost',
      state: 'no agent is left running',
    })
    const stops = ['novell-nmaa stop', 'novell-nmma stop']
    expect(deeds(host.commands).slice(-4)).toEqual([...stops, ...stops])
  })

  it('is not concluded from a lost connection', async () => {
    const lost = new Problem({ code: 'connection-lost', summary: 'gone', exit: 7 })
    const table = [does('novell-nmaa', 'stop', lost), ...healthy]
    expect(await problemOf(apply(agentsTest, args, table))).toMatchObject({ code: 'connection-lost', exit: 7 })
  })
})
