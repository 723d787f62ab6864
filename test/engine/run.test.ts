// One step on one host: look, do, look again; and what is written down before what.
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { Problem } from '../../src/model/problem.ts'
import { change, differs, due, same } from '../../src/task/answers.ts'
import { type Task, task } from '../../src/task/task.ts'
import pause from '../../tasks/pause.ts'
import waitForIt from '../../tasks/wait_for.ts'
import { carry, dryRun } from '../kit/carry.ts'
import { connectionLost, memoryCluster } from '../kit/memory-cluster.ts'
import { outline, play, step } from '../kit/outlines.ts'
import { act, keep, thing } from '../kit/things.ts'

const one = ['node1']

describe('a step', () => {
  const lamp = outline(one, play(one, [step('Lamp', keep, { args: { key: 'lamp', value: 'on' } })]))

  it('that is due is done, looked at again, and then nothing is left to do', async () => {
    const cluster = memoryCluster(one)
    const first = await carry(lamp, cluster)
    expect(first.log).toEqual([
      'event run-started',
      'event host-connected node1',
      'event cluster-locked',
      'event play-started',
      // It is looked at while it is on its way to its turn.
      'node1: see lamp',
      'event step-started lamp@node1',
      'event step-checked lamp@node1',
      'event step-intended lamp@node1',
      'node1: set lamp on',
      'event command lamp@node1',
      'node1: see lamp',
      'event step-checked lamp@node1',
      'event step-ended lamp@node1',
      'event run-ended',
    ])
    expect(first.exitCode).toBe(0)
    const second = await carry(lamp, cluster)
    expect(second).toMatchObject({ exitCode: 0, outcomes: { 'lamp@node1': 'same' }, deeds: [] })
  })

  it('does not wait for sums of large files, and its run ends when all are told', async () => {
    const cluster = memoryCluster(one)
    let sum = (_sha256: string) => {}
    const late = new Promise<string>(resolve => {
      sum = resolve
    })
    const { log, of } = await carry(lamp, cluster, {
      inputsLater: [
        { file: 'files/large', take: async () => ({ file: 'files/large', sha256: await late }) },
        { file: 'files/gone', take: async () => ({ file: 'files/gone', sha256: '' }) },
      ],
      onEvent: ({ type }) => type === 'step-ended' && sum('ab'),
    })
    expect(of('run-started')).toMatchObject([{ inputsLater: ['files/large', 'files/gone'] }])
    // One after the other: the second is not begun before the first is told.
    expect(of('input-summed')).toMatchObject([
      { file: 'files/large', sha256: 'ab' },
      { file: 'files/gone', sha256: '' },
    ])
    expect(log.indexOf('event step-ended lamp@node1')).toBeLessThan(log.indexOf('event input-summed'))
    expect(log.at(-1)).toBe('event run-ended')
  })

  it('that is stopped does not wait for them either, and tells none behind its end', async () => {
    let sum = (_sha256: string) => {}
    const late = new Promise<string>(resolve => {
      sum = resolve
    })
    const { log, exitCode } = await carry(lamp, memoryCluster(one), {
      inputsLater: [{ file: 'files/large', take: async () => ({ file: 'files/large', sha256: await late }) }],
      isStopping: () => true,
    })
    expect([exitCode, log.at(-1)]).toEqual([130, 'event run-ended'])
    sum('ab')
    await late
    await new Promise(setImmediate)
    expect(log.at(-1)).toBe('event run-ended')
  })

  it('makes the changes that it told', async () => {
    const { ended } = await carry(lamp, memoryCluster(one))
    expect(ended('lamp@node1')).toMatchObject({
      outcome: 'changed',
      evidence: 'exact',
      changes: [{ kind: 'thing', key: 'lamp', before: '', after: 'on' }],
    })
  })

  it('that is still not as wanted after it was done has failed', async () => {
    const cluster = memoryCluster(one)
    cluster.node('node1').meddle = script => (script.startsWith('set') ? { stdout: 'said, not done' } : undefined)
    const run = await carry(lamp, cluster)
    expect(run).toMatchObject({ exitCode: 1, outcomes: { 'lamp@node1': 'failed' } })
    expect(run.problem('lamp@node1')).toEqual({
      code: 'not-settled',
      summary: 'Lamp was carried out on node1, but it is still not as it should be',
      host: 'node1',
      step: 'test/lamp@node1',
      seen: 'thing lamp ""',
      span: expect.anything(),
      wanted: 'a second look that says that all is as wanted',
      help: 'where a program was carried out, `run report` has what it said; else run it again with -v, to see each command and its answer',
    })
  })

  it('whose condition says no is skipped, with the condition as it was written', async () => {
    const skipped = step('Lamp', keep, { args: { key: 'lamp', value: 'on' }, when: ['is_night', () => false] })
    const { ended, deeds } = await carry(outline(one, play(one, [skipped])), memoryCluster(one))
    expect(ended('lamp@node1')).toMatchObject({ outcome: 'skipped', because: 'is_night' })
    expect(deeds).toEqual([])
  })

  it('that breaks by our own fault is told as a bug, with its stack', async () => {
    const broken = { ...keep, check: () => Promise.reject(new TypeError('a mistake of ours')) }
    const { problem, exitCode } = await carry(
      outline(one, play(one, [step('Lamp', broken, { args: { key: 'lamp', value: 'on' } })])),
      memoryCluster(one),
    )
    expect(exitCode).toBe(1)
    expect(problem('lamp@node1')).toMatchObject({ code: 'bug', summary: 'a mistake of ours' })
    expect(problem('lamp@node1').excerpt).toContain('run.test.ts')
  })
})

describe('what is intended', () => {
  it('is written down before the first command of apply, for every step that is carried out', async () => {
    const cluster = memoryCluster(['node1', 'node2'])
    const nodes = [
      step('First', keep, { args: { key: 'a', value: '1' } }),
      step('Act', act, { args: { set: 'b' } }),
      step('Last', keep, { args: { key: 'c', value: '3' } }),
    ]
    const { log, deeds } = await carry(outline(cluster.order, play(['node1', 'node2'], nodes)), cluster)
    expect(deeds).toHaveLength(6)
    for (const [index, line] of log.entries()) {
      const [, host, key] = /^(node\d): set (\w)/.exec(line) ?? []
      if (!host) continue
      const name = { a: 'first', b: 'act', c: 'last' }[key ?? '']
      expect(log.slice(0, index)).toContain(`event step-intended ${name}@${host}`)
    }
  })

  it('is waited for until it is on disk; where it cannot be kept, nothing is done', async () => {
    const cluster = memoryCluster(one)
    const steps = [step('Keep', keep, { args: { key: 'a', value: '1' } }), step('Act', act, { args: { set: 'b' } })]
    const done: (readonly string[])[] = []
    const onDisk = async () => {
      await new Promise(resolve => setTimeout(resolve, 5))
      done.push(cluster.commands.filter(line => line.includes(': set ')))
    }
    await carry(outline(one, play(one, steps)), cluster, { onDisk })
    expect(done).toEqual([[], ['node1: set a 1']])
    const full = new Problem({ code: 'journal-full', summary: 'no room' })
    const { deeds, outcomes } = await carry(outline(one, play(one, steps)), memoryCluster(one), {
      onDisk: () => Promise.reject(full),
    })
    expect([deeds, outcomes]).toEqual([[], { 'keep@node1': 'failed' }])
  })
})

describe('a lost connection', () => {
  const two = outline(
    one,
    play(one, [
      step('A', keep, { args: { key: 'a', value: '1' } }),
      step('B', keep, { args: { key: 'b', value: '2' } }),
    ]),
  )
  const losing = () => {
    const cluster = memoryCluster(one)
    cluster.node('node1').meddle = script => {
      if (script.startsWith('set a')) throw connectionLost('node1')
      return undefined
    }
    return cluster
  }

  it('in mid-act leaves an unknown outcome, exit status 7, and nothing more is begun there', async () => {
    const run = await carry(two, losing())
    expect(run).toMatchObject({ exitCode: 7, outcomes: { 'a@node1': 'unknown' } })
    expect(run.of('run-ended')[0]?.counts).toMatchObject({ unknown: 1, 'not-reached': 1 })
    expect(run.of('command')).toMatchObject([{ script: 'set a 1', exitCode: -1 }])
  })

  it('is no failure that could be ignored', async () => {
    const ignoring = outline(
      one,
      play(one, [
        step('A', keep, { args: { key: 'a', value: '1' }, ignoreErrors: true }),
        step('B', keep, { args: { key: 'b', value: '2' } }),
      ]),
    )
    const run = await carry(ignoring, losing())
    expect(run).toMatchObject({ exitCode: 7, outcomes: { 'a@node1': 'unknown' } })
    expect(run.deeds).toEqual(['node1: set a 1'])
  })

  it('is settled by the next run, which looks again', async () => {
    const cluster = losing()
    await carry(two, cluster)
    cluster.node('node1').meddle = undefined
    cluster.node('node1').things.set('a', '1')
    expect(await carry(two, cluster)).toMatchObject({
      exitCode: 0,
      outcomes: { 'a@node1': 'same', 'b@node1': 'changed' },
    })
  })
})

describe('a node that cannot be reached', () => {
  const steps = [step('A', keep, { args: { key: 'a', value: '1' } })]

  it('is told before anything is begun; in a linear play the others go on', async () => {
    const cluster = memoryCluster(['node1', 'node2'])
    cluster.node('node1').isUp = false
    const run = await carry(outline(cluster.order, play(cluster.order, steps)), cluster)
    expect(run).toMatchObject({ exitCode: 6, outcomes: { 'a@node2': 'changed' } })
    expect(run.of('host-unreachable')).toMatchObject([{ host: 'node1', problem: { code: 'host-unreachable' } }])
    expect(run.of('run-ended')[0]?.counts).toMatchObject({ changed: 1, 'not-reached': 1 })
  })

  it('stops a play that follows the failover list', async () => {
    const cluster = memoryCluster(['node1', 'node2'])
    cluster.node('node2').isUp = false
    const run = await carry(outline(cluster.order, play(cluster.order, steps, { strategy: 'failover' })), cluster)
    expect(run).toMatchObject({ exitCode: 6, deeds: [] })
  })

  it('does not matter where it has nothing to do and nothing is held', async () => {
    const cluster = memoryCluster(['node1', 'node2'])
    cluster.node('node2').isUp = false
    expect(await carry(outline(cluster.order, play(['node1'], steps)), cluster)).toMatchObject({ exitCode: 0 })
  })
})

describe('a failure', () => {
  const failing = (options: object = {}) => {
    const cluster = memoryCluster(['node1', 'node2'])
    cluster.node('node1').meddle = script => (script.startsWith('set a') ? { exitCode: 3, stderr: 'full' } : undefined)
    const steps = [
      step('A', keep, { args: { key: 'a', value: '1' }, ...options }),
      step('B', keep, { args: { key: 'b', value: '2' } }),
    ]
    return { cluster, outline: outline(cluster.order, play(cluster.order, steps)) }
  }

  it('ends the work on its host, and on no other', async () => {
    const { cluster, outline } = failing()
    const run = await carry(outline, cluster)
    expect(run).toMatchObject({
      exitCode: 1,
      outcomes: { 'a@node1': 'failed', 'a@node2': 'changed', 'b@node2': 'changed' },
    })
    expect(run.outcomes).not.toHaveProperty('b@node1')
    expect(run.problem('a@node1')).toMatchObject({ code: 'command-failed', seen: 'full', step: 'test/a@node1' })
  })

  it('is let pass by ignore_errors, and told as ignored', async () => {
    const { cluster, outline } = failing({ ignoreErrors: true })
    const run = await carry(outline, cluster)
    expect(run).toMatchObject({ exitCode: 0, outcomes: { 'a@node1': 'failed', 'b@node1': 'changed' } })
    expect(run.ended('a@node1')).toMatchObject({ ignored: true, problem: { code: 'command-failed' } })
  })
})

describe('results', () => {
  const saying = task({
    name: 'say',
    summary: 'Hand on a result',
    args: z.object({ word: z.string() }),
    async check({ world, args: { word } }) {
      const seen = await world.look(thing('said'))
      return seen === word ? same('said', { word }) : differs(change(thing('said'), seen, word))
    },
    async apply({ $, args: { word } }) {
      await $`set said ${word}`
      return { word }
    },
  })

  it('are there for later steps on the same host, with how the step ended', async () => {
    const cluster = memoryCluster(one)
    const heard: unknown[] = []
    const steps = [
      step('Say', saying, { args: { word: 'hello' }, register: 'said' }),
      step('Hear', keep, {
        argsFor: (_, registered) => {
          heard.push(registered.said)
          return { key: 'heard', value: 'hello' }
        },
      }),
    ]
    await carry(outline(one, play(one, steps)), cluster)
    expect(heard.at(-1)).toEqual({ word: 'hello', changed: true, failed: false })
  })

  it('of a step that runs once are there on every host', async () => {
    const cluster = memoryCluster(['node1', 'node2'])
    const steps = [
      step('Say', saying, { args: { word: 'hello' }, register: 'said', runOnce: true }),
      step('Hear', keep, {
        argsFor: (_, registered) => ({ key: 'heard', value: JSON.stringify(registered.said ?? null) }),
      }),
    ]
    await carry(outline(cluster.order, play(cluster.order, steps)), cluster)
    for (const host of cluster.order) expect(cluster.node(host).things.get('heard')).toContain('"word":"hello"')
  })

  it.each(['linear', 'failover'] as const)(
    'run_once means one host of the play, also when it is %s',
    async strategy => {
      const cluster = memoryCluster(['node1', 'node2'])
      const steps = [step('Once', keep, { args: { key: 'a', value: '1' }, runOnce: true })]
      const run = await carry(outline(cluster.order, play(cluster.order, steps, { strategy })), cluster)
      expect(run).toMatchObject({ deeds: ['node1: set a 1'], exitCode: 0 })
      // Nobody waits for it on the others.
      expect(run.of('run-ended')[0]?.counts).toMatchObject({ changed: 1, 'not-reached': 0 })
    },
  )
})

describe('an interrupt', () => {
  const deaf = task({
    name: 'deaf',
    summary: 'Wait for ever',
    args: z.object({}),
    onlyWaits: true,
    check: async () => due('waits'),
    apply: () => new Promise<void>(() => {}),
  })

  it('lets the step at hand finish and begins no other', async () => {
    const cluster = memoryCluster(one)
    let isStopping = false
    const steps = ['a', 'b'].map(key => step(key, keep, { args: { key, value: '1' } }))
    const run = await carry(outline(one, play(one, steps)), cluster, {
      isStopping: () => isStopping,
      onEvent: event => {
        if (event.type === 'step-intended') isStopping = true
      },
    })
    expect(run).toMatchObject({ exitCode: 130, outcomes: { 'a@node1': 'changed' }, deeds: ['node1: set a 1'] })
    expect(run.of('run-ended')[0]?.counts['not-reached']).toBe(1)
  })

  it('begins nothing that was only looked at when it came', async () => {
    let isStopping = false
    const steps = ['a', 'b'].map(key => step(key, keep, { args: { key, value: '1' } }))
    const run = await carry(outline(one, play(one, steps)), memoryCluster(one), {
      isStopping: () => isStopping,
      onEvent: event => {
        if (event.type === 'step-checked') isStopping = true
      },
    })
    expect(run).toMatchObject({ exitCode: 130, outcomes: { 'a@node1': 'not-reached' }, deeds: [] })
    expect(run.of('step-intended')).toEqual([])
  })

  it.each<[string, Task, object]>([
    ['a time', pause, { seconds: 3600 }],
    ['a person', pause, {}],
    ['a node', waitForIt, { path: '/never', delay: 3600 }],
    ['something that hears nothing', deaf, {}],
  ])('ends a wait for %s, and the step is not done', async (_, waits, args) => {
    let isStopping = false
    const wasTakenBack = vi.fn()
    const steps = [step('Wait', waits, { args }), step('Then', keep, { args: { key: 'a', value: '1' } })]
    const run = await carry(outline(one, play(one, steps)), memoryCluster(one), {
      isStopping: () => isStopping,
      person: {
        ask: ({ until }) => new Promise(() => until?.addEventListener('abort', wasTakenBack)),
      },
      onEvent: event => {
        if (event.type === 'step-intended') isStopping = true
      },
    })
    expect(run).toMatchObject({ exitCode: 130, outcomes: { 'wait@node1': 'not-reached' }, deeds: [] })
    expect(run.of('run-ended')[0]?.counts).toMatchObject({ failed: 0, 'not-reached': 2 })
    expect(wasTakenBack).toHaveBeenCalledTimes(waits === pause && !('seconds' in args) ? 1 : 0)
  })
})

describe('handlers', () => {
  const handled = (): Parameters<typeof play>[2] => ({
    handlers: [step('Second', keep, { args: { key: 'h2', value: '1' } }), step('First', act, { args: { set: 'h1' } })],
  })
  const lamp = (value: string) => step('Lamp', keep, { args: { key: 'lamp', value }, notify: ['First', 'Second'] })

  it('run once at the end, in the order in which they are written, and only where something changed', async () => {
    const cluster = memoryCluster(['node1', 'node2'])
    cluster.node('node2').things.set('lamp', 'on')
    const steps = [lamp('on'), step('Later', keep, { args: { key: 'later', value: '1' } })]
    const run = await carry(outline(cluster.order, play(cluster.order, steps, handled())), cluster)
    expect(run.deeds.filter(deed => deed.startsWith('node1'))).toEqual([
      'node1: set lamp on',
      'node1: set later 1',
      'node1: set h2 1',
      'node1: set h1 done',
    ])
    expect(run.deeds.filter(deed => deed.startsWith('node2'))).toEqual(['node2: set later 1'])
    expect(run.of('handler-notified').map(({ handler, host, by }) => [handler, host, by])).toEqual([
      ['First', 'node1', 'test/lamp'],
      ['Second', 'node1', 'test/lamp'],
    ])
    expect(run.of('run-ended')[0]?.counts['not-reached']).toBe(0)
  })

  it('that are acts are due each time they are notified, whatever a receipt says', async () => {
    const cluster = memoryCluster(one)
    await carry(outline(one, play(one, [lamp('on')], handled())), cluster)
    const again = outline(one, play(one, [lamp('off')], handled()))
    const foretold = await dryRun(again, cluster)
    expect(foretold.outcomes).toMatchObject({ 'first@node1': 'would-change' })
    expect((await carry(again, cluster)).deeds).toContain('node1: set h1 done')
  })

  it('do not run after a failure', async () => {
    const cluster = memoryCluster(one)
    cluster.node('node1').meddle = script => (script === 'set later 1' ? { exitCode: 1 } : undefined)
    const steps = [lamp('on'), step('Later', keep, { args: { key: 'later', value: '1' } })]
    const run = await carry(outline(one, play(one, steps, handled())), cluster)
    expect(run.deeds).toEqual(['node1: set lamp on', 'node1: set later 1'])
  })
})
