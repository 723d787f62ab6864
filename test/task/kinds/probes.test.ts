// Each kind's probe, carried out for real: what a node's own shell and programs say becomes a value.
import { createServer } from 'node:net'
import { userInfo } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Json } from '../../../src/model/json.ts'
import { Problem } from '../../../src/model/problem.ts'
import { hostDollar } from '../../../src/shell/dollar.ts'
import {
  bootStart,
  checksum,
  contents,
  directoryOwners,
  emptyDirectory,
  file,
  mount,
  mountsBelow,
  output,
  owners,
  packageOf,
  port,
  process as processOf,
  service,
  text,
  user,
} from '../../../src/task/kinds/index.ts'
import { type Ref, readNow } from '../../../src/task/resource.ts'
import { shells } from '../../kit/posix.ts'
import { type Sandbox, sandboxHost } from '../../kit/sandbox-host.ts'

const me = userInfo().username

describe.each(shells)('a node whose shell is $shell', ({ shell, words, isHere }) => {
  let node: Sandbox
  beforeAll(() => {
    node = sandboxHost(words)
  })
  afterAll(() => node.close())

  const look = <Value extends Json>(ref: Ref<Value>): Promise<Value> => readNow(hostDollar(node), ref)
  const failure = async (ref: Ref): Promise<string> => {
    const error = await look(ref).catch((error: unknown) => error)
    return error instanceof Problem ? error.code : `no problem: ${JSON.stringify(error)}`
  }

  describe.skipIf(!isHere)('tells', () => {
    it.each([
      ['nothing', ':', { type: 'absent' }],
      ['a file', 'echo 1 >it; chmod 640 it', { type: 'file', owner: me, mode: '0640' }],
      ['an executable with the set-uid bit', 'echo 1 >it; chmod 4755 it', { type: 'file', mode: '4755' }],
      ['a directory', 'mkdir it; chmod 0700 it', { type: 'directory', owner: me, mode: '0700' }],
      ['a directory with the sticky bit', 'mkdir it; chmod 1777 it', { type: 'directory', mode: '1777' }],
      ['a link, which is not followed', 'ln -s /nowhere it', { type: 'link', target: '/nowhere' }],
      ['a link with a backslash', "ln -s 'a\\tb' it", { type: 'link', target: 'a\\tb' }],
      ['a pipe', 'mkfifo it', { type: 'other' }],
    ])('what stands at a path: %s', async (_, script, value) => {
      await node.prepare(`rm -rf it; ${script}`)
      expect(await look(file(node.path('it')))).toMatchObject(value)
    })

    it('what stands at a path with a quote and a blank in it', async () => {
      await node.prepare(`echo 1 >"it's a file"`)
      expect(await look(file(node.path("it's a file")))).toMatchObject({ type: 'file' })
      expect(await look(text(node.path("it's a file")))).toEqual({ type: 'text', text: '1\n' })
    })

    it.each([
      ['nothing', ':', { type: 'absent' }],
      ['an empty file', ': >it', { type: 'text', text: '' }],
      ['lines, to the last byte', "printf 'a\\nü b' >it", { type: 'text', text: 'a\nü b' }],
      ['a directory, which has no text', 'mkdir it', { type: 'absent' }],
    ])('a text: %s', async (_, script, value) => {
      await node.prepare(`rm -rf it; ${script}`)
      expect(await look(text(node.path('it')))).toEqual(value)
    })

    it('a checksum, as POSIX counts it', async () => {
      await node.prepare("rm -rf it; printf 'hello\\n' >it")
      expect(await look(checksum(node.path('it')))).toEqual({ type: 'sum', crc: '3015617425', bytes: 6 })
      await node.prepare('rm it')
      expect(await look(checksum(node.path('it')))).toEqual({ type: 'absent' })
    })

    it('the contents of a directory, which change with each name and each byte, and not with owners', async () => {
      const seen = async (script: string) => {
        await node.prepare(script)
        return look(contents(node.path('it')))
      }
      expect(await seen('rm -rf it')).toEqual({ type: 'absent' })
      expect(await seen('echo 1 >it')).toEqual({ type: 'other' })
      expect(await seen('rm it; mkdir it')).toEqual(emptyDirectory)
      const first = await seen("mkdir it/sub; echo 1 >'it/sub/a b'; ln -s x it/link; mkfifo it/pipe")
      expect(first).toMatchObject({ type: 'directory', things: 4 })
      expect(await seen("chmod 0700 it it/sub; touch 'it/sub/a b'")).toEqual(first)
      expect(await seen("echo 2 >'it/sub/a b'")).not.toEqual(first)
      expect(await seen("echo 1 >'it/sub/a b'")).toEqual(first)
      expect(await seen('rm it/link; ln -s y it/link')).not.toEqual(first)
      await node.prepare('rm -rf it')
    })

    it('to whom all belongs below a path', async () => {
      await node.prepare('rm -rf it; mkdir -p it/a; echo 1 >it/a/b; ln -s b it/a/c')
      const { pairs } = await look(owners(node.path('it')))
      expect(pairs).toEqual([expect.stringMatching(new RegExp(`^${me}:`))])
      expect(await look(directoryOwners(node.path('it')))).toEqual({ pairs })
      expect(await look(owners(node.path('not-there')))).toEqual({ pairs: [] })
    })

    it('what is mounted, by the line that lies on top', async () => {
      expect(await look(mount('/'))).toMatchObject({ type: 'mounted' })
      expect(await look(mount('/proc'))).toMatchObject({ type: 'mounted', fstype: 'proc' })
      expect(await look(mount(node.path('not-a-mount-point')))).toEqual({ type: 'unmounted' })
    })

    it('what is mounted in a directory, also where a link leads there', async () => {
      await node.prepare('rm -rf it; mkdir it; ln -s / root')
      expect((await look(mountsBelow(node.path('root')))).at).toEqual(expect.arrayContaining(['/', '/proc']))
      expect((await look(mountsBelow('/proc'))).at).toContain('/proc')
      expect(await look(mountsBelow(node.path('it')))).toEqual({ at: [] })
      expect(await look(mountsBelow(node.path('not-there')))).toEqual({ at: [] })
    })

    it('which processes of a program run, and as whom', async () => {
      const name = `t-${process.pid % 100_000}-${words.length}`
      await node.prepare(`ln -sf "$(command -v sleep)" ${name}`)
      expect(await look(processOf(name))).toEqual({ count: 0, users: [] })
      const { stdout } = await node.run(`./${name} 30 >/dev/null 2>&1 & echo $!`)
      try {
        // The shell has forked, and the program is there a moment later.
        await expect.poll(() => look(processOf(name))).toEqual({ count: 1, users: [me] })
      } finally {
        process.kill(Number(stdout))
      }
      await expect.poll(() => look(processOf(name))).toEqual({ count: 0, users: [] })
    })

    it('whether something listens on a port', async () => {
      const server = createServer()
      const number = await new Promise<number>(resolve =>
        server.listen(0, '127.0.0.1', () => {
          const address = server.address()
          resolve(typeof address === 'object' && address ? address.port : 0)
        }),
      )
      expect(await look(port(`${number}`))).toEqual({ listening: true })
      await new Promise(resolve => server.close(resolve))
      expect(await look(port(`${number}`))).toEqual({ listening: false })
    })

    it('whom the node knows', async () => {
      expect(await look(user('root'))).toEqual({ type: 'user', uid: 0, group: 'root' })
      expect(await look(user('nobody-of-that-name'))).toEqual({ type: 'absent' })
    })

    it('what a script prints, and how it ends', async () => {
      expect(await look(output('echo hello; echo oh >&2; exit 3'))).toEqual({ stdout: 'hello', stderr: 'oh', rc: 3 })
    })

    it('whether a package is there, by the words of rpm', async () => {
      node.install('rpm', `[ "$5" = messenger ] && echo 2.2-10 && exit; echo "package $5 is not installed"; exit 1`)
      expect(await look(packageOf('messenger'))).toEqual({ type: 'installed', version: '2.2-10' })
      expect(await look(packageOf('other'))).toEqual({ type: 'absent' })
    })

    it('whether a service starts with the node, by the words of chkconfig', async () => {
      const known =
        'case $1 in a) echo "a   on";; b) echo "b   off"; exit 1;; *) echo "$1: unknown service" >&2; exit 1;; esac'
      node.install('chkconfig', known)
      expect(await look(bootStart('a'))).toEqual({ state: 'on' })
      expect(await look(bootStart('b'))).toEqual({ state: 'off' })
      expect(await look(bootStart('c'))).toEqual({ state: 'absent' })
    })

    it('whether a unit starts with the node, and whether it is active, by the words of systemctl', async () => {
      const known = `
case "$1 $2" in
  'cat c.service') exit 1;; cat*) echo '[Unit]';;
  'is-enabled a.service') echo enabled;; 'is-enabled b.service') echo disabled; exit 1;;
  'is-enabled m.service') echo masked; exit 1;; 'is-enabled l.service') echo alias;; 'show -p') echo Id=b.service;;
  is-enabled*) echo not-found; exit 4;;
  'is-active a.service') echo active;; 'is-active b.service') echo inactive; exit 3;; is-active*) echo failed; exit 3;;
esac`
      node.install('systemctl', known)
      expect(await look(bootStart('a.service'))).toEqual({ state: 'on' })
      expect(await look(bootStart('b.service'))).toEqual({ state: 'off' })
      expect(await look(bootStart('m.service'))).toEqual({ state: 'off' })
      expect(await look(bootStart('c.service'))).toEqual({ state: 'absent' })
      expect(await look(bootStart('l.service'))).toEqual({ state: 'off' })
      expect(await look(service('a.service'))).toEqual({ type: 'service', word: 'running', exitCode: 0 })
      expect(await look(service('b.service'))).toEqual({ type: 'service', word: 'unused', exitCode: 3 })
      expect(await look(service('m.service'))).toEqual({ type: 'service', word: 'failed', exitCode: 3 })
      expect(await look(service('c.service'))).toEqual({ type: 'absent' })
    })

    it('that a service has no init script', async () => {
      expect(await look(service('no-service-of-that-name'))).toEqual({ type: 'absent' })
    })
  })

  describe.skipIf(!isHere)('does not pass a look that failed for an absence:', () => {
    const breakProgram = (name: string, how = 'echo broken >&2; exit 9') => node.install(name, how)

    const broken: readonly (readonly [string, () => Ref])[] = [
      ['stat', () => file(node.path('it'))],
      ['cksum', () => checksum(node.path('it'))],
      ['cat', () => text(node.path('it'))],
      ['cat', () => mount('/')],
      ['cat', () => port('80')],
      ['id', () => user('root')],
      ['rpm', () => packageOf('messenger')],
      ['chkconfig', () => bootStart('a')],
    ]
    // Busybox has the others inside, and never asks a stand-in.
    const isAsked = (program: string) => shell === 'dash' || ['rpm', 'chkconfig'].includes(program)

    it.each(broken.filter(([program]) => isAsked(program)))('%s is broken', async (program, ref) => {
      await node.prepare('rm -rf it; echo 1 >it')
      breakProgram(program)
      try {
        expect(await failure(ref())).toBe('look-failed')
      } finally {
        await node.prepare(`rm -f "$(command -v ${program})"`)
      }
    })

    it('rpm cannot read its database', async () => {
      breakProgram('rpm', 'echo "rpmdb: Lock table is out of available locker entries" >&2; exit 1')
      expect(await failure(packageOf('messenger'))).toBe('answer-not-understood')
    })
  })
})
