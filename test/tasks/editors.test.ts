// Lines and blocks of a text file, on a real shell: kept, settled, and taken back. What they make is held against Ansible's elsewhere.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import blockinfile from '../../tasks/blockinfile.ts'
import lineinfile from '../../tasks/lineinfile.ts'
import { answerOf, problemOf } from '../kit/fake-world.ts'
import { shells } from '../kit/posix.ts'
import { type Sandbox, sandboxHost } from '../kit/sandbox-host.ts'
import { settleOn } from '../kit/settle.ts'

const absent = { type: 'absent' }

it('foretells the line that an earlier step will have changed', async () => {
  const things = {
    'file /a': { type: 'file', owner: 'root', group: 'root', mode: '0644' },
    'text /a': { type: 'text', text: 'a=1\n' },
  }
  const answer = await answerOf(lineinfile, { path: '/a', regexp: '^a=', line: 'a=2' }, { things })
  expect(answer).toMatchObject({ changes: [{ kind: 'text', key: '/a', after: { text: 'a=2\n' } }] })
})

it.each([
  ['nothing is there', { line: 'x' }],
  ['nothing is there, also for what is found', { regexp: 'x', line: 'y' }],
])('is a problem where %s', async (_, args) => {
  const things = { 'file /a': absent, 'text /a': absent }
  expect(await problemOf(answerOf(lineinfile, { path: '/a', ...args }, { things }))).toMatchObject({
    code: 'path-absent',
  })
})

it.each([
  [
    'a reference that finds what it made',
    { backrefs: true, regexp: '^(\\S+)(.*)$', line: '\\1,nodev\\2' },
    'noatime 0\n',
    'noatime,nodev 0',
  ],
  [
    'a line that takes the place of each that fits',
    { regexp: '^Port', line: 'Listen 1' },
    'Port 1\nPort 2\n',
    'Port 1',
  ],
])('is a problem before anything is written: %s', async (_, args, text, line) => {
  const things = {
    'file /a': { type: 'file', owner: 'root', group: 'root', mode: '0644' },
    'text /a': { type: 'text', text },
  }
  const problem = await problemOf(answerOf(lineinfile, { path: '/a', ...args }, { things }))
  expect(problem).toMatchObject({ code: 'edit-unsettled' })
  expect(problem.seen).toContain(`line 1 after this run: ${line};`)
})

it.each([
  [{}, 'with `line`, the line that has to be there'],
  [{ state: 'absent' }, 'with `line`, `regexp` or `search_string` for what has to go'],
  [{ line: 'a\nb' }, 'a text of one line'],
  [{ line: 'a', regexp: '(' }, 'a regular expression'],
  [{ line: 'a', backrefs: true }, '`regexp` with `backrefs`'],
  [{ line: 'a', insertafter: 'b', insertbefore: 'c' }, 'either `insertafter` or `insertbefore`'],
])('refuses %j', (args, message) => {
  const issues = lineinfile.args.safeParse({ path: '/a', ...args }).error?.issues.map(issue => issue.message)
  expect(issues).toEqual([message])
})

describe.each(shells)('on a node whose shell is $shell', ({ words, isHere }) => {
  let node: Sandbox
  beforeAll(() => {
    node = sandboxHost(words)
  })
  afterAll(() => node.close())

  it.skipIf(!isHere).each([
    ['a line', lineinfile, { regexp: '^b', line: 'b=2' }, 'a\nb=2\n'],
    ['a line that goes', lineinfile, { line: 'a', state: 'absent' }, 'b\n'],
    ['a block', blockinfile, { block: 'x', marker: '# {mark}' }, 'a\nb\n# BEGIN\nx\n# END\n'],
  ])('keeps %s, settles, and takes it back', async (_, task, args, text) => {
    await node.prepare("rm -rf it kept; printf 'a\\nb\\n' >it; chmod 640 it")
    const { undo } = await settleOn(task, node, { path: node.path('it'), ...args })
    const see = async () => (await node.run('cat it; stat -c %a it')).stdout
    expect(await see()).toBe(`${text}640\n`)
    await undo()
    expect(await see()).toBe('a\nb\n640\n')
  })
})
