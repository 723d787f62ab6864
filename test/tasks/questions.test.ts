// What the doctor makes of what nodes say: pure, and for old nodes as well as new ones.
import { describe, expect, it } from 'vitest'
import { carrierOf } from '../../tasks/lib/questions/carrier.ts'
import { clockOf, spaceOf, toolsOf } from '../../tasks/questions/any-node.ts'
import { addressTold, bootTold, fileSystemOf, resourcesTold, resourceTold } from '../../tasks/questions/messenger.ts'
import {
  attributeTold,
  modesTold,
  packagesTold,
  programsTold,
  statusTold,
  timeoutsTold,
} from '../../tasks/questions/unknowns.ts'

it.each([
  [100, 100_400, { text: 'as here', value: 0 }],
  [103, 100_000, { text: '4 s ahead of this machine', value: 4 }],
  [93, 100_000, { text: '6 s behind this machine', value: -6, wrong: 'its clock is 6 s behind this machine' }],
  [Number.NaN, 0, { text: 'says no time', wrong: 'its `date` cannot be understood' }],
])('a clock that says %s at %s ms', (seconds, here, told) => expect(clockOf(seconds, here)).toEqual(told))

it.each([
  ['', { text: 'all there' }],
  ['script\n', { text: 'without script', mind: expect.stringContaining('does not outlive its controller') }],
  ['sed\nscript', { text: 'without sed, script', wrong: 'steps need sed, and the node has not' }],
])('tools that are not there: %j', (stdout, told) => expect(toolsOf(stdout)).toEqual(told))

describe('free space', () => {
  const head = 'Filesystem 1024-blocks Used Available Capacity Mounted on\n'

  it('is told once for each file system', () =>
    expect(
      spaceOf(`${head}/dev/sda2 9 1 20971520 1% /\n/dev/sda2 9 1 20971520 1% /\n/dev/sda3 9 1 307200 2% /var\n`),
    ).toEqual({ text: '/ 20 GB, /var 300 MB' }))

  it('is hardly any', () =>
    expect(spaceOf(`${head}/dev/a b 9 1 900 99% /mount with blanks\n`)).toEqual({
      text: '/mount with blanks 900 KB',
      wrong: 'hardly any space is free: 900 KB at /mount with blanks',
    }))

  it('is not told by a `df` that nobody understands', () => expect(spaceOf('usage: df')).toHaveProperty('mind'))
})

describe('the device of the secondary address', () => {
  const stdout = [
    '1: lo    inet 127.0.0.1/8 scope host lo',
    '2: eth0    inet 10.88.1.1/24 scope global eth0',
    '3: bond0    inet 172.16.130.7/20 brd 172.16.143.255 scope global bond0',
    '4: tun0    inet 192.0.2.50/32 scope global tun0',
  ].join('\n')

  it.each([
    ['10.88.1.100', { device: 'eth0', prefix: 24 }],
    ['172.16.128.9', { device: 'bond0', prefix: 20 }],
    ['172.16.144.9', undefined],
    ['192.0.2.50', undefined],
  ])('%s', (ip, carrier) => expect(carrierOf(ip, stdout)).toEqual(carrier))
})

it.each([
  ['', 'plain', undefined, { text: 'not told' }],
  ['ext3', 'plain', 'ext3', { text: 'ext3' }],
  ['ext3', 'lvm', 'ext4', { wrong: '`partition.fstype` is ext4, and the device has ext3' }],
  // What a pool's device looks like from outside says nothing about its volumes.
  ['ext3', 'nss', 'nssvol', { text: 'volumes of an NSS pool' }],
] as const)('a device of type %j where the inventory says %s and %s', (type, kind, fstype, told) => {
  const { wrong, ...seen } = fileSystemOf(type, { kind, fstype })
  expect({ ...seen, ...(wrong !== undefined && { wrong }) }).toMatchObject(told)
  if (!('wrong' in told)) expect(wrong).toBeUndefined()
})

it.each([
  ['Offline', {}],
  ['Running node2', { mind: 'MSGR is Running node2: it has to be offline while somebody installs' }],
  ['Comatose node1', { wrong: expect.stringContaining('`cluster offline MSGR`') }],
  ['absent', { wrong: expect.stringContaining('the cluster has no resource MSGR') }],
  ['no-cluster', { text: 'no Cluster Services' }],
])('a resource that is %s', (seen, told) => expect(resourceTold('MSGR', seen)).toMatchObject(told))

it.each([
  ['nobody', { type: 'silent' }, { text: 'nobody has it' }],
  ['this node', { type: 'resource', state: 'Running', node: 'node1' }, { text: 'this node has it' }],
  [
    'another',
    { type: 'resource', state: 'Offline', node: '' },
    { text: 'another machine has it', wrong: 'another machine has 10.0.0.9, and MSGR is offline' },
  ],
  ...(['silent', 'no-cluster', 'absent'] as const).map(
    type =>
      [
        'this node',
        { type },
        { text: 'this node has it', mind: 'this node has 10.0.0.9; whether MSGR is offline is not known' },
      ] as const,
  ),
] as const)('the address that %s has beside %j', (who, seen, told) =>
  expect(addressTold({ who, ip: '10.0.0.9', name: 'MSGR' }, seen)).toEqual(told),
)

describe('the resources of the cluster', () => {
  const table = (...names: readonly string[]) =>
    [
      'Name State Node Lives',
      'Master_IP_Address_Resource Running n1 3',
      ...names.map(name => `${name} Offline 0`),
    ].join('\n')

  it.each([
    [
      table('MSGR'),
      undefined,
      { text: 'MSGR', lines: [{ path: ['cluster_resource'], value: 'MSGR', because: expect.any(String) }] },
    ],
    [table('MSGR'), 'OTHER', { text: 'MSGR' }],
    [table('MSGR', 'GW'), undefined, { text: 'MSGR, GW' }],
    ['Name State Node Lives', undefined, { text: 'none told by this node' }],
    ['', undefined, { text: 'no Cluster Services' }],
  ])('%j beside %s', (stdout, known, told) => expect(resourcesTold(stdout, known)).toEqual(told))
})

describe('how the directory writes modes', () => {
  const places = (...modes: Parameters<typeof modesTold>) =>
    modesTold(...modes).lines?.map(({ path, value }) => [path.join('.'), value])

  it('a word needs nobody', () => expect(places('Auto', 'DISABLE')).toEqual([]))
  it('a number is for a person', () =>
    expect(places('1', '0')).toEqual([
      ['cluster_policies.codes.failover.auto', '1'],
      ['cluster_policies.codes.failback.disable', '0'],
    ]))
  it('what the inventory says already is asked no more', () =>
    expect(places('1', '0', { failover: { auto: '1' }, failback: { disable: '0' } })).toEqual([]))
  it('what is not set, or no text, is told and no more', () =>
    expect(modesTold(null, { base64: 'AAE=' })).toEqual({
      text: 'failover not set, failback {"base64":"AAE="}',
      lines: [],
    }))
})

it.each([
  ['600000', 'milliseconds'],
  ['10', 'minutes'],
])('a timeout of %s may be %s, which a person has to say', (timeout, unit) =>
  expect(timeoutsTold(timeout, null).lines).toMatchObject([
    { path: ['cluster_scripts', 'timeout_unit'], value: unit, isForAPerson: true },
  ]),
)

it('a timeout that is what it is taken for is asked of nobody', () =>
  expect(timeoutsTold('600', null).lines).toEqual([]))

describe('the attribute of a path', () => {
  const path = { key: 'store', name: 'store path', at: '/default', dir: 'aa/store' }
  const none = { type: 'holders' as const, found: [] }
  const one = { type: 'holders' as const, found: [{ dn: 'cn=File', attribute: 'nnmStore' }] }

  it.each([
    ['by its default', [one, none]],
    ['by what it is to be', [none, one]],
  ] as const)('is found %s', (_, [old, now]) =>
    expect(attributeTold(path, [old, now]).lines).toMatchObject([
      { path: ['paths_in_directory', 'store'], value: { object: 'cn=File', attribute: 'nnmStore' } },
    ]),
  )

  it('is not guessed', () => {
    expect(attributeTold(path, [none, none])).toMatchObject({
      mind: expect.stringContaining('paths_in_directory.store'),
    })
    expect(attributeTold(path, [one, one])).toMatchObject({ mind: expect.stringContaining('nnmStore of cn=File') })
    expect(attributeTold(path, [{ type: 'absent' }, none])).toEqual({ text: 'not there before the system is created' })
  })
})

it.each([
  [['/etc/init.d/novell-nmma', '/etc/init.d/novell-nmaa'], undefined],
  [
    ['/usr/lib/systemd/system/gwm-nmma.service', '/usr/lib/systemd/system/gwm-nmaa.service'],
    ['gwm-nmma.service', 'gwm-nmaa.service'],
  ],
  [[], undefined],
])('agents by %j', (found, services) => expect(programsTold(found).lines?.map(({ value }) => value)).toEqual(services))

it.each([
  [['novell-messenger-2.2.0-1'], ['novell-messenger']],
  [['novell-messenger-server-2.2.2-20', 'novell-messenger-client-2.2.2-20'], ['novell-messenger-server']],
  [['novell-ncs-1-1'], undefined],
  [['a-messenger-1-1', 'b-messenger-1-1'], undefined],
])('packages %j', (found, names) => expect(packagesTold(found).lines?.map(({ value }) => value)).toEqual(names))

it.each([
  [['off', 'absent'], { text: 'novell-nmma off' }],
  [['absent', 'absent'], { text: 'no agents installed' }],
  [
    ['on', 'on'],
    {
      text: 'novell-nmma on, gwm-nmaa.service on',
      wrong: 'the agents start with the node: `chkconfig novell-nmma off`, `systemctl disable gwm-nmaa.service`',
    },
  ],
] as const)('what starts with the node: %j', ([one, other], told) =>
  expect(
    bootTold([
      { name: 'novell-nmma', state: one },
      { name: 'gwm-nmaa.service', state: other },
    ]),
  ).toEqual(told),
)

it.each([
  [{ type: 'absent' }, 'ma.service not installed'],
  [{ type: 'service', word: 'unused', exitCode: 3 }, 'ma.service says `unused`, exit status 3'],
] as const)('the status of a service that is %j', (seen, text) =>
  expect(statusTold('ma.service', seen)).toEqual({ text }),
)
