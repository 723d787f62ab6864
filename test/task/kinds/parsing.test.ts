// What nodes of all ages print, and what is made of it.
import { describe, expect, it } from 'vitest'
import {
  bootStart,
  checksum,
  file,
  mount,
  packageOf,
  parseMounts,
  port,
  process,
  service,
  serviceState,
  text,
  user,
} from '../../../src/task/kinds/index.ts'
import type { Ref } from '../../../src/task/resource.ts'
import { parse } from '../../kit/parse-probe.ts'

describe('a service', () => {
  it.each([
    ['SUSE', 'Checking for Novell Messenger Messaging Agent                    ..running\n', 'running'],
    ['dots', 'Status of nmma ...... unused', 'unused'],
    ['colours', '\u001b[80C\u001b[10D\u001b[1;31mdead\u001b[m', 'dead'],
    ['a full stop', 'nmma failed.\n', 'failed'],
    ['capitals', 'Checking status: Running', 'running'],
    ['a denial', 'foo is not running', 'stopped'],
    ['a denial after a colon', 'Checking for foo: not running\n', 'stopped'],
    ['a denial in colours', 'foo \u001b[31mis not currently running\u001b[m.', 'stopped'],
    ['a denial of any process', 'no process running', 'stopped'],
    ['a denial in short', "foo isn't up", 'stopped'],
    ['a denial of something else', 'foo (no config): running', 'running'],
    ['a denial on a line before', 'not configured\nfoo is running', 'running'],
    ['a name with a denial in it', 'no-ip ..running', 'running'],
    ['a name that begins as one', 'notify running', 'running'],
    ['nothing', '', ''],
  ])('says its state with the last word: %s', (_, stdout, word) => {
    expect(parse(service('novell-nmma'), stdout, { exitCode: 3 })).toEqual({ type: 'service', word, exitCode: 3 })
  })

  it('is absent where the probe says so with its own status, whatever was printed', () => {
    expect(parse(service('novell-nmma'), '', { exitCode: 44 })).toEqual({ type: 'absent' })
  })
})

describe('whether a service runs', () => {
  it.each([
    ['foo is running', 0, 'running'],
    ['foo is running', 3, 'stopped'],
    ['foo is not running', 0, 'stopped'],
    ['Checking for foo: not running', 0, 'stopped'],
    ['no process running', 0, 'stopped'],
    ['foo is inactive', 0, 'stopped'],
    ['', 0, 'running'],
  ])('%j with status %d is %s', (stdout, exitCode, state) => {
    expect(parse(serviceState('foo'), stdout, { exitCode })).toEqual({ state })
  })
})

describe('the boot start', () => {
  it.each([
    ['novell-nmma  on\n', 0, 'on'],
    ['novell-nmma               off\n', 1, 'off'],
    ['novell-nmma  35\n', 0, 'absent'],
    ['enabled\n', 0, 'on'],
    ['linked\n', 1, 'off'],
    ['linked-runtime\n', 1, 'off'],
    ['generated\n', 0, 'generated'],
    ['transient\n', 0, 'transient'],
    ['', 1, 'absent'],
  ])('%j is %s', (stdout, exitCode, state) => {
    expect(parse(bootStart('novell-nmma'), stdout, { exitCode })).toEqual({ state })
  })
})

describe('a package', () => {
  it.each([
    ['2.2.1-20\n', 0, { type: 'installed', version: '2.2.1-20' }],
    ['package novell-messenger is not installed\n', 1, { type: 'absent' }],
    ['', 1, undefined],
  ])('%j with status %d', (stdout, exitCode, value) => {
    expect(parse(packageOf('novell-messenger'), stdout, { exitCode })).toEqual(value)
  })
})

describe('/proc/mounts', () => {
  const lines = [
    'rootfs / rootfs rw 0 0',
    '/dev/sda2 / ext3 rw 0 0',
    '/dev/sdb1 /mnt/with\\040blank\\134slash ext3 rw 0 0',
    '/dev/sdb1 /mnt/messenger ext3 rw 0 0',
    '/dev/sdc1 /mnt/messenger xfs rw 0 0',
    '',
  ].join('\n')

  it('names blanks and backslashes by their octal numbers', () => {
    expect(parseMounts(lines).map(({ at }) => at)).toContain('/mnt/with blank\\slash')
  })

  it('is read from below: the last line lies on top', () => {
    expect(parse(mount('/mnt/messenger'), lines)).toEqual({ type: 'mounted', source: '/dev/sdc1', fstype: 'xfs' })
    expect(parse(mount('/'), lines)).toEqual({ type: 'mounted', source: '/dev/sda2', fstype: 'ext3' })
    expect(parse(mount('/mnt'), lines)).toEqual({ type: 'unmounted' })
  })

  it('that is empty was not read', () => expect(parse(mount('/mnt'), '')).toBeUndefined())
})

describe('/proc/net/tcp', () => {
  const head = '  sl  local_address rem_address   st tx_queue rx_queue\n'
  it.each([
    ['listens on all addresses', '   0: 00000000:206C 00000000:0000 0A 0:0\n', true],
    ['listens on IPv6', '   0: 00000000000000000000000000000000:206C 00000000000000000000000000000000:0000 0A\n', true],
    ['is only a connection', '   0: 0100007F:206C 0100007F:D431 01 0:0\n', false],
    ['is the port of the other side', '   0: 0100007F:D431 0100007F:206C 0A 0:0\n', false],
    ['is another port', '   0: 00000000:206D 00000000:0000 0A 0:0\n', false],
  ])('a line that %s', (_, line, listening) => {
    expect(parse(port('8300'), head + line)).toEqual({ listening })
  })

  it('pads a small port', () => {
    expect(parse(port('80'), `${head}   0: 00000000:0050 00000000:0000 0A\n`)).toEqual({ listening: true })
  })
})

describe('what cannot be understood', () => {
  it.each<[string, Ref, string]>([
    ['is no file mode', file('/x'), 'stat: unknown option\n'],
    ['is nothing at all', file('/x'), ''],
    ['is no checksum', checksum('/x'), ''],
  ])('%s', (_, ref, stdout) => expect(parse(ref, stdout)).toBeUndefined())
})

describe('others', () => {
  it('counts processes and names each user once', () => {
    expect(parse(process('nmma'), 'root\nnvlmsgr\nroot\n')).toEqual({ count: 3, users: ['nvlmsgr', 'root'] })
  })

  it('knows no user by the exit status', () => {
    expect(parse(user('x'), '', { exitCode: 1 })).toEqual({ type: 'absent' })
    expect(parse(user('x'), '6001\nmsgrgroup\n')).toEqual({ type: 'user', uid: 6001, group: 'msgrgroup' })
  })

  it('tells an empty text from none', () => {
    expect(parse(text('/x'), '')).toEqual({ type: 'text', text: '' })
    expect(parse(text('/x'), '', { exitCode: 44 })).toEqual({ type: 'absent' })
  })
})
