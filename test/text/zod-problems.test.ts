import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { Secret } from '../../src/model/secret.ts'
import { formatProblems } from '../../src/text/excerpt.ts'
import { parseYaml } from '../../src/text/yaml.ts'
import { validate } from '../../src/text/zod-problems.ts'
import { block } from './describe-problems.ts'

const schema = z.strictObject({
  path: z.string().regex(/^\//, 'an absolute path, such as /mnt'),
  state: z.enum(['file', 'directory', 'absent']).optional(),
  port: z.int().min(1).max(65535).default(22),
  storage: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('nss'), pool: z.string() }),
      z.strictObject({ kind: z.literal('plain'), device: z.string() }),
    ])
    .optional(),
  owner: z.union([z.string(), z.int()]).optional(),
  nodes: z
    .array(z.strictObject({ name: z.string().min(1) }))
    .min(1)
    .optional(),
  labels: z.record(z.string(), z.boolean()).optional(),
  password: z.instanceof(Secret).optional(),
})

const check = (text: string) => {
  const { node } = parseYaml({ file: 'f.yml', text })
  if (node === undefined) throw new Error('nothing was read')
  return validate(node, schema, { noun: 'argument' })
}

test('what fits becomes what the schema makes of it', () => {
  expect(check('path: /a\nstate: file\n')).toEqual({ value: { path: '/a', state: 'file', port: 22 }, problems: [] })
})

describe('what does not fit is told at its place', () => {
  test.each([
    [
      'a misspelt key is not told as missing as well',
      'paht: /a\n',
      `
error[argument-unknown] There is no argument \`paht\`
  f.yml:1:1
    1 | paht: /a
      | ^^^^
  help    did you mean \`path\`?`,
    ],
    [
      'a key that is missing, a choice, a range, a form',
      'state: directry\nport: 99999\nowner: [a]\n',
      `
error[argument-missing] The argument \`path\` is missing
  f.yml:1:1
    1 | state: directry
      | ^^^^^
  wanted  a text
  help    add \`path:\`

error[argument-value] \`state\` must be file, directory or absent
  f.yml:1:8
    1 | state: directry
      |        ^^^^^^^^
  seen    the text "directry"
  wanted  file, directory or absent
  help    did you mean \`directory\`?

error[argument-value] \`port\` must be at most 65535
  f.yml:2:7
    2 | port: 99999
      |       ^^^^^
  seen    the number 99999
  wanted  at most 65535

error[argument-value] \`owner\` must be a text or a number
  f.yml:3:8
    3 | owner: [a]
      |        ^^^
  seen    a list of 1
  wanted  a text or a number

4 problems`,
    ],
    [
      'what is wrong further down',
      'path: mnt\nstorage:\n  kind: nss\n  pol: X\nnodes:\n  - name: ""\n  - { }\nlabels: { a: 1 }\n',
      `
error[argument-value] \`path\` must be an absolute path, such as /mnt
  f.yml:1:7
    1 | path: mnt
      |       ^^^
  seen    the text "mnt"
  wanted  an absolute path, such as /mnt

error[argument-unknown] There is no argument \`pol\` in \`storage\`
  f.yml:4:3
    4 |   pol: X
      |   ^^^
  help    did you mean \`pool\`?

error[argument-value] \`nodes[0].name\` must be a text that is not empty
  f.yml:6:11
    6 |   - name: ""
      |           ^^
  seen    an empty text
  wanted  a text that is not empty

error[argument-missing] The argument \`name\` is missing in \`nodes[1]\`
  f.yml:7:5
    7 |   - { }
      |     ^^^
  wanted  a text
  help    add \`name:\`

error[argument-value] \`labels.a\` must be true or false
  f.yml:8:14
    8 | labels: { a: 1 }
      |              ^
  seen    the number 1
  wanted  true or false

5 problems`,
    ],
    [
      'a kind that is none, an empty list, an empty key',
      'path:\nstorage: { kind: nsss }\nnodes: []\n',
      `
error[argument-value] \`path\` must be a text
  f.yml:1:6
    1 | path:
      |      ^
  seen    nothing
  wanted  a text

error[argument-value] \`storage.kind\` must be nss or plain
  f.yml:2:18
    2 | storage: { kind: nsss }
      |                  ^^^^
  seen    the text "nsss"
  wanted  nss or plain

error[argument-value] \`nodes\` must be a list that is not empty
  f.yml:3:8
    3 | nodes: []
      |        ^^
  seen    an empty list
  wanted  a list that is not empty

3 problems`,
    ],
    [
      'something else altogether',
      '- 3\n',
      `
error[argument-value] This must be a mapping (key: value)
  f.yml:1:1
    1 | - 3
      | ^
  seen    a list of 1
  wanted  a mapping (key: value)`,
    ],
  ])('%s', (_, text, wanted) => {
    const { value, problems } = check(text)
    expect(value).toBeUndefined()
    expect(formatProblems(problems)).toBe(block(wanted))
  })
})

test('a secret at the wrong place is named by its label', () => {
  const { node } = parseYaml({ file: 'f.yml', text: 'path: "{{ password }}"\n' })
  if (node === undefined) throw new Error('nothing was read')
  const { problems } = validate(node, schema, { value: { path: new Secret('password', 's3cret') }, noun: 'argument' })
  expect(formatProblems(problems)).toContain('seen    the secret password')
  expect(formatProblems(problems)).not.toContain('s3cret')
})
