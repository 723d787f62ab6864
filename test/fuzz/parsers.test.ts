// Whatever a file holds, its parser tells problems with places: it never throws, and it never hangs.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { readExtraVars } from '../../src/cli/extra-vars.ts'
import { connectionOf } from '../../src/inventory/connection.ts'
import { parseInventory } from '../../src/inventory/parse.ts'
import { matchHosts } from '../../src/inventory/pattern.ts'
import type { Problem } from '../../src/model/problem.ts'
import { parseDialogue } from '../../src/playbook/dialogue.ts'
import { parsePlaybook } from '../../src/playbook/parse.ts'
import { judge, judgeOnPort, knownOf } from '../../src/transport/known-hosts.ts'
import { configuredHost } from '../../src/transport/ssh-config.ts'
import { readText } from '../docs/pages.ts'
import { anyText, anyTree, expectCalm, slips, tries } from '../kit/fuzz.ts'
import { knownTasks } from '../playbook/parse-files.ts'

const file = 'f.yml'

const inventoryOf = (text: string): readonly Problem[] => {
  const inventory = parseInventory({ file, text })
  return [...inventory.problems, ...inventory.hosts.flatMap(host => connectionOf(host).problems)]
}

const playbookOf = (text: string): readonly Problem[] =>
  parsePlaybook(file, { knownTasks, files: { readText: path => (path === file ? text : undefined) } }).problems

const dialogueOf = (text: string): readonly Problem[] => parseDialogue({ file, text }).problems

const formats: readonly {
  readonly name: string
  readonly parse: (text: string) => readonly Problem[]
  readonly good: string
  readonly words: readonly string[]
}[] = [
  {
    name: 'an inventory',
    parse: inventoryOf,
    good: readText('inventory/lab.yml'),
    words: [
      'all',
      'hosts',
      'children',
      'vars',
      'cluster',
      'failover_list',
      'provider',
      'name',
      'secret',
      'ansible_port',
    ],
  },
  {
    name: 'a playbook',
    parse: playbookOf,
    good: readText('playbooks/install.yml'),
    words: [
      'hosts',
      'tasks',
      'handlers',
      'name',
      'when',
      'vars',
      'block',
      'hold',
      'file',
      'shell',
      'notify',
      'become',
      'tags',
      'vars_files',
      'import_playbook',
      'strategy',
      'environment',
    ],
  },
  {
    name: 'a dialogue',
    parse: dialogueOf,
    good: readText('playbooks/dialogues/messenger-2.2.yml'),
    words: [
      'name',
      'start',
      'within',
      'settle',
      'prompts',
      'end',
      'expect',
      'answer',
      'capture',
      'list',
      'pattern',
      'when',
      'repeat',
      'exit',
    ],
  },
]

describe.each(formats)('$name', ({ parse, good, words }) => {
  test('of any text', () => {
    fc.assert(
      fc.property(anyText, text => expectCalm(() => parse(text))),
      tries(100),
    )
  })

  test('of any tree', () => {
    const written = anyTree(words).map(tree => stringify([tree]).replace(/^- {2}/gm, '- '))
    const bare = anyTree(words).map(tree => stringify(tree))
    fc.assert(
      fc.property(fc.oneof(written, bare), text => expectCalm(() => parse(text))),
      tries(100),
    )
  })

  test('of a good file with slips', () => {
    fc.assert(
      fc.property(slips(good), text => expectCalm(() => parse(text))),
      tries(40),
    )
  })
})

describe('what is made to be costly', () => {
  const deep = (open: string, close: string, times: number) => open.repeat(times) + close.repeat(times)
  const bomb = [
    'a0: &a0 [x, x]',
    ...Array.from({ length: 60 }, (_, at) => `a${at + 1}: &a${at + 1} [*a${at}, *a${at}]`),
  ]
  const costly: readonly (readonly [string, string])[] = [
    ['an alias bomb', bomb.join('\n')],
    [
      'an alias bomb of merge keys',
      ['a0: &a0 { x: 1 }', ...bomb.slice(1).map(line => line.replace('[', '{ <<: [').replace(']', '] }'))].join('\n'),
    ],
    ['lists in lists', deep('[', ']', 5000)],
    ['mappings in mappings', deep('{a: ', '}', 5000)],
    ['dashes in a row', '- '.repeat(5000)],
    ['deeper and deeper lines', Array.from({ length: 500 }, (_, at) => `${' '.repeat(at)}a:`).join('\n')],
    ['a template in many parentheses', `a: "{{ ${deep('(', ')', 20_000)} }}"`],
    ['a template of many terms', `a: "{{ ${'1 + '.repeat(20_000)}1 }}"`],
    ['many templates that are not closed', `a: "${'{{ '.repeat(20_000)}"`],
    ['many raw blocks that are not closed', `a: "${'{% raw %}'.repeat(4000)}"`],
    ['braces and blanks', `a: {{${' '.repeat(100_000)}x`],
    ['a thousand broken lines', '\ta: {{ x\n'.repeat(1000)],
    ['quotes that are not closed', 'a: "\n'.repeat(1000)],
    ['a colon and blanks', `${': '.repeat(5000)}"`],
    ['one key five thousand times', 'a: 1\n'.repeat(5000)],
    ['a name of a megabyte', `${'a'.repeat(2 ** 20)}: 1`],
    ['ranges of ranges', 'all: { hosts: { "n[1:9999][1:9999][1:9999]": } }'],
    ['brackets upon brackets', `all: { hosts: { "${'['.repeat(5000)}": } }`],
  ]
  test.each(costly)('%s', (_, text) => {
    for (const parse of [inventoryOf, playbookOf]) expectCalm(() => parse(text))
  })
})

describe('a pattern of hosts', () => {
  const inventory = parseInventory({
    file,
    text: 'all: { hosts: { "node[1:3]": }, children: { web: { hosts: { node1: } } } }',
  })

  test('of any text', () => {
    const pattern = fc.oneof(anyText, fc.stringMatching(/^[a-z0-9*?[\]:!&,.-]{0,30}$/))
    fc.assert(
      fc.property(pattern, text => expectCalm(() => matchHosts(text, inventory).problems)),
      tries(150),
    )
  })

  test('of many stars', () => {
    expectCalm(
      () =>
        matchHosts(`${'*a'.repeat(40)}b`, { ...inventory, groups: [{ ...group(inventory), name: 'a'.repeat(5000) }] })
          .problems,
    )
  })
})

const group = ({ groups: [first] }: ReturnType<typeof parseInventory>) => {
  if (!first) throw new Error('an inventory has the group all')
  return first
}

test('what -e gives', async () => {
  const given = fc.oneof(
    anyText,
    anyTree(['a', 'b']).map(tree => JSON.stringify(tree) ?? ''),
    slips(`a=1 b='two words'`),
  )
  await fc.assert(
    fc.asyncProperty(given, async text => {
      const { problems } = await readExtraVars([text.replace(/^@/, '')], '/nowhere')
      expectCalm(() => problems)
    }),
    tries(150),
  )
})

describe('known_hosts', () => {
  const endpoint = { address: 'node1.example.com', port: 2222 }
  const line =
    'node1,[node1.example.com]:2222 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ6W0Zk5fXk6m3r8K4vNnQ7f5mV0n5r8gkqU2hQH4mGd x'
  const judged = (text: string) => () => {
    judgeOnPort([{ path: 'known_hosts', text }], endpoint, Buffer.from('shown'))
    return []
  }

  test('of any text', () => {
    const text = fc.oneof(anyText, slips(`@revoked ${line}\n|1|AAAA|AAAA ssh-rsa AAAA\n${line}`))
    fc.assert(
      fc.property(text, each => expectCalm(judged(each))),
      tries(150),
    )
  })

  test('of many stars', () => {
    expectCalm(judged(line.replace('node1', `${'*?'.repeat(60)}x`)))
    expectCalm(judged(line.replace('node1', `${'*e'.repeat(60)}x`)))
  })

  test('vouches for no key that it does not hold', () => {
    const text = fc.oneof(anyText, slips(line))
    fc.assert(
      fc.property(text, each => {
        const known = knownOf([{ path: 'known_hosts', text: each }], endpoint).keys
        expect(judge(known, Buffer.from('another key')).type).not.toBe('known')
      }),
      tries(100),
    )
  })
})

test('ssh_config of any text', () => {
  const good =
    'Host node*\n  HostName %h.example.com\n  Port 2222\n  ProxyJump a,b\nMatch user x exec "touch /x"\n  User y\n'
  const asking = { host: 'node1', home: '/home/x', localUser: 'x' }
  const text = fc.oneof(anyText, slips(good))
  fc.assert(
    fc.property(text, each =>
      expectCalm(
        () => configuredHost({ files: [{ path: 'config', text: each }], included: () => [] }, asking).problems,
      ),
    ),
    tries(100),
  )
})
