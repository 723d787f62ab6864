// What GitHub is told of a problem: one line, whatever stands in it.
import { expect, it } from 'vitest'
import type { ProblemRecord } from '../../src/model/events.ts'
import { annotation } from '../../src/report/annotations.ts'

const span = { file: 'playbooks/a.yml', line: 3, column: 5, width: 4, excerpt: 'x' }
const problem: ProblemRecord = { code: 'key-unknown', summary: 'There is no key `hots` here' }

it.each<[string, ProblemRecord, string]>([
  [
    'a place',
    { ...problem, span },
    '::error file=playbooks/a.yml,line=3,endLine=3,col=5,endColumn=8,title=key-unknown::There is no key `hots` here',
  ],
  [
    'a whole file',
    { ...problem, span: { ...span, line: 0 } },
    '::error file=playbooks/a.yml,title=key-unknown::There is no key `hots` here',
  ],
  ['no place', problem, '::error title=key-unknown::There is no key `hots` here'],
  [
    'a place elsewhere',
    { ...problem, span: { ...span, file: '/etc/x.yml' } },
    '::error title=key-unknown::There is no key `hots` here',
  ],
  [
    'a step, and what to do',
    { ...problem, host: 'node1', step: 'install/mount@node1', seen: 'a', wanted: 'b', state: 'c', help: 'd' },
    '::error title=key-unknown · install/mount@node1::There is no key `hots` here%0Aseen: a%0Awanted: b%0Astate: c%0Ahelp: d',
  ],
  ['a node', { ...problem, host: 'node1' }, '::error title=key-unknown · node1::There is no key `hots` here'],
  [
    'signs that mean something there',
    { ...problem, summary: '50%: a, b\r\n::add-mask::x', span: { ...span, file: 'a,b:c%.yml' } },
    '::error file=a%2Cb%3Ac%25.yml,line=3,endLine=3,col=5,endColumn=8,title=key-unknown::50%25: a, b%0A::add-mask::x',
  ],
  [
    'what a terminal would obey',
    { ...problem, summary: '\u001b[31mred\u001b[0m\u0007' },
    '::error title=key-unknown::red�',
  ],
])('%s', (_, told, line) => {
  expect(annotation('error', told, file => (file.startsWith('/') ? undefined : file))).toBe(`${line}\n`)
})
