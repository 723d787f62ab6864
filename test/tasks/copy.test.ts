// Files with content: what is answered of a world, what a real directory holds then, and how it comes back.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { LargeFile } from '../../src/model/large-file.ts'
import { Secret } from '../../src/model/secret.ts'
import type { Task } from '../../src/task/task.ts'
import copy from '../../tasks/copy.ts'
import template from '../../tasks/template.ts'
import { answerOf, problemOf } from '../kit/fake-world.ts'
import { largeFile, readingOf } from '../kit/large-file.ts'
import { shells } from '../kit/posix.ts'
import { type Sandbox, sandboxHost } from '../kit/sandbox-host.ts'
import { onNode, settleOn } from '../kit/settle.ts'

const plain = { type: 'file', owner: 'root', group: 'root', mode: '0644' }

describe('what it answers', () => {
  it('hands on what Ansible hands on, before it is done', async () => {
    const things = { 'file /a': plain, 'text /a': { type: 'text', text: 'old' } }
    expect(await answerOf(copy, { dest: '/a', content: 'x\n', mode: 'u+x' }, { things })).toMatchObject({
      type: 'differs',
      result: {
        dest: '/a',
        checksum: '6fcf9dfbd479ed82697fee719b9f8c610a11ff2a',
        size: 2,
        mode: '0744',
        owner: 'root',
        group: 'root',
        state: 'file',
      },
    })
  })

  it('tells of a secret neither a digest nor how long it is', async () => {
    const things = { 'file /a': plain, 'sealed /a': { type: 'absent' } }
    const answer = await answerOf(copy, { dest: '/a', content: new Secret('it', 'x') }, { things })
    expect(answer).toMatchObject({ result: { dest: '/a', owner: 'root', group: 'root', mode: '0644', state: 'file' } })
    expect(Object.keys('result' in answer ? (answer.result as object) : {})).not.toContain('checksum')
  })

  it.each<[string, object, object, object]>([
    [
      'a file of the node is not there',
      { src: '/b', remote_src: true },
      { 'checksum /b': { type: 'absent' }, 'file /b': { type: 'absent' } },
      { code: 'path-absent', summary: '/b is not there, so it cannot be copied' },
    ],
    [
      'it is a directory of the node',
      { src: '/b', remote_src: true },
      { 'checksum /b': { type: 'absent' }, 'file /b': { ...plain, type: 'directory' } },
      { code: 'path-absent', seen: 'directory', help: expect.stringContaining('cp -a') },
    ],
    [
      'a directory has its place',
      { content: 'x' },
      { 'file /a': { ...plain, type: 'directory' } },
      { code: 'path-occupied', seen: 'directory' },
    ],
  ])('is a problem where %s', async (_, args, more, problem) => {
    const things = { 'file /a': plain, 'checksum /a': { type: 'absent' }, ...more }
    expect(await problemOf(answerOf(copy, { dest: '/a', ...args }, { things }))).toMatchObject(problem)
  })

  it.each([
    [{ dest: '/a' }, 'either `src` or `content`'],
    [{ dest: '/a', content: 'x', src: { name: 'b', content: '' } }, 'either `src` or `content`'],
    [{ dest: '/a', content: 'x', validate: 'sh -n' }, 'a command with `%s` for the file'],
  ])('refuses %j', (args, message) => {
    expect(copy.args.safeParse(args).error?.issues.map(issue => issue.message)).toEqual([message])
  })
})

const page = { name: 'page.j2', content: 'made\n' }
const dir = mkdtempSync(join(tmpdir(), 'copy-'))
afterAll(() => rmSync(dir, { recursive: true }))
const large = { name: 'l', content: largeFile(join(dir, 'large'), 'abc'.repeat(1_000_000)) }

it.each([
  [true, { checksum: await large.content.digest('sha1'), size: 3_000_000 }],
  [false, { size: 3_000_000 }],
])('reads a file that is no value for its SHA-1 where the result is registered: %s', async (isRegistered, told) => {
  const things = { 'file /a': plain, 'checksum /a': { type: 'sum', ...large.content.sums } }
  const answer = await answerOf(copy, { dest: '/a', src: large }, { things, isRegistered })
  expect(answer).toMatchObject({ type: 'same', result: { dest: '/a', ...told } })
  expect('result' in answer && Object.hasOwn(answer.result as object, 'checksum')).toBe(isRegistered)
})

const bytes = { name: 'b', content: { base64: Buffer.from([0, 255, 10, 7]).toString('base64') } }

describe.each(shells)('what it does on a node whose shell is $shell', ({ words, isHere }) => {
  let node: Sandbox
  beforeAll(() => {
    node = sandboxHost(words)
  })
  afterAll(() => node.close())

  const see = async (script: string) => (await node.run(script)).stdout.trim()
  const settle = (task: Task, args: object) => settleOn(task, node, { dest: node.path('it'), ...args })

  /** Modes of what lies beside the place, before each program that changes it or moves it, and after each command. */
  const watchingModes = () => {
    const tell = `stat -c %a '${node.path('it.run-new')}' >>'${node.path('modes')}' 2>/dev/null`
    beforeEachProgram(() => tell)
    const run: Sandbox['run'] = async (script, options) => {
      const result = await node.run(script, options)
      await node.run(`${tell} || :`)
      return result
    }
    return {
      watched: { ...node, run },
      async modes() {
        const told = await see('cat modes 2>/dev/null; rm -f modes')
        return [...new Set(told.split('\n').filter(Boolean))]
      },
    }
  }

  /** Something is carried out before each program that reads, writes, changes or moves a file, until the test ends. */
  const beforeEachProgram = (script: (name: string) => string) => {
    for (const name of ['cat', 'chown', 'chmod', 'mv', 'rm', 'stat'])
      node.install(name, `PATH=\${PATH#*:}; ${script(name)}; exec ${name} "$@"`)
  }
  afterEach(() => {
    for (const name of readdirSync(node.programs)) rmSync(join(node.programs, name))
    rmSync(node.path('modes'), { force: true })
  })

  /** Which programs a task starts when it is carried out. */
  const programsOf = async (args: object) => {
    const { check, use } = onNode(copy, node, { dest: node.path('it'), ...args })
    const answer = await check()
    const changes = answer.type === 'differs' ? answer.changes : []
    beforeEachProgram(name => `echo ${name} >>'${node.path('started')}'`)
    await copy.apply({ ...use, changes })
    const started = readFileSync(node.path('started'), 'utf8').trim().split('\n').join(' ')
    expect(await check('done now')).toMatchObject({ type: 'same' })
    await node.prepare('rm started')
    return started
  }

  // The first `cat` reads what is given: the shell of a node has it in a variable, without a program.
  it.skipIf(!isHere).each([
    ['a new file of whoever makes it', ':', { content: 'x\n\n', mode: '0640' }, 'cat chmod mv'],
    ['a new file of somebody who is told', ':', { content: 'x', owner: 'root', group: 'root' }, 'cat chown chmod mv'],
    ['other content of what is ours', 'echo y >it; chmod 604 it', { content: 'x' }, 'cat stat chmod mv'],
    // The look is the one that is made behind it anyway.
    ['a new file that all may read', ':', { content: 'x' }, 'cat mv stat'],
    ['what a run before left half', 'mkdir it.d; ln -s it.d it.run-new', { content: 'x' }, 'cat rm cat mv stat'],
    ['another mode', 'echo y >it', { content: 'y\n', mode: '0600' }, 'chmod'],
  ])('starts as few programs as it can for %s', async (_, before, args, programs) => {
    await node.prepare(`rm -rf it it.d it.run-new kept; ${before}`)
    expect(await programsOf(args)).toBe(programs)
    expect(await see('ls it.d 2>/dev/null; [ -e it.run-new ] || [ -L it.run-new ] || echo none')).toBe('none')
  })

  const isRoot = userInfo().uid === 0

  it.skipIf(!isHere || !isRoot).each([
    ['of another one, whose content changes', 'echo y >it; chown 1234:1235 it; chmod 4640 it', {}, '1234:1235 4640'],
    ['of another group', 'echo y >it; chgrp 1235 it; chmod 2755 it', {}, '0:1235 2755'],
    ['that is new, where its directory gives the group', 'chgrp 1235 .; chmod 2755 .', {}, '0:0 644'],
    [
      'that is new and somebody’s',
      ':',
      { owner: 'nobody' },
      `${spawnSync('id', ['-u', 'nobody']).stdout}`.trim().concat(':0 644'),
    ],
  ])('a file %s has its owner, group and mode', async (_, before, args, owned) => {
    await node.prepare(`rm -rf it kept; ${before}`)
    await settle(copy, { content: 'x', ...args })
    expect(await see('chgrp 0 .; chmod 700 .; stat -c "%u:%g %a" it')).toBe(owned)
  })

  it.skipIf(!isHere)('a new file has its mode also where its directory has its own say in that', async () => {
    await node.prepare('rm -rf it kept')
    // As a default ACL does it, for which few systems have a program.
    node.install('mv', `PATH=\${PATH#*:}; mv "$@" && chmod 0640 '${node.path('it')}'`)
    await settle(copy, { content: 'x', mode: '0644' })
    expect(await see('stat -c %a it')).toBe('644')
  })

  it.skipIf(!isHere || !isRoot)('says why it cannot be written, and leaves the one before', async () => {
    await node.prepare(
      'rm -rf it kept small; mkdir small && mount -t tmpfs -o size=16k none small && echo old >small/it',
    )
    try {
      const copying = settleOn(copy, node, { dest: node.path('small/it'), content: 'x'.repeat(30_000) })
      expect(await problemOf(copying)).toMatchObject({ seen: expect.stringContaining('No space left on device') })
      expect(await see('cat small/it')).toBe('old')
    } finally {
      await node.prepare('umount small; rmdir small')
    }
  })

  it.skipIf(!isHere).each<[string, Task, string, object, string, string]>([
    ['a text', copy, ':', { content: "a'\\nü\n", mode: '0640' }, 'cat it; stat -c %a it', "a'\\nü\n640"],
    ['bytes', copy, ':', { src: bytes }, 'od -An -tx1 it', '00 ff 0a 07'],
    ['a file that is no value', copy, ':', { src: large }, 'cksum <it', `${large.content.sums.crc} 3000000`],
    ['what a template made', template, ':', { src: page }, 'cat it', 'made'],
    ['into a directory', template, 'mkdir it', { src: page }, 'cat it/page.j2', 'made'],
    ['a text that is long', copy, ':', { content: 'x'.repeat(300_000) }, 'wc -c <it', '300000'],
    ['over bytes', copy, "printf '\\377' >it", { content: 'x' }, 'cat it', 'x'],
    ['over a link', copy, 'echo y >y; ln -s y it', { content: 'x' }, 'cat it; [ -L it ] || cat y', 'xy'],
    ['a mode without the content', copy, 'echo y >it', { content: 'y\n', mode: 'u=rw,go=' }, 'stat -c %a it', '600'],
  ])('%s', async (_, task, before, args, look, seen) => {
    await node.prepare(`rm -rf it y kept; ${before}`)
    await settle(task, args)
    expect(await see(look)).toBe(seen)
    expect((await settle(task, args)).changes).toEqual([])
  })

  it.skipIf(!isHere)(
    'goes to its place in one command for a file that is no value, where its sum is the one that was sent',
    async () => {
      await node.prepare('rm -rf it* kept')
      const scripts: string[] = []
      const run: Sandbox['run'] = (script, options) => {
        if (script.includes('run-new')) scripts.push(script.replaceAll(node.path('it'), 'it'))
        return node.run(script, options)
      }
      await settleOn(copy, { ...node, run }, { dest: node.path('it'), src: large })
      expect(scripts).toEqual([
        expect.stringMatching(
          /cat >it\.run-new && set -- \$\(cksum <it\.run-new\) && .* chmod 00644 it\.run-new && exec mv -f it\.run-new it; else rm -f it\.run-new; fi$/,
        ),
      ])
    },
  )

  it.skipIf(!isHere)(
    'leaves what is there, and nothing beside it, where another file came than was meant',
    async () => {
      await node.prepare('rm -rf it* kept; echo old >it')
      const { path, sums } = large.content
      const reading = readingOf({ ...sums, bytes: sums.bytes + 1 })
      const other = new LargeFile(path, { ...reading, pieces: () => large.content.pieces() })
      const copying = settleOn(copy, node, { dest: node.path('it'), src: { name: 'l', content: other } })
      expect(await problemOf(copying)).toMatchObject({
        code: 'file-changed',
        seen: `${sums.crc} 3000000 (cksum)`,
        wanted: `${sums.crc} 3000001`,
      })
      expect(await see('cat it; ls -d it*')).toBe('old\nit')
    },
  )

  it.skipIf(!isHere).each<[string, string, object, string, string]>([
    ['a new file', ':', { content: 'x' }, '[ -e it ] || echo gone', 'gone'],
    ['a text', 'echo y >it; chmod 604 it', { content: 'x', mode: '0600' }, 'cat it; stat -c %a it', 'y\n604'],
    ['bytes, letter for letter', "printf '\\377y' >it", { content: 'x' }, 'od -An -tx1 it', 'ff 79'],
    ['bytes that bytes replaced', "printf '\\377y' >it", { src: bytes }, 'od -An -tx1 it', 'ff 79'],
    ['a link', 'ln -s there it', { content: 'x' }, 'readlink it', 'there'],
  ])('takes back %s', async (_, before, args, look, seen) => {
    await node.prepare(`rm -rf it kept; ${before}`)
    await (await settle(copy, args)).undo()
    expect(await see(look)).toBe(seen)
    expect(await see('find kept 2>/dev/null; :')).toMatch(/^(kept)?$/)
  })

  it.skipIf(!isHere)('is at no time open to others who may not read it in the end', async () => {
    await node.prepare('rm -rf it* kept; echo old >it; chmod 644 it')
    const { watched, modes } = watchingModes()
    await settleOn(copy, watched, { dest: node.path('it'), content: new Secret('it', 'x'), mode: '0600' })
    expect(await modes()).toEqual(['600'])
  })

  it.skipIf(!isHere)('comes back without being open to others meanwhile', async () => {
    await node.prepare('rm -rf it* kept; echo old >it; chmod 600 it')
    const { watched, modes } = watchingModes()
    const content = new Secret('it', 'x')
    const { undo } = await settleOn(copy, watched, { dest: node.path('it'), content, mode: '0644' })
    await modes()
    await undo()
    expect(await modes()).toEqual(['600'])
    expect(await see('cat it; stat -c %a it')).toBe('old\n600')
  })

  it.skipIf(!isHere)('comes back through no link that somebody has put in its way', async () => {
    await node.prepare('rm -rf it* kept other; echo old >it; echo theirs >other')
    const { undo } = await settle(copy, { content: new Secret('it', 'x') })
    await node.prepare('ln -s other it.run-new')
    await undo()
    expect(await see('cat it other; rm other')).toBe('old\ntheirs')
  })

  it.skipIf(!isHere)('leaves special bits of a file as they are', async () => {
    await node.prepare('rm -rf it* kept; echo old >it; chmod 4755 it')
    await settle(copy, { content: 'new' })
    expect(await see('stat -c %a it')).toBe('4755')
  })

  it.skipIf(!isHere)('keeps the one before beside it where it is asked to, and tells its name', async () => {
    await node.prepare('rm -rf it* kept; echo old >it; chmod 600 it')
    const { result } = await settle(copy, { content: 'new\n', backup: true })
    const backup = (result as { backup_file?: string }).backup_file ?? ''
    expect(backup).toMatch(/\/it\.\d+\.\d{4}-\d\d-\d\d@\d\d:\d\d:\d\d~$/)
    expect(await see(`cat ${backup}; stat -c %a ${backup}`)).toBe('old\n600')
  })

  it.skipIf(!isHere)('leaves all as it was where the content is refused', async () => {
    await node.prepare('rm -rf it* kept; echo old >it')
    const { check, use } = onNode(copy, node, { dest: node.path('it'), content: 'new', validate: 'grep -q old %s' })
    const answer = await check()
    const changes = answer.type === 'differs' ? answer.changes : []
    expect(await problemOf(copy.apply({ ...use, changes }))).toMatchObject({
      code: 'content-refused',
      seen: 'exit status 1',
    })
    expect(await see('cat it; ls')).toBe('old\nit')
  })

  it.skipIf(!isHere)('leaves a file alone that is there, where nothing is forced', async () => {
    await node.prepare('rm -rf it kept; echo old >it')
    expect((await settle(copy, { content: 'new', force: 'no' })).changes).toEqual([])
  })
})
