// A mount and its line in fstab: foretold, made, settled on a real shell, and taken back. The states are those of the
// documentation of ansible.posix.mount; that it mounts for real is tried in a lab.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withEntry, withoutEntry } from '../../tasks/lib/fstab.ts'
import mount from '../../tasks/mount.ts'
import { answerOf, apply, problemOf } from '../kit/fake-world.ts'
import { shells } from '../kit/posix.ts'
import { type Sandbox, sandboxHost } from '../kit/sandbox-host.ts'
import { settleOn } from '../kit/settle.ts'

const entry = { path: '/data', src: 'UUID=1-2', fstype: 'ext4', opts: 'noatime', dump: 0, passno: 2 }
const line = 'UUID=1-2 /data ext4 noatime 0 2\n'

describe('a line of fstab', () => {
  it.each<[string, string, string]>([
    ['is added at the end', '/dev/sda1 / ext4\n', `/dev/sda1 / ext4\n${line}`],
    ['is added where the last line has no end', '/dev/sda1 / ext4', `/dev/sda1 / ext4\n${line}`],
    ['is the only one of a file that is not there', '', line],
    [
      'that says the same stays as it is written',
      'UUID=1-2\t/data  ext4 noatime 0\t2\n',
      'UUID=1-2\t/data  ext4 noatime 0\t2\n',
    ],
    ['that says something else is written anew in its place', 'x /data nfs\n# end\n', `${line}# end\n`],
    ['that is a comment is none', '# UUID=1-2 /data ext4\n', `# UUID=1-2 /data ext4\n${line}`],
  ])('%s', (_, before, after) => {
    expect(withEntry(before, entry)).toBe(after)
    expect(withEntry(after, entry)).toBe(after)
  })

  it('has blanks as fstab(5) has them', () => {
    const odd = { ...entry, path: '/my data', src: 'a\\b' }
    expect(withEntry('', odd)).toBe('a\\134b /my\\040data ext4 noatime 0 2\n')
    expect(withoutEntry(withEntry('', odd), '/my data')).toBe('')
  })

  it('without the last two fields has zeros there', () => {
    const plain = { ...entry, opts: 'defaults', passno: 0 }
    expect(withEntry('UUID=1-2 /data ext4\n', plain)).toBe('UUID=1-2 /data ext4\n')
  })

  it('goes wherever it stands, and no other does', () => {
    expect(withoutEntry(`# /data\n${line}b /database ext4\nc /data nfs\n`, '/data')).toBe('# /data\nb /database ext4\n')
  })
})

const args = { path: '/data', src: '/dev/sdb1', fstype: 'ext4' }
const unmounted = { type: 'unmounted' }
const mounted = { type: 'mounted', source: '/dev/sdb1', fstype: 'ext4' }
const directory = { type: 'directory', owner: 'root', group: 'root', mode: '0755' }
const fstab = { 'file /etc/fstab': { type: 'file', owner: 'root', group: 'root', mode: '0644' } }
const lineThere = '/dev/sdb1 /data ext4 defaults 0 0\n'
const scene = (isMounted: boolean, text: string, more: object = {}) => ({
  things: {
    'mount /data': isMounted ? mounted : unmounted,
    'file /data': directory,
    ...fstab,
    'text /etc/fstab': { type: 'text', text },
    ...more,
  },
})

/** What differs, by what is there and what is wanted: m the mount, f fstab. */
const table = [
  ['mounted', 'mf', 'f', 'm', ''],
  ['ephemeral', 'm', '', 'm', ''],
  ['present', 'f', 'f', '', ''],
  ['unmounted', '', 'm', '', 'm'],
  ['absent', '', 'm', 'f', 'mf'],
  ['absent_from_fstab', '', '', 'f', 'f'],
] as const

describe.each(table)('%s', (state, neither, mountAlone, lineAlone, both) => {
  it.each([
    ['neither', false, '', neither],
    ['a mount', true, '', mountAlone],
    ['a line', false, lineThere, lineAlone],
    ['both', true, lineThere, both],
  ] as const)('where there is %s', async (_, isMounted, text, expected) => {
    const answer = await answerOf(mount, { ...args, state }, scene(isMounted, text))
    const kinds = answer.type === 'differs' ? answer.changes.map(({ kind }) => (kind === 'mount' ? 'm' : 'f')) : []
    expect(kinds.join('')).toBe(expected)
  })
})

describe('a mount', () => {
  it('makes its mount point first where there is none', async () => {
    const things = { 'file /data': { type: 'absent' }, 'self user': { user: 'root', group: 'root' } }
    const answer = await answerOf(mount, { ...args, state: 'ephemeral' }, scene(false, '', things))
    expect(answer).toMatchObject({
      changes: [
        { kind: 'file', key: '/data', after: directory },
        { kind: 'mount', key: '/data', after: mounted },
      ],
    })
  })

  const storage = (uuid: string, there: string) => ({
    present: true,
    uuid,
    mounts: [{ source: '/dev/dm-0', at: '/data', fstype: 'ext4', uuid: there }],
  })

  it.each([
    ['another name of the same device', '/dev/vg/data', storage('1-2', '1-2')],
    ['the UUID', 'UUID=1-2', { ...storage('', '1-2'), present: false }],
    ['the label', 'LABEL=data', storage('1-2', '1-2')],
  ])('is known by %s', async (_, src, seen) => {
    const key = src.startsWith('/') ? src : `/dev/disk/by-${src.toLowerCase().replace('=', '/')}`
    const there = { 'mount /data': { ...mounted, source: '/dev/dm-0' }, [`storage ${key}`]: seen }
    expect(await answerOf(mount, { ...args, src, state: 'ephemeral' }, scene(true, '', there))).toMatchObject({
      type: 'same',
    })
  })

  it.each([
    ['/dev/vg/data', storage('1-2', '3-4')],
    ['/dev/vg/data', storage('', '')],
    ['tmpfs', storage('', '')],
  ])('of something else is not touched: %s', async (src, seen) => {
    const there = { 'mount /data': { ...mounted, source: '/dev/dm-0' }, [`storage ${src}`]: seen }
    for (const state of ['mounted', 'ephemeral'])
      expect(await problemOf(answerOf(mount, { ...args, src, state }, scene(true, '', there)))).toMatchObject({
        code: 'mount-point-taken',
        seen: '/dev/dm-0 (ext4)',
      })
  })

  it('is refused where a file is', async () => {
    const things = { 'file /data': { type: 'file', owner: 'root', group: 'root', mode: '0644' } }
    expect(await problemOf(answerOf(mount, { ...args, state: 'mounted' }, scene(false, '', things)))).toMatchObject({
      code: 'path-occupied',
    })
  })
})

it.each([
  [{ path: '/data', state: 'mounted' }, 'with `src` and `fstype` for what is to be mounted'],
  [
    { ...args, state: 'mounted', opts: 'ro,bind' },
    'no `bind`: what is mounted so cannot be told from its source; write a `command:` step',
  ],
  [{ ...args, state: 'mounted', src: '-o' }, 'a text of one line that does not start with a dash'],
  [{ ...args, state: 'mounted', path: '/data/' }, 'a mount point, without / at its end'],
])('refuses %j', (given, message) => {
  expect(mount.args.safeParse(given).error?.issues.map(issue => issue.message)).toEqual([message])
})

describe('what is carried out', () => {
  const directoryMade = { kind: 'file', key: '/data', before: { type: 'absent' }, after: directory }
  const change = (before: object, after: object) => ({ kind: 'mount', key: '/data', before, after }) as never

  it('is a directory, then a mount, each in a command of its own', async () => {
    const table = [
      ['umask 022 && mkdir -p /data', ''],
      ['mount -t ext4 -o noatime /dev/sdb1 /data', ''],
    ] as const
    const { host } = await apply(mount, { ...args, opts: 'noatime', state: 'ephemeral' }, [...table], {
      changes: [directoryMade as never, change(unmounted, mounted)],
    })
    expect(host.commands).toEqual(table.map(([command]) => command))
  })

  it('keeps the options of what it unmounts, and mounts with them on the way back', async () => {
    const asked = { ...args, state: 'unmounted' }
    const changes = [change(mounted, unmounted)]
    const there = 'x / ext4 rw 0 0\n/dev/sdb1 /data ext4 rw,noexec 0 0\n'
    const { host } = await apply(
      mount,
      asked,
      [
        ['cat /proc/mounts', there],
        [/options$/, ''],
        ['umount /data', ''],
      ],
      { changes },
    )
    expect(host.inputs).toContain('rw,noexec')
    const back = [
      ['[ -f /kept/options ]', ''],
      ['cat /kept/options', 'rw,noexec'],
      ['mount -t ext4 -o rw,noexec /dev/sdb1 /data', ''],
      [/^rm -rf \/kept/, ''],
    ] as const
    const { host: again } = await apply(mount, asked, [...back], { changes, undo: true })
    expect(again.commands).toHaveLength(back.length)
  })

  it('names who keeps it busy', async () => {
    const table = [
      ['cat /proc/mounts', ''],
      [/options$/, ''],
      ['umount /data', { exitCode: 32, stderr: 'target is busy' }],
      [/readlink/, '12 (sh)\n'],
    ] as const
    const asked = { ...args, state: 'unmounted' }
    const failing = apply(mount, asked, [...table], { changes: [change(mounted, unmounted)] })
    expect(await problemOf(failing)).toMatchObject({ code: 'mount-busy', seen: '12 (sh)' })
  })
})

describe.each(shells)('on a node whose shell is $shell', ({ words, isHere }) => {
  let node: Sandbox
  beforeAll(() => {
    node = sandboxHost(words)
  })
  afterAll(() => node.close())

  it.skipIf(!isHere)('keeps a line in fstab, and away from it, settles, and takes both back', async () => {
    await node.prepare("rm -rf kept; printf '/dev/sda1 / ext4\\n' >fstab; chmod 640 fstab")
    const asked = { ...args, opts: 'ro', fstab: node.path('fstab') }
    const see = async () => (await node.run('cat fstab; stat -c %a fstab')).stdout
    const first = '/dev/sda1 / ext4\n'
    const added = await settleOn(mount, node, { ...asked, state: 'present' })
    expect(await see()).toBe(`${first}/dev/sdb1 /data ext4 ro 0 0\n640\n`)
    const removed = await settleOn(mount, node, { ...asked, state: 'absent_from_fstab' })
    expect(await see()).toBe(`${first}640\n`)
    expect((await settleOn(mount, node, { ...asked, state: 'absent_from_fstab' })).changes).toEqual([])
    await removed.undo()
    expect(await see()).toBe(`${first}/dev/sdb1 /data ext4 ro 0 0\n640\n`)
    await added.undo()
    expect(await see()).toBe(`${first}640\n`)
  })
})
