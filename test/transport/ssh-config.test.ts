import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Asking, type ConfiguredHost, configuredHost } from '../../src/transport/ssh-config.ts'
import { hasSshd } from './sshd.ts'

/** The user's file, and files that it may include. */
const read = (text: string, more: Partial<Asking> = {}, others: Readonly<Record<string, string>> = {}) =>
  configuredHost(
    {
      files: [{ path: 'config', text }],
      included: name => (others[name] === undefined ? [] : [{ path: name, text: others[name] }]),
    },
    { ...asking, ...more },
  )

const asking: Asking = { host: 'node1', home: '/home/ada', localUser: 'ada' }

describe('~/.ssh/config', () => {
  it('that says nothing leaves everything as OpenSSH has it', () => {
    expect(read('').host).toEqual({
      address: 'node1',
      port: 22,
      user: 'ada',
      identityFiles: ['/home/ada/.ssh/id_rsa', '/home/ada/.ssh/id_ecdsa', '/home/ada/.ssh/id_ed25519'],
      identitiesOnly: false,
      knownHostsFiles: [
        '/home/ada/.ssh/known_hosts',
        '/home/ada/.ssh/known_hosts2',
        '/etc/ssh/ssh_known_hosts',
        '/etc/ssh/ssh_known_hosts2',
      ],
      hashKnownHosts: false,
      algorithms: {},
      isBatch: false,
      jumps: [],
    })
  })

  it.each<[string, string, Partial<ConfiguredHost>]>([
    ['an address', 'Host node1\n  HostName 10.0.0.1', { address: '10.0.0.1' }],
    ['an address made of the name', 'Host node*\n  HostName %h.example.org', { address: 'node1.example.org' }],
    ['port and user, in any spelling', 'host node1\n  PORT=2222\n  uSeR root', { port: 2222, user: 'root' }],
    ['only what is meant for the host', 'Host node2\n  Port 2222', { port: 22 }],
    ['not what is excluded', 'Host * !node1\n  Port 2222', { port: 22 }],
    ['the first of two values', 'Host node1\n  Port 1\nHost *\n  Port 2', { port: 1 }],
    [
      'all keys, with tokens',
      'Host *\n  IdentityFile ~/.ssh/%r@%h\n  IdentityFile "%d/my key"',
      { identityFiles: ['/home/ada/.ssh/ada@node1', '/home/ada/my key'] },
    ],
    ['no key', 'Host *\n  IdentityFile none', { identityFiles: [] }],
    ['an agent', 'Host *\n  IdentityAgent ~/.agent.sock', { agent: '/home/ada/.agent.sock' }],
    [
      'files of host keys',
      'Host *\n  UserKnownHostsFile ~/a ~/b\n  GlobalKnownHostsFile none',
      { knownHostsFiles: ['/home/ada/a', '/home/ada/b'] },
    ],
    ['hosts to go through', 'Host *\n  ProxyJump root@gate:2222,inner', { jumps: ['root@gate:2222', 'inner'] }],
    ['a host that needs none', 'Host node1\n  ProxyJump none\nHost *\n  ProxyJump gate', { jumps: [] }],
    ['no agent', 'IdentityAgent none', { agent: 'none' }],
    ['only keys that it names', 'Host *\n  IdentitiesOnly yes', { identitiesOnly: true }],
    ['a name for host keys', 'Host *\n  HostKeyAlias %n.cluster', { hostKeyAlias: 'node1.cluster' }],
    ['what becomes of a new host key', 'StrictHostKeyChecking accept-new', { hostKeyChecking: 'accept-new' }],
    ['a new host key that is asked about', 'stricthostkeychecking ask', { hostKeyChecking: 'ask' }],
    [
      'no more than a new host key, where any would be taken',
      'StrictHostKeyChecking no',
      { hostKeyChecking: 'accept-new' },
    ],
    ['hashed names', 'HashKnownHosts yes', { hashKnownHosts: true }],
    ['patience', 'ConnectTimeout 1m30s\nServerAliveInterval 15', { connectTimeoutMs: 90_000, keepaliveMs: 15_000 }],
    ['an order of logins', 'PreferredAuthentications password,publickey', { loginOrder: ['password', 'publickey'] }],
    ['no login by password', 'PasswordAuthentication no', { loginOrder: ['publickey', 'keyboard-interactive'] }],
    ['algorithms', 'KexAlgorithms +a,b\nCiphers=^c', { algorithms: { kex: '+a,b', cipher: '^c' } }],
    ['nobody to ask', 'BatchMode yes', { isBatch: true }],
    ['values behind an equals sign, in quotes, with a comment', 'Port = "2222" # usual', { port: 2222 }],
    ['the last host to go through as its own', 'ProxyJump %r@gate', { jumps: ['ada@gate'] }],
    ['a host to go through instead of a program', 'ProxyJump gate\nProxyCommand nc gate 22', { jumps: ['gate'] }],
  ])('gives %s', (_, text, expected) => {
    const { host, problems } = read(text)
    expect(host).toMatchObject(expected)
    expect(problems).toEqual([])
  })

  it.each<[string, number, string]>([
    ['the host by its name there', 1, 'Host node1\n  HostName 10.0.0.1\nMatch host 10.0.0.1\n  Port 1'],
    ['the name as it was written', 1, 'HostName 10.0.0.1\nMatch originalhost node*\n  Port 1'],
    ['the user who logs in', 1, 'User ops\nMatch user ops\n  Port 1'],
    ['the user here', 1, 'Match localuser ada,eve\n  Port 1'],
    ['all', 1, 'Host other\nMatch all\n  Port 1'],
    ['several things at once', 22, 'Match host node1 user ops\n  Port 1'],
    ['the contrary', 1, 'Match !host node2\n  Port 1'],
    ['the second reading, which counts less', 2, 'Match final all\n  Port 1\nHost *\n  Port 2'],
    ['the second reading, for what is not said in the first', 1, 'Match final host node1\n  Port 1'],
  ])('has Match ask for %s', (_, port, text) => expect(read(text).host.port).toBe(port))

  it('passes over a Match that it does not understand, runs nothing, and says so', () => {
    const trace = join(tmpdir(), `match-exec-${process.pid}`)
    const { host, notices } = read(`Port 7\nMatch exec "touch ${trace}"\n  Port 1\nMatch !exec true\n  Port 2`)
    expect(host.port).toBe(7)
    expect(notices).toEqual([
      'config:2 is passed over: Match exec is not asked here',
      'config:4 is passed over: Match !exec is not asked here',
    ])
    expect(existsSync(trace)).toBe(false)
  })

  it('goes on in the files that it includes, where the host is meant, and comes back', () => {
    const others = { 'conf.d/*': 'Host other\n  Port 1\nHost node1\n  User ops', own: 'Port 3' }
    const text = 'Include conf.d/* nowhere\nHost other\n  Include own\nHost node1\n  Port 2'
    expect(read(text, {}, others).host).toMatchObject({ user: 'ops', port: 2 })
  })

  it('that includes itself comes to an end', () => {
    expect(read('Include self\nPort 5', {}, { self: 'Include self\nUser ops' }).host).toMatchObject({
      port: 5,
      user: 'ops',
    })
  })

  it.each<[string, string]>([
    ['ProxyCommand', 'ProxyCommand nc %h %p'],
    ['KnownHostsCommand', 'KnownHostsCommand /usr/bin/keys'],
    ['CertificateFile', 'CertificateFile ~/.ssh/id-cert.pub'],
    ['PKCS11Provider', 'PKCS11Provider /usr/lib/p11.so'],
    ['CanonicalizeHostname', 'CanonicalizeHostname always'],
    ['RevokedHostKeys', 'RevokedHostKeys /etc/ssh/revoked'],
  ])('is refused by name and place where %s would change the way', (keyword, line) => {
    expect(read(`Host *\n  ${line}`).problems.map(({ fields }) => fields)).toMatchObject([
      {
        code: 'ssh-config-refused',
        summary: expect.stringContaining(`\`${keyword}\` is not understood`),
        span: { file: 'config', line: 2, excerpt: `  ${line}` },
        help: expect.stringContaining(`${keyword} no`),
        exit: 2,
      },
    ])
    expect(read(`Host *\n  ${keyword} none`).problems).toEqual([])
    expect(read(`Host other\n  ${line}`).problems).toEqual([])
  })

  it('with a port that is no number is refused with its place', () => {
    expect(read('Port ssh').problems[0]?.fields).toMatchObject({ code: 'ssh-config-wrong', seen: 'ssh' })
  })

  it('passes over what changes neither trust nor login', () => {
    const { problems, notices } = read('SendEnv LANG\nForwardX11 yes\nGSSAPIAuthentication yes\nTag x\nno-such-thing')
    expect([problems, notices]).toEqual([[], []])
  })

  it('counts less than the inventory', () => {
    const text = 'Host node1\n  HostName 10.0.0.1\n  Port 2222\n  User root'
    expect(read(text, { address: '10.0.0.9', port: 22, user: 'ops' }).host).toMatchObject({
      address: '10.0.0.9',
      port: 22,
      user: 'ops',
    })
  })

  it.skipIf(!hasSshd).each<[string, string]>([
    ['first values', 'Host node1\n Port 1\n User a\nHost *\n Port 2\n User b\n HostName %h.example'],
    ['exclusions', 'Host node* !node1\n Port 1\nHost !node2 n*\n Port 3'],
    ['Match', 'Match originalhost node1 !user ops\n Port 4\n User ops\nMatch user ops\n HostName ops.example'],
    ['keys', 'IdentityFile /k/%n\nHost node1\n IdentityFile "/k/two words"\n IdentitiesOnly yes'],
    ['an alias and files', 'HostKeyAlias alias\nUserKnownHostsFile /a "/b c"\nGlobalKnownHostsFile /d'],
    ['jumps', 'Host node1\n ProxyJump me@gate:2222,inner\nHost *\n ProxyJump other'],
    ['no jumps', 'Host node1\n ProxyJump none\nHost *\n ProxyJump other'],
    ['an equals sign', 'Port=77\nUser = eve'],
    ['a final reading', 'Match final originalhost node1\n Port 9\n User late\nHost node1\n User early'],
  ])('is read as ssh reads it: %s', (_, text) => {
    const dir = mkdtempSync(join(tmpdir(), 'config-'))
    writeFileSync(join(dir, 'config'), text)
    const told = execFileSync(ssh, ['-G', '-F', join(dir, 'config'), 'node1'], { encoding: 'utf8', stdio: 'pipe' })
    rmSync(dir, { recursive: true })
    const all = (keyword: string) =>
      told.split('\n').flatMap(line => (line.startsWith(`${keyword} `) ? [line.slice(keyword.length + 1)] : []))
    const { host } = read(text, { localUser: userInfo().username })
    expect({ address: host.address, port: String(host.port), user: host.user }).toEqual({
      address: all('hostname')[0],
      port: all('port')[0],
      user: all('user')[0],
    })
    expect(host.jumps.join(',')).toBe(all('proxyjump')[0] ?? '')
    expect(host.hostKeyAlias).toBe(all('hostkeyalias')[0])
    if (text.includes('IdentityFile'))
      expect(host.identityFiles).toEqual(all('identityfile').map(name => name.replace('%n', 'node1')))
    if (text.includes('KnownHosts'))
      expect(host.knownHostsFiles.join(' ')).toBe(
        [...all('userknownhostsfile'), ...all('globalknownhostsfile')].join(' '),
      )
  })
})

const ssh = 'ssh'
