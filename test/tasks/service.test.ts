// The service task: what it answers, and what it does to a daemon of an init script, and to one of systemd.
import { describe, expect, it } from 'vitest'
import type { Answer } from '../../src/model/answer.ts'
import { hostDollar } from '../../src/shell/dollar.ts'
import type { HostShell } from '../../src/shell/host-shell.ts'
import { serviceState } from '../../src/task/kinds/index.ts'
import { bringService } from '../../tasks/lib/services.ts'
import service from '../../tasks/service.ts'
import { answerOf, apply, cannotBeTold, problemOf, type Scene } from '../kit/fake-world.ts'
import { parse } from '../kit/parse-probe.ts'
import { shells } from '../kit/posix.ts'
import { sandboxHost } from '../kit/sandbox-host.ts'

const tell = (answer: Answer): string => {
  if (answer.type === 'unknown') return answer.until
  const changes = answer.type === 'differs' ? answer.changes : []
  const told = changes.map(({ kind, before, after }) => `${kind} ${JSON.stringify(before)} → ${JSON.stringify(after)}`)
  return [answer.type, answer.because, ...told].filter(Boolean).join('; ')
}
const running = { 'service-state x': { state: 'running' } }
const stopped = { 'service-state x': { state: 'stopped' } }

describe('what it answers', () => {
  it.each<[string, object, Scene, string]>([
    ['one that runs', { state: 'started' }, { things: running }, 'same; x is as it should be'],
    [
      'one that does not',
      { state: 'started' },
      { things: stopped },
      'differs; service-state {"state":"stopped"} → {"state":"running"}',
    ],
    [
      'one that is to stop',
      { state: 'stopped' },
      { things: running },
      'differs; service-state {"state":"running"} → {"state":"stopped"}',
    ],
    [
      'one that an earlier step installs',
      { state: 'started' },
      { things: { 'service-state x': cannotBeTold } },
      'differs; service-state {"unknown":true} → {"state":"running"}',
    ],
    ['a restart', { state: 'restarted' }, { things: running }, 'differs; no receipt stands'],
    [
      'a restart that was done',
      { state: 'restarted' },
      { things: running, receipt: 'stands' },
      'same; x is as it should be',
    ],
    [
      'a restart of one that is down',
      { state: 'restarted' },
      { things: stopped, receipt: 'stands' },
      'differs; service-state {"state":"stopped"} → {"state":"running"}',
    ],
    [
      'one that starts with the node',
      { enabled: 'yes' },
      { things: { ...running, 'boot-start x': { state: 'on' } } },
      'same; x is as it should be',
    ],
    [
      'one that does not',
      { enabled: true },
      { things: { ...running, 'boot-start x': { state: 'off' } } },
      'differs; boot-start {"state":"off"} → {"state":"on"}',
    ],
  ])('%s', async (_, args, scene, said) =>
    expect(tell(await answerOf(service, { name: 'x', ...args }, scene))).toBe(said),
  )

  it('is a problem where there is no such service', async () => {
    const things = { 'service-state x': { state: 'absent' }, 'service-state x.service': { state: 'absent' } }
    expect(await problemOf(answerOf(service, { name: 'x', state: 'started' }, { things }))).toMatchObject({
      code: 'service-unknown',
    })
  })
})

it.each([
  ['running', 0, 'running'],
  ['\u001b[1mrunning\u001b[m', 0, 'running'],
  ['Checking for x: unused', 3, 'stopped'],
  ['x dead', 0, 'stopped'],
  ['x is not running', 3, 'stopped'],
  ['', 44, 'absent'],
])('`%s`, ended with %i, means %s', (stdout, exitCode, state) =>
  expect(parse(serviceState('x'), stdout, { exitCode })).toEqual({ state }),
)

describe('what it carries out', () => {
  const up = [
    [/^if \[ -x/, 'running'],
    [/./, ''],
  ] as const
  const change = (kind: string, before: string, after: string) => ({
    kind,
    key: 'x',
    before: { state: before },
    after: { state: after },
  })
  it.each<[string, object, readonly ReturnType<typeof change>[], string]>([
    ['a start', { state: 'started' }, [change('service-state', 'stopped', 'running')], 'start'],
    ['a reload', { state: 'reloaded' }, [], 'reload'],
    ['a reload of one that is down', { state: 'reloaded' }, [change('service-state', 'stopped', 'running')], 'start'],
    ['a restart', { state: 'restarted' }, [], 'restart'],
  ])('%s', async (_, args, changes, action) => {
    const { host } = await apply(service, { name: 'x', ...args }, up, { changes })
    expect(host.commands.find(line => line.includes('mktemp'))).toContain(`/etc/init.d/x ${action} <`)
  })

  describe.each(shells)('by $shell', ({ words, isHere }) => {
    it.skipIf(!isHere).each([
      ['nothing of what it said where it ended well', 'echo up; echo so >&2', 0, ''],
      ['all that it said where it did not', 'echo down; echo so >&2; exit 3', 3, 'down\nso\n'],
    ])('hands on %s, and leaves no file', async (_, script, exitCode, stdout) => {
      const node = sandboxHost(words)
      try {
        await node.prepare('mkdir tmp')
        node.install('systemctl', script)
        const told: unknown[] = []
        const run: HostShell['run'] = async (asked, options) => {
          const result = await node.run(`TMPDIR=${node.path('tmp')}\n${asked}`, options)
          told.push({ ...result, files: (await node.run('ls tmp')).stdout })
          return result
        }
        const meant = { service: 'x.service', words: [] }
        await bringService(hostDollar({ ...node, run }), meant, 'start').catch(() => {})
        expect(told).toEqual([{ exitCode, stdout, stderr: '', files: '' }])
      } finally {
        node.close()
      }
    })

    it.skipIf(!isHere)('writes through no link that somebody has put in its way', async () => {
      const node = sandboxHost(words)
      try {
        await node.prepare('mkdir tmp; echo theirs >other')
        node.install('systemctl', 'echo said; exit 3')
        const run: HostShell['run'] = (asked, options) =>
          node.run(`TMPDIR=${node.path('tmp')}; ln -s ${node.path('other')} $TMPDIR/run-said.$$\n${asked}`, options)
        const meant = { service: 'x.service', words: [] }
        const problem = problemOf(bringService(hostDollar({ ...node, run }), meant, 'start'))
        expect(await problem).toMatchObject({ seen: 'exit status 3\nsaid' })
        expect((await node.run('cat other')).stdout).toBe('theirs\n')
      } finally {
        node.close()
      }
    })
  })

  it('says what the script said where it did not end well', async () => {
    const host = [
      [/status; else/, ''],
      [/mktemp/, { stdout: 'no licence\n', exitCode: 1 }],
    ] as const
    const changes = [change('service-state', 'stopped', 'running')]
    expect(await problemOf(apply(service, { name: 'x', state: 'started' }, host, { changes }))).toMatchObject({
      code: 'service-failed',
      seen: 'exit status 1\nno licence',
    })
  })
})
