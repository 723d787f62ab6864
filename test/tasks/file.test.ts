// The file task: what it answers to a world, and what it does to a real directory.
import { spawn, spawnSync } from 'node:child_process'
import { readlinkSync } from 'node:fs'
import { userInfo } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Secret } from '../../src/model/secret.ts'
import file from '../../tasks/file.ts'
import { answerOf, problemOf, type Things } from '../kit/fake-world.ts'
import { shells } from '../kit/posix.ts'
import { type Sandbox, sandboxHost } from '../kit/sandbox-host.ts'
import { onNode, settleOn } from '../kit/settle.ts'

const absent = { type: 'absent' }
const plain = { type: 'file', owner: 'root', group: 'root', mode: '0644' }
const folder = { type: 'directory', owner: 'root', group: 'root', mode: '0755' }
/** A root directory, and who makes things in it. */
const bare = { 'file /': folder, 'self user': { user: 'root', group: 'root' } }
const text = (text: string) => ({ type: 'text', text })

describe('what it answers', () => {
  it.each<[string, object, Things, unknown]>([
    ['a file as wanted', {}, { 'file /a': plain }, 'same: /a is there as it should be'],
    ['an empty file that is not there', { state: 'touch' }, { ...bare, 'file /a': absent }, [['file', absent, plain]]],
    [
      'a new file with content',
      { content: 'x', mode: '600' },
      { ...bare, 'file /a': absent, 'text /a': absent },
      [
        ['file', absent, { ...plain, mode: '0600' }],
        ['text', absent, text('x')],
      ],
    ],
    [
      'other content, with the mode that it has',
      { content: 'x' },
      { 'file /a': { ...plain, mode: '0600' }, 'text /a': text('y') },
      [['text', text('y'), text('x')]],
    ],
    ['another owner', { owner: 'nvlmsgr' }, { 'file /a': plain }, [['file', plain, { ...plain, owner: 'nvlmsgr' }]]],
    ['another mode', { mode: '0600' }, { 'file /a': plain }, [['file', plain, { ...plain, mode: '0600' }]]],
    ['a directory as wanted', { state: 'directory' }, { 'file /a': folder }, 'same: /a is there as it should be'],
    ['a new directory', { state: 'directory' }, { ...bare, 'file /a': absent }, [['file', absent, folder]]],
    [
      'a directory with others’ files in it',
      { state: 'directory', recurse: true, owner: 'root', group: 'root' },
      { 'file /a': folder, 'owners /a': { pairs: ['nvlmsgr:msgr', 'root:root'] } },
      [['owners', { pairs: ['nvlmsgr:msgr', 'root:root'] }, { pairs: ['root:root'] }]],
    ],
    [
      'a directory whose directories are its owner’s; files do not count',
      { state: 'directory', recurse: 'directories', owner: 'root', group: 'root' },
      { 'file /a': folder, 'directory-owners /a': { pairs: ['root:root'] } },
      'same: /a is there as it should be',
    ],
    [
      'a secret that is another, of which only that shows',
      { content: new Secret('it', 'x') },
      { 'file /a': plain, 'sealed /a': { type: 'sealed', print: '0000000000000000' } },
      [
        [
          'sealed',
          { type: 'sealed', print: '0000000000000000' },
          { type: 'sealed', print: expect.stringMatching(/^[0-9a-f]{16}$/) },
        ],
      ],
    ],
    ['something that has to go', { state: 'absent' }, { 'file /a': plain }, [['file', plain, absent]]],
    [
      'a tree that has to go',
      { state: 'absent', recurse: true },
      { 'file /a': folder, 'mounts-below /a': { at: [] }, 'emptiness /a': { is: 'filled' } },
      [
        ['file', folder, absent],
        ['emptiness', { unknown: true }, { is: 'absent' }],
      ],
    ],
    [
      'a link as wanted',
      { state: 'link', src: 'b' },
      { 'file /a': { type: 'link', target: 'b' } },
      'same: /a leads to b',
    ],
    [
      'a link that leads elsewhere',
      { state: 'link', src: 'b' },
      { 'file /a': { type: 'link', target: 'c' }, 'file /b': plain },
      [['file', { type: 'link', target: 'c' }, { type: 'link', target: 'b' }]],
    ],
    [
      'what a link leads to',
      { mode: '0600' },
      { 'file /a': { type: 'link', target: './b' }, 'file /b': plain },
      [['file', plain, { ...plain, mode: '0600' }]],
    ],
    [
      'a second name of a file, where nobody could look which files they are',
      { state: 'hard', src: '/b', force: true },
      { 'file /a': plain, 'file /b': plain, 'identity /a': { file: '' }, 'identity /b': { file: '' } },
      [['identity', { unknown: true }, { unknown: true }]],
    ],
    ['a mode in letters', { mode: 'u+x,o=' }, { 'file /a': plain }, [['file', plain, { ...plain, mode: '0740' }]]],
    ['something that has gone', { state: 'absent' }, { 'file /a': absent }, 'same: /a is not there'],
  ])('%s', async (_, args, things, expected) => {
    const answer = await answerOf(file, { path: '/a', ...args }, { things })
    const told =
      answer.type === 'differs'
        ? answer.changes.map(({ kind, before, after }) => [kind, before, after])
        : `${answer.type}: ${answer.type === 'same' ? answer.because : answer.until}`
    expect(told).toEqual(expected)
  })

  it.each([
    ['a directory', folder, 'directory'],
    ['a device', { type: 'other' }, 'other'],
  ])('is a problem where %s has the place of a file', async (_, there, seen) => {
    expect(await problemOf(answerOf(file, { path: '/a', state: 'file' }, { things: { 'file /a': there } }))).toEqual({
      code: 'path-occupied',
      summary: '/a is there, but is no file',
      seen,
      wanted: 'file',
      help: 'look at it (`ls -ld /a`), then move it away or choose another `path:`',
    })
  })

  it.each<[string, object, Things, object]>([
    ['nothing is there', {}, { 'file /a': absent }, { code: 'path-absent', wanted: 'a file or a directory' }],
    [
      'a tree is not meant to go',
      { state: 'absent' },
      { 'file /a': folder, 'mounts-below /a': { at: [] }, 'emptiness /a': { is: 'filled' } },
      { code: 'directory-not-empty', state: 'nothing was removed' },
    ],
    [
      'another file system is mounted in a tree that is to go',
      { state: 'absent', recurse: true },
      { 'file /a': folder, 'mounts-below /a': { at: ['/a/b'] }, 'emptiness /a': { is: 'filled' } },
      { code: 'mounted-below', seen: '/a/b is a mount point', state: 'nothing was removed' },
    ],
    [
      'a link would lead nowhere',
      { state: 'link', src: '../b' },
      { 'file /a': absent, 'file /b': absent },
      { code: 'path-absent', seen: '/b is not there' },
    ],
    [
      'a file has the place of a link',
      { state: 'link', src: 'b' },
      { 'file /a': plain },
      { code: 'path-occupied', wanted: 'link' },
    ],
    [
      'its directory is not there',
      { path: '/d/a', content: 'x' },
      { 'file /d/a': absent, 'file /d': absent, 'mount /d': { type: 'unmounted' } },
      { code: 'path-absent', seen: '/d is not there' },
    ],
  ])('is a problem where %s', async (_, args, things, problem) => {
    expect(await problemOf(answerOf(file, { path: '/a', ...args }, { things }))).toMatchObject(problem)
  })

  it.each(['/d/a', '/d/e/a'])('of %s on a volume of which nobody knows is that it is due', async path => {
    const mounted = { type: 'mounted', source: '/dev/sdb1', fstype: 'ext4' }
    const folders = { 'file /d': absent, 'file /d/e': absent, 'mount /d': mounted, 'mount /d/e': { type: 'unmounted' } }
    const things = { ...bare, [`file ${path}`]: absent, [`text ${path}`]: absent, ...folders }
    expect(await answerOf(file, { path, content: 'x' }, { things })).toMatchObject({ type: 'differs' })
  })

  it.each([
    [{ path: 'a' }, 'an absolute path without `..`'],
    [{ path: '/a/../b' }, 'an absolute path without `..`'],
    [{ path: '/a', mode: '999' }, 'an octal mode in quotes, such as "0755", or letters such as "u=rw,g=r"'],
    [{ path: '/a', state: 'link' }, '`src` for a link, and for nothing else'],
    [{ path: '/a', content: 'x', state: 'directory' }, '`content` for a file, and for nothing else'],
    [{ path: '/a', recurse: true }, '`recurse` for a directory, or for what goes'],
  ])('refuses %j', (args, message) => {
    expect(file.args.safeParse(args).error?.issues.map(issue => issue.message)).toEqual([message])
  })
})

const { username } = userInfo()
const canMount = spawnSync('unshare', ['-m', 'true']).status === 0

describe.each(shells)('what it does on a node whose shell is $shell', ({ words, isHere }) => {
  let node: Sandbox
  let group = ''
  beforeAll(async () => {
    node = sandboxHost(words)
    group = (await node.run('id -gn')).stdout.trim()
  })
  afterAll(() => node.close())

  const filled = (args: object) => ({ path: node.path('it'), owner: username, group, ...args })
  const context = (args: object) => onNode(file, node, filled(args))
  const settle = (args: object) => settleOn(file, node, filled(args))

  const see = async (script: string) => (await node.run(script)).stdout.trim()

  it.skipIf(!isHere).each<[string, string, { path?: string; [name: string]: unknown }, string, string]>([
    ['a new file', ':', { content: 'a\nü', mode: '0640' }, 'cat it; stat -c " %a" it', 'a\nü 640'],
    ['an empty file', ':', { state: 'touch' }, 'wc -c <it', '0'],
    ['a link', 'echo y >y', { state: 'link', src: 'y' }, 'readlink it', 'y'],
    ['a link in place of a file', 'echo y >it', { state: 'link', src: '/no', force: true }, 'readlink it', '/no'],
    [
      'a tree that goes',
      'mkdir -p it/a; echo y >it/a/b',
      { state: 'absent', recurse: true },
      '[ -e it ] || echo gone',
      'gone',
    ],
    ['special bits of a directory that go', 'mkdir it; chmod 6775 it', { mode: '0755' }, 'stat -c %a it', '755'],
    [
      'other content; the mode stays',
      'echo y >it; chmod 0644 it',
      { content: 'x' },
      'cat it; stat -c " %a" it',
      'x 644',
    ],
    ['another mode; the content stays', 'echo y >it', { mode: '0600' }, 'cat it; stat -c %a it', 'y\n600'],
    [
      'a new directory, with those above it',
      ':',
      { path: 'it/a/b', state: 'directory' },
      '[ -d it/a/b ] && echo is',
      'is',
    ],
    ['a file that goes', 'echo y >it', { state: 'absent' }, '[ -e it ] || echo gone', 'gone'],
    ['an empty directory that goes', 'mkdir it', { state: 'absent' }, '[ -e it ] || echo gone', 'gone'],
  ])('%s', async (_, before, { path = 'it', ...args }, look, seen) => {
    await node.prepare(`rm -rf it; ${before}`)
    await settle({ ...args, path: node.path(path) })
    expect(await see(look)).toBe(seen)
    expect((await settle({ ...args, path: node.path(path) })).changes).toEqual([])
  })

  it.skipIf(!isHere || !canMount)('removes nothing of a file system that is mounted in a tree', async () => {
    // A space of mounts of its own, that all commands of the test are in.
    const keeper = spawn('unshare', ['-m', 'sleep', '600'])
    await expect.poll(() => readlinkSync(`/proc/${keeper.pid}/ns/mnt`)).not.toBe(readlinkSync('/proc/self/ns/mnt'))
    const inside = sandboxHost(['nsenter', '-t', `${keeper.pid}`, '-m', ...words])
    try {
      const tree = inside.path('it')
      await inside.prepare(`mkdir -p '${tree}/a b' && ln -s it '${inside.path('by')}' && mount -t tmpfs none '${tree}/a b'
        echo precious >'${tree}/a b/c'`)
      const { use, check } = onNode(file, inside, { path: `${inside.path('by')}/.`, state: 'absent', recurse: true })
      expect(await problemOf(check())).toMatchObject({
        code: 'mounted-below',
        seen: `${tree}/a b is a mount point`,
      })
      const changes = [{ kind: 'file', key: tree, before: folder, after: absent }]
      const applied = file.apply({ ...use, changes } as never)
      expect(await problemOf(Promise.resolve(applied))).toMatchObject({ code: 'mounted-below' })
      expect((await inside.run(`cat '${tree}/a b/c'`)).stdout).toBe('precious\n')
    } finally {
      keeper.kill()
      inside.close()
    }
  })

  it.skipIf(!isHere || username !== 'root')('leaves alone what a link in a tree leads to', async () => {
    await node.prepare('rm -rf it away kept; echo 1 >away; mkdir it; ln -s ../away it/l')
    await settle({ state: 'directory', owner: 'nobody', recurse: true })
    expect(await see('stat -c %U it/l away')).toBe('nobody\nroot')
  })

  it.skipIf(!isHere)('gives all of a tree its mode in letters, and each its own back', async () => {
    await node.prepare(
      'rm -rf it; mkdir -p it/a; echo 1 >it/a/f; echo 2 >it/x; chmod 600 it/a/f; chmod 711 it/x; ln -s /etc/hosts it/l',
    )
    const args = { path: node.path('it'), state: 'directory', recurse: true, mode: 'u=rwX,go=rX' }
    const { changes, undo } = await settleOn(file, node, args)
    expect(changes.map(({ kind, after }) => [kind, after])).toEqual([
      ['modes', { modes: ['d 0755', 'f 0644', 'f 0755'] }],
    ])
    expect(await see('stat -c %a it/a it/a/f it/x')).toBe('755\n644\n755')
    expect((await settleOn(file, node, args)).changes).toEqual([])
    await undo()
    expect(await see('stat -c %a it/a it/a/f it/x')).toBe('755\n600\n711')
  })

  it.skipIf(!isHere).each([
    ['u=rwX,go=rX', '755\n755'],
    ['g=u', '775\n5775'],
    ['u+s,g=rwxs,o=rx', '6775\n6775'],
    ['=rwX', '755\n755'],
    ['755', '755\n755'],
  ])('takes special bits from the directories of a tree at %s, settles, and gives them back', async (mode, seen) => {
    await node.prepare('umask 022; rm -rf it; mkdir -p it/a; chmod 2755 it; chmod 7755 it/a')
    const args = { path: node.path('it'), state: 'directory', recurse: true, mode }
    const { undo } = await settleOn(file, node, args)
    expect(await see('stat -c %a it it/a')).toBe(seen)
    expect((await settleOn(file, node, args)).changes).toEqual([])
    await undo()
    expect(await see('stat -c %a it it/a')).toBe('2755\n7755')
  })

  it.skipIf(!isHere)('gives back a mode that had no special bits', async () => {
    await node.prepare('rm -rf it; mkdir -p it/a; chmod 755 it it/a')
    const { undo } = await settleOn(file, node, {
      path: node.path('it'),
      state: 'directory',
      recurse: true,
      mode: '2755',
    })
    expect(await see('stat -c %a it it/a')).toBe('2755\n2755')
    await undo()
    expect(await see('stat -c %a it it/a')).toBe('755\n755')
  })

  it.skipIf(!isHere)('gives a file a second name, also in place of another file, and takes it back', async () => {
    await node.prepare('rm -rf it one; echo 1 >one')
    const args = { path: node.path('it'), state: 'hard', src: node.path('one') }
    const { undo } = await settleOn(file, node, args)
    expect(await see('[ it -ef one ] && stat -c %h it')).toBe('2')
    expect((await settleOn(file, node, args)).changes).toEqual([])
    await undo()
    expect(await see('[ -e it ] || cat one')).toBe('1')
    await node.prepare('echo other >it; chmod 604 it')
    expect(await problemOf(onNode(file, node, args).check())).toMatchObject({ code: 'path-occupied' })
    const forced = await settleOn(file, node, { ...args, force: true })
    expect(await see('cat it')).toBe('1')
    await forced.undo()
    expect(await see('cat it; stat -c %a it; cat one')).toBe('other\n604\n1')
  })

  it.skipIf(!isHere)('leaves a directory alone that is not empty', async () => {
    await node.prepare('rm -rf it; mkdir -p it/a')
    const { check } = context({ state: 'absent' })
    expect(await problemOf(check())).toMatchObject({ code: 'directory-not-empty' })
    expect(await see('ls it')).toBe('a')
  })

  it.skipIf(!isHere).each([
    ['a new file', ':', { content: 'x' }, '[ -e it ] || echo gone', 'gone'],
    ['other content', 'echo y >it; chmod 640 it', { content: 'x' }, 'cat it; stat -c %a it', 'y\n640'],
    ['another mode', 'echo y >it; chmod 640 it', { mode: '0600' }, 'stat -c %a it', '640'],
    ['a new directory', ':', { state: 'directory' }, '[ -e it ] || echo gone', 'gone'],
    ['a secret', 'echo y >it; chmod 640 it', { content: new Secret('it', 'x') }, 'cat it; stat -c %a it', 'y\n640'],
    ['a file that went', 'echo y >it; chmod 604 it', { state: 'absent' }, 'cat it; stat -c %a it', 'y\n604'],
    ['an empty directory that went', 'mkdir -m 705 it', { state: 'absent' }, 'stat -c %a it', '705'],
    [
      'a link in place of a file',
      'echo y >it; chmod 604 it',
      { state: 'link', src: '/no', force: true },
      'cat it; stat -c %a it',
      'y\n604',
    ],
    ['a link that led elsewhere', 'ln -s there it', { state: 'link', src: '/no', force: true }, 'readlink it', 'there'],
    ['a link that went', 'ln -s there it', { state: 'absent' }, 'readlink it', 'there'],
  ])('takes back %s', async (_, before, args, look, seen) => {
    await node.prepare(`rm -rf it; ${before}`)
    const { undo } = await settle(args)
    await undo()
    expect(await see(look)).toBe(seen)
  })

  it.skipIf(!isHere)('makes directories so that none stays half as it is to be where it is cut short', async () => {
    await node.prepare('rm -rf it kept; mkdir it')
    const cut = (place: string) => `chmod() { case $2 in */${place}) exit 9 ;; *) command chmod "$@" ;; esac; }`
    const args = { path: node.path('it/a/b/c'), state: 'directory', mode: '2750' }
    for (const place of ['c', 'b', 'a.run-new']) {
      const run: Sandbox['run'] = (script, options) => node.run(`${cut(place)}\n${script}`, options)
      await expect(settleOn(file, { ...node, run }, args)).rejects.toMatchObject({ code: 'command-failed' })
      expect(await see('ls it')).toBe('a.run-new')
    }
    await settle({ ...args, path: `${args.path}/` })
    expect(await see("find it -mindepth 1 -exec stat -c '%a %n' {} + | sort")).toBe(
      '2750 it/a\n2750 it/a/b\n2750 it/a/b/c',
    )
  })

  it.skipIf(!isHere).each([
    ['0755', 'mkdir -m 00755'],
    ['0700', 'mkdir -m 00700'],
    // Its group may do more than others, so it waits for the group.
    ['0750', 'mkdir; chmod 00750'],
  ])('makes a directory of mode %s, of whoever makes it, by `%s`', async (mode, programs) => {
    await node.prepare('rm -rf it')
    const { check, use } = onNode(file, node, { path: node.path('it'), state: 'directory', mode })
    const answer = await check()
    const changes = answer.type === 'differs' ? answer.changes : []
    const told = `'${node.path('started')}'`
    for (const name of ['mkdir', 'chown', 'chmod', 'mv'])
      node.install(name, `PATH=\${PATH#*:}; echo "${name} $*" >>${told}; exec ${name} "$@"`)
    await file.apply({ ...use, changes })
    await node.prepare(`rm -f ${['mkdir', 'chown', 'chmod', 'mv'].map(name => `'${node.programs}/${name}'`).join(' ')}`)
    expect(await see(`sed 's| ${node.path('it')}||' ${told}; rm ${told}`)).toBe(programs.replace('; ', '\n'))
    expect(await check()).toMatchObject({ type: 'same' })
  })

  it.skipIf(!isHere || username !== 'root').each<[string, string, string, object?]>([
    ['its directory gives a group', 'chgrp 1235 in; chmod 2755 in', '0:0 750'],
    ['something of a run before is in the way', 'mkdir in/it.run-new', '0:0 750'],
    ['it is told whose it is', ':', '65534:0 750', { owner: 'nobody' }],
  ])('makes a directory as it is to be where %s', async (_, before, owned, args = {}) => {
    await node.prepare(`rm -rf in; mkdir in; ${before}`)
    await settleOn(file, node, { path: node.path('in/it'), state: 'directory', mode: '0750', ...args })
    expect(await see('stat -c "%u:%g %a" in/it; ls in')).toBe(`${owned}\nit`)
  })

  it.skipIf(!isHere)('makes a directory for good where its mode was not given any more', async () => {
    await node.prepare('rm -rf it')
    const args = { path: node.path('it'), state: 'directory', mode: '0750' }
    const run: Sandbox['run'] = (script, options) => node.run(`chmod() { exit 9; }\n${script}`, options)
    await expect(settleOn(file, { ...node, run }, args)).rejects.toMatchObject({ code: 'command-failed' })
    expect(await see('stat -c %a it')).toBe('700')
    await settleOn(file, node, args)
    expect(await see('stat -c %a it')).toBe('750')
  })

  it.skipIf(!isHere)('takes back a directory with those above it, but not what others use since', async () => {
    await node.prepare('rm -rf it')
    const { undo } = await settle({ path: node.path('it/a/b/c'), state: 'directory' })
    await node.prepare('echo theirs >it/a/f')
    await undo()
    expect(await see('find it | sort')).toBe('it\nit/a\nit/a/f')
  })

  it.skipIf(!isHere)('keeps what it held for its owner alone, and nothing once it is back', async () => {
    await node.prepare('rm -rf it kept; echo old >it')
    const { undo } = await settle({ content: new Secret('it', 'new') })
    expect(await see('cat kept/run/step/content; stat -c %a kept/run/step kept/run/step/content')).toBe('old\n700\n600')
    await undo()
    expect(await see('find kept')).toBe('kept')
  })

  it.skipIf(!isHere)('does not make up what it did not keep', async () => {
    await node.prepare('rm -rf it kept; echo old >it')
    const { undo } = await settle({ content: new Secret('it', 'new') })
    await node.prepare('rm -rf kept')
    expect(await problemOf(Promise.resolve(undo()))).toMatchObject({ code: 'not-kept' })
    expect(await see('cat it')).toBe('new')
  })

  it.skipIf(!isHere || username !== 'root')('gives each thing of a tree back to its own owner', async () => {
    await node.prepare(
      "rm -rf it; mkdir -p it/a; echo 1 >'it/a/f g'; ln -s f it/l; chown daemon it/a; chown -h nobody it/l",
    )
    const { undo } = await settle({ state: 'directory', owner: 'games', recurse: true })
    await undo()
    expect(await see("stat -c %U it it/a 'it/a/f g' it/l")).toBe('root\ndaemon\nroot\nnobody')
  })

  it.skipIf(!isHere || username !== 'root')('gives a whole tree to its owner, or its directories alone', async () => {
    await node.prepare('rm -rf it; mkdir -p it/a; echo 1 >it/a/f')
    await settle({ state: 'directory', owner: 'nobody', recurse: 'directories' })
    expect(await see('stat -c %U it it/a it/a/f')).toBe('nobody\nnobody\nroot')
    await settle({ state: 'directory', owner: 'nobody', recurse: true })
    expect(await see('stat -c %U it it/a it/a/f')).toBe('nobody\nnobody\nnobody')
  })
})
