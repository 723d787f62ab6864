// `!unsafe`: a text into which nothing is filled.
import { describe, expect, it } from 'vitest'
import { renderTree } from '../../src/template/render.ts'
import { compileTree } from '../../src/template/tree.ts'
import { parseYaml } from '../../src/text/yaml.ts'

const read = (text: string) => {
  const { node, problems } = parseYaml({ file: 'vars.yml', text })
  const { tree, problems: ofTemplates } = node ? compileTree(node) : { tree: undefined, problems: [] }
  const filled = renderTree(tree, tree as Readonly<Record<string, unknown>>)
  return { value: filled.value, codes: [...problems, ...ofTemplates, ...filled.problems].map(({ code }) => code) }
}

describe('nothing is filled in', () => {
  it.each([
    ['a: !unsafe "{{ b }} {% c %} {# d #}"', { a: '{{ b }} {% c %} {# d #}' }],
    ['a: !unsafe plain', { a: 'plain' }],
    ['a: !unsafe |\n\n  {{ b }}\n', { a: '\n{{ b }}\n' }],
    ['a: [!unsafe "{{ b }}", c]', { a: ['{{ b }}', 'c'] }],
    ['a: !unsafe "{{ b }}"\nc: "<{{ a }}>"', { a: '{{ b }}', c: '<{{ b }}>' }],
  ])('%j', (text, value) => expect(read(text)).toEqual({ value, codes: [] }))
})

it.each([['a: !unsafe { b: "{{ c }}" }'], ['a: !unsafe "{% endraw %}"']])('%j is told', text =>
  expect(read(text).codes).toContain('yaml-tag'),
)
