import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { clusterVariables, magicVariables } from '../../src/inventory/magic.ts'
import { parseInventory } from '../../src/inventory/parse.ts'
import { playbook } from '../../src/playbook/define.ts'
import { tasksOf } from '../../src/playbook/parse.ts'
import { readVariables } from '../../src/playbook/parts.ts'
import type { Playbook, Step } from '../../src/playbook/playbook.ts'
import { distinct, fillWorksheet, hostVariables, typed } from '../../src/playbook/worksheet.ts'
import { render, renderTree } from '../../src/template/render.ts'
import { Template } from '../../src/template/template.ts'
import { formatProblems } from '../../src/text/excerpt.ts'
import { Reader } from '../../src/text/reader.ts'
import { parseYaml } from '../../src/text/yaml.ts'
import { validate } from '../../src/text/zod-problems.ts'
import { block } from '../text/describe-problems.ts'
import { parse } from './parse-files.ts'

const right = (read: Playbook): Playbook => {
  expect(formatProblems(read.problems)).toBe('')
  return read
}

const install = {
  'books/install.yml': block(`
- name: Install
  hosts: failover_list
  strategy: failover
  worksheet: worksheets/site.ts
  vars: { port: 8300, url: "http://x:{{ port }}" }
  vars_files: [more.yml]
  tags: agents, once
  tasks:
    - name: Partition
      hold: { partition: { device: "{{ device }}" } }
      block:
        - name: Mount point
          source: 11.2.1, step 1
          file: { path: "{{ mount_point }}", state: directory }
          register: made
          notify: Restart
          when: [archive_agent, port > 1]
        - ansible.builtin.shell: echo {{ port }}
          no_log: yes
      rescue:
        - { name: Tell, agents-test: }
  handlers:
    - { name: Restart, shell: restart }
- import_playbook: paths.yml
  tags: later
`),
  'books/more.yml': 'port: 8301\nextra: 1\n',
  'books/paths.yml': '- hosts: "{{ failover_list[0] }}"\n  tasks: [{ name: Paths, file: { path: /a } }]\n',
}

describe('a playbook', () => {
  const { name, files, plays } = right(parse(install))
  const [play, imported] = plays

  test('has the plays of the files that it imports; a step has one address, whoever imports it', () => {
    expect([name, files]).toEqual(['install', ['books/install.yml', 'books/more.yml', 'books/paths.yml']])
    expect(plays.flatMap(({ steps }) => tasksOf(steps)).map(({ id, module }) => [id, module])).toEqual([
      ['install/mount-point', 'file'],
      ['install/shell', 'shell'],
      ['install/tell', 'agents-test'],
      ['paths/paths', 'file'],
    ])
  })

  test('has plays with hosts, order, tags and variables, those of files over its own', () => {
    expect(play).toMatchObject({
      strategy: 'failover',
      tags: ['agents', 'once'],
      worksheet: { file: 'books/worksheets/site.ts' },
    })
    expect(play?.hosts.pattern).toBe('failover_list')
    expect(play?.vars.written.value).toEqual({ port: 8301, url: 'http://x:{{ port }}', extra: 1 })
    expect(play?.vars.written.entries[0]?.node.span).toMatchObject({ file: 'books/more.yml', line: 1 })
    expect(imported).toMatchObject({ strategy: 'linear', tags: ['later'], name: 'hosts {{ failover_list[0] }}' })
    expect(imported?.hosts.pattern).toBeInstanceOf(Template)
  })

  test('has blocks that hold something, and steps with all that they say', () => {
    const [held] = play?.steps ?? []
    const [made] = held?.type === 'block' ? held.block : []
    expect(held).toMatchObject({ type: 'block', name: 'Partition', hold: { module: 'partition' } })
    expect(made).toMatchObject({
      register: 'made',
      notify: [expect.objectContaining({ text: 'Restart' })],
      source: '11.2.1, step 1',
      way: { noLog: undefined },
    })
    expect(made?.type === 'task' && made.when.map(({ text }) => text)).toEqual(['archive_agent', 'port > 1'])
    expect(made?.span).toMatchObject({ line: 12, column: 17 })
  })

  test('has arguments that are filled in later, a free text under its own name', () => {
    const shell = tasksOf(play?.steps ?? [])[1]
    expect(renderTree(shell?.args.tree, { port: 1 })).toEqual({ value: { cmd: 'echo 1' }, problems: [] })
    expect(shell).toMatchObject({ way: { noLog: true } })
  })

  test('has arguments whose faults are found at their places', () => {
    const [made] = tasksOf(play?.steps ?? [])
    const schema = z.strictObject({
      path: z.string().regex(/^\//, 'an absolute path'),
      state: z.enum(['file', 'absent']),
    })
    if (made === undefined) throw new Error('no step')
    const { value } = renderTree(made.args.tree, { mount_point: 'mnt' })
    const { problems } = validate(made.args.written, schema, { value, owner: made.moduleSpan, noun: 'argument' })
    expect(formatProblems(problems)).toBe(
      block(`
error[argument-value] \`path\` must be an absolute path
  books/install.yml:14:25
   14 |           file: { path: "{{ mount_point }}", state: directory }
      |                         ^^^^^^^^^^^^^^^^^^^
  seen    the text "mnt"
  wanted  an absolute path

error[argument-value] \`state\` must be file or absent
  books/install.yml:14:53
   14 |           file: { path: "{{ mount_point }}", state: directory }
      |                                                     ^^^^^^^^^
  seen    the text "directory"
  wanted  file or absent

2 problems`),
    )
  })
})

test('a comma in the name of a handler is a letter like any other', () => {
  const [play] = right(
    parse({
      'site.yml': block(`
- hosts: all
  tasks:
    - { name: A, shell: ls, notify: 'Stop, then start' }
  handlers:
    - { name: 'Stop, then start', shell: ls, listen: 'one, two', notify: 'one, two' }`),
    }),
  ).plays
  const notified = tasksOf(play?.steps ?? []).concat(play?.handlers ?? [])
  expect(notified.flatMap(({ notify }) => notify.map(({ text }) => text))).toEqual(['Stop, then start', 'one, two'])
  expect(play?.handlers[0]?.listen).toEqual(['one, two'])
})

/** What a step says, without where it was written. */
const said = (step: Step): unknown => {
  if (step.type === 'flush' || step.type === 'end') return [step.type]
  return step.type === 'task'
    ? [step.id, step.module, step.args.written.value, step.when.map(({ text }) => text), step.register]
    : [step.name, step.hold?.module, step.hold?.args.written.value, step.block.map(said), step.always.map(said)]
}

describe('a playbook in TypeScript', () => {
  const written = playbook({
    hosts: 'all',
    tasks: [
      { name: 'Mount point', when: 'port > 1', file: { path: '/a', mode: undefined }, register: 'made' },
      {
        name: 'Held',
        hold: { partition: { device: '{{ d }}' } },
        block: [{ shell: 'ls' }],
        always: [{ name: 'End', shell: 'x' }],
      },
    ],
  })

  test('says the same as in YAML', () => {
    const yaml = block(`
- hosts: all
  tasks:
    - { name: Mount point, when: port > 1, file: { path: /a }, register: made }
    - name: Held
      hold: { partition: { device: "{{ d }}" } }
      block: [{ shell: ls }]
      always: [{ name: End, shell: x }]
`)
    const [fromModule] = right(parse({}, { 'site.ts': written })).plays
    const [fromYaml] = right(parse({ 'site.yml': yaml })).plays
    expect(fromModule?.steps.map(said)).toEqual(fromYaml?.steps.map(said))
  })

  test('has the same checks, with a path as the place', () => {
    const wrong = playbook([
      {
        hosts: 'all',
        tasks: [
          { name: 'A', fil: { path: '/a' } },
          { name: 'B', when: 'x |', shell: 'ls' },
        ],
      },
    ])
    expect(formatProblems(parse({}, { 'site.ts': wrong }).problems)).toBe(
      block(`
error[task-unknown] There is no task \`fil\`
  site.ts
      | plays[0].tasks[0].fil
      | ^^^^^^^^^^^^^^^^^^^^^
  help    did you mean \`file\`?

error[template-broken] There should be the name of a filter after \`|\`, and there is the end
  site.ts
      | plays[0].tasks[1].when
      | ^^^^^^^^^^^^^^^^^^^^^^

2 problems`),
    )
  })

  test('has to be one', () => {
    expect(formatProblems(parse({}, { 'site.ts': { hosts: 'all' } }).problems)).toBe(
      'error[playbook-wrong] site.ts exports no playbook\n  help    write `export default playbook([{ hosts, tasks }])`',
    )
  })
})

describe('the worksheet', () => {
  const schema = z.looseObject({
    mount_point: z.string().regex(/^\//, 'an absolute path'),
    agents_user: z.string().default('root'),
    partition: z.strictObject({
      kind: z.enum(['nss', 'plain']),
      pool: z.string().optional(),
      options: z.string().default('noatime'),
    }),
  })
  const playWith = (vars: string) =>
    right(parse({ 'site.yml': `- hosts: all\n  vars: ${vars}\n  tasks: [{ shell: ls }]\n` })).plays[0]
  const fill = (text: string, play = playWith('{ disk: sdb }')) => {
    const inventory = parseInventory({ file: 'lab.yml', text })
    expect(formatProblems(inventory.problems)).toBe('')
    if (play === undefined) throw new Error('no play')
    return inventory.hosts.map(host =>
      fillWorksheet(schema, hostVariables(host, play), { owner: host.span, known: magicVariables(host, inventory) }),
    )
  }

  test('has its templates filled in and its defaults added, per host', () => {
    const filled = fill(
      'all:\n  vars: { mount_point: "/mnt/{{ disk }}/{{ inventory_hostname }}", partition: { kind: plain } }\n  hosts: { a: , b: }\n',
    )
    expect(filled).toEqual(
      ['a', 'b'].map(host => ({
        problems: [],
        values: {
          mount_point: `/mnt/sdb/${host}`,
          partition: { kind: 'plain', options: 'noatime' },
          disk: 'sdb',
          agents_user: 'root',
        },
      })),
    )
  })

  test('takes what `-e` gives as text for what it wants', () => {
    const wants = z.looseObject({ on: z.boolean(), port: z.number(), version: z.string() })
    const [host] = parseInventory({ file: 'lab.yml', text: 'all: { hosts: { a: } }' }).hosts
    const given = (text: string, file: string) => {
      const { node } = parseYaml({ file, text })
      const play = playWith('{}')
      if (node?.type !== 'map' || host === undefined || play === undefined) throw new Error('nothing was read')
      const extra = readVariables([node], node.span, { reader: new Reader(), secrets: undefined })
      const written = hostVariables(host, play, { extra, schema: wants })
      return fillWorksheet(wants, written, { owner: host.span, known: {} }).values
    }
    const text = 'on: "no"\nport: "0800"\nversion: "1.10"\nsays: "{{ 1 if on else 2 }}"\nfree: "5"'
    expect(given(text, typed)).toEqual({ on: false, port: 800, version: '1.10', says: 2, free: '5' })
    expect(given(text, 'lab.yml')).toEqual({ version: '1.10' })
    // To JavaScript it is 0.
    expect(given('on: "no"\nport: " "\nversion: "1"', typed)).toEqual({ on: false, version: '1' })
  })

  test('has defaults that the variables of the play see, also those within a value that is given', () => {
    const play = playWith('{ home: "/home/{{ agents_user }}", options: "{{ partition.options }}", disk: "{{ home }}" }')
    const [filled] = fill(
      'all: { vars: { mount_point: "/mnt{{ disk }}", partition: { kind: plain } }, hosts: { a: } }\n',
      play,
    )
    expect(filled).toMatchObject({
      problems: [],
      values: { home: '/home/root', options: 'noatime', mount_point: '/mnt/home/root' },
    })
  })

  test('is checked where it was written, once for all hosts', () => {
    const filled = fill(
      'all:\n  vars:\n    mount_pont: /mnt\n    partition: { kind: nsss, pol: X }\n  hosts:\n    a:\n    b: { mount_point: mnt }\n',
    )
    expect(formatProblems(distinct(filled.flatMap(({ problems }) => problems)))).toBe(
      block(`
error[variable-value] \`partition.kind\` must be nss or plain
  lab.yml:4:24
    4 |     partition: { kind: nsss, pol: X }
      |                        ^^^^
  seen    the text "nsss"
  wanted  nss or plain
  help    did you mean \`nss\`?

error[variable-unknown] There is no variable \`pol\` in \`partition\`
  lab.yml:4:30
    4 |     partition: { kind: nsss, pol: X }
      |                              ^^^
  help    did you mean \`pool\`?

error[variable-missing] The variable \`mount_point\` is missing
  lab.yml:6:5
    6 |     a:
      |     ^
  wanted  a text
  help    add \`mount_point:\`

error[variable-value] \`mount_point\` must be an absolute path
  lab.yml:7:23
    7 |     b: { mount_point: mnt }
      |                       ^^^
  seen    the text "mnt"
  wanted  an absolute path

4 problems`),
    )
  })
})

test('hosts of a play may be filled in from the cluster', () => {
  const inventory = parseInventory({
    file: 'lab.yml',
    text: 'cluster: { failover_list: [b, a] }\nall: { hosts: { a: , b: } }\n',
  })
  const [, imported] = right(parse(install)).plays
  const pattern = imported?.hosts.pattern
  expect(pattern instanceof Template && render(pattern, clusterVariables(inventory))).toBe('b')
})
