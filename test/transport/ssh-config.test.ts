import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Asking, type ConfiguredHost, configuredHost } from '../../src/transport/ssh-config.ts'

const asking: Asking = { host: 'node1', home: '/home/ada', localUser: 'ada' }

describe('~/.ssh/config', () => {
  it('that says nothing leaves everything as OpenSSH has it', () => {
    expect(configuredHost('', asking)).toEqual({
      address: 'node1',
      port: 22,
      user: 'ada',
      identityFiles: ['/home/ada/.ssh/id_ed25519', '/home/ada/.ssh/id_ecdsa', '/home/ada/.ssh/id_rsa'],
      agent: undefined,
      knownHostsFiles: [
        '/home/ada/.ssh/known_hosts',
        '/home/ada/.ssh/known_hosts2',
        '/etc/ssh/ssh_known_hosts',
        '/etc/ssh/ssh_known_hosts2',
      ],
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
  ])('gives %s', (_, text, expected) => expect(configuredHost(text, asking)).toMatchObject(expected))

  it('counts less than the inventory', () => {
    const text = 'Host node1\n  HostName 10.0.0.1\n  Port 2222\n  User root'
    expect(configuredHost(text, { ...asking, address: '10.0.0.9', port: 22, user: 'ops' })).toMatchObject({
      address: '10.0.0.9',
      port: 22,
      user: 'ops',
    })
  })

  it('starts no program', () => {
    const trace = join(tmpdir(), `match-exec-${process.pid}`)
    configuredHost(`Match exec "touch ${trace}"\n  Port 2222`, asking)
    expect(existsSync(trace)).toBe(false)
  })
})
