import { describe, expect, test } from 'vitest'
import { parseDialogue } from '../../src/playbook/dialogue.ts'
import { formatProblems } from '../../src/text/excerpt.ts'
import { block } from '../text/describe-problems.ts'

const parse = (text: string) => parseDialogue({ file: 'd.yml', text })

test('a dialogue is an ordered list of prompts', () => {
  const { dialogue, name, end, start, templates, problems } = parse(`
name: Installer
start: "{{ media }}/install"
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
  expect([name, start?.text, end]).toEqual(['Installer', '{{ media }}/install', { expect: undefined, exit: [0, 3] }])
  expect(dialogue).toMatchObject({ withinMs: 60_000, endWithinMs: 120_000 })
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
    'media',
  ])
})

describe('what is wrong in a dialogue is told with its place, all of it at once', () => {
  test.each([
    [
      'no prompts',
      `
name: Installer
`,
      `
error[no-prompts] This dialogue has no prompts, so nothing could be answered
  d.yml:1:1
    1 | name: Installer
      | ^
  help    write \`prompts:\`, each with \`expect:\` and \`answer:\`
`,
    ],
    [
      'misspelt keys, a broken pattern, an unknown duration',
      `
name: Installer
within: 30 seconds
prompts:
  - expct: Continue?
    answer: y
  - expect: /(y/n/
    anser: y
  - name: third
    expect: Mount point
    answer: "{{ mount_point | uper }}"
    repeat: 0
    within: soon
`,
      `
error[value-wrong] \`within\` must be a duration such as 500ms, 30s, 10m or 2h
  d.yml:2:9
    2 | within: 30 seconds
      |         ^^^^^^^^^^
  seen    the text "30 seconds"
  wanted  a duration such as 500ms, 30s, 10m or 2h

error[key-unknown] A prompt has no key \`expct\`
  d.yml:4:5
    4 |   - expct: Continue?
      |     ^^^^^
  help    did you mean \`expect\`?

error[pattern-broken] This pattern cannot be read
  d.yml:6:13
    6 |   - expect: /(y/n/
      |             ^^^^^^
  seen    Unterminated group
  help    write brackets and signs that stand for themselves with a backslash, or write the words without slashes

error[key-unknown] A prompt has no key \`anser\`
  d.yml:7:5
    7 |     anser: y
      |     ^^^^^
  help    did you mean \`answer\`?

error[template-broken] There is no filter \`uper\`
  d.yml:10:31
   10 |     answer: "{{ mount_point | uper }}"
      |                               ^^^^
  help    did you mean \`upper\`?

error[value-wrong] \`repeat\` must be a whole number of at least 1
  d.yml:11:13
   11 |     repeat: 0
      |             ^
  seen    the number 0
  wanted  a whole number of at least 1

error[value-wrong] \`within\` must be a duration such as 500ms, 30s, 10m or 2h
  d.yml:12:13
   12 |     within: soon
      |             ^^^^
  seen    the text "soon"
  wanted  a duration such as 500ms, 30s, 10m or 2h

7 problems
`,
    ],
    [
      'a capture without named groups',
      `
prompts:
  - expect: A
    capture: /version (\\d+)/
  - expect: B
    capture: { list: settings, pattern: "/(?<key>.*)/" }
`,
      `
error[capture-wrong] A capture needs a pattern whose groups have names
  d.yml:3:14
    3 |     capture: /version (\\d+)/
      |              ^^^^^^^^^^^^^^^
  help    write \`capture: /version (?<version>[0-9.]+)/\`

error[capture-wrong] A capture needs a pattern whose groups have names
  d.yml:5:41
    5 |     capture: { list: settings, pattern: "/(?<key>.*)/" }
      |                                         ^^^^^^^^^^^^^^
  help    write \`pattern: /(?<key>[^:]+): (?<value>.*)/\`; each line that fits becomes a pair

2 problems
`,
    ],
    [
      'two prompts of one name, an empty text, a wrong exit status',
      `
prompts:
  - { name: a, expect: A, answer: y }
  - { name: a, expect: "", answer: y }
end: { exit: [0, 256] }
`,
      `
error[prompt-duplicate] Two prompts are called \`a\`
  d.yml:3:13
    3 |   - { name: a, expect: "", answer: y }
      |             ^
  help    give each a \`name:\` of its own; one that comes again in a row has \`repeat:\`

error[expect-empty] An empty text would fit any prompt
  d.yml:3:24
    3 |   - { name: a, expect: "", answer: y }
      |                        ^^

error[value-wrong] An exit status must be a whole number from 0 to 255
  d.yml:4:18
    4 | end: { exit: [0, 256] }
      |                  ^^^
  seen    the number 256
  wanted  a whole number from 0 to 255

3 problems
`,
    ],
  ])('%s', (_, text, wanted) => {
    expect(formatProblems(parse(block(text)).problems)).toBe(block(wanted).trimEnd())
  })
})
