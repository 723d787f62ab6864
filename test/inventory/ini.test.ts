// Inventories in INI form, and variables in files beside an inventory: what is made of them, and what is told of slips.
import { describe, expect, it } from 'vitest'
import { parseInventory } from '../../src/inventory/parse.ts'
import { formatSpan } from '../../src/model/span.ts'
import { formatProblems } from '../../src/text/excerpt.ts'
import { pythonLiteral } from '../../src/text/python-literal.ts'

const read = (text: string, file = 'hosts.ini') => parseInventory({ file, text })

const site = `
# The two that are in no group come first.
lone ansible_host=10.0.0.9   # its address
other:2222

[web]
web[01:03].example port=80 title="two words" list="[1, 'a', True]"

[db]
db-[a:b] role='main'
[db:vars]
port = 5432
greeting = hello world
mode=0644
flag=True

[site:children]
web
db
[all:vars]
port=1
who="me"
[failover_list]
db-b
db-a
`

describe('an inventory in INI form', () => {
  const { hosts, groups, cluster, problems } = read(site)
  const variablesOf = (name: string) => hosts.find(host => host.name === name)?.variables

  it('has its hosts, groups and failover list as they are written', () => {
    expect(formatProblems(problems)).toBe('')
    expect(hosts.map(({ name }) => name)).toEqual([
      ...['lone', 'other', 'db-b', 'db-a'],
      ...['web01.example', 'web02.example', 'web03.example'],
    ])
    expect(groups.map(({ name, hosts: names }) => [name, names.length])).toEqual([
      ['all', 7],
      ['site', 5],
      ['web', 3],
      ['db', 2],
      ['failover_list', 2],
    ])
    expect(cluster.failoverList).toEqual(['db-b', 'db-a'])
  })

  it('has values as Python reads them', () => {
    expect(variablesOf('web02.example')).toEqual({ port: 80, who: 'me', title: 'two words', list: [1, 'a', true] })
    expect(variablesOf('db-a')).toEqual({
      port: 5432,
      who: 'me',
      greeting: 'hello world',
      mode: '0644',
      flag: true,
      role: 'main',
    })
    expect(variablesOf('other')).toMatchObject({ ansible_port: 2222 })
    expect(variablesOf('lone')).toMatchObject({ ansible_host: '10.0.0.9' })
  })

  it.each([
    ['hosts', '[web]\nnode1\n', ['node1']],
    ['hosts', 'node1\nnode2\n', ['node1', 'node2']],
    ['hosts', 'all: { hosts: { node1: } }\n', ['node1']],
    ['hosts', '---\nall:\n  hosts: { node1: }\n', ['node1']],
    ['site.yml', 'all: { hosts: { node1: } }\n', ['node1']],
  ])('is told from one in YAML: %s, %j', (file, text, names) =>
    expect(read(text, file).hosts.map(({ name }) => name)).toEqual(names),
  )

  it('is told of its slips, each at its place', () => {
    expect(
      formatProblems(read('[web\nnode1 port\n[db:hosts]\n[no:vars]\na=1\n[web:vars]\nb\n[web]\n').problems),
    ).toMatchInlineSnapshot(`
      "error[host-range] \`[web\` holds no range of hosts
        hosts.ini:1:1
          1 | [web
            | ^^^^
        help    write a range as node[1:3], node[01:12] or node[a:c]

      error[pair-missing] What follows the name of a host is written as \`name=value\`
        hosts.ini:2:7
          2 | node1 port
            |       ^^^^
        help    write one host a line, and quotes around what has a blank in it

      error[group-unknown] There is no group \`no\` that these variables could be of
        hosts.ini:4:2
          4 | [no:vars]
            |  ^^
        help    write \`[no]\` with its hosts

      error[pair-missing] A variable is written as \`name=value\`
        hosts.ini:7:1
          7 | b
            | ^
        help    write \`name = value\`, a line each

      4 problems"
    `)
  })
})

it.each([
  ['a group that is nowhere', '[db:children]\nnosuch\n[web]\na\n', 'group-unknown', 'hosts.ini:2:1'],
  ['two groups within one another', '[a:children]\nb\n[b:children]\na\n[web]\nx\n', 'group-cycle', 'hosts.ini:4:1'],
  ['a group within itself', '[web]\nx\n[web:children]\nweb\n', 'group-cycle', 'hosts.ini:4:1'],
])('tells %s', (_, text, code, place) =>
  expect(read(text).problems.map(({ fields: { code, span } }) => [code, span && formatSpan(span)])).toEqual([
    [code, place],
  ]),
)

it.each([
  ['[failover_list]\na\n[failover_list:vars]\nmount_point=/mnt\n', ['failover_list', 3]],
  ['[failover_list:vars]\nansible_become=true\n[failover_list]\na\n', ['failover_list', 1]],
  ['[web]\na\n[failover_list]\na\n[failover_list:children]\nweb\n', ['failover_list', 5]],
  ['a\n[ungrouped:vars]\nx=1\n', ['ungrouped', 2]],
  ['a\n[web]\nb\n[ungrouped:children]\nweb\n', ['ungrouped', 4]],
])('what nothing would read is refused where it stands: %j', (text, [name, line]) => {
  expect(read(text).problems.map(({ code, fields: { span } }) => [code, span?.line])).toEqual([['group-unread', line]])
  expect(read(text).problems[0]?.message).toContain(`of \`${name}\``)
})

it('a number that would lose its point is told', () => {
  const { problems } = read('a version=8.0 share=0.5\n')
  expect(problems.map(({ code, fields: { span } }) => [code, span?.column, span?.width])).toEqual([
    ['number-whole', 11, 3],
  ])
})

it.each([
  ['1', 1],
  ['12345678901234567890', undefined],
  ['-2.5', -2.5],
  ['1_000', 1000],
  ['0x1f', 31],
  ['0644', undefined],
  ['True', true],
  ['true', undefined],
  ['None', null],
  [`'a\\n"b'`, 'a\n"b'],
  ['[1, [2], {"a": (3,)}]', [1, [2], { a: [3] }]],
  ['(1)', 1],
  ['1 # one', 1],
  ['10.0.0.1', undefined],
  ['yes', undefined],
  ['[1, 2', undefined],
  [`'it''s'`, 'its'],
  [`'two' "parts"`, 'twoparts'],
  [`['a' 'b', 'c']`, ['ab', 'c']],
  [`'one' two`, undefined],
])('the literal %s is %j', (text, value) =>
  expect(pythonLiteral(text)).toEqual(value === undefined ? undefined : { value }),
)

describe('variables beside an inventory', () => {
  const text = `
all:
  vars: { a: 1, b: 1, c: 1, d: 1, e: 1 }
  children:
    web:
      hosts: { node1: { d: 4, e: 4 } }
      vars: { b: 2, c: 2, d: 2 }
`
  const beside = (of: 'group' | 'host', name: string, written: string) => ({
    of,
    name,
    file: `${of}_vars/${name}.yml`,
    text: written,
  })

  it('count as in Ansible: over what the inventory says of groups, under what it says of the host', () => {
    const besides = [
      beside('group', 'all', 'b: 3\nc: 3\nf: 3'),
      beside('group', 'web', 'c: 5\nd: 5'),
      beside('host', 'node1', 'e: 6'),
    ]
    const { hosts, problems } = parseInventory({ file: 'nodes.yml', text, besides })
    expect(problems).toEqual([])
    expect(hosts[0]?.variables).toEqual({ a: 1, b: 3, c: 5, d: 4, e: 6, f: 3 })
    expect(hosts[0]?.layers.map(({ level }) => level)).toEqual([
      'inventory, group all',
      'inventory, group web',
      'group_vars of all',
      'group_vars of web',
      'inventory, host',
      'host_vars',
    ])
  })

  it('for a name that is nearly one of the inventory are a warning', () => {
    const { warnings } = parseInventory({
      file: 'nodes.yml',
      text,
      besides: [beside('host', 'nod1', 'a: 1'), beside('group', 'elsewhere', 'a: 1')],
    })
    expect(warnings.map(({ message, fields: { help } }) => [message, help])).toEqual([
      ['host_vars/nod1.yml is for a host `nod1`, which this inventory does not have', 'did you mean `node1`?'],
    ])
  })

  it.each([['failover_list'], ['ungrouped']])('of %s are refused, since nothing would read them', name => {
    const { problems, besides } = parseInventory({ file: 'nodes.yml', text, besides: [beside('group', name, 'a: 1')] })
    expect(problems.map(({ code, fields: { span } }) => [code, span?.file])).toEqual([
      ['group-unread', `group_vars/${name}.yml`],
    ])
    expect(besides).toEqual([])
  })

  it('are read where the inventory has the name, and not where it has not', () => {
    const unread = (of: 'group' | 'host', name: string) => ({
      of,
      name,
      file: name,
      get text(): string {
        throw new TypeError('nobody asks for it')
      },
    })
    const besides = [unread('group', 'README.md'), unread('group', 'web.yml.bak'), beside('host', 'node1', 'a: 2')]
    const { hosts, problems, besides: taken } = parseInventory({ file: 'nodes.yml', text, besides })
    expect([problems, taken, hosts[0]?.variables.a]).toEqual([[], ['host_vars/node1.yml'], 2])
  })

  it('of groups of one depth count by what a group says of itself, then by name', () => {
    const groups = 'all: { children: { b: { hosts: { n: }, vars: { x: b } }, a: { hosts: { n: }, vars: { x: a } } } }'
    expect(read(groups, 'n.yml').hosts[0]?.variables.x).toBe('b')
    const said = groups.replace('x: a', 'x: a, ansible_group_priority: 5')
    expect(read(said, 'n.yml').hosts[0]?.variables.x).toBe('a')
  })
})
