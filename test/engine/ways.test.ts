// How steps are carried out: as whom, in which environment, how long, and what of it anybody hears.
import { describe, expect, it } from 'vitest'
import { unlogged } from '../../src/engine/unlogged.ts'
import { Problem } from '../../src/model/problem.ts'
import { planBody } from '../../src/plan/plan-body.ts'
import type { Question } from '../../src/task/person.ts'
import { formatProblem } from '../../src/text/excerpt.ts'
import { carry, dryRun } from '../kit/carry.ts'
import { faults, lay, outlined } from '../kit/language.ts'
import { memoryCluster } from '../kit/memory-cluster.ts'
import { foundBy } from '../kit/plans.ts'

const one = () => memoryCluster(['node1'])
const inventory = 'all: { hosts: { node1: { shade: deep } } }\n'

/** Takes the dress off a script, and hears what was dressed. */
const undressing = () => {
  const cluster = one()
  const heard: string[] = []
  cluster.node('node1').meddle = script => {
    const bare = /(?:see|set) [^\n']*/.exec(script)?.[0]
    if (bare === undefined || bare === script) return undefined
    heard.push(script)
    const [verb, key = '', value = ''] = bare.split(' ')
    const { things } = cluster.node('node1')
    if (verb === 'set') things.set(key, value)
    return { stdout: things.get(key) ?? '' }
  }
  return { cluster, heard }
}

describe('environment', () => {
  it('of play, block and step is laid over one another, and found by every command', async () => {
    const text = `
- hosts: node1
  environment: { A: play, B: play }
  tasks:
    - environment: { B: "{{ shade }} blue" }
      block: [{ name: Keep, keep: { key: a, value: x }, environment: { C: 3 } }]
`
    const { cluster, heard } = undressing()
    const run = await carry(outlined(text, { inventory }), cluster)
    expect(run.outcomes).toEqual({ 'keep@node1': 'changed' })
    expect(new Set(heard)).toEqual(
      new Set(['see a', 'set a x'].map(script => `export A=play\nexport B='deep blue'\nexport C=3\n${script}`)),
    )
    // What is told is what the task itself has sent.
    expect(run.of('command').map(({ script }) => script)).toEqual(['set a x'])
  })

  it('takes no secret, which every process would show', () => {
    const text =
      '- hosts: node1\n  tasks: [{ name: Keep, keep: { key: a, value: x }, environment: { A: "{{ key }}" } }]\n'
    const secret = 'all: { hosts: { node1: { key: { secret: env:KEY } } } }\n'
    expect(faults(text, { inventory: secret })).toContain('is a secret, and a process shows its environment')
  })

  it('is told what is wrong with it before anything connects', () => {
    const text =
      '- hosts: node1\n  environment: { "A B": x, C: "{{ nobody }}" }\n  tasks: [{ name: Keep, keep: { key: a, value: x } }]\n'
    expect(lay(text).problems.map(({ message }) => message)).toEqual([
      '`A B` cannot be the name of a variable of the environment',
      'The variable `nobody` is not defined',
    ])
  })
})

describe('become', () => {
  it('is the user of play, block or step, or that of the inventory, or root', () => {
    const text = `
- hosts: node1
  become: true
  tasks:
    - { name: Root, keep: { key: a, value: x } }
    - { name: App, keep: { key: b, value: x }, become_user: app }
- hosts: node1
  tasks:
    - { name: None, keep: { key: c, value: x } }
    - { name: Theirs, keep: { key: d, value: x }, become: true }
`
    const { plays } = outlined(text, { inventory: 'all: { hosts: { node1: { ansible_become_user: db } } }\n' })
    const users = plays.flatMap(({ nodes }) => nodes.map(node => (node.type === 'step' ? node.userOn?.('node1') : '')))
    expect(users).toEqual(['db', 'app', undefined, 'db'])
  })

  it.each([
    ['in the playbook', '', 'become_user: -x', '-x'],
    ['in a variable of the play', 'vars: { ansible_become_user: "--session-command=id" }', '', '--session-command=id'],
    ['in a variable of two words', 'vars: { ansible_become_user: "root -c id" }', '', 'root -c id'],
  ])('is no option of su, %s', (_, ofPlay, ofStep, seen) => {
    const more = [`become: true`, ofStep].filter(Boolean).join(', ')
    const text = `- hosts: node1\n  ${ofPlay || 'gather_facts: false'}\n  tasks: [{ name: Keep, keep: { key: a, value: x }, ${more} }]\n`
    expect(faults(text)).toContain(seen)
  })

  it('carries each command out in the name of that user, and only what the step does', async () => {
    const text =
      '- hosts: node1\n  tasks: [{ name: Keep, keep: { key: a, value: x }, become: true, become_user: app }]\n'
    const { cluster, heard } = undressing()
    expect((await carry(outlined(text), cluster)).exitCode).toBe(0)
    expect(heard).toContain(`if [ "$(id -un)" = app ]; then\nset a x\nelse\n  su -s /bin/sh app -c 'set a x'\nfi`)
  })

  it('cannot be taken back by a step, since nobody here knows who logs in', () => {
    const text =
      '- hosts: node1\n  become: true\n  tasks: [{ name: Keep, keep: { key: a, value: x }, become: false }]\n'
    expect(faults(text)).toContain('write `become: true` with `become_user:`, the user who is to do it')
  })
})

describe('no_log', () => {
  const text = `
- hosts: node1
  tasks:
    - name: Keep
      no_log: true
      keep: { key: a, value: "hush-{{ item }}" }
      loop: [canary-one, canary-two]
      register: kept
    - { name: See, see: { key: a }, no_log: true, register: seen }
    - { name: Say, say: { msg: "{{ seen.holds }}" } }
    - { name: Fail, act: { set: canary-three }, register: done, failed_when: done.set == 'canary-three', no_log: true }
`

  it.each(['run', 'dry-run'] as const)(
    'keeps what a step is given, sees and makes from everybody, in a %s',
    async mode => {
      const run = await carry(outlined(text), one(), { mode })
      expect(JSON.stringify(run.events)).not.toMatch(/canary|hush/)
      expect(run.outcomes).toMatchObject({ 'keep[0]@node1': mode === 'run' ? 'changed' : 'would-change' })
    },
  )

  it('keeps it from a plan, and from the name of an item', async () => {
    expect(JSON.stringify(planBody(await foundBy(outlined(text), one())))).not.toMatch(/canary|hush/)
  })

  it('keeps what a failure gave from whoever hears of its rescue', async () => {
    const rescued = `
- hosts: node1
  tasks:
    - name: Risky
      block: [{ name: Fail, act: { set: canary-three }, register: done, failed_when: done.set == 'canary-three', no_log: true }]
      rescue: [{ name: Say, say: { msg: "{{ ansible_failed_result.set }}" } }]
`
    const run = await carry(outlined(rescued), one())
    expect(run.outcomes).toMatchObject({ 'say@node1': 'same' })
    expect(JSON.stringify(run.events)).not.toMatch(/canary/)
  })

  it('tells where a step is written that failed, and not what stands there', async () => {
    const hushed =
      '- hosts: node1\n  tasks:\n    - act: { set: canary-three }\n      failed_when: true\n      no_log: true\n'
    const { of } = await carry(outlined(hushed), one())
    const problem = of('step-ended')[0]?.problem
    expect(problem?.span).toMatchObject({ line: 3, excerpt: '' })
    expect(
      formatProblem(new Problem(problem ?? { code: '', summary: '' }))
        .split('\n')
        .slice(1, 3),
    ).toEqual([expect.stringMatching(/^ {2}\S+:3:\d+ {2}step site\/act@node1$/), expect.stringMatching(/^ {2}help/)])
  })

  it('keeps back what a task tells of what it made', () => {
    const ended = { type: 'step-ended', step: 'site/a', host: 'node1', outcome: 'changed', changes: [], ms: 0 } as const
    expect(JSON.stringify(unlogged({ ...ended, because: '', told: 'made canary-four' }))).not.toMatch(/canary/)
  })

  it('keeps back how far a step is: how long a secret is says something of it', () => {
    const of = { step: 'site/a', host: 'node1' } as const
    const outlook = [{ type: 'at-this-pace', ms: 9000 }] as const
    const sent = {
      type: 'step-progressed',
      ...of,
      text: 'sent 4 of 40 bytes',
      count: { at: 4, of: 40 },
      outlook,
    } as const
    expect(unlogged(sent)).toEqual({ type: 'step-progressed', ...of, text: 'hidden by no_log', outlook })
  })

  /** All that it leaves on a node beside what it is for, also while it is under way. */
  const left = `
- hosts: node1
  tasks:
    - hold: shelf
      block: [{ name: Stored, keep: { key: shelf/a, value: hush-canary }, no_log: true }]
    - { name: Act, act: { set: canary-act }, no_log: true, register: done }
    - { name: Say, say: { msg: "{{ done.set }}" } }
`

  it('keeps it out of mark and receipt on the node', async () => {
    const cluster = memoryCluster()
    const { marks, receipts } = cluster.node('node1')
    const seen: string[] = []
    cluster.node('node1').meddle = script => {
      seen.push(...marks.values(), ...receipts.values())
      return script === 'set canary-act done' ? {} : undefined
    }
    const run = await carry(outlined(left), cluster)
    expect(run.outcomes).toMatchObject({ 'stored@node1': 'changed', 'act@node1': 'changed', 'say@node1': 'same' })
    expect([...receipts.keys()].map(name => name.split('/').at(-1))).toEqual(['site.stored.json', 'site.act.json'])
    expect(seen.some(text => text.includes('"begun"'))).toBe(true)
    expect(JSON.stringify([seen, [...receipts.values()], run.events])).not.toMatch(/canary/)
  })

  it('cannot tell in a dry run what lies on a volume that is away, and changes nothing in a run', async () => {
    const cluster = memoryCluster()
    const text = outlined(left.split('\n').slice(0, 5).join('\n'))
    await carry(text, cluster)
    expect((await dryRun(text, cluster)).outcomes).toEqual({ 'stored@node1': 'unknown' })
    expect(await carry(text, cluster)).toMatchObject({ exitCode: 0, outcomes: { 'stored@node1': 'same' } })
  })

  it('says of a result that nobody kept why it is not there', async () => {
    const cluster = memoryCluster()
    await carry(outlined(left), cluster)
    const again = await carry(outlined(left), cluster)
    expect(again.outcomes).toMatchObject({ 'act@node1': 'same', 'say@node1': 'failed' })
    expect(again.problem('say@node1')).toMatchInlineSnapshot(`
      {
        "code": "variable-undefined",
        "exit": 2,
        "help": "let that step only look (\`reads: true\`), take \`no_log\` away, or say what holds without it (\`| default(…)\`)",
        "host": "node1",
        "seen": "\`done\` comes from a step with \`no_log\`, whose result is kept nowhere once its run has ended",
        "span": {
          "column": 36,
          "excerpt": "    - { name: Say, say: { msg: "{{ done.set }}" } }",
          "file": "site.yml",
          "line": 7,
          "width": 8,
        },
        "step": "site/say@node1",
        "summary": "The variable \`done.set\` is not defined",
      }
    `)
  })

  it('keeps it from who looks at a step that this run leaves out', async () => {
    const only = { inputs: { selection: { only: ['say'] } } }
    const looked = `
- hosts: node1
  tasks:
    - { name: See, see: { key: a }, no_log: true, register: seen }
    - { name: Due, keep: { key: b, value: canary-due }, no_log: true, register: due }
    - { name: Say, say: { msg: "{{ seen.holds }}{{ due.changed }}" } }
`
    const cluster = one()
    cluster.node('node1').things.set('a', 'canary-seen')
    const due = await carry(outlined(looked, only), cluster)
    expect(due.problem('say@node1')).toMatchObject({
      code: 'prerequisite-due',
      seen: 'site/due@node1: hidden by no_log',
    })
    cluster.node('node1').things.set('b', 'canary-due')
    const run = await carry(outlined(looked, only), cluster)
    expect(run.outcomes).toEqual({ 'say@node1': 'same' })
    expect(JSON.stringify([due.events, run.events])).not.toMatch(/canary/)
  })

  it('keeps it from a node that waits for its turn', async () => {
    const cluster = memoryCluster(['node1', 'node2'])
    cluster.node('node1').things.set('a', 'canary-a')
    const text = `
- hosts: all
  strategy: failover
  tasks: [{ name: Keep, keep: { key: a, value: canary-b }, no_log: true }]
`
    const turn = { inventory: 'all: { hosts: { node1: , node2: } }\n', inputs: { limit: 'node2' } }
    const run = await carry(outlined(text, turn), cluster)
    expect(JSON.stringify(run.events)).toContain('out-of-turn')
    expect(JSON.stringify(run.events)).not.toMatch(/canary/)
  })

  it('does what it would do without', async () => {
    const cluster = one()
    await carry(outlined(text), cluster)
    expect(cluster.node('node1').things.get('a')).toBe('hush-canary-two')
  })
})

describe('check_mode', () => {
  const text = '- hosts: node1\n  tasks: [{ name: Keep, keep: { key: a, value: x }, check_mode: true }]\n'

  it('has a step only looked at in a run: what it would do is told, and not done', async () => {
    const run = await carry(outlined(text), one())
    expect(run).toMatchObject({ exitCode: 0, deeds: [], outcomes: { 'keep@node1': 'would-change' } })
  })

  it('promises nothing to the steps that come after', async () => {
    const more = `${text.trimEnd().slice(0, -1)}, { name: See, keep: { key: a, value: x } }]\n`
    expect((await carry(outlined(more), one())).deeds).toEqual(['node1: set a x'])
  })

  it('cannot be turned off: a dry run leaves no trace', () => {
    expect(faults(text.replace('true', 'false'))).toContain('A dry run carries nothing out, whatever a step says')
  })

  it('takes no hold', async () => {
    const held =
      '- hosts: node1\n  tasks: [{ hold: shelf, block: [{ name: Keep, keep: { key: shelf/a, value: x }, check_mode: true }] }]\n'
    expect((await carry(outlined(held), memoryCluster())).deeds).toEqual([])
  })
})

describe('timeout', () => {
  it('is of one try, so before the last one no limit is told but when it gives up', async () => {
    const text = `
- hosts: node1
  tasks: [{ name: Try, pause: { seconds: 0.02 }, register: it, timeout: 60, until: it.delta > 5, retries: 2, delay: 0.1 }]
`
    const run = await carry(outlined(text), one())
    const told = run.of('step-progressed').map(({ text, outlook = [] }) => [text, ...outlook.map(({ type }) => type)])
    expect(told).toEqual([
      ['waits 0.02 s'],
      ['try 2 of 3: it.delta > 5 does not hold yet', 'gives-up'],
      ['waits 0.02 s', 'gives-up'],
      ['try 3 of 3: it.delta > 5 does not hold yet', 'gives-up'],
      ['waits 0.02 s', 'at-most'],
    ])
  })

  it('ends a command that takes longer, and the step has failed', async () => {
    const text = '- hosts: node1\n  tasks: [{ name: Keep, keep: { key: a, value: x }, timeout: 2 }]\n'
    const cluster = one()
    const limits: (number | undefined)[] = []
    const { nodes } = cluster
    const shell = nodes.shell.bind(nodes)
    nodes.shell = async host => {
      const base = await shell(host)
      return {
        ...base,
        run(script, options = {}) {
          if (/^(see|set) a/.test(script)) limits.push(options.timeoutMs)
          return base.run(script, options)
        },
      }
    }
    await carry(outlined(text), cluster)
    expect(limits.length).toBeGreaterThan(1)
    expect(limits.every(each => each !== undefined && each > 0 && each <= 2000)).toBe(true)
  })

  it('leaves what goes on by itself alone, whose end is then not known', async () => {
    const text = '- hosts: node1\n  tasks: [{ name: Slow, linger: { key: a }, timeout: 0.05 }]\n'
    const run = await carry(outlined(text), one())
    expect(run.problem('slow@node1')).toMatchObject({ code: 'step-timeout', exit: 7 })
  })

  const onlyWaited = 'it only waited: nothing was changed'
  const asFar = 'what it had done by then stays'
  it.each([
    ['a time that is waited', 'pause: { seconds: 20 }', onlyWaited],
    ['a person who is waited for, and does not answer', 'pause: { prompt: Look }', onlyWaited],
    ['a thing that is waited for, look after look', 'await_thing: { key: a }', onlyWaited],
    ['what a person is to do', 'by-hand: { text: Plug it in }', asFar],
    ['commands with pauses between them', 'dawdle: { key: a }', asFar],
  ])('ends %s, and the step has failed', async (_, written, state) => {
    const text = `- hosts: node1\n  tasks: [{ name: Long, ${written}, timeout: 0.1, ignore_errors: true }]\n`
    const cluster = one()
    // Who does not answer sits there until the question is taken back.
    const ask = ({ until }: Question) =>
      new Promise<undefined>(resolve => until?.addEventListener('abort', () => resolve(undefined)))
    const began = performance.now()
    const run = await carry(outlined(text), cluster, { person: { ask } })
    expect(performance.now() - began).toBeLessThan(5000)
    expect(run.problem('long@node1')).toMatchObject({ code: 'step-timeout', wanted: 'an end within 0.1 s', state })
    // It is the step's own failure.
    expect([run.exitCode, run.ended('long@node1').ignored]).toEqual([0, true])
    // Longer than what it would have rested before its next look or command.
    const sent = cluster.commands.length
    await new Promise(resolve => setTimeout(resolve, 200))
    expect(cluster.commands.length).toBe(sent)
  })
})

describe('diff', () => {
  it('false keeps what a change is made of from the screen', async () => {
    const text = '- hosts: node1\n  tasks: [{ name: Keep, keep: { key: a, value: x }, diff: false }]\n'
    expect((await dryRun(outlined(text), one())).ended('keep@node1')).toMatchObject({ hidesDiff: true })
  })
})
