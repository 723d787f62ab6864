// How the hosts of a play go: in which order, how many at a time, and when it ends for all of them.
import { describe, expect, it } from 'vitest'
import { carry } from '../kit/carry.ts'
import { faults, lay, outlined } from '../kit/language.ts'
import { memoryCluster } from '../kit/memory-cluster.ts'

const inventory = 'all: { hosts: { node3: , node1: , node2: }, children: { two: { hosts: { node2: , node3: } } } }\n'

const play = (
  keys: string,
  tasks = '[{ name: Keep, keep: { key: a, value: x } }, { name: Next, keep: { key: b, value: x } }]',
) => `- hosts: all\n${keys}  tasks: ${tasks}\n- hosts: all\n  tasks: [{ name: Last, keep: { key: c, value: x } }]\n`

const failingOn = (...hosts: readonly string[]) => {
  const cluster = memoryCluster()
  for (const host of hosts)
    cluster.node(host).meddle = script => (script.startsWith('set a ') ? { exitCode: 1 } : undefined)
  return cluster
}

const deedsOf = async (text: string, cluster = memoryCluster()) => {
  const { deeds } = await carry(outlined(text, { inventory }), cluster, { forks: 1 })
  return deeds.map(deed => deed.replace(/^node(\d): set (\w) x$/, '$2$1')).join(' ')
}

describe('the order of hosts', () => {
  it.each([
    ['', 'a3 a1 a2'],
    ['  order: inventory\n', 'a3 a1 a2'],
    ['  order: reverse_inventory\n', 'a2 a1 a3'],
    ['  order: sorted\n', 'a1 a2 a3'],
    ['  order: reverse_sorted\n', 'a3 a2 a1'],
  ])('is as written, or as asked for: %j', async (keys, wanted) => {
    expect(await deedsOf(play(keys))).toContain(wanted)
  })
})

describe('serial', () => {
  it.each([
    ['1', 'a3 b3 a1 b1 a2 b2 c3 c1 c2'],
    ['2', 'a3 a1 b3 b1 a2 b2 c3 c1 c2'],
    ['[1, 2]', 'a3 b3 a1 a2 b1 b2 c3 c1 c2'],
    ['70%', 'a3 a1 b3 b1 a2 b2 c3 c1 c2'],
    ['10%', 'a3 b3 a1 b1 a2 b2 c3 c1 c2'],
  ])('%s takes so many hosts through all steps', async (serial, wanted) => {
    expect(await deedsOf(play(`  serial: ${serial}\n`))).toBe(wanted)
  })

  it('ends with a batch that failed as a whole, and nothing comes after it', async () => {
    expect(await deedsOf(play('  serial: 1\n'), failingOn('node1'))).toBe('a3 b3 a1')
    expect(await deedsOf(play('  serial: 2\n'), failingOn('node1'))).toBe('a3 a1 b3 a2 b2 c3 c2')
  })
})

describe('a failure', () => {
  it('is fatal for all under any_errors_fatal, also of a host that does not answer', async () => {
    expect(await deedsOf(play('  any_errors_fatal: true\n'), failingOn('node1'))).toBe('a3 a1')
    const cluster = memoryCluster()
    cluster.node('node2').isUp = false
    expect(await deedsOf(play('  any_errors_fatal: true\n'), cluster)).toBe('')
  })

  it('is none under any_errors_fatal where it is rescued', async () => {
    const tasks =
      '[{ block: [{ name: Keep, keep: { key: a, value: x } }], rescue: [{ name: Mend, keep: { key: b, value: x } }] }]'
    expect(await deedsOf(play('  any_errors_fatal: true\n', tasks), failingOn('node1'))).toBe('a3 a1 a2 b1 c3 c1 c2')
  })

  it('of a larger share than max_fail_percentage ends it, of the same share does not', async () => {
    expect(await deedsOf(play('  max_fail_percentage: 30\n'), failingOn('node3'))).toBe('a3')
    expect(await deedsOf(play('  max_fail_percentage: 34\n'), failingOn('node3'))).toBe('a3 a1 a2 b1 b2 c1 c2')
  })
})

describe('the parts of a play', () => {
  it('come in their order, each followed by the handlers that it notified', async () => {
    const text = `
- hosts: node1
  handlers: [{ name: H, count: { key: h, to: 1 } }]
  post_tasks: [{ name: Post, keep: { key: c, value: x } }]
  tasks: [{ name: Task, keep: { key: b, value: x } }]
  pre_tasks: [{ name: Pre, keep: { key: a, value: x }, notify: H }]
`
    expect((await carry(outlined(text), memoryCluster())).deeds).toEqual(
      ['a x', 'h 1', 'b x', 'c x'].map(set => `node1: set ${set}`),
    )
  })

  it('can be told where handlers are carried out', async () => {
    const text = `
- hosts: node1
  tasks:
    - { name: First, keep: { key: a, value: x }, notify: H }
    - meta: flush_handlers
    - { name: Second, keep: { key: b, value: x } }
  handlers: [{ name: H, keep: { key: h, value: x } }]
`
    expect((await carry(outlined(text), memoryCluster())).deeds).toEqual(
      ['a', 'h', 'b'].map(key => `node1: set ${key} x`),
    )
  })

  it('can stand in files of their own, with conditions and variables for all of it', async () => {
    const text = `
- hosts: node1
  tasks:
    - import_tasks: parts/one.yml
      vars: { value: y }
      when: shade == 'deep'
`
    const files = {
      'parts/one.yml': '- { name: One, keep: { key: a, value: "{{ value }}" } }\n- import_tasks: two.yml\n',
      'parts/two.yml': '- { name: Two, keep: { key: b, value: x } }\n',
    }
    const nodes = 'all: { hosts: { node1: { shade: deep } } }\n'
    const plan = outlined(text, { files, inventory: nodes })
    const run = await carry(plan, memoryCluster(['node1']))
    expect(run.deeds).toEqual(['node1: set a y', 'node1: set b x'])
    expect(run.of('step-ended').map(({ step }) => step)).toEqual(['one/one', 'two/two'])
    expect(
      lay(text, { files: { 'parts/one.yml': '- import_tasks: one.yml\n' } }).problems.map(({ code }) => code),
    ).toEqual(['import-cycle'])
  })

  it('is told what it cannot be, at its place', () => {
    const text = `
- hosts: all
  strategy: failover
  serial: 2
  gather_facts: yes
  tasks:
    - import_tasks: nowhere.yml
    - meta: end_host
- hosts: all
  order: shuffle
  serial: many
  max_fail_percentage: 120
  gather_facts: no
  tasks: [{ name: Keep, keep: { key: a, value: x } }]
`
    expect(faults(text)).toMatchInlineSnapshot(`
      "error[failover-order] \`serial\` has no place under \`strategy: failover\`
        site.yml:4:11
          4 |   serial: 2
            |           ^
        help    remove it: the nodes of the failover list go one after the other, in its order, up to the first failure

      error[no-facts] No facts are gathered
        site.yml:5:17
          5 |   gather_facts: yes
            |                 ^^^
        help    remove it, or write \`false\`; what a step needs of a node, another one looks at and registers

      error[file-not-found] There is no file nowhere.yml
        site.yml:7:21
          7 |     - import_tasks: nowhere.yml
            |                     ^^^^^^^^^^^
        help    correct its name; it is looked for beside the file that names it

      error[meta-unsupported] \`meta: end_host\` is not supported
        site.yml:8:13
          8 |     - meta: end_host
            |             ^^^^^^^^
        wanted  flush_handlers or end_play
        help    write the steps that come after it into a block with \`when:\`

      error[order-shuffle] An order that is drawn by lot cannot be planned
        site.yml:10:10
         10 |   order: shuffle
            |          ^^^^^^^
        wanted  inventory, reverse_inventory, sorted, reverse_sorted
        help    write one of them: a plan has to be the same each time

      error[value-wrong] \`serial\` must be a number of hosts, a share such as 30%, or a list of these
        site.yml:11:11
         11 |   serial: many
            |           ^^^^
        seen    the text "many"
        wanted  a number of hosts, a share such as 30%, or a list of these

      error[value-wrong] \`max_fail_percentage\` must be a number from 0 to 100
        site.yml:12:24
         12 |   max_fail_percentage: 120
            |                        ^^^
        seen    the number 120
        wanted  a number from 0 to 100

      7 problems"
    `)
  })
})
