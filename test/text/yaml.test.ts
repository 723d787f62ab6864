import { describe, expect, test } from 'vitest'
import { formatProblems } from '../../src/text/excerpt.ts'
import { child, entries, items, type Located } from '../../src/text/located.ts'
import { parseYaml } from '../../src/text/yaml.ts'
import { block } from './describe-problems.ts'

const parse = (text: string) => parseYaml({ file: 'f.yml', text })

const read = (text: string): Located => {
  const { node, problems } = parse(text)
  expect(formatProblems(problems)).toBe('')
  if (node === undefined) throw new Error('nothing was read')
  return node
}

describe('a text becomes a tree', () => {
  test.each([
    [
      'values',
      'a: 1\nb: yes\nc: "x"\nd:\ne: [1, { f: true }]\n',
      { a: 1, b: 'yes', c: 'x', d: null, e: [1, { f: true }] },
    ],
    ['a mode with a leading zero stays a text', 'mode: 0644\nuid: 644\n', { mode: '0644', uid: 644 }],
    [
      'merge keys and aliases',
      'a: &a { x: 1, y: 2 }\nb: { <<: *a, y: 3 }\nc: *a\n',
      { a: { x: 1, y: 2 }, b: { x: 1, y: 3 }, c: { x: 1, y: 2 } },
    ],
    [
      'keys that look like something else',
      '1: a\ntrue: b\nnull: c\n__proto__: d\n',
      Object.fromEntries([
        ['1', 'a'],
        ['true', 'b'],
        ['null', 'c'],
        ['__proto__', 'd'],
      ]),
    ],
  ])('%s', (_, text, wanted) => {
    expect(read(text).value).toEqual(wanted)
  })

  test('in which each key and value knows its place', () => {
    const node = read('top:\n  - name: x\n    path: "/a b"\n  - |\n    long\n')
    const [first, second] = items(child(node, 'top'))
    const places = entries(first).map(({ key, keySpan, node: { span } }) => [
      key,
      keySpan.line,
      keySpan.column,
      span.column,
      span.width,
    ])
    expect(places).toEqual([
      ['name', 2, 5, 11, 1],
      ['path', 3, 5, 11, 6],
    ])
    expect(second?.span).toMatchObject({ line: 4, column: 5, excerpt: '  - |' })
  })

  test('in which a word of a text can be found', () => {
    const node = child(read('a: >-\n  one {{ x }}\n  two {{ x }}\n'), 'a')
    expect(node?.type === 'scalar' && [node.wordSpan('x', 0), node.wordSpan('x', 1)]).toMatchObject([
      { line: 2, column: 10, width: 1 },
      { line: 3, column: 10, width: 1 },
    ])
  })

  test.each([
    ['nothing', ''],
    ['a comment', '# x\n'],
  ])('%s is no tree and no problem', (_, text) => {
    expect(parse(text)).toEqual({ node: undefined, problems: [] })
  })
})

describe('what is no YAML is told in plain words, at its place', () => {
  test.each([
    [
      'a key that is there twice',
      `
a: 1
b: 2
a: 3
`,
      `
error[key-duplicate] This key is there twice; only one of them would count
  f.yml:3:1
    3 | a: 3
      | ^
  help    remove one of the two
`,
    ],
    [
      'a tab',
      `
a:
	b: 1
`,
      `
error[yaml-broken] A tab indents this line
  f.yml:2:1
    2 |  b: 1
      | ^
  help    indent with spaces; YAML forbids tabs there
`,
    ],
    [
      'a quote that is not closed',
      `
a: "x
b: 1
c: 2
`,
      `
error[yaml-broken] The quote " is not closed
  f.yml:1:4
    1 | a: "x
      |    ^
  help    close it with "
`,
    ],
    [
      'a list that is not closed',
      `
a: [1, 2
b: 1
`,
      `
error[yaml-broken] The list is not closed
  f.yml:1:4
    1 | a: [1, 2
      |    ^
  help    close it with ]
`,
    ],
    [
      'a colon in a value',
      `
name: Install: the agents
`,
      `
error[yaml-broken] There is a second \`key: value\` within a value
  f.yml:1:7
    1 | name: Install: the agents
      |       ^
  help    put quotes around a value that holds a colon and a space, or start the inner mapping on a line of its own
`,
    ],
    [
      'a key without a colon',
      `
name: x
tasks
  - a: 1
`,
      `
error[yaml-broken] This line has no \`key:\`
  f.yml:2:1
    2 | tasks
      | ^^^^^
  help    write \`key: value\`, or indent it below its key
`,
    ],
    [
      'braces without quotes',
      `
- path: {{ mount_point }}/queue
  mode: {{ mode }}
`,
      `
error[yaml-broken] A value that starts with {{ needs quotes, else YAML reads a mapping
  f.yml:1:9
    1 | - path: {{ mount_point }}/queue
      |         ^^^^^^^^^^^^^^^^^^^^^^^
  help    write "{{ mount_point }}/queue"

error[yaml-broken] A value that starts with {{ needs quotes, else YAML reads a mapping
  f.yml:2:9
    2 |   mode: {{ mode }}
      |         ^^^^^^^^^^
  help    write "{{ mode }}"

2 problems
`,
    ],
    [
      'braces without quotes, alone',
      `
path: {{ mount_point }}
`,
      `
error[yaml-broken] A value that starts with {{ needs quotes, else YAML reads a mapping
  f.yml:1:7
    1 | path: {{ mount_point }}
      |       ^^^^^^^^^^^^^^^^^
  help    write "{{ mount_point }}"
`,
    ],
    [
      'a line that is indented differently',
      `
- name: x
 when: y
`,
      `
error[yaml-broken] This line is indented differently from what it belongs to
  f.yml:2:1
    2 |  when: y
      | ^
  help    indent equal things equally
`,
    ],
    [
      'a line that is indented deeper',
      `
a: 1
  b: 2
`,
      `
error[yaml-broken] This line is indented differently from what it belongs to
  f.yml:2:3
    2 |   b: 2
      |   ^
  help    the key above has a value already; indent both keys equally
`,
    ],
    [
      'a list on the line of its key',
      `
tasks: - a
`,
      `
error[yaml-broken] A list starts on the line of its key
  f.yml:1:8
    1 | tasks: - a
      |        ^
  help    start it on the next line
`,
    ],
    [
      'text after a quoted value',
      `
path: "{{ a }}"/b
`,
      `
error[yaml-broken] Something follows after the end of this value
  f.yml:1:16
    1 | path: "{{ a }}"/b
      |                ^^
  help    put quotes around the whole value: key: "value"
`,
    ],
    [
      'a value that starts with a sign that YAML keeps for itself',
      `
a: @x
b: \`y\`
`,
      `
error[yaml-broken] A value cannot start with this character
  f.yml:1:4
    1 | a: @x
      |    ^
  help    put quotes around the whole value: key: "value"

error[yaml-broken] A value cannot start with this character
  f.yml:2:4
    2 | b: \`y\`
      |    ^
  help    put quotes around the whole value: key: "value"

2 problems
`,
    ],
    [
      'an unknown escape',
      `
a: "C:\\new\\queue"
`,
      `
error[yaml-broken] A backslash between double quotes starts an escape, and this one is unknown
  f.yml:1:11
    1 | a: "C:\\new\\queue"
      |           ^
  help    use single quotes, in which a backslash is itself: 'C:\\new'
`,
    ],
    [
      'two documents',
      `
a: 1
---
b: 2
`,
      `
error[yaml-broken] A second document starts here
  f.yml:2:1
    2 | ---
      | ^^^
  help    remove \`---\`, or put it into a file of its own
`,
    ],
    [
      'an alias without an anchor, and one within itself',
      `
a: *nobody
b: &b [*b]
`,
      `
error[yaml-alias] The alias *nobody repeats an anchor that is not there
  f.yml:1:4
    1 | a: *nobody
      |    ^^^^^^^
  help    write \`&nobody\` before a value further up

error[yaml-alias] The alias *b stands inside of the value that it repeats
  f.yml:2:8
    2 | b: &b [*b]
      |        ^^
  help    write \`&b\` before a value further up

2 problems
`,
    ],
    [
      'a vault, and an unknown tag',
      `
a: !vault |
  $ANSIBLE_VAULT;1.1
b: !env HOME
`,
      `
error[vault-misplaced] Nothing that is encrypted can stand here
  f.yml:1:11
    1 | a: !vault |
      |           ^
  wanted  encrypted variables, in an inventory, in a playbook’s \`vars:\`, in a file of variables
  help    put it into a variable, and name the variable here

error[yaml-tag] The tag !env has no meaning here
  f.yml:3:9
    3 | b: !env HOME
      |         ^^^^
  help    remove !env

2 problems
`,
    ],
    [
      'a key that is a list',
      `
[a, b]: 1
`,
      `
error[yaml-key] A key of a mapping must be a text
  f.yml:1:1
    1 | [a, b]: 1
      | ^^^^^^
`,
    ],
    [
      'signs that a terminal would obey',
      `
a: \x1b[31mred: x
`,
      `
error[yaml-broken] There is a second \`key: value\` within a value
  f.yml:1:4
    1 | a: �[31mred: x
      |    ^
  help    put quotes around a value that holds a colon and a space, or start the inner mapping on a line of its own
`,
    ],
  ])('%s', (_, text, wanted) => {
    expect(formatProblems(parse(block(text)).problems)).toBe(block(wanted).trimEnd())
  })
})

test('a text that repeats itself without end is refused', () => {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
  for (let at = 1; at < 12; at += 1)
    lines.push(
      `a${at}: &a${at} [${Array(10)
        .fill(`*a${at - 1}`)
        .join(', ')}]`,
    )
  expect(parse(lines.join('\n')).problems.map(({ code }) => code)).toEqual(['yaml-too-large'])
})

test('a text that is nested too deeply is refused', () => {
  expect(parse('['.repeat(50_000)).problems).toHaveLength(1)
  expect(parse(`${'- '.repeat(20_000)}x`).problems).toHaveLength(1)
})
