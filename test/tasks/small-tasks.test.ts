// The tasks of one screen: world in, answer out; and the commands that they carry out.
import { describe, expect, it } from 'vitest'
import type { Answer } from '../../src/model/answer.ts'
import { Problem } from '../../src/model/problem.ts'
import { Secret } from '../../src/model/secret.ts'
import { formatProblem, plainStyle } from '../../src/text/excerpt.ts'
import assert from '../../tasks/assert.ts'
import bootStart from '../../tasks/boot-start.ts'
import command from '../../tasks/command.ts'
import debug from '../../tasks/debug.ts'
import fail from '../../tasks/fail.ts'
import lumUser from '../../tasks/lum-user.ts'
import nssRights from '../../tasks/nss-rights.ts'
import shell from '../../tasks/shell.ts'
import { answerOf, apply, cannotBeTold, problemOf, type Scene } from '../kit/fake-world.ts'

/** `same: why`, `unknown: until`, or the changes: `kind key: before → after`. */
const tell = (answer: Answer): string => {
  if (answer.type === 'same') return `same: ${answer.because}`
  if (answer.type === 'unknown') return `unknown: ${answer.until}`
  const changes = answer.changes.map(
    ({ kind, key, before, after }) => `${kind} ${key}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`,
  )
  return [answer.because, ...changes].filter(Boolean).join('; ')
}

describe('boot-start', () => {
  const off = { service: 'novell-nmma', state: 'off' }
  it.each([
    ['off', { state: 'off' }, 'same: novell-nmma is off at boot'],
    ['on', { state: 'on' }, 'boot-start novell-nmma: {"state":"on"} → {"state":"off"}'],
    [
      'not known before the installer ran',
      cannotBeTold,
      'it is known later; boot-start novell-nmma: {"unknown":true} → {"state":"off"}',
    ],
  ])('%s', async (_, seen, told) => {
    expect(tell(await answerOf(bootStart, off, { things: { 'boot-start novell-nmma': seen } }))).toBe(told)
  })

  it('is a problem where no such service is', async () => {
    const things = { 'boot-start novell-nmma': { state: 'absent' } }
    expect(await problemOf(answerOf(bootStart, off, { things }))).toEqual({
      code: 'service-unknown',
      summary: 'chkconfig knows no service novell-nmma',
      seen: '`chkconfig novell-nmma` prints neither "on" nor "off"',
      wanted: 'a service with an init script',
      help: 'see what is there: `chkconfig --list`, `ls /etc/init.d`',
    })
  })

  it.each([
    ['generated', 'it is made from something else, such as an init script: name that one, without `.service`'],
    ['transient', 'it is gone once it ends: install a unit for it first'],
  ])('says what a unit is that has no file of its own: %s', async (state, help) => {
    const things = { 'boot-start nmma.service': { state } }
    expect(await problemOf(answerOf(bootStart, { service: 'nmma.service', state: 'off' }, { things }))).toMatchObject({
      code: 'unit-not-installed',
      seen: `\`systemctl is-enabled nmma.service\` prints "${state}"`,
      help,
    })
  })

  it('carries out one command, and takes it back with another', async () => {
    const changes = [{ kind: 'boot-start', key: 'novell-nmma', before: { state: 'on' }, after: { state: 'off' } }]
    const table = [[/^chkconfig/, '']] as const
    expect((await apply(bootStart, off, table, { changes })).host.commands).toEqual(['chkconfig novell-nmma off'])
    expect((await apply(bootStart, off, table, { changes, undo: true })).host.commands).toEqual([
      'chkconfig novell-nmma on',
    ])
  })

  it('asks systemd where the service is a unit', async () => {
    const unit = { service: 'gwm-nmma.service', state: 'off' }
    const key = unit.service
    const changes = [{ kind: 'boot-start', key, before: { state: 'on' }, after: { state: 'off' } }]
    const table = [[/^systemctl/, '']] as const
    expect((await apply(bootStart, unit, table, { changes })).host.commands).toEqual([
      'systemctl disable gwm-nmma.service',
    ])
    expect((await apply(bootStart, unit, table, { changes, undo: true })).host.commands).toEqual([
      'systemctl enable gwm-nmma.service',
    ])
    const things = { [`boot-start ${key}`]: { state: 'absent' } }
    expect(await problemOf(answerOf(bootStart, unit, { things }))).toMatchObject({
      code: 'service-unknown',
      summary: 'systemd knows no unit gwm-nmma.service',
    })
  })
})

describe('lum-user', () => {
  const args = { name: 'nvlmsgr', uid: 6001 }
  it.each([
    ['known', { type: 'user', uid: 6001, group: 'msgrgroup' }, 'same: nvlmsgr is known, uid 6001'],
    ['not known', { type: 'absent' }, 'user nvlmsgr: {"type":"absent"} → {"unknown":true}'],
  ])('%s', async (_, seen, told) => {
    expect(tell(await answerOf(lumUser, args, { things: { 'user nvlmsgr': seen } }))).toBe(told)
  })

  it('is a problem where the number is another', async () => {
    const things = { 'user nvlmsgr': { type: 'user', uid: 1000, group: 'users' } }
    expect(await problemOf(answerOf(lumUser, args, { things }))).toEqual({
      code: 'uid-differs',
      summary: 'nvlmsgr has another uid on this node',
      seen: 'uid 1000',
      wanted: 'uid 6001, as on every node: files on the partition belong to the number',
      help: 'mend the user on this node, or in the directory, before anything is written as this user',
    })
  })

  it('refreshes the cache', async () => {
    const { host } = await apply(lumUser, args, [[/^namconfig/, '']])
    expect(host.commands).toEqual(['namconfig cache_refresh'])
  })
})

describe('nss-rights', () => {
  const args = { path: '/media/nss/VOL', trustee: 'nvlmsgr' }
  it.each([
    ['given', { nvlmsgr: 'rwecmf' }, 'same: nvlmsgr has rwecmf on /media/nss/VOL'],
    [
      'not given; others keep theirs',
      { admin: 's' },
      'trustees /media/nss/VOL: {"trustees":{"admin":"s"}} → {"trustees":{"admin":"s","nvlmsgr":"rwecmf"}}',
    ],
    [
      'others',
      { nvlmsgr: 'rf' },
      'trustees /media/nss/VOL: {"trustees":{"nvlmsgr":"rf"}} → {"trustees":{"nvlmsgr":"rwecmf"}}',
    ],
  ])('%s', async (_, trustees, told) => {
    expect(tell(await answerOf(nssRights, args, { things: { 'trustees /media/nss/VOL': { trustees } } }))).toBe(told)
  })

  it('gives them as the manual does', async () => {
    const { host } = await apply(nssRights, args, [[/^rights/, '']])
    expect(host.commands).toEqual(['rights -f /media/nss/VOL -r rwcemf trustee nvlmsgr'])
  })
})

describe.each([
  ['command', command, { cmd: 'mkfs -t ext4 "/dev/my disk"' }, `mkfs -t ext4 '/dev/my disk'`],
  ['command, with a variable of the node', command, { argv: ['echo', '$HOME'] }, 'echo "${HOME-\\$HOME}"'],
  ['shell', shell, { cmd: 'echo a | wc -l' }, 'echo a | wc -l'],
  ['shell in a directory', shell, { cmd: 'ls', chdir: '/srv' }, 'cd /srv && ls'],
] as const)('%s', (_, task, args, line) => {
  it.each<[string, object, Scene, string]>([
    ['never done', {}, {}, 'no receipt stands'],
    ['done', {}, { receipt: 'stands' }, 'same: a receipt stands'],
    ['makes what is there', { creates: '/a' }, { things: { 'file /a': { type: 'other' } } }, 'same: /a is there'],
    [
      'makes what is not there',
      { creates: '/a' },
      { things: { 'file /a': { type: 'absent' } } },
      '`creates: /a` is not there; file /a: {"type":"absent"} → {"unknown":true}',
    ],
    ['removes what is gone', { removes: '/a' }, { things: { 'file /a': { type: 'absent' } } }, 'same: /a is not there'],
    [
      'removes what is there',
      { removes: '/a' },
      { things: { 'file /a': { type: 'other' } } },
      '`removes: /a` is there; file /a: {"type":"other"} → {"type":"absent"}',
    ],
  ])('%s', async (_, more, scene, told) => {
    expect(tell(await answerOf(task, { ...args, ...more }, scene))).toBe(told)
  })

  it('carries out one line, and hands on what it printed', async () => {
    const { host, result } = await apply(task, args, [[/./, { stdout: 'out\n', stderr: 'err\n' }]])
    expect(host.commands).toEqual([line])
    expect(result).toMatchObject({ stdout: 'out', stderr: 'err', rc: 0 })
  })

  it('that only looks is carried out in the check, and never in apply', async () => {
    const script = line.replace(/^sh -c -- '(.*)'$/s, '$1').replaceAll(`'\\''`, `'`)
    const things = { [`output ${script}`]: { stdout: 'x', stderr: '', rc: 1 } }
    expect(await answerOf(task, { ...args, reads: true }, { things })).toMatchObject({
      type: 'same',
      because: 'it only looks',
      result: { stdout: 'x', stderr: '', rc: 1 },
    })
  })

  it('hands its input on', async () => {
    const { host } = await apply(task, { ...args, stdin: 'y\n' }, [[/./, '']])
    expect(host.inputs).toEqual(['y\n'])
  })

  it('has failed where its exit status is not 0', async () => {
    const problem = await problemOf(apply(task, args, [[/./, { exitCode: 3, stderr: 'no space' }]]))
    expect(problem).toMatchObject({
      code: 'command-failed',
      seen: 'exit status 3\nno space',
      wanted: 'exit status 0',
    })
    // To be typed as it stands, so no narrow screen breaks it.
    const shown = formatProblem(new Problem(problem), { ...plainStyle, columns: 20 }).split('\n')
    expect(shown.filter(each => each.includes(`\`${line}\``))).toHaveLength(1)
  })
})

describe('command', () => {
  it.each([
    [{}, 'either `cmd` or `argv`'],
    [{ cmd: 'a', argv: ['a'] }, 'either `cmd` or `argv`'],
  ])('refuses %j', (args, message) => {
    expect(command.args.safeParse(args).error?.issues.map(issue => issue.message)).toEqual([message])
  })
})

describe('assert', () => {
  it.each([
    ['a truth', { that: true }, 'same: it holds'],
    ['two, as templates write them', { that: ['True', 'true'] }, 'same: all 2 hold'],
  ])('goes on with %s', async (_, args, told) => expect(tell(await answerOf(assert, args))).toBe(told))

  it('stops at the first that does not hold, with the author’s own words', async () => {
    expect(await problemOf(answerOf(assert, { that: [true, 'False'] }))).toMatchObject({
      code: 'assertion-failed',
      summary: 'Condition 2 of 2 does not hold',
      seen: 'False',
    })
    expect(await problemOf(answerOf(assert, { that: false, fail_msg: 'Too small' }))).toMatchObject({
      summary: 'Too small',
    })
  })

  it('names a condition as it was written', async () => {
    const that = [{ condition: 'port == 1', holds: false }]
    expect(await problemOf(answerOf(assert, { that }))).toMatchObject({ seen: 'port == 1' })
  })
})

describe('debug', () => {
  it.each([
    ['a sentence', { msg: 'a b' }, 'same: a b'],
    ['any value', { msg: [1, { a: null }] }, 'same: [1,{"a":null}]'],
    ['a variable, by its name', { var: { condition: 'port', holds: 8300 } }, 'same: port: 8300'],
    ['a secret by its mask', { msg: new Secret('it', 'canary') }, 'same: ••••••'],
    ['a secret within a value', { msg: [new Secret('it', 'canary')] }, 'same: ["••••••"]'],
  ])('tells %s', async (_, args, told) => expect(tell(await answerOf(debug, args))).toBe(told))
})

it('fail stops with the words of the author', async () => {
  expect(await problemOf(answerOf(fail, { msg: 'not here' }))).toMatchObject({
    code: 'failed-on-purpose',
    summary: 'not here',
  })
})
