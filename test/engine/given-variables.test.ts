// Variables that a step gives to those after it, and what counts where a name is given more than once.
import { describe, expect, it } from 'vitest'
import { carry, dryRun } from '../kit/carry.ts'
import { faults, outlined } from '../kit/language.ts'
import { memoryCluster } from '../kit/memory-cluster.ts'

const play = (tasks: string, more = ''): string => `
- hosts: node1
${more}  tasks:
${tasks.trim().replace(/^/gm, '    ')}
`
const one = () => memoryCluster(['node1'])

const told = play(
  `
- { name: Early, keep: { key: early, value: "{{ shade }}" } }
- { name: Give, set_fact: { shade: "{{ shade }}er", list: [1, 2] }, register: given }
- { name: Late, keep: { key: late, value: "{{ shade }}-{{ list[1] }}-{{ given.ansible_facts.shade }}" } }
- { name: Again, set_fact: { shade: "{{ shade }}-still" } }
- { name: Last, keep: { key: last, value: "{{ shade }}" } }
`,
  '  vars: { shade: dark }\n',
)

describe('a variable that a step gives', () => {
  it('counts from there on, over what is written', async () => {
    const cluster = one()
    const { deeds, outcomes } = await carry(outlined(told), cluster)
    expect(deeds).toEqual(['node1: set early dark', 'node1: set late darker-2-darker', 'node1: set last darker-still'])
    expect(outcomes['give@node1']).toBe('same')
  })

  it('of one item of a loop is seen by the next one', async () => {
    const text = play(`
- { name: Sum, set_fact: { sum: "{{ sum | default('') }}{{ item }}" }, loop: [x, y, z] }
- { name: Told, keep: { key: a, value: "{{ sum }}" } }
`)
    expect((await carry(outlined(text), one())).deeds).toEqual(['node1: set a xyz'])
  })

  it('is foretold by a dry run', async () => {
    const run = await dryRun(outlined(told), one())
    expect(run.ended('late@node1').changes[0]?.after).toBe('darker-2-darker')
  })

  it('is given to a step that is chosen alone, by working it out', async () => {
    const chosen = outlined(told, { inputs: { selection: { only: ['last'] } } })
    expect((await carry(chosen, one())).deeds).toEqual(['node1: set last darker-still'])
  })

  it('is not given by a step that is skipped, nor by one of a rescue that nobody needed', async () => {
    const text = play(`
- { name: No, set_fact: { a: x }, when: false }
- block: [{ name: Well, say: { msg: well } }]
  rescue: [{ name: Mend, set_fact: { a: y } }]
- { name: Told, keep: { key: a, value: "{{ a | default('nobody') }}" } }
`)
    expect((await carry(outlined(text), one())).deeds).toEqual(['node1: set a nobody'])
  })

  it('that rests on what nobody can foretell is itself not foretold', async () => {
    const text = play(`
- { name: Make, keep: { key: a, value: x }, register: made }
- { name: Give, set_fact: { b: "{{ made.more }}" } }
- { name: Use, keep: { key: b, value: "{{ b }}" } }
`)
    const run = await dryRun(outlined(text), one())
    expect(run.outcomes).toEqual({ 'make@node1': 'would-change', 'give@node1': 'unknown', 'use@node1': 'unknown' })
    expect(run.ended('use@node1').because).toContain('`b` is known once site/give@node1 is done')
  })

  it('is known by its name before anything connects', () => {
    const text = play(
      '- { name: Give, set_fact: { colour: x } }\n- { name: Use, keep: { key: a, value: "{{ color }}" } }',
    )
    expect(faults(text)).toContain('did you mean `colour`?')
  })
})

it('a result that may be missing counts where it is there', async () => {
  const text = play(`
- { name: Ask, say: { msg: hello }, register: asked }
- { name: Use, keep: { key: a, value: "{{ asked.msg | default('nothing') }}" } }
- { name: Told, keep: { key: b, value: x }, when: asked is defined }
`)
  expect((await carry(outlined(text), one())).deeds).toEqual([`node1: set a '"hello"'`, 'node1: set b x'])
})

describe('`meta: end_play`', () => {
  const text = (when: string) => `
- hosts: all
  tasks:
    - { name: First, keep: { key: a, value: x } }
    - { name: Ask, say: { msg: hello }, register: asked }
    - meta: end_play
      when: ${when}
    - { name: Second, keep: { key: b, value: x } }
- hosts: node2
  tasks: [{ name: Third, keep: { key: c, value: x } }]
`
  it('ends the play for all its hosts, and no other one', async () => {
    const { outcomes, exitCode } = await carry(outlined(text('asked is defined')), memoryCluster())
    expect(exitCode).toBe(0)
    expect(Object.keys(outcomes).filter(step => /^(second|third)/.test(step))).toEqual(['third@node2'])
  })

  it('lets it go on where its condition does not hold', async () => {
    const { outcomes } = await carry(outlined(text('asked.failed')), memoryCluster())
    expect(outcomes).toMatchObject({ 'second@node1': 'changed', 'second@node3': 'changed' })
  })

  describe('where this run leaves out the step whose result it asks for', () => {
    const playbook = (when: string) => `
- hosts: all
  tasks:
    - { name: Count, count: { key: a, to: 1 }, register: r }
    - meta: end_play
      when: ${when}
    - { name: After, keep: { key: b, value: x } }
`
    const carriedFrom = (
      when: string,
      { seen, only = 'after' }: { readonly seen?: string; readonly only?: string },
    ) => {
      const cluster = memoryCluster()
      if (seen !== undefined) for (const node of ['node1', 'node2', 'node3']) cluster.node(node).things.set('a', seen)
      return carry(outlined(playbook(when), { inputs: { selection: { only: [only] } } }), cluster)
    }

    it.each(["r.holds|default('1') == '1'", "r.holds == '1'"])('looks at that: %s', async when => {
      const { outcomes, exitCode } = await carriedFrom(when, { seen: '1' })
      expect({ outcomes, exitCode }).toEqual({ outcomes: {}, exitCode: 0 })
    })

    it.each(["r.holds|default('1') == '2'", "r.holds == '2'"])('refuses to go on where that is due: %s', async when => {
      const { deeds, of } = await carriedFrom(when, {})
      expect(deeds).toEqual([])
      expect(of('run-ended')[0]?.problem).toMatchObject({
        code: 'prerequisite-due',
        summary: '`meta: end_play` on node1 needs what Count hands on, which this run leaves out',
        state: 'what comes after it was not begun',
      })
    })

    it('asks nobody where nothing comes after it', async () => {
      const { outcomes, exitCode } = await carriedFrom("r.holds == '2'", { only: 'count' })
      expect(exitCode).toBe(0)
      expect(Object.keys(outcomes)).toEqual(['count@node1', 'count@node2', 'count@node3'])
    })
  })

  it('has no place under the failover list', () => {
    const written = '- hosts: all\n  strategy: failover\n  tasks: [{ meta: end_play }, { name: A, say: {} }]\n'
    expect(faults(written)).toContain('error[failover-order] `meta: end_play` has no place under `strategy: failover`')
  })
})

it('what `-e` gives counts most of all', async () => {
  const text = play(`
- { name: Give, set_fact: { a: given } }
- { name: Use, keep: { key: a, value: "{{ a }}-{{ item }}-{{ b }}" }, vars: { b: task }, loop: [x] }
`)
  const { readExtraVars } = await import('../../src/cli/extra-vars.ts')
  const { variables: extra } = await readExtraVars(['a=1 b=2 item=3'], '.')
  const { deeds } = await carry(outlined(text, { inputs: { extra } }), one())
  expect(deeds).toEqual(['node1: set a 1-3-2'])
})
