// Loops, retries, and blocks with rescue and always, as they are written, carried out on a cluster in memory.
import { describe, expect, it } from 'vitest'
import { resumedFrom } from '../../src/engine/resumed.ts'
import type { EventBody } from '../../src/model/events.ts'
import { planBody } from '../../src/plan/plan-body.ts'
import { carry, dryRun } from '../kit/carry.ts'
import { faults, lay, outlined } from '../kit/language.ts'
import { connectionLost, type MemoryCluster, memoryCluster } from '../kit/memory-cluster.ts'
import { foundBy } from '../kit/plans.ts'

const play = (tasks: string, more = ''): string =>
  `- hosts: node1\n${more}  tasks:\n${tasks
    .trim()
    .split('\n')
    .map(line => `    ${line}\n`)
    .join('')}`

const one = () => memoryCluster(['node1'])

/** Answers `set KEY` with a failure, the first times. */
const breaking = (cluster: MemoryCluster, key: string, times = Number.POSITIVE_INFINITY): MemoryCluster => {
  let left = times
  cluster.node('node1').meddle = script => {
    if (!script.startsWith(`set ${key} `) || left <= 0) return undefined
    left -= 1
    return { exitCode: 1, stderr: 'no room' }
  }
  return cluster
}

describe('what rests on a result, and could do without it', () => {
  const withStep = (keep: string, more = '') =>
    play(`- { name: See, see: { key: a }, register: seen }\n- { name: Keep, ${keep} }`, more)
  const oneWith = (a: string) => {
    const cluster = one()
    cluster.node('node1').things.set('a', a)
    return cluster
  }

  it.each([
    ['behind `default`', `keep: { key: b, value: "{{ seen.holds | default('none') }}" }`, ''],
    [
      'through a variable',
      'keep: { key: b, value: "{{ told }}" }',
      '  vars: { told: "{{ seen.holds | default(5) }}" }\n',
    ],
    [
      'where a variable has the name too',
      'keep: { key: b, value: "{{ seen.holds }}" }',
      '  vars: { seen: { holds: old } }\n',
    ],
    ['by a condition', 'keep: { key: b, value: x }, when: "seen is defined and seen.holds == \'x\'"', ''],
  ])('%s is decided when the result is there', async (_, keep, more) => {
    const cluster = oneWith('x')
    const { outcomes } = await carry(outlined(withStep(keep, more)), cluster)
    expect(outcomes).toMatchObject({ 'keep@node1': 'changed' })
    expect(cluster.node('node1').things.get('b')).toBe('x')
  })

  const doing = withStep(`keep: { key: b, value: "{{ seen.holds | default('none') }}" }`)
  const alone = { inputs: { selection: { only: ['keep'] } } }

  it('gets it by a look where the step that gives it is left out', async () => {
    const cluster = oneWith('y')
    await carry(outlined(doing, alone), cluster)
    expect(cluster.node('node1').things.get('b')).toBe('y')
  })

  it('is not done without where a look gives no result', async () => {
    const { problem, deeds } = await carry(outlined(doing, alone), oneWith('broken'))
    expect(deeds).toEqual([])
    expect(problem('keep@node1')).toMatchObject({ code: 'broken' })
  })

  it('does without what this run did not come to', async () => {
    const text = play(`
- block:
    - { name: No, say: { fail: true } }
    - { name: Made, keep: { key: a, value: x }, register: made }
  rescue:
    - { name: Told, keep: { key: b, value: "{{ made.changed | default('absent') }}" } }
`)
    const cluster = one()
    const { exitCode } = await carry(outlined(text), cluster)
    expect(exitCode).toBe(0)
    expect(cluster.node('node1').things.get('b')).toBe('absent')
  })

  it('is refused by a loop and by a hold, at its place, before anything connects', () => {
    const text = play(`
- { name: See, see: { key: a }, register: seen }
- { name: Each, keep: { key: "{{ item }}", value: x }, loop: "{{ seen.lines | default([]) }}" }
- hold: { shelf: { name: "{{ seen.holds | default('top') }}" } }
  block: [{ name: Keep, keep: { key: b, value: x } }]
`)
    expect(lay(text).problems.map(({ code, fields }) => [code, fields.span?.line])).toEqual([
      ['loop-not-static', 4],
      ['hold-not-static', 5],
    ])
  })
})

describe('a loop', () => {
  const dirs = play(`
- name: Dirs
  keep: { key: "{{ item.key }}", value: "{{ index | string }}" }
  loop: [{ key: a }, { key: b }, { key: c }]
  loop_control: { index_var: index, label: "{{ item.key }}" }
  when: item.key != 'b'
  register: made
- name: Sum
  keep: { key: sum, value: "{{ made.results | map(attribute='item.key') | join('-') }}-{{ made.failed }}-{{ made.results[1].skipped }}" }
`)

  it('has a step with an address of its own for each item', async () => {
    const cluster = one()
    const run = await carry(outlined(dirs), cluster)
    expect(run.outcomes).toEqual({
      'dirs[0]@node1': 'changed',
      'dirs[1]@node1': 'skipped',
      'dirs[2]@node1': 'changed',
      'sum@node1': 'changed',
    })
    expect(cluster.node('node1').things.get('sum')).toBe('a-b-c-False-True')
    expect(run.of('run-started')[0]?.steps.map(({ name }) => name)).toEqual(['Dirs (a)', 'Dirs (b)', 'Dirs (c)', 'Sum'])
  })

  it('changes nothing the second time, and its dry run says so', async () => {
    const cluster = one()
    await carry(outlined(dirs), cluster)
    expect((await dryRun(outlined(dirs), cluster)).of('run-ended')[0]?.counts).toMatchObject({ 'would-change': 0 })
  })

  it.each([
    [['dirs'], ['dirs[0]', 'dirs[1]', 'dirs[2]']],
    [['dirs[2]'], ['dirs[2]']],
    [
      ['site/dirs[0]@node1', 'sum'],
      ['dirs[0]', 'sum'],
    ],
  ])('is chosen as a whole or by item: --only %s', async (only, steps) => {
    const chosen = outlined(dirs, { inputs: { selection: { only } } })
    expect((await dryRun(chosen, one())).of('run-started')[0]?.steps.map(({ step }) => step)).toEqual(
      steps.map(step => `site/${step}`),
    )
  })

  it('can be begun and ended within', async () => {
    const chosen = outlined(dirs, { inputs: { selection: { from: 'dirs[1]', to: 'dirs' } } })
    const { events } = await dryRun(chosen, one())
    expect(events[0]).toMatchObject({ steps: [{ step: 'site/dirs[1]' }, { step: 'site/dirs[2]' }] })
  })

  it('gives a step that is chosen alone the results of all its items, by looking', async () => {
    const cluster = one()
    await carry(outlined(dirs), cluster)
    cluster.node('node1').things.delete('sum')
    const chosen = outlined(dirs, { inputs: { selection: { only: ['sum'] } } })
    expect((await carry(chosen, cluster)).outcomes).toEqual({ 'sum@node1': 'changed' })
    expect(cluster.node('node1').things.get('sum')).toBe('a-b-c-False-True')
  })

  it('goes through what each host has, in its own order', async () => {
    const text = '- hosts: all\n  tasks: [{ name: Own, keep: { key: "{{ item }}", value: x }, loop: "{{ own }}" }]\n'
    const inventory = `
all:
  hosts:
    node1: { own: [a, b] }
    node2: { own: [b] }
    node3: { own: [] }
`
    const { outcomes, deeds, of } = await carry(outlined(text, { inventory }), memoryCluster())
    expect(of('run-started')[0]?.steps.map(({ step, host, item }) => [step, host, item?.at, item?.of])).toEqual([
      ['site/own[0]', 'node1', 1, 2],
      ['site/own[0]', 'node2', 1, 1],
      ['site/own[1]', 'node1', 2, 2],
    ])
    expect(outcomes).toEqual({ 'own[0]@node1': 'changed', 'own[0]@node2': 'changed', 'own[1]@node1': 'changed' })
    expect([...deeds].sort()).toEqual(['node1: set a x', 'node1: set b x', 'node2: set b x'])
  })

  it.each([
    ['on one of them', '[a, b]', { 'own[0]@node1': 'changed', 'own[1]@node1': 'changed' }, '2'],
    ['on all of them', '[]', { 'own@node1': 'skipped', 'own@node2': 'skipped' }, '0'],
  ])('that goes through nothing %s gives no results there', async (_where, own, ends, results) => {
    const text = `
- hosts: all
  tasks:
    - { name: Own, keep: { key: "{{ item }}", value: x }, loop: "{{ own }}", register: made }
    - { name: Sum, keep: { key: sum, value: "{{ made.results | length | string }}" } }
`
    const inventory = `all: { hosts: { node1: { own: ${own} }, node2: { own: [] } } }\n`
    const cluster = memoryCluster(['node1', 'node2'])
    const { outcomes } = await carry(outlined(text, { inventory }), cluster)
    expect(outcomes).toEqual({ ...ends, 'sum@node1': 'changed', 'sum@node2': 'changed' })
    expect(['node1', 'node2'].map(node => cluster.node(node).things.get('sum'))).toEqual([results, '0'])
  })

  it('stands around blocks, and within one another', async () => {
    const text = play(`
- block:
    - { name: Own, keep: { key: "{{ outer }}{{ item }}", value: x }, loop: [1, 2] }
    - { name: After, keep: { key: "{{ outer }}", value: x } }
  loop: [a, b]
  loop_control: { loop_var: outer }
`)
    expect((await carry(outlined(text), one())).deeds).toEqual(
      ['a1', 'a2', 'a', 'b1', 'b2', 'b'].map(key => `node1: set ${key} x`),
    )
  })

  it('is told what it cannot go through, at its place, before anything connects', () => {
    const text = play(`
- { name: See, see: { key: a }, register: seen }
- { name: Late, keep: { key: "{{ item }}", value: x }, loop: "{{ seen.lines }}" }
- { name: Map, keep: { key: "{{ item }}", value: x }, loop: "{{ {'a': 1} }}" }
- { name: Typo, keep: { key: "{{ itm }}", value: x }, loop: [1] }
- { name: Pause, keep: { key: a, value: x }, loop: [1], loop_control: { pause: 3 } }
`)
    expect(faults(text)).toMatchInlineSnapshot(`
      "error[loop-not-static] What this loop goes through is known only when another step has given \`seen\`
        site.yml:4:70
          4 |     - { name: Late, keep: { key: "{{ item }}", value: x }, loop: "{{ seen.lines }}" }
            |                                                                      ^^^^
        wanted  items that are known before anything connects: each is a step, which a plan shows and a flag can name
        help    put both steps into a block with a \`loop:\` over what the first one goes through, or ask with \`when:\` for each item

      error[loop-no-list] A loop goes through a list
        site.yml:5:59
          5 |     - { name: Map, keep: { key: "{{ item }}", value: x }, loop: "{{ {'a': 1} }}" }
            |                                                           ^^^^
        seen    a mapping with a
        wanted  a list of at most 5000
        help    write \`… | dict2items\` for a mapping, \`… | list\` for a range

      error[variable-undefined] The variable \`itm\` is not defined
        site.yml:6:38
          6 |     - { name: Typo, keep: { key: "{{ itm }}", value: x }, loop: [1] }
            |                                      ^^^
        help    did you mean \`item\`?

      error[key-unsupported] \`pause\` is not supported
        site.yml:7:77
          7 |     - { name: Pause, keep: { key: a, value: x }, loop: [1], loop_control: { pause: 3 } }
            |                                                                             ^^^^^
        help    write a block with the \`loop:\`, and a step in it that waits

      4 problems"
    `)
  })
})

describe('until', () => {
  const wait = (more = '') =>
    play(`
- name: Wait
  see: { key: a }
  register: seen
  until: seen.holds == 'ready'
  retries: 3
  delay: 0
${more}`)

  it('looks again until it holds', async () => {
    const cluster = one()
    let looks = 0
    cluster.node('node1').meddle = script => {
      if (script !== 'see a') return undefined
      looks += 1
      return { stdout: looks === 3 ? 'ready' : 'wait' }
    }
    const run = await carry(outlined(wait()), cluster)
    expect(run.outcomes).toEqual({ 'wait@node1': 'same' })
    expect(run.of('step-progressed').map(({ text }) => text)).toEqual([
      "try 2 of 4: seen.holds == 'ready' does not hold yet",
      "try 3 of 4: seen.holds == 'ready' does not hold yet",
    ])
    expect(run.of('step-progressed')).toMatchObject([
      { count: { at: 2, of: 4 }, outlook: [{ type: 'gives-up' }] },
      { count: { at: 3, of: 4 }, outlook: [{ type: 'gives-up' }] },
    ])
  })

  it('is not tried again once the run is to stop', async () => {
    let isStopping = false
    const run = await carry(outlined(wait()), one(), {
      isStopping: () => isStopping,
      onEvent: ({ type }) => {
        isStopping ||= type === 'step-progressed'
      },
    })
    expect(run.outcomes).toEqual({ 'wait@node1': 'failed' })
    expect(run.of('step-checked')).toHaveLength(1)
  })

  it.each([
    ['a step', wait()],
    [
      'a block',
      play(`
- name: Waiting
  block: [{ name: Wait, see: { key: a }, register: seen }]
  until: seen.holds == 'ready'
  retries: 3
  delay: 0
`),
    ],
  ])(
    '%s that was waited for has the steps after it look anew: what was waited for may have done their work',
    async (_, waiting) => {
      const cluster = one()
      let looks = 0
      cluster.node('node1').meddle = script => {
        if (script !== 'see a') return undefined
        looks += 1
        if (looks === 3) cluster.node('node1').things.set('b', 'x')
        return { stdout: looks === 3 ? 'ready' : 'wait' }
      }
      const after = '    - { name: After, keep: { key: b, value: x } }\n'
      const run = await carry(outlined(`${waiting}${after}`), cluster)
      expect(run.outcomes).toMatchObject({ 'after@node1': 'same' })
      expect(run.deeds).toEqual([])
    },
  )

  it('goes on after a failure that gives nothing of what it asks for', async () => {
    const text = play(`- { name: Act, act: { set: a }, register: done, until: done.set == "a", retries: 3, delay: 0 }`)
    const run = await carry(outlined(text), breaking(one(), 'a', 1))
    expect(run.outcomes).toEqual({ 'act@node1': 'changed' })
  })

  it('fails when it never holds, with what was seen last', async () => {
    const run = await carry(outlined(wait()), one())
    expect(run.problem('wait@node1')).toMatchObject({
      code: 'until-not-met',
      seen: '{"holds":"","rc":0}',
      wanted: "seen.holds == 'ready'",
    })
  })

  it('is not waited for in a dry run: whether it will hold is unknown', async () => {
    const run = await dryRun(outlined(wait()), one())
    expect(run.ended('wait@node1')).toMatchObject({
      outcome: 'unknown',
      because: "until: seen.holds == 'ready' does not hold now; a run tries it up to 4 times",
    })
  })

  it('does an act again whose end was not what was waited for, whatever its receipt says', async () => {
    const text = play(`
- { name: Act, act: { set: a }, register: done, until: done.attempts == 3, retries: 5, delay: 0 }
`)
    expect((await carry(outlined(text), one())).deeds).toEqual(Array(3).fill('node1: set a done'))
  })

  it('tries a step again that failed', async () => {
    const text = play('- { name: Keep, keep: { key: a, value: x }, register: kept, until: not kept.failed, delay: 0 }')
    const run = await carry(outlined(text), breaking(one(), 'a', 2))
    expect(run).toMatchObject({ exitCode: 0, outcomes: { 'keep@node1': 'changed' } })
  })

  it('carries a whole block out again', async () => {
    const text = play(`
- name: Both
  block:
    - { name: First, keep: { key: a, value: x } }
    - { name: Second, see: { key: b }, register: seen }
  until: seen.holds == 'ready'
  retries: 2
  delay: 0
`)
    const cluster = one()
    let passes = 0
    cluster.node('node1').meddle = script => (script === 'see b' ? { stdout: passes > 0 ? 'ready' : '' } : undefined)
    const onEvent = (event: EventBody) => {
      if (event.type === 'step-ended' && event.step === 'site/second') passes += 1
    }
    const run = await carry(outlined(text), cluster, { onEvent })
    expect(run.of('step-ended').map(({ step, outcome }) => `${step} ${outcome}`)).toEqual([
      'site/first changed',
      'site/second same',
      'site/first same',
      'site/second same',
    ])
    expect(run.of('run-ended')[0]).toMatchObject({ exitCode: 0, counts: { same: 2, changed: 0 } })
  })
})

describe('an act in a block that is carried out again', () => {
  const waited = play(`
- name: Both
  block:
    - { name: Act, act: { set: a } }
    - { name: Inner, block: [{ name: Deep, act: { set: c } }], always: [{ name: Last, say: { msg: over } }] }
    - { name: Look, see: { key: b }, register: seen }
  until: seen.holds == 'ready'
  retries: 4
  delay: 0
- { name: After, act: { set: d } }
`)
  /** What is looked at in each try. */
  const showing = (...states: readonly string[]) => {
    const cluster = one()
    let passes = 0
    cluster.node('node1').meddle = script => (script === 'see b' ? { stdout: states[passes] ?? 'ready' } : undefined)
    const onEvent = (event: EventBody) => {
      if (event.type === 'step-ended' && event.step === 'site/look') passes += 1
    }
    return { cluster, onEvent }
  }

  it('is done again, whether a step failed or until did not hold', async () => {
    const { cluster, onEvent } = showing('broken', '')
    const run = await carry(outlined(waited), cluster, { onEvent })
    expect(run).toMatchObject({ exitCode: 0 })
    const each = ['node1: set a done', 'node1: set c done']
    expect(run.deeds).toEqual([...each, ...each, ...each, 'node1: set d done'])
  })

  it('counts as done in the first try of the next run, where it was enough', async () => {
    const { cluster } = showing()
    expect((await carry(outlined(waited), cluster)).deeds.length).toBe(3)
    expect((await carry(outlined(waited), cluster)).deeds).toEqual([])
  })
})

describe('changed_when and failed_when', () => {
  it.each([
    ['changed_when: false', { outcome: 'same', because: expect.stringContaining('changed_when: false') }, []],
    ['changed_when: done.set == "a"', { outcome: 'changed' }, ['node1: set h x']],
    ['failed_when: done.set == "a"', { outcome: 'failed', problem: { code: 'failed-when' } }, []],
  ])('%s', async (key, end, more) => {
    const text = `${play(`- { name: Act, act: { set: a }, register: done, notify: H, ${key} }`)}  handlers: [{ name: H, keep: { key: h, value: x } }]\n`
    const run = await carry(outlined(text), one())
    expect(run.ended('act@node1')).toMatchObject(end)
    expect(run.deeds).toEqual(['node1: set a done', ...more])
  })

  it('an act that counts as failed leaves no receipt: it is due again', async () => {
    const cluster = one()
    const text = play('- { name: Act, act: { set: a }, register: done, failed_when: done.set == "a" }')
    await carry(outlined(text), cluster)
    expect(cluster.keptReceipts('node1')).toEqual([])
    expect((await carry(outlined(text), cluster)).deeds).toEqual(['node1: set a done'])
  })

  it.each([
    ['', 'True'],
    [', changed_when: false', 'False'],
  ])('what was done and counts as failed is changed all the same%s', async (key, changed) => {
    const text = play(`
- { name: Act, act: { set: a }, register: done, failed_when: done.set == "a", ignore_errors: true${key} }
- { name: After, keep: { key: b, value: "{{ done is failed }} {{ done is changed }}" } }
`)
    const { deeds } = await carry(outlined(text), one())
    expect(deeds).toEqual(['node1: set a done', `node1: set b 'True ${changed}'`])
  })

  it('a failure that counts as none lets the run go on, and is still seen', async () => {
    const cluster = one()
    cluster.node('node1').things.set('a', 'broken')
    const text = play(`
- { name: See, see: { key: a }, register: seen, failed_when: seen.rc > 3 }
- { name: After, keep: { key: b, value: "{{ seen.holds }}" } }
`)
    const run = await carry(outlined(text), cluster)
    expect(run).toMatchObject({ exitCode: 0, deeds: ['node1: set b broken'] })
    expect(run.ended('see@node1')).toMatchObject({ outcome: 'failed', ignored: true })
  })

  it.each([`changed_when: "'new' in done.stdout"`, `failed_when: "'new' in done.stdout"`])(
    'a failure that gives nothing of what is asked for is told as the failure that it is: %s',
    async key => {
      const text = play(`
- { name: Act, act: { set: a }, register: done, ${key} }
- { name: After, keep: { key: b, value: x } }
`)
      const run = await carry(outlined(text), breaking(one(), 'a'))
      expect(run.outcomes).toEqual({ 'act@node1': 'failed' })
      expect(run.problem('act@node1')).toMatchObject({ code: 'command-failed' })
    },
  )

  it('a program that failed is told so, whatever failed_when asks of what it printed', async () => {
    const cluster = one()
    cluster.node('node1').meddle = script => (script === 'grow' ? { exitCode: 1, stderr: 'no room' } : undefined)
    const text = play(`- { name: Act, command: grow, register: done, failed_when: "'x' in done.stdout_lines[0]" }`)
    const { problem } = await carry(outlined(text), cluster)
    expect(problem('act@node1')).toMatchObject({ code: 'command-failed', seen: 'exit status 1\nno room' })
  })

  it('what was done and gives nothing of what is asked for has failed, and is told so', async () => {
    const text = play(`- { name: Act, act: { set: a }, register: done, changed_when: "'new' in done.stdout" }`)
    const run = await carry(outlined(text), one())
    expect(run.outcomes).toEqual({ 'act@node1': 'failed' })
  })

  it('a dry run names what would be carried out, however it is counted', async () => {
    const text = play('- { name: Act, act: { set: a }, changed_when: false }')
    expect((await dryRun(outlined(text), one())).ended('act@node1')).toMatchObject({ outcome: 'would-change' })
  })
})

describe('a handler', () => {
  it('hears what it listens to', async () => {
    const text = `${play('- { name: Keep, keep: { key: a, value: x }, notify: restart all }')}  handlers:
    - { name: One, keep: { key: one, value: x }, listen: restart all }
    - { name: Two, keep: { key: two, value: x }, listen: [other, restart all] }
    - { name: Three, keep: { key: three, value: x }, listen: other }
`
    expect((await carry(outlined(text), one())).deeds).toEqual([
      'node1: set a x',
      'node1: set one x',
      'node1: set two x',
    ])
  })
})

describe('a block with rescue and always', () => {
  const guarded = play(`
- name: Risky
  block:
    - { name: First, keep: { key: a, value: x } }
    - { name: Second, keep: { key: b, value: x } }
  rescue:
    - { name: Mend, keep: { key: mended, value: "{{ ansible_failed_task.name }}-{{ ansible_failed_result.failed }}" } }
  always:
    - { name: Tidy, keep: { key: tidy, value: x } }
- { name: After, keep: { key: after, value: x } }
`)

  it('leaves the rescue out where nothing failed', async () => {
    const run = await carry(outlined(guarded), one())
    expect(run.deeds).toEqual(['a', 'b', 'tidy', 'after'].map(key => `node1: set ${key} x`))
    expect(run.ended('mend@node1')).toMatchObject({ outcome: 'skipped', because: 'nothing of "Risky" failed' })
  })

  it('goes on after a rescue; the failure stays to be seen, and is none of the run', async () => {
    const run = await carry(outlined(guarded), breaking(one(), 'a'))
    expect(run.exitCode).toBe(0)
    expect(run.outcomes).toEqual({
      'first@node1': 'failed',
      'mend@node1': 'changed',
      'tidy@node1': 'changed',
      'after@node1': 'changed',
    })
    expect(run.of('block-rescued')).toMatchObject([{ block: 'Risky', host: 'node1', step: 'site/first@node1' }])
    // It counts, and not as a failure of the run.
    expect(run.of('run-ended')[0]?.counts).toMatchObject({ failed: 0, 'let-pass': 1 })
    expect(run.deeds).toContain('node1: set mended First-True')
  })

  it('fails after a rescue that failed, and tidies up all the same', async () => {
    const cluster = one()
    cluster.node('node1').meddle = script => (/^set (a|mended) /.test(script) ? { exitCode: 1 } : undefined)
    const run = await carry(outlined(guarded), cluster)
    expect(run).toMatchObject({ exitCode: 1, outcomes: { 'mend@node1': 'failed', 'tidy@node1': 'changed' } })
    expect(run.outcomes).not.toHaveProperty('after@node1')
  })

  it('neither rescues nor tidies up where the connection was lost: what goes on there is not known', async () => {
    const cluster = one()
    cluster.node('node1').meddle = script =>
      script.startsWith('set a ') ? Promise.reject(connectionLost('node1')) : undefined
    const run = await carry(outlined(guarded), cluster)
    expect(run).toMatchObject({ exitCode: 7, outcomes: { 'first@node1': 'unknown' } })
    expect(Object.keys(run.outcomes)).toEqual(['first@node1'])
  })

  it('tells in a dry run what the rescue would do, only as far as something can fail', async () => {
    const cluster = one()
    const fresh = await dryRun(outlined(guarded), cluster)
    expect(fresh.ended('mend@node1')).toMatchObject({
      outcome: 'unknown',
      because: expect.stringContaining('only if a step of "Risky" fails'),
    })
    await carry(outlined(guarded), cluster)
    const done = await dryRun(outlined(guarded), cluster)
    expect(done.ended('mend@node1')).toMatchObject({ outcome: 'skipped', because: 'nothing of "Risky" is due' })
  })

  it('what only a failure would bring is no ground for what comes after', async () => {
    const text = play(`
- block: [{ name: First, keep: { key: a, value: x } }]
  rescue: [{ name: Mend, keep: { key: b, value: mended } }]
- { name: After, keep: { key: b, value: x } }
`)
    expect((await dryRun(outlined(text), one())).ended('after@node1')).toMatchObject({
      outcome: 'would-change',
      evidence: 'exact',
      changes: [{ before: '', after: 'x' }],
    })
  })

  it('gives back what it holds after always', async () => {
    const text = play(`
- name: Held
  hold: shelf
  block: [{ name: First, keep: { key: shelf/a, value: x } }]
  rescue: [{ name: Mend, keep: { key: shelf/b, value: x } }]
  always: [{ name: Tidy, keep: { key: shelf/c, value: x } }]
`)
    const { deeds } = await carry(outlined(text), breaking(memoryCluster(), 'shelf/a'))
    expect(deeds).toEqual([
      'node1: fetch',
      'node1: set shelf/a x',
      'node1: set shelf/b x',
      'node1: set shelf/c x',
      'node1: return',
    ])
  })

  it('is rescued host by host, each with its own failure', async () => {
    const cluster = memoryCluster()
    cluster.node('node2').meddle = script => (script.startsWith('set a ') ? { exitCode: 1 } : undefined)
    const run = await carry(outlined(guarded.replace('hosts: node1', 'hosts: all')), cluster)
    expect(run.exitCode).toBe(0)
    expect(run.outcomes).toMatchObject({ 'mend@node2': 'changed', 'mend@node1': 'skipped', 'after@node2': 'changed' })
  })

  it('lets the next node of the failover list begin after a rescue, and not after a failure', async () => {
    const text = guarded.replace('hosts: node1', 'hosts: all\n  strategy: failover')
    const rescued = await carry(outlined(text), breaking(memoryCluster(), 'a'))
    expect(rescued).toMatchObject({ exitCode: 0, outcomes: { 'after@node3': 'changed' } })
    const cluster = memoryCluster()
    cluster.node('node1').meddle = script => (/^set (a|mended) /.test(script) ? { exitCode: 1 } : undefined)
    const failed = await carry(outlined(text), cluster)
    expect(Object.keys(failed.outcomes).filter(each => !each.endsWith('node1'))).toEqual([])
  })

  it('is within a rescue of another block', async () => {
    const text = play(`
- name: Outer
  block:
    - name: Inner
      block: [{ name: First, keep: { key: a, value: x } }]
      always: [{ name: Tidy, keep: { key: tidy, value: x } }]
    - { name: Not, keep: { key: not, value: x } }
  rescue: [{ name: Mend, keep: { key: mended, value: x } }]
`)
    const run = await carry(outlined(text), breaking(one(), 'a'))
    expect(run.deeds).toEqual(['a', 'tidy', 'mended'].map(key => `node1: set ${key} x`))
    expect(run.exitCode).toBe(0)
  })

  it('begins anew when a run that was killed in its rescue is gone on with', async () => {
    const cluster = breaking(one(), 'a', 1)
    const plan = outlined(guarded)
    const first = await carry(plan, cluster)
    const cut = first.events.slice(
      0,
      first.events.findIndex(event => event.type === 'step-intended' && event.step === 'site/mend') + 1,
    )
    cluster.node('node1').things.clear()
    const again = await carry(plan, cluster, { resumed: resumedFrom(cut, plan) })
    expect(again.outcomes).toMatchObject({ 'first@node1': 'changed', 'mend@node1': 'skipped', 'tidy@node1': 'changed' })
  })

  it('a plan shows a rescue as what nobody can know, and holds a run to nothing there', async () => {
    const body = planBody(await foundBy(outlined(guarded), one()))
    expect(body.steps.map(({ step, outcome, within }) => [step, outcome, within])).toEqual([
      ['site/first', 'would-change', ['Risky']],
      ['site/second', 'would-change', ['Risky']],
      ['site/mend', 'unknown', ['Risky: rescue']],
      ['site/tidy', 'would-change', ['Risky']],
      ['site/after', 'would-change', []],
    ])
  })
})

describe('what runs once', () => {
  const both = ['node1', 'node2']
  const once = (tasks: string) =>
    `- hosts: all\n  tasks:\n${tasks
      .trim()
      .split('\n')
      .map(line => `    ${line}\n`)
      .join('')}`

  it('is carried out on the first host, also where a block around it says so', async () => {
    const { outcomes } = await carry(
      outlined(once('- { run_once: true, block: [{ name: Keep, keep: { key: a, value: x } }] }')),
      memoryCluster(both),
    )
    expect(outcomes).toEqual({ 'keep@node1': 'changed' })
  })

  it('and fails is done for nobody, so no host goes on', async () => {
    const text = once(`
- { name: No, say: { fail: true }, run_once: true }
- { name: Keep, keep: { key: a, value: x } }`)
    const { outcomes } = await carry(outlined(text), memoryCluster(both))
    expect(outcomes).toMatchObject({ 'no@node1': 'failed' })
    expect(Object.values(outcomes)).not.toContain('changed')
  })

  it('goes to the next host where the first is out, and everybody has what it gives', async () => {
    const text = once(`
- { name: No, say: { fail: true }, when: inventory_hostname == 'node1' }
- { name: See, see: { key: a }, run_once: true, register: seen }
- { name: Keep, keep: { key: b, value: "{{ seen.holds }}" } }`)
    const cluster = memoryCluster(both)
    cluster.node('node2').things.set('a', 'x')
    const { outcomes } = await carry(outlined(text), cluster)
    expect(outcomes).toMatchObject({ 'see@node2': 'same', 'keep@node2': 'changed' })
    expect(cluster.node('node2').things.get('b')).toBe('x')
  })
})

describe('a handler with a loop', () => {
  const text = play(
    '- { name: Change, keep: { key: a, value: x }, notify: Each }',
    '  handlers:\n    - { name: Each, keep: { key: "b{{ item }}", value: x }, loop: [1, 2] }\n',
  )

  it('is carried out for each item', async () => {
    const cluster = one()
    await carry(outlined(text), cluster)
    expect([...cluster.node('node1').things.keys()]).toEqual(['a', 'b1', 'b2'])
  })

  it('goes on with the item that a run before did not come to', async () => {
    const outline = outlined(text)
    const cluster = breaking(one(), 'b2')
    const { events } = await carry(outline, cluster)
    cluster.node('node1').meddle = () => undefined
    const { outcomes } = await carry(outline, cluster, { resumed: resumedFrom(events, outline) })
    expect(outcomes).toMatchObject({ 'each[1]@node1': 'changed' })
  })
})

it('a rescue sees what failed last', async () => {
  const text = play(`
- block:
    - block: [{ name: First, say: { fail: true } }]
      rescue: [{ name: Then, say: { fail: true } }]
  rescue: [{ name: Keep, keep: { key: a, value: "{{ ansible_failed_task.name }}" } }]`)
  const cluster = one()
  await carry(outlined(text), cluster)
  expect(cluster.node('node1').things.get('a')).toBe('Then')
})

describe('the environment', () => {
  it('may be a template that gives a mapping, and a list', () => {
    expect(faults(play('- { say: { msg: x }, environment: [{ A: a }, "{{ env }}"], vars: { env: { B: b } } }'))).toBe(
      '',
    )
  })

  it.each(['[1]', 'text', '{ a-b: x }'])('that is filled in with %s is refused', value => {
    expect(faults(play(`- { say: { msg: x }, environment: "{{ env }}", vars: { env: ${value} } }`))).toContain(
      'error[environment-wrong] What `environment` is filled in with is no mapping of names to values',
    )
  })
})

describe('a number that a template gives', () => {
  it('is a text where a text is wanted, as in Ansible', async () => {
    const cluster = one()
    await carry(outlined(play('- { name: Keep, keep: { key: a, value: "{{ 4 + 4 }}" } }')), cluster)
    expect(cluster.node('node1').things.get('a')).toBe('8')
  })

  it('that stands there in so many words is told', () => {
    expect(faults(play('- { name: Keep, keep: { key: a, value: 8 } }'))).toContain('help    write "8", in quotes')
  })
})
