import { expect, test } from 'vitest'
import { parseDialogue } from '../../src/playbook/dialogue.ts'
import { formatProblems } from '../../src/text/excerpt.ts'

const parse = (text: string) => parseDialogue({ file: 'd.yml', text })

test('a dialogue is an ordered list of prompts', () => {
  const { dialogue, name, templates, problems } = parse(`
name: Installer
within: 60s
prompts:
  - name: license
    expect: Do you accept? (y/n)
    answer: y
  - expect: /Mount\\s+point/i
    answer: "{{ mount_point }}"
    when: role == 'create'
    optional: true
    repeat: 3
    within: 10m
  - name: password
    expect: "Password:"
    answer: "{{ password }}"
    secret: yes
  - name: found
    expect: Proceed?
    capture: { list: settings, pattern: "/(?<key>[^:]+): (?<value>.*)/", optional: true }
    answer: 1
    press: true
end: { exit: [0, 3], within: 2m }
`)
  expect(formatProblems(problems)).toBe('')
  expect(name).toBe('Installer')
  expect(dialogue).toMatchObject({ withinMs: 60_000, endWithinMs: 120_000, endExits: [0, 3] })
  expect(dialogue.prompts.map(({ span, ...prompt }) => prompt)).toEqual([
    { name: 'license', expect: 'Do you accept? (y/n)', answer: 'y' },
    {
      name: 'prompt 2',
      expect: /Mount\s+point/i,
      answer: '{{ mount_point }}',
      when: "role == 'create'",
      optional: true,
      repeat: 3,
      withinMs: 600_000,
    },
    { name: 'password', expect: 'Password:', answer: '{{ password }}', secret: true },
    {
      name: 'found',
      expect: 'Proceed?',
      answer: '1',
      press: true,
      capture: { type: 'list', name: 'settings', pattern: /(?<key>[^:]+): (?<value>.*)/, optional: true },
    },
  ])
  expect(templates.flatMap(template => template.needs.map(need => need.name))).toEqual([
    'mount_point',
    'role',
    'password',
  ])
})
