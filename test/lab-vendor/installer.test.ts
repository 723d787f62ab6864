// The stand-in of the Installation program, from a real terminal: what it asks, refuses and leaves behind.
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type RunningDirectory, seed, startDirectory } from '../../lab/vendor/index.ts'
import { ownAddress as address } from '../kit/own-address.ts'
import { type Answer, hasScript, type Ran, type Scratch, scratchNode, until } from './scratch.ts'
import { create, instead, join, upTo } from './worksheet.ts'

let directory: RunningDirectory
let node1: Scratch
let answers: Answer[]

beforeEach(async () => {
  directory = await startDirectory({ host: '127.0.0.1', port: 0, state: seed() })
  node1 = scratchNode()
  answers = create({ port: directory.port, address })
})
afterEach(async () => {
  await node1.remove()
  await directory.close()
})

const messengerObjects = () =>
  Object.keys(directory.dump().entries)
    .filter(dn => dn.includes('cn=MessengerService'))
    .map(dn => dn.split(',')[0])

it('wants a terminal', () => {
  expect(node1.run('/media/messenger/install')).toEqual({
    status: 2,
    output: 'The Installation program needs a terminal.\n',
  })
})

describe.skipIf(!hasScript)('on a terminal (skipped without util-linux `script`)', () => {
  describe('creates a system', () => {
    let ran: Ran
    beforeEach(async () => {
      ran = await node1.install(answers)
    })

    it('with programs, startup files, directories, shared configuration, objects', () => {
      expect(ran).toMatchObject({ status: 0, output: expect.stringContaining('The installation is complete.') })
      expect(messengerObjects()).toEqual([
        'cn=MessengerService',
        'cn=MessengerServer',
        'cn=ArchiveAgent',
        'cn=MessagingAgent',
        'cn=FileModule',
      ])
      expect(node1.read('/etc/opt/novell/messenger/strtup.aa')).toContain('--port 8310,8311,8312\n')
      expect(readdirSync(`${node1.root}/var/opt/novell/messenger/aa`)).toEqual(['queue', 'store'])
      expect(node1.read('/mnt/messenger/novell/messenger/config')).toContain(`server_address=${address}\n`)
      expect(node1.run('/usr/local/sbin/chkconfig', 'novell-nmaa').output).toMatch(/^novell-nmaa +on\n$/)
      expect(node1.agents('nmma')).toEqual([])
    })

    it('with the five default paths as values, each of them once', () => {
      const values = Object.values(directory.dump().entries).flatMap(attributes => Object.values(attributes).flat())
      expect(values.filter(value => value.startsWith('/var/')).sort()).toEqual([
        '/var/opt/novell/log/messenger/aa',
        '/var/opt/novell/log/messenger/ma',
        '/var/opt/novell/messenger/aa/queue',
        '/var/opt/novell/messenger/aa/store',
        '/var/opt/novell/messenger/ma/queue',
      ])
    })

    it('and shows no password, and leaves none for others to read', () => {
      expect(ran.output).not.toMatch(/: novell\r?\n/)
      for (const path of ['/mnt/messenger/novell/messenger/config', '/etc/opt/novell/messenger/strtup.ma']) {
        expect(node1.read(path)).not.toMatch(/password[ =]novell/)
        expect(statSync(node1.root + path).mode & 0o077).toBe(0)
      }
    })
  })

  it('without the Archive Agent, makes nothing of it', async () => {
    const { status } = await node1.install(create({ port: directory.port, address, agents: '2' }))
    expect(status).toBe(0)
    expect(messengerObjects()).toEqual(['cn=MessengerService', 'cn=MessengerServer', 'cn=MessagingAgent'])
    expect(readdirSync(`${node1.root}/etc/opt/novell/messenger`)).toEqual(['strtup.ma'])
  })

  it('asks again what it cannot use, and says why', async () => {
    const wrong = [
      ['to a cluster', [/cluster\?/, 'perhaps'], 'Please answer y or n.'],
      ['1\\. Create', [/Select an option:/, '3'], 'Please enter a number from 1 to 2.'],
      ['Mount point', [/Mount point/, 'mnt'], 'Please enter an absolute path.'],
      ['eDirectory tree', [/tree:/, ''], 'Please enter a value.'],
      ['LDAP port', [/LDAP port/, '70000'], 'Please enter a port from 1 to 65535.'],
    ] as const
    const dialogue = wrong.reduce<Answer[]>((all, [prompt, answer]) => {
      const right = all.find(([pattern]) => pattern.source.includes(prompt))
      return instead(all, prompt, answer, [answer[0], right?.[1] ?? ''])
    }, answers)
    const login: Answer[] = [
      [/Password:/, 'wrong'],
      [/User DN \[cn=admin,o=acme\]:/, ''],
      [/Password:/, 'novell'],
    ]
    const { status, output } = await node1.install(instead(dialogue, 'Password', ...login))
    for (const [, , message] of wrong) expect(output).toContain(message)
    expect(output).toContain('The directory does not accept this user and password.')
    expect(status).toBe(0)
  })

  it('starts the agents when it is told to, and they outlive its terminal', async () => {
    const { status } = await node1.install(instead(answers, 'start the', [/start the/, 'y']))
    expect(status).toBe(0)
    await until(() => node1.agents('nmma').length === 1 && node1.agents('nmaa').length === 1)
  })

  it.each([
    ['the license is not accepted', 'license', [/license/, 'n'], 3, 'Without a license'],
    [
      'there is no mount point',
      'Mount point',
      [/Mount point/, '/mnt/nowhere'],
      4,
      'There is no directory /mnt/nowhere',
    ],
    ['there is no system to join', '1\\. Create', [/Select an option:/, '2'], 4, 'There is no Messenger system'],
    ['the directory is down', 'LDAP port', [/LDAP port/, '1'], 6, 'cannot reach the directory at 127.0.0.1:1'],
    ['the tree is another', 'eDirectory tree', [/eDirectory tree/, 'OTHER'], 5, 'serves the tree ACME_TREE, not OTHER'],
    ['the context is not there', 'Context', [/Context/, 'ou=no,o=acme'], 5, 'no such entry'],
  ] as const)('ends when %s', async (_, prompt, answer, code, message) => {
    const { status, output } = await node1.install(instead(answers, prompt, answer))
    expect(output).toContain(message)
    expect(status).toBe(code)
    expect(existsSync(`${node1.root}/mnt/messenger/novell`)).toBe(false)
    expect(directory.dump()).toEqual(seed())
  })

  it.each([
    ['of the node', '/etc/init.d/novell-nmma', 'The files could not be copied. Is the disk full?'],
    ['of the partition', '/mnt/messenger/novell/messenger/config.new', 'Cannot write to /mnt/messenger.'],
  ])('ends when the disk %s is full', async (_, path, message) => {
    mkdirSync(dirname(node1.root + path), { recursive: true })
    symlinkSync('/dev/full', node1.root + path)
    const { status, output } = await node1.install(answers)
    expect(output).toContain(message)
    expect(status).toBe(7)
  })

  it('ends when the terminal is closed', async () => {
    const { status, output } = await node1.install([
      ...upTo(answers, 'eDirectory tree').slice(0, -1),
      [/tree:/, '\x04'],
    ])
    expect(output).toContain('Installation cancelled.')
    expect(status).toBe(1)
  })

  it('does not create a second system', async () => {
    await node1.install(answers)
    const again = await node1.install(answers)
    expect(again).toMatchObject({ status: 4, output: expect.stringContaining('already exists on /mnt/messenger') })
    rmSync(`${node1.root}/mnt/messenger/novell`, { recursive: true })
    expect(await node1.install(answers)).toMatchObject({ status: 5, output: expect.stringContaining('already exists') })
  })

  describe('joins', () => {
    let node2: Scratch
    beforeEach(async () => {
      node2 = scratchNode()
      await node1.install(answers)
      cpSync(`${node1.root}/mnt/messenger`, `${node2.root}/mnt/messenger`, { recursive: true })
    })
    afterEach(() => node2.remove())

    it('with the settings that it found, and creates no object', async () => {
      const before = directory.dump()
      const { status, output } = await node2.install(join())
      expect(output).toMatch(/LDAP host +127\.0\.0\.1\r\n/)
      expect(output).toMatch(/Password +\*{8}\r\n/)
      expect(status).toBe(0)
      expect(directory.dump()).toEqual(before)
      const path = '/etc/opt/novell/messenger/strtup.ma'
      expect(node2.read(path)).toBe(node1.read(path))
    })

    it('with other settings for this server, the system’s kept', async () => {
      const { status } = await node2.install(
        join(
          [/LDAP host \[127\.0\.0\.1\]:/, ''],
          [/LDAP port \[\d+\]:/, ''],
          [new RegExp(`Server address \\[${address}\\]:`), '127.0.0.9'],
          [/Bind to this address only\? \(y\/n\) \[y\]:/, ''],
          [/Messaging Agent port \[8300\]:/, '8400'],
          [/Archive Agent port \[8310\]:/, ''],
        ),
      )
      expect(status).toBe(0)
      expect(node2.read('/etc/opt/novell/messenger/strtup.ma')).toMatch(/--port 8400,8401\n--ip 127\.0\.0\.9\n/)
      expect(node2.read('/mnt/messenger/novell/messenger/config')).toContain(`server_address=${address}\n`)
    })
  })

  it('leaves a package that can be asked for, proved and removed', async () => {
    await node1.install(answers)
    const rpm = (...args: string[]) => node1.run('/usr/local/sbin/rpm', ...args)
    expect(rpm('-q', 'novell-messenger')).toEqual({ status: 0, output: 'novell-messenger-2.2.3-1\n' })
    expect(rpm('-q', '--qf', '%{NAME} %{VERSION} %{RELEASE}\\n', 'novell-messenger').output).toBe(
      'novell-messenger 2.2.3 1\n',
    )
    expect(rpm('-qa').output).toBe('novell-messenger-2.2.3-1\n')
    expect(rpm('-V', 'novell-messenger')).toEqual({ status: 0, output: '' })
    node1.write('/opt/novell/messenger/lib/agent-rc', 'exit 0\n')
    rmSync(`${node1.root}/etc/init.d/novell-nmaa`)
    expect(rpm('-V', 'novell-messenger')).toEqual({
      status: 1,
      output: 'missing     /etc/init.d/novell-nmaa\nS.5....T.    /opt/novell/messenger/lib/agent-rc\n',
    })
    expect(rpm('-e', 'novell-messenger').status).toBe(0)
    expect(existsSync(`${node1.root}/etc/init.d/novell-nmma`)).toBe(false)
    expect(existsSync(`${node1.root}/opt/novell/messenger`)).toBe(false)
    expect(rpm('-q', 'novell-messenger')).toEqual({
      status: 1,
      output: 'package novell-messenger is not installed\n',
    })
  })
})
