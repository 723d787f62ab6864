// Arguments as Ansible writes them: other names, those that are not there, conditions, and what stands below `args:`.
import { describe, expect, it } from 'vitest'
import { parsePlaybook } from '../../src/playbook/parse.ts'
import type { KnownTask } from '../../src/playbook/playbook.ts'
import { Template } from '../../src/template/template.ts'

const known = new Map<string, KnownTask>([
  ['keep', { type: 'task', aliases: { dest: 'path' }, instead: { speed: 'remove it: it is fast' } }],
  ['say', { type: 'task', freeForm: 'text', names: ['text', 'creates'] }],
  ['hold-true', { type: 'task', conditions: ['that'] }],
])

const parse = (step: string) => {
  const text = `- hosts: all\n  tasks:\n    - name: It\n${step.replace(/^/gm, '      ')}\n`
  const { plays, problems } = parsePlaybook('site.yml', { knownTasks: known, files: { readText: () => text } })
  const task = plays[0]?.steps[0]
  return {
    args: task?.type === 'task' ? task.args.tree : undefined,
    told: problems.map(({ fields }) => [fields.code, fields.help]),
  }
}

describe('arguments', () => {
  it.each<[string, string, object]>([
    ['have other names', 'keep: { dest: /a }', { path: '/a' }],
    ['can stand below `args:`', 'say: hello\nargs: { creates: /a }', { text: 'hello', creates: '/a' }],
    ['of a task by its whole name', 'ansible.builtin.keep: { path: /a }', { path: '/a' }],
  ])('%s', (_, step, args) => {
    expect(parse(step)).toEqual({ args, told: [] })
  })

  it.each<[string, string, readonly (readonly string[])[]]>([
    [
      'that Ansible has and that are not here',
      'keep: { speed: 1 }',
      [['argument-unsupported', 'remove it: it is fast']],
    ],
    ['under two names', 'keep: { dest: /a, path: /b }', [['argument-twice', 'keep `path:`']]],
    [
      'within the text of a command',
      'say: hello creates=/a',
      [['argument-in-text', 'write the command below `text:`, and `creates:` beside it']],
    ],
  ])('are told %s', (_, step, told) => {
    expect(parse(step).told).toEqual(told)
  })
})

describe('conditions', () => {
  it.each([
    ['as an expression', 'that: port == 1', 'port == 1'],
    ['with braces around it', 'that: "{{ port == 1 }}"', '{{ port == 1 }}'],
  ])('stand %s, and keep their words', (_, written, text) => {
    const { args, told } = parse(`hold-true: { ${written} }`)
    expect(told).toEqual([])
    expect(args).toEqual({ that: { condition: text, holds: expect.any(Template) } })
  })

  it('are told where they cannot be read', () => {
    expect(parse('hold-true: { that: [a ==] }').told).toHaveLength(1)
  })
})
