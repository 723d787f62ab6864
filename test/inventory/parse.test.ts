import { describe, expect, test } from 'vitest'
import { connectionOf } from '../../src/inventory/connection.ts'
import { parseInventory } from '../../src/inventory/parse.ts'
import { matchHosts } from '../../src/inventory/pattern.ts'
import { reveal, Secret } from '../../src/model/secret.ts'
import { render } from '../../src/template/render.ts'
import type { SecretReading } from '../../src/template/secrets.ts'
import { compileTemplate, Template } from '../../src/template/template.ts'
import { formatProblems } from '../../src/text/excerpt.ts'
import { source } from '../../src/text/source.ts'
import { block } from '../text/describe-problems.ts'

const parse = (text: string) => parseInventory({ file: 'site.yml', text })

test.each([
  ['an escape in the name of a host', 'all: { hosts: { "node\\e7": } }'],
  ['writing from right to left in the name of a group', 'all: { children: { "web\\u202e": { hosts: { a: } } } }'],
  [
    'a line break in the name of the cluster',
    'cluster: { name: "x\\nrun", failover_list: [a] }\nall: { hosts: { a: } }',
  ],
])('what nobody sees is refused: %s', (_, text) => {
  expect(parse(text).problems.map(({ code }) => code)).toEqual(['name-unseen'])
})

const site = parse(`
provider: { name: lab, nodes: 3 }
cluster:
  name: msgr1
  failover_list: [node2, node1, node3]
all:
  vars:
    port: 8300
    where: all
    mount_point: /mnt/{{ short }}
  hosts:
    node1: { ansible_host: 10.0.0.1, where: host, short: a }
    node[2:3]:
      ansible_user: root
      short: b
  children:
    backup:
      vars: { where: backup, extra: 1 }
      hosts: { node9: }
      children:
        archive:
          vars: { where: archive }
          hosts: { node3: }
`)

describe('an inventory', () => {
  test('has its hosts in the order as written, ranges included', () => {
    expect(formatProblems(site.problems)).toBe('')
    expect(site.hosts.map(host => host.name)).toEqual(['node1', 'node2', 'node3', 'node9'])
  })

  test('has groups with the hosts of those below, and always the failover list', () => {
    expect(site.groups.map(group => [group.name, group.hosts.join(' ')])).toEqual([
      ['all', 'node1 node2 node3 node9'],
      ['backup', 'node9 node3'],
      ['archive', 'node3'],
      ['failover_list', 'node2 node1 node3'],
    ])
  })

  test('lays variables of the host over those of special groups over those of all', () => {
    const seen = site.hosts.map(({ name, written: { value } }) => [name, value.where, value.port, value.extra])
    expect(seen).toEqual([
      ['node1', 'host', 8300, undefined],
      ['node2', 'all', 8300, undefined],
      ['node3', 'archive', 8300, 1],
      ['node9', 'backup', 8300, 1],
    ])
  })

  test('keeps variables with braces for later, one compiled text for all hosts', () => {
    const [node1, node2] = site.hosts
    const mountPoint = node1?.variables.mount_point
    expect(mountPoint).toBeInstanceOf(Template)
    expect(node2?.variables.mount_point).toBe(mountPoint)
    expect(mountPoint instanceof Template && render(mountPoint, node2?.variables ?? {})).toBe('/mnt/b')
  })

  test('names its cluster and who brings it up', () => {
    expect(site.cluster).toMatchObject({ name: 'msgr1', failoverList: ['node2', 'node1', 'node3'] })
    expect(site.provider).toMatchObject({ name: 'lab', options: { nodes: 3 } })
  })

  test('without a cluster: the order of its hosts is the failover list, its file names it', () => {
    const { cluster, problems } = parse('all: { hosts: { b: , a: } }')
    expect(problems).toEqual([])
    expect(cluster).toEqual({ name: 'site', failoverList: ['b', 'a'], span: undefined })
  })

  test('may have groups at the top, as in Ansible', () => {
    expect(
      parse('web: { hosts: { a: } }\ndb: { hosts: { b: } }').hosts.map(({ name, groups }) => [name, groups]),
    ).toEqual([
      ['a', ['all', 'web']],
      ['b', ['all', 'db']],
    ])
  })
})

describe('a pattern means', () => {
  test.each([
    ['all', 'node1 node2 node3 node9'],
    ['failover_list', 'node2 node1 node3'],
    ['node3:node1', 'node3 node1'],
    ['failover_list:!node1', 'node2 node3'],
    ['!node9', 'node1 node2 node3'],
    ['all:&backup', 'node3 node9'],
    ['backup:!archive', 'node9'],
    ['node?', 'node1 node2 node3 node9'],
    ['arch*', 'node3'],
    ['node[1:2]', 'node1 node2'],
    ['failover_list[0]', 'node2'],
    ['failover_list[-1]', 'node3'],
    ['failover_list[1:]', 'node1 node3'],
    ['node1,node9', 'node1 node9'],
  ])('%s: %s', (pattern, wanted) => {
    const { hosts, problems } = matchHosts(pattern, site)
    expect([hosts.join(' '), problems]).toEqual([wanted, []])
  })

  test('a name that nobody has is told', () => {
    expect(formatProblems(matchHosts('failover_lst:!nod1', site).problems)).toBe(
      block(`
error[host-unknown] The inventory site.yml has no host and no group \`failover_lst\`
  seen    failover_lst:!nod1
  help    did you mean \`failover_list\`?

error[host-unknown] The inventory site.yml has no host and no group \`nod1\`
  seen    failover_lst:!nod1
  help    did you mean \`node1\`?

2 problems`),
    )
  })
})

describe('how a host is reached', () => {
  const connection = (vars: string) => {
    const [host] = parse(`all:\n  hosts:\n    node1:\n${vars.replace(/^/gm, '      ')}\n`).hosts
    if (host === undefined) throw new Error('no host')
    return connectionOf(host)
  }

  test('from the variables that Ansible uses', () => {
    const { connection: read, problems } = connection(
      'net: 10.0.0\nansible_host: "{{ net }}.1"\nansible_port: 2222\nansible_user: admin\nansible_become: yes\nansible_become_password: s3cret',
    )
    expect(problems).toEqual([])
    expect(read).toMatchObject({
      address: '10.0.0.1',
      port: 2222,
      user: 'admin',
      become: { method: 'sudo', user: 'root' },
    })
    expect(JSON.stringify(read)).not.toContain('s3cret')
  })

  test('by its own name when nothing is said', () => {
    expect(connection('x: 1').connection).toEqual({ address: 'node1' })
  })

  test.each(['ansible_host', 'ansible_user', 'ansible_become_user', 'ansible_ssh_private_key_file'])(
    'an option of a program is no value of %s',
    name => {
      const { problems } = connection(`${name}: -oProxyCommand=id`)
      expect(problems.map(({ code, fields }) => [code, fields.wanted])).toEqual([
        ['variable-value', expect.stringContaining('does not begin with `-`')],
      ])
    },
  )

  test('nor the name of a host, a group or a cluster', () => {
    const { problems } = parse('all:\n  hosts: { -oProxyCommand=id: }\n  children: { -group: { hosts: { a: } } }\n')
    expect(problems.map(({ code, fields }) => [code, fields.span?.line])).toEqual([
      ['name-option', 2],
      ['name-option', 3],
    ])
  })

  test('a misspelt one and a wrong value are told', () => {
    expect(
      formatProblems(connection('ansible_usr: root\nansible_port: 99999\nansible_become_method: doas').problems),
    ).toBe(
      block(`
error[variable-unknown] There is no variable \`ansible_usr\`
  site.yml:4:7
    4 |       ansible_usr: root
      |       ^^^^^^^^^^^
  help    did you mean \`ansible_user\`?

error[variable-value] \`ansible_port\` must be at most 65535
  site.yml:5:21
    5 |       ansible_port: 99999
      |                     ^^^^^
  seen    the number 99999
  wanted  at most 65535

error[variable-value] \`ansible_become_method\` must be sudo or su
  site.yml:6:30
    6 |       ansible_become_method: doas
      |                              ^^^^
  seen    the text "doas"
  wanted  sudo or su

3 problems`),
    )
  })
})

const secretsOf = (kept: ReadonlyMap<string, string>): SecretReading => ({
  readSecret: ({ name }) => kept.get(name),
  openVault: text => Buffer.from(`opened ${text.length}`),
})

describe('secrets by reference', () => {
  const text =
    'all:\n  vars:\n    messenger: { user_password: { secret: env:PASSWORD } }\n    key: { secret: file:/k }\n    bad: { secret: s3cret }\n  hosts: { a: , b: }\n'

  test('are read where they are kept, and stay secret', () => {
    const kept = new Map([
      ['PASSWORD', 's3cret'],
      ['/k', 'k3y'],
    ])
    const inventory = parseInventory({ file: 'site.yml', text, secrets: secretsOf(kept) })
    const [host] = inventory.hosts
    expect(JSON.stringify(host?.variables)).not.toMatch(/s3cret|k3y/)
    const seen = compileTemplate('{{ messenger.user_password }}{{ key }}', source('t', '').span(0))
    const value = render(seen.template, host?.variables ?? {})
    expect(value instanceof Secret && [value.label, reveal(value)]).toEqual(['user_password', 's3cretk3y'])
  })

  test('are told when they are not there, once for all hosts', () => {
    expect(formatProblems(parse(text).problems)).toBe(
      block(`
error[secret-missing] The environment variable PASSWORD is not set
  site.yml:3:43
    3 |     messenger: { user_password: { secret: env:PASSWORD } }
      |                                           ^^^^^^^^^^^^
  help    set it for this command: read -rs PASSWORD; export PASSWORD

error[secret-missing] There is no file /k to read the secret from
  site.yml:4:20
    4 |     key: { secret: file:/k }
      |                    ^^^^^^^
  help    correct its name, or write the file

error[secret-form] A secret is named by where it is kept
  site.yml:5:20
    5 |     bad: { secret: •••••• }
      |                    ^^^^^^
  wanted  env:NAME, file:PATH, command:WORDS or ask, without {{ }}
  help    a secret itself has no place in this file, unless encrypted: \`run vault encrypt-string\`

3 problems`),
    )
  })
})
