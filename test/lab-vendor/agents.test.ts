// The stand-ins of the agents: real daemons that answer, take their time, and fall into the known trap.
import { spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { get } from 'node:https'
import { Attribute, Change, Client } from 'ldapts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type DirectoryState, type RunningDirectory, seed, startDirectory } from '../../lab/vendor/index.ts'
import { ownAddress as address } from '../kit/own-address.ts'
import { hasScript, isRoot, type Scratch, scratchNode, until } from './scratch.ts'
import { create } from './worksheet.ts'

let directory: RunningDirectory
let node: Scratch

let installed: Scratch
let objects: DirectoryState

beforeAll(async () => {
  directory = await startDirectory({ host: '127.0.0.1', port: 0, state: seed() })
  installed = scratchNode()
  if (hasScript) await installed.install(create({ port: directory.port, address }))
  objects = directory.dump()
})
afterAll(async () => {
  await installed.remove()
  await directory.close()
})

const agent = (program: 'nmma' | 'nmaa', action: string) => node.run(`/etc/init.d/novell-${program}`, action)
const state = (program: 'nmma' | 'nmaa') => agent(program, 'status').output.trim().split(/[ .]+/).at(-1)
const isRunning = (program: 'nmma' | 'nmaa') => () => state(program) === 'running'

const ask = async (port: number, path: string, body?: string) => {
  const response = await fetch(`http://${address}:${port}${path}`, body === undefined ? {} : { method: 'POST', body })
  return { status: response.status, body: await response.text() }
}
const answers = (port: number, path: string, body?: string) => () =>
  ask(port, path, body)
    .then(({ status }) => status === 200)
    .catch(() => false)

const hasOpenssl = spawnSync('openssl', ['version']).status === 0
const topic = '&tag=NM_A_SZ_TRANSACTION_ID_A&cmd=0&val=1&type=10'
const alive = { status: 200, body: expect.stringMatching(/NM_A_SZ_RESULT_CODE.*53505/) }

describe.skipIf(!hasScript)('an agent (skipped without util-linux `script`)', () => {
  beforeEach(() => {
    node = scratchNode(installed)
    directory.load(objects)
  })
  afterEach(() => node.remove())

  it('is unused, starts, runs by its own name, answers, stops, and leaves nothing over', async () => {
    expect(agent('nmma', 'status')).toMatchObject({ status: 3, output: expect.stringMatching(/\.\.\.unused\n$/) })
    expect(agent('nmma', 'start')).toMatchObject({ status: 0, output: expect.stringMatching(/\.\.\.done\n$/) })
    await until(isRunning('nmma'))
    expect(agent('nmma', 'status').status).toBe(0)
    const [pid] = node.agents('nmma')
    expect(node.read('/var/run/novell/messenger/nmma.pid')).toBe(`${pid}\n`)
    await until(answers(8300, '/topic', topic))
    expect(await ask(8300, '/topic', topic)).toEqual(alive)
    expect((await ask(8301, '/')).status).toBe(404)
    expect(agent('nmma', 'stop').status).toBe(0)
    expect(state('nmma')).toBe('unused')
    expect(node.agents('nmma')).toEqual([])
    expect(existsSync(`${node.root}/var/run/novell/messenger/nmma.pid`)).toBe(false)
  })

  it('of archives answers on its own ports, beside the other', async () => {
    agent('nmma', 'start')
    agent('nmaa', 'start')
    await until(answers(8310, '/logout'))
    expect(await ask(8310, '/logout')).toEqual(alive)
    await until(answers(8300, '/topic', topic))
    for (const port of [8300, 8301, 8311, 8312]) expect((await ask(port, '/logout')).status).toBe(404)
    expect(state('nmma')).toBe('running')
  })

  it('is left alone when it is started twice', async () => {
    agent('nmma', 'start')
    await until(isRunning('nmma'))
    expect(agent('nmma', 'start').status).toBe(0)
    expect(node.agents('nmma')).toHaveLength(1)
  })

  it('has no terminal and no parent that waits for it', async () => {
    agent('nmma', 'start')
    await until(isRunning('nmma'))
    const [pid = 0] = node.agents('nmma')
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    const [, , group, session, terminal] = fields
    expect({ group, session, terminal }).toEqual({ group: String(pid), session: String(pid), terminal: '0' })
  })

  it('takes its time to stop, and the init script waits', async () => {
    node.write('/etc/lab/delays', 'agent_start=0\nagent_stop=0.7\n')
    agent('nmma', 'start')
    await until(answers(8300, '/topic', topic))
    const began = Date.now()
    expect(agent('nmma', 'stop').status).toBe(0)
    expect(Date.now() - began).toBeGreaterThan(600)
  })

  it('that was killed is dead', async () => {
    agent('nmma', 'start')
    await until(isRunning('nmma'))
    for (const pid of node.agents('nmma')) process.kill(pid, 'SIGKILL')
    await until(() => node.agents('nmma').length === 0)
    expect(state('nmma')).toBe('dead')
    expect(agent('nmma', 'status').status).toBe(1)
  })

  it('without its startup file fails to start', () => {
    rmSync(`${node.root}/etc/opt/novell/messenger/strtup.ma`)
    expect(agent('nmma', 'start')).toMatchObject({ status: 6, output: expect.stringContaining('...failed') })
  })

  it('does not stay when its address is not on the node, and says so in its log', async () => {
    const startup = '/etc/opt/novell/messenger/strtup.ma'
    node.write(startup, node.read(startup).replace(`--ip ${address}`, '--ip 192.0.2.1'))
    agent('nmma', 'start')
    await until(() => state('nmma') === 'dead')
    expect(node.read('/var/opt/novell/log/messenger/ma/nmma.log')).toContain('EADDRNOTAVAIL')
  })

  it('reads its paths in the directory, when it starts', async () => {
    const client = new Client({ url: `ldap://127.0.0.1:${directory.port}` })
    await client.bind('cn=admin,o=acme', 'novell')
    const dn = 'cn=MessagingAgent,cn=MessengerServer,cn=MessengerService,ou=messenger,o=acme'
    const modification = new Attribute({ type: 'nnmAgentQueueDir', values: ['/mnt/messenger/ma/queue'] })
    await client.modify(dn, new Change({ operation: 'replace', modification }))
    await client.unbind()
    agent('nmma', 'start')
    await until(isRunning('nmma'))
    expect(existsSync(`${node.root}/mnt/messenger/ma/queue/nmma.db`)).toBe(true)
    expect(existsSync(`${node.root}/var/opt/novell/messenger/ma/queue/nmma.db`)).toBe(false)
  })

  it.skipIf(!hasOpenssl)('with a certificate speaks TLS (skipped without openssl)', async () => {
    const [cert, key] = [`${node.root}/etc/agent.pem`, `${node.root}/etc/agent.key`]
    const subject = ['-subj', '/CN=messenger', '-addext', `subjectAltName=IP:${address}`]
    const options = ['-newkey', 'rsa:2048', '-passout', 'pass:canary', '-keyout', key, '-out', cert]
    spawnSync('openssl', ['req', '-x509', ...subject, ...options])
    const startup = node.read('/etc/opt/novell/messenger/strtup.aa')
    const scrambled = Buffer.from('canary').toString('hex')
    const tls = `--certfile /etc/agent.pem\n--keyfile /etc/agent.key\n--keypassword ${scrambled}\n`
    node.write('/etc/opt/novell/messenger/strtup.aa', startup + tls)
    agent('nmaa', 'start')
    const ca = readFileSync(cert)
    const status = () =>
      new Promise<number>(done =>
        get({ host: address, port: 8310, path: '/logout', ca }, ({ statusCode = 0 }) => done(statusCode)).on(
          'error',
          () => done(0),
        ),
      )
    await until(async () => (await status()) === 200)
    await expect(ask(8310, '/logout')).rejects.toThrow('fetch failed')
  })

  describe('whose queue belongs to another user', () => {
    beforeEach(() => {
      node.write('/etc/passwd', `${node.read('/etc/passwd')}nvlmsgr:x:6001:6000::/:/bin/sh\n`)
      node.write('/etc/opt/novell/messenger/uid.conf', 'nvlmsgr\n')
    })

    it('is not running and has no PID file, yet stays; each start adds one that no stop ends', async () => {
      for (const count of [1, 2]) {
        expect(agent('nmma', 'start').status).toBe(0)
        await until(() => node.agents('nmma').length === count)
      }
      await new Promise(done => setTimeout(done, 400))
      expect(state('nmma')).toBe('unused')
      expect(existsSync(`${node.root}/var/run/novell/messenger/nmma.pid`)).toBe(false)
      expect(agent('nmma', 'stop').output).toContain('...unused')
      const stayed = node.agents('nmma')
      expect(stayed).toHaveLength(2)
      expect(stayed.map(pid => statSync(`/proc/${pid}`).uid)).toEqual([process.getuid?.(), process.getuid?.()])
    })

    it.skipIf(!isRoot)('runs as that user once the queue is its own (skipped without root)', async () => {
      chownSync(`${node.root}/var/opt/novell/messenger/ma/queue`, 6001, 6000)
      agent('nmma', 'start')
      await until(answers(8300, '/topic', topic))
      const [pid] = node.agents('nmma')
      expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^Uid:\t6001\t6001/m)
      expect(statSync(`${node.root}/var/opt/novell/messenger/ma/queue/nmma.db`).uid).toBe(6001)
      expect(agent('nmma', 'stop').output).toContain('...done')
    })
  })

  it('of a user that the node does not know ends, and says why', async () => {
    node.write('/etc/opt/novell/messenger/uid.conf', 'nobody-here\n')
    agent('nmma', 'start')
    const output = '/var/opt/novell/log/messenger/nmma.out'
    await until(() => existsSync(node.root + output) && node.read(output).includes('no such user'))
    await until(() => node.agents('nmma').length === 0)
    expect(state('nmma')).toBe('unused')
  })

  it('on an NSS volume needs the rights of a trustee, not ownership', async () => {
    mkdirSync(`${node.root}/media/nss/MSGVOL/queue`, { recursive: true })
    directory.load(
      JSON.parse(
        JSON.stringify(directory.dump()).replace('/var/opt/novell/messenger/ma/queue', '/media/nss/MSGVOL/queue'),
      ),
    )
    node.write(
      '/etc/passwd',
      `${node.read('/etc/passwd')}nvlmsgr:x:${process.getuid?.()}:${process.getgid?.()}::/:/bin/sh\n`,
    )
    node.write('/etc/opt/novell/messenger/uid.conf', 'nvlmsgr\n')
    agent('nmma', 'start')
    await until(() => node.agents('nmma').length === 1)
    await new Promise(done => setTimeout(done, 400))
    expect(state('nmma')).toBe('unused')
    node.write('/media/nss/MSGVOL/._NETWARE/trustees', '/|nvlmsgr.users.acme.ACME_TREE|_RWCEMF_\n')
    agent('nmma', 'start')
    await until(isRunning('nmma'))
  })
})
