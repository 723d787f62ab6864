// How a prompt is recognised again: a table of screens, and what a dialogue file says of each.
import { expect, it } from 'vitest'
import { expectedOf } from '../../../src/playbook/recorded/expected.ts'
import { standsAtEnd } from '../../../src/shell/prompt-match.ts'

const texts = ['node1', '/mnt/messenger']

const cases: readonly (readonly [what: string, shown: string, expected: string, offered?: string])[] = [
  ['a question', 'Hello\nMount point: ', 'Mount point:'],
  ['a default in brackets', 'Port [8300]: ', 'Port', '8300'],
  ['a default between angles', 'Port <389>: ', 'Port', '389'],
  ['a default in parentheses', 'Port (8300): ', 'Port', '8300'],
  ['a choice in parentheses', 'Continue? (y/n) ', 'Continue? (y/n)'],
  ['a pager', ' 1. text\n--More--(34%)', '--More--', '34%'],
  ['a name of the node', 'Shared folder on node1: ', '/Shared\\s+folder\\s+on\\s+[^\\n]+?:/'],
  ['a prompt of signs alone', 'Name of the tree\n> ', '/Name\\s+of\\s+the\\s+tree\\s+>/'],
  ['a prompt that ends its line', 'Name of the tree\n', '/Name\\s+of\\s+the\\s+tree[^\\n\\w]*\\n+/'],
  ['a menu', '\n  1. New\n  2. Old\nSelect: ', '/1\\.\\s+New\\s+2\\.\\s+Old\\s+Select:/'],
  [
    'a menu in brackets',
    ' [1] keep\n [2] change\n [Q] Quit\nEnter choice: ',
    '/\\[1\\]\\s+keep\\s+\\[2\\]\\s+change\\s+\\[Q\\]\\s+Quit\\s+Enter\\s+choice:/',
  ],
  ['signs of patterns', 'Really (a+b)? ', 'Really (a+b)?'],
  ['a path that looks like a pattern', '/opt/x/', '/\\/opt\\/x\\//'],
  ['a second language', 'Kennwort für cn=admin: ', 'Kennwort für cn=admin:'],
]

const compiled = (text: string): string | RegExp => {
  const [, pattern] = /^\/(.+)\/$/s.exec(text) ?? []
  return pattern === undefined ? text : new RegExp(pattern)
}

for (const [what, shown, expected, offered] of cases)
  it(what, () => {
    expect(expectedOf(shown, { texts })).toMatchObject({ expect: expected, offered })
    expect(standsAtEnd(compiled(expected), shown)).toBeGreaterThan(0)
  })

it('a node of another name is asked the same', () => {
  const { expect: pattern } = expectedOf('Shared folder on node1: ', { texts })
  expect(standsAtEnd(compiled(pattern), 'Shared folder on node2.site: ')).toBeGreaterThan(0)
})
