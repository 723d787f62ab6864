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

test('a number that would lose its point is told', () => {
  expect(formatProblems(parse('a: 8.0\n').problems)).toBe(
    block(`
error[number-whole] \`8.0\` is the number 8 here, and would be written as \`8\`
  f.yml:1:4
    1 | a: 8.0
      |    ^^^
  help    write "8.0" in quotes where a text is meant, 8 where a number is`),
  )
})

test.each(['-1.00', '5.', '1.5e+3'])('so is %s', text => {
  expect(parse(`[1.5, ${text}]`).problems.map(({ code }) => code)).toEqual(['number-whole'])
})

describe('a text becomes a tree', () => {
  test.each([
    [
      'values',
      'a: 1\nb: yes\nc: "x"\nd:\ne: [1, { f: true }]\n',
      { a: 1, b: 'yes', c: 'x', d: null, e: [1, { f: true }] },
    ],
    ['a mode with a leading zero stays a text', 'mode: 0644\nuid: 644\n', { mode: '0644', uid: 644 }],
    [
      'what PyYAML takes for no number, and what a number cannot keep, stays a text',
      '[1e3, 12e4567, 1.5e3, 0o644, 12345678901234567890, 1_000, 12:30, -1.50, .5, 0x1F, 9007199254740991]',
      ['1e3', '12e4567', '1.5e3', '0o644', '12345678901234567890', '1_000', '12:30', -1.5, 0.5, 31, 9007199254740991],
    ],
    ['a number that would lose its point stays, in quotes', 'a: "8.0"\nb: 8\nc: 8.5\n', { a: '8.0', b: 8, c: 8.5 }],
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

// Slips of the hand are in test/corpus.
describe('what is no YAML is told in plain words, at its place', () => {
  test.each([
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
