// The installer: when it is due, whether it creates or joins, and what stops it before anything is started.
import { describe, expect, it } from 'vitest'
import installer from '../../tasks/installer.ts'
import { answerOf, apply, cannotBeTold, problemOf, type Things } from '../kit/fake-world.ts'
import type { Row } from '../kit/scripted-host.ts'

const system = '/mnt/messenger/novell/messenger/config'
const script = '/etc/init.d/novell-nmma'
const home = '/etc/opt/novell/messenger'

const args = {
  command: '/media/messenger/install --text',
  dialogue: { prompts: [] },
  values: { tree: 'ACME_TREE' },
  system,
  evidence: [script],
  directories: [home],
  services: ['novell-nmma'],
  package: 'novell-messenger',
}

const absent = { type: 'absent' }
const mediaThere: Things = {
  'file /media/messenger/install': { type: 'file', owner: 'root', group: 'root', mode: '0755' },
  'commands /media/messenger/install': { found: [] },
}
const plainFile = { type: 'file', owner: 'root', group: 'root', mode: '0644' }
const directory = { type: 'directory', owner: 'root', group: 'root', mode: '0755' }
const fresh: Things = {
  ...mediaThere,
  [`checksum ${script}`]: absent,
  'package novell-messenger': absent,
  [`file ${system}`]: absent,
  [`file ${home}`]: absent,
}
const installed: Things = {
  ...mediaThere,
  [`checksum ${script}`]: { type: 'sum', crc: '1', bytes: 2 },
  'package novell-messenger': { type: 'installed', version: '2.2-1' },
  [`file ${system}`]: directory,
  [`file ${home}`]: directory,
}

describe('what it answers', () => {
  it.each<[string, Things, 'stands' | undefined, string, readonly string[]]>([
    [
      'nothing is there, nor a system on the partition',
      fresh,
      undefined,
      `${script} is not there`,
      [`file ${system}`, `file ${script}`, `file ${home}`, 'boot-start novell-nmma'],
    ],
    [
      'a system is there to be joined',
      { ...fresh, [`file ${system}`]: directory },
      undefined,
      `${script} is not there`,
      [`file ${script}`, `file ${home}`, 'boot-start novell-nmma'],
    ],
    [
      'the partition cannot be seen yet',
      { ...fresh, [`file ${system}`]: cannotBeTold },
      undefined,
      `${script} is not there`,
      [`file ${script}`, `file ${home}`, 'boot-start novell-nmma'],
    ],
    [
      'the package was removed, its files and the receipt are left',
      { ...installed, 'package novell-messenger': absent },
      'stands',
      'the package novell-messenger is not installed',
      [`checksum ${script}`, 'boot-start novell-nmma'],
    ],
    [
      'all is there, but nobody vouches for it',
      installed,
      undefined,
      'no receipt stands',
      [`checksum ${script}`, 'boot-start novell-nmma'],
    ],
  ])('is due: %s', async (_, things, receipt, because, changed) => {
    const answer = await answerOf(installer, args, { things, receipt })
    expect(answer).toMatchObject({ type: 'differs', because })
    expect(answer.type === 'differs' && answer.changes.map(({ kind, key }) => `${kind} ${key}`)).toEqual(changed)
  })

  it('is the same where all is there and a receipt stands', async () => {
    expect(await answerOf(installer, args, { things: installed, receipt: 'stands' })).toMatchObject({
      type: 'same',
      because: 'a receipt stands',
    })
  })
})

describe('what stands in its way, told before it is started', () => {
  const notThere = { 'file /media/messenger/install': absent }
  it.each<[string, Things, number, string]>([
    ['no media', notThere, 0, 'media-missing'],
    ['media that nobody may run', { 'file /media/messenger/install': plainFile }, 0, 'media-missing'],
    ['a program that runs', { 'commands /media/messenger/install': { found: ['process 7'] } }, 0, 'installer-running'],
    ['no system that a node could join', {}, 1, 'no-system-yet'],
  ])('%s', async (_, things, position, code) => {
    const asked = answerOf(installer, args, { things: { ...fresh, ...things }, place: { position } })
    expect(await problemOf(asked)).toMatchObject({ code })
  })

  it('is of no matter where nothing is due', async () => {
    const things = { ...installed, ...notThere }
    expect(await answerOf(installer, args, { things, receipt: 'stands' })).toMatchObject({ type: 'same' })
  })

  it('is not told of a partition that nobody can see yet', async () => {
    const things = { ...fresh, [`file ${system}`]: cannotBeTold }
    expect(await answerOf(installer, args, { things, place: { position: 1 } })).toMatchObject({ type: 'differs' })
  })
})

const creating = { changes: [{ kind: 'file', key: system, before: absent, after: { unknown: true } }] as const }
const looksForOthers = /for p in \/proc/
const media: readonly Row[] = [
  [/^command -v/, ''],
  [looksForOthers, ''],
]

describe('what it creates in the directory', () => {
  const dn = 'cn=Service,o=acme'
  const named = { ...args, entries: [dn] }
  const is = (value: Things[string]): Things => ({ [`entry ${dn}`]: value })
  const there = is({ type: 'entry', classes: [] })

  it('is one of its changes, on the preferred node alone', async () => {
    const answer = await answerOf(installer, named, { things: { ...fresh, ...is(absent) } })
    expect(answer).toMatchObject({ changes: expect.arrayContaining([expect.objectContaining({ key: dn })]) })
    const place = { position: 1 }
    const joined = await answerOf(installer, named, { things: { ...fresh, [`file ${system}`]: directory }, place })
    expect(joined).toMatchObject({ type: 'differs' })
  })

  it('has to be there where the system is', async () => {
    const scene = { things: { ...installed, ...is(absent) }, receipt: 'stands' as const }
    expect(await problemOf(answerOf(installer, named, scene))).toMatchObject({
      code: 'system-not-in-directory',
      seen: `${system} is there; ${dn} is not`,
    })
    expect(await answerOf(installer, named, { ...scene, things: { ...installed, ...there } })).toMatchObject({
      type: 'same',
    })
  })
})

describe('what it does', () => {
  it('creates on the preferred node where no system is', async () => {
    const { told, result } = await apply(installer, args, media, creating)
    expect(told).toEqual(['converse /media/messenger/install --text as create'])
    expect(result).toEqual({ role: 'create' })
  })

  it('joins where a system is, on the preferred node too', async () => {
    const { told } = await apply(installer, args, media, { place: { position: 0 } })
    expect(told).toEqual(['converse /media/messenger/install --text as join'])
  })

  it.each([
    ['a subsequent node', 1],
    ['a host that is not in the failover list', -1],
  ])('creates nothing on %s', async (_, position) => {
    expect(await problemOf(apply(installer, args, [], { ...creating, place: { position } }))).toEqual({
      code: 'no-system-yet',
      summary: 'There is no Messenger system on the partition that this node could join',
      seen: `${system} is not there`,
      wanted: 'the system that the preferred node node1 creates',
      state: 'the installation program was not started',
      help: 'install node1 first; if that is done, see that the partition is the right one',
    })
  })

  it('needs its media on the node', async () => {
    expect(await problemOf(apply(installer, args, [[/^command -v/, { exitCode: 127 }]], creating))).toEqual({
      code: 'media-missing',
      summary: 'The installation program is not on the node',
      seen: '/media/messenger/install is not there, or nobody may run it',
      wanted: 'the unpacked media',
      state: 'nothing was started',
      help: 'unpack the media on the node, and name the place in the inventory',
    })
  })

  it('starts no second one beside one that runs', async () => {
    const table: readonly Row[] = [[looksForOthers, 'process 4711: /media/messenger/install --text\n'], ...media]
    expect(await problemOf(apply(installer, args, table, creating))).toEqual({
      code: 'installer-running',
      summary: 'The installation program runs on the node already',
      seen: 'process 4711: /media/messenger/install --text',
      wanted: 'no other one beside the one that this step starts',
      state: 'no second one was started',
      help: 'let it come to its end, or end it by the number of its process; then run the step again',
    })
  })

  it('has failed where the program says so', async () => {
    expect(await problemOf(apply(installer, args, media, { ...creating, exitCode: 3 }))).toMatchObject({
      code: 'installer-failed',
      seen: 'exit status 3',
      wanted: 'exit status 0',
    })
  })

  it('went well with another exit status where the dialogue says so', async () => {
    const told = { ...args, dialogue: { ...args.dialogue, endExits: [0, 3] } }
    const { result } = await apply(installer, told, media, { ...creating, exitCode: 3 })
    expect(result).toEqual({ role: 'create' })
    expect(await problemOf(apply(installer, told, media, { ...creating, exitCode: 4 }))).toMatchObject({
      seen: 'exit status 4',
      wanted: 'exit status 0 or 3',
    })
  })
})
