// The stand-ins of the node's own commands: chkconfig, LUM, NSS rights and pools, the NCP console.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type RunningDirectory, seed, startDirectory, vendorFiles } from '../../lab/vendor/index.ts'
import { isRoot, type Scratch, scratchNode, vendorRoot } from './scratch.ts'

let directory: RunningDirectory
let node: Scratch

beforeEach(async () => {
  directory = await startDirectory({ host: '127.0.0.1', port: 0, state: seed() })
  node = scratchNode()
  node.write('/etc/nam.conf', `base-name=o=acme\npreferred-server=127.0.0.1\nldap-port=${directory.port}\n`)
})
afterEach(async () => {
  await node.remove()
  await directory.close()
})

const command = (name: string, ...args: string[]) => node.runBeside(`/usr/local/sbin/${name}`, ...args)

describe('the files of a node', () => {
  const isScript = (text: string) => text.startsWith('#!/bin/sh')
  const files = vendorFiles(vendorRoot)

  it.each(files.filter(({ text }) => isScript(text)))('$path can be carried out by a POSIX sh', ({ mode, text }) => {
    expect(mode).toBe('755')
    expect(spawnSync('sh', ['-n'], { input: text }).stderr.toString()).toBe('')
  })

  it('say that they are stand-ins', () => {
    const commands = files.filter(({ path }) => path.startsWith('/usr/local/sbin/') || path.endsWith('/install'))
    expect(commands.filter(({ text }) => !text.includes('stand-in'))).toEqual([])
  })
})

describe('chkconfig', () => {
  beforeEach(() => {
    node.write('/etc/init.d/novell-nmma', '#!/bin/sh\n')
    spawnSync('chmod', ['755', `${node.root}/etc/init.d/novell-nmma`])
  })

  it('shows and changes what starts with the node', async () => {
    expect(await command('chkconfig', 'novell-nmma')).toMatchObject({
      status: 1,
      output: expect.stringMatching(/off\n$/),
    })
    expect((await command('chkconfig', 'novell-nmma', 'on')).status).toBe(0)
    expect(await command('chkconfig', 'novell-nmma')).toMatchObject({
      status: 0,
      output: expect.stringMatching(/on\n$/),
    })
    expect(statSync(`${node.root}/etc/init.d/rc3.d/S50novell-nmma`).isFile()).toBe(true)
    expect((await command('chkconfig', '--list', 'novell-nmma')).output).toMatch(/3:on +4:off +5:on/)
    expect((await command('chkconfig', '-s', 'novell-nmma', 'off')).status).toBe(0)
    expect((await command('chkconfig', '--list')).output).toMatch(/^novell-nmma .*3:off/)
    expect(existsSync(`${node.root}/etc/init.d/rc3.d/S50novell-nmma`)).toBe(false)
  })

  it('does not know every service', async () => {
    expect(await command('chkconfig', 'gwha', 'off')).toEqual({ status: 1, output: 'gwha: unknown service\n' })
  })
})

describe('namconfig cache_refresh', () => {
  it('makes the directory’s users known to the node, once, and forgets those that are gone', async () => {
    const before = node.read('/etc/passwd')
    for (const _ of [1, 2]) expect((await command('namconfig', 'cache_refresh')).status).toBe(0)
    expect(node.read('/etc/passwd')).toBe(`${before}nvlmsgr:x:6001:6000:LUM:/home/nvlmsgr:/bin/sh\n`)
    expect(node.read('/etc/group')).toContain('msgrgroup:LUM:6000:\n')
    const { tree, entries } = seed()
    const { 'cn=nvlmsgr,ou=users,o=acme': _, ...others } = entries
    directory.load({ tree, entries: others })
    await command('namconfig', 'cache_refresh')
    expect(node.read('/etc/passwd')).toBe(before)
  })

  it('fails when the directory does not answer', async () => {
    await directory.close()
    const { status, output } = await command('namconfig', 'cache_refresh')
    expect({ status, output }).toEqual({ status: 1, output: expect.stringContaining('cannot reach the directory') })
  })
})

describe('rights', () => {
  const user = 'nvlmsgr.users.acme.ACME_TREE'
  const shown = async (path: string) => (await command('rights', '-f', path, 'show')).output
  beforeEach(() => mkdirSync(`${node.root}/media/nss/MSGVOL/messenger`, { recursive: true }))

  it('are given, changed and taken, and lie on the volume', async () => {
    const path = '/media/nss/MSGVOL/messenger'
    expect(await command('rights', '-f', path, '-r', 'rwcemf', 'trustee', user)).toEqual({ status: 0, output: '' })
    expect(await shown(path)).toBe(`${path}\nTrustees:\n  [_RWCEMF_]  ${user}\n`)
    expect(node.read('/media/nss/MSGVOL/._NETWARE/trustees')).toBe(`/messenger|${user}|_RWCEMF_\n`)
    await command('rights', '-f', path, '-r', 'rf', 'trustee', user)
    expect(await shown(path)).toBe(`${path}\nTrustees:\n  [_R____F_]  ${user}\n`)
    await command('rights', '-f', path, 'delete', user)
    expect(await shown(path)).toBe(`${path}\nTrustees:\n`)
  })

  it.each([
    ['a path elsewhere', '/mnt/messenger', user, 'is not on an NSS volume'],
    ['a path that is not there', '/media/nss/MSGVOL/no', user, 'no such file'],
    ['an unknown user', '/media/nss/MSGVOL', 'nobody.acme', 'no such object in the directory'],
  ])('are refused for %s', async (_, path, who, message) => {
    const { status, output } = await command('rights', '-f', path, '-r', 'rf', 'trustee', who)
    expect({ status, output }).toEqual({ status: 1, output: expect.stringContaining(message) })
  })
})

describe('nss', () => {
  it('lists pools, and knows no others', async () => {
    expect((await command('nss', '/pools')).output).toMatch(/^MSGPOOL +DEACTIVE +MSGVOL$/m)
    expect(await command('nss', '/poolact=OTHER')).toMatchObject({
      status: 1,
      output: expect.stringContaining('no such pool'),
    })
    expect((await command('nss', '/pooldeact=msgpool')).output).toBe('Pool MSGPOOL is not active.\n')
  })

  const tryLoop =
    'd=$(mktemp); truncate -s 4M $d && mkfs.ext4 -q $d && mount $d /mnt; code=$?; umount /mnt; rm $d; exit $code'
  const grantsMounts = isRoot && spawnSync('unshare', ['-m', 'sh', '-c', tryLoop]).status === 0

  it.skipIf(!grantsMounts)('mounts the device of a pool (skipped where mounting is not granted)', async () => {
    const disk = `${node.root}/disk`
    spawnSync('sh', ['-c', `truncate -s 4M ${disk} && mkfs.ext4 -q ${disk}`])
    node.write('/etc/lab/nss', `MSGPOOL MSGVOL ${disk}\n`)
    const bin = `${node.root}/usr/local/sbin`
    const script = `
      ${bin}/ncpcon mount MSGVOL=254; cat $LAB_ROOT/var/opt/novell/ncp/mounted
      ${bin}/nss /poolact=MSGPOOL; ${bin}/nss /poolact=MSGPOOL; ${bin}/nss /pools | grep MSGPOOL
      ${bin}/ncpcon mount /opt=noatime MSGVOL=254; cat $LAB_ROOT/var/opt/novell/ncp/mounted
      ${bin}/nss /pooldeact=MSGPOOL; ${bin}/nss /pools | grep MSGPOOL`
    const { stdout } = spawnSync('unshare', ['-m', 'sh', '-c', script], {
      env: { ...process.env, LAB_ROOT: node.root },
      encoding: 'utf8',
    })
    expect(stdout.replace(/ +/g, ' ').trim().split('\n')).toEqual([
      '... Executing "mount MSGVOL=254"',
      'Pool MSGPOOL is now active.',
      'Pool MSGPOOL is already active.',
      'MSGPOOL ACTIVE MSGVOL',
      '... Executing "mount MSGVOL=254"',
      'MSGVOL=254',
      'Pool MSGPOOL is now deactive.',
      'MSGPOOL DEACTIVE MSGVOL',
    ])
  })
})
