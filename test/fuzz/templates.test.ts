// Whatever a template says, it gives a value or a problem: it throws nothing else, ends, and reaches no JavaScript.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { filters } from '../../src/template/evaluate.ts'
import { render, type Variables } from '../../src/template/render.ts'
import { compileCondition, compileTemplate } from '../../src/template/template.ts'
import { templateTests } from '../../src/template/tests.ts'
import { problemCodes } from '../kit/codes.ts'
import { anyText, expectCalm, jsNames, problemsOf, tries } from '../kit/fuzz.ts'

const span = { file: 't.j2', line: 1, column: 1, width: 1, excerpt: '' }

const variables: Variables = {
  a: 'text',
  n: 3,
  list: [3, 'b', null, { x: 1 }],
  map: { x: 1, __proto__: null, y: { z: 'deep' } },
  none: null,
}

const fill = (text: string, compile = compileTemplate) => {
  const { template, problems } = compile(text, span)
  return problems.length > 0 ? problems : problemsOf(() => render(template, variables))
}

const words = ['a', 'n', 'list', 'map', 'none', 'missing', 'omit', 'range', 'dict', 'loop', 'true', ...jsNames]
const signs = [
  '.',
  '[',
  ']',
  '(',
  ')',
  '{',
  '}',
  ',',
  ':',
  '|',
  '~',
  '+',
  '-',
  '*',
  '**',
  '/',
  '//',
  '%',
  '==',
  '<',
  '=',
]
const keywords = [
  'if',
  'else',
  'and',
  'or',
  'not',
  'in',
  'is',
  'for',
  'endfor',
  'endif',
  'set',
  'endset',
  'elif',
  'filter',
  'raw',
]
const literals = ["'x'", '"(a+)+$"', '0', '-1', '1e9', '99999999999', '[]', '{}', "'\\x00'"]

const token = fc.constantFrom(
  ...words,
  ...signs,
  ...keywords,
  ...literals,
  ...Object.keys(filters).flatMap(name => [`| ${name}`, `| ${name}(1)`, `| ${name}('x', 'y')`]),
  ...Object.keys(templateTests).map(name => `is ${name}`),
)
const expression = fc.array(token, { minLength: 1, maxLength: 12 }).map(all => all.join(' '))

test('a template of any text', () => {
  fc.assert(
    fc.property(anyText, text => expectCalm(() => fill(text))),
    tries(150),
  )
})

test('an expression of any words', () => {
  fc.assert(
    fc.property(expression, text => expectCalm(() => fill(`{{ ${text} }}`))),
    tries(500),
  )
})

test('a condition of any words', () => {
  fc.assert(
    fc.property(expression, text => expectCalm(() => fill(text, compileCondition))),
    tries(150),
  )
})

test('statements of any words', () => {
  const statement = fc.oneof(
    expression.map(text => `{{ ${text} }}`),
    expression.map(text => `{% ${text} %}`),
    fc.constantFrom('{% for i in list %}', '{% endfor %}', '{% if n %}', '{% endif %}', '{# #}', 'text', '{{ i }}'),
  )
  const body = fc.array(statement, { maxLength: 8 }).map(all => all.join(''))
  fc.assert(
    fc.property(body, text => expectCalm(() => fill(text))),
    tries(150),
  )
})

test('each filter and each test takes any value and any arguments', () => {
  const value = fc.constantFrom('a', 'n', 'list', 'map', 'none', "''", '1.5', '-1', "'a b'", '[]', '99999999999')
  const args = fc.array(fc.oneof(value, fc.constantFrom("'constructor'", "'__proto__'", 'width=-1', 'indent=0')), {
    maxLength: 3,
  })
  const how = fc.constantFrom(
    ...Object.keys(filters).map(name => `| ${name}`),
    ...Object.keys(templateTests).map(name => `is ${name}`),
  )
  fc.assert(
    fc.property(value, how, args, (of, name, given) =>
      expectCalm(() => fill(`{{ ${of} ${name}(${given.join(', ')}) }}`)),
    ),
    tries(500),
  )
})

describe('names of JavaScript mean nothing', () => {
  const forms = [
    '{{ NAME }}',
    '{{ a.NAME }}',
    '{{ list.NAME }}',
    "{{ map['NAME'] }}",
    '{{ NAME() }}',
    '{{ a.NAME() }}',
    '{{ map.NAME.NAME }}',
    "{{ [map] | map(attribute='NAME') }}",
  ]
  const shapes = [
    '{{ a | NAME }}',
    '{{ a is NAME }}',
    '{% NAME %}',
    '{% filter NAME %}x{% endfilter %}',
    "{{ list | map('NAME') | list }}",
    "{{ list | select('NAME') | list }}",
  ]
  const names = jsNames.filter(name => name !== 'length')

  test.each(forms.flatMap(form => names.map(name => form.replaceAll('NAME', name))))('%s', text => {
    expect(problemCodes(fill(text))).toMatch(/^(?:variable-undefined|template-failed|template-broken)$/)
  })

  test.each(shapes.flatMap(form => names.map(name => form.replaceAll('NAME', name))))('%s', text => {
    expect(problemCodes(fill(text))).toMatch(/^template-(?:broken|failed)$/)
  })

  test('a key of that name is a key like any other', () => {
    const { template } = compileTemplate(
      "{{ {'__proto__': 1, 'constructor': 2} | combine({'toString': 3}, recursive=true) | to_json }}",
      span,
    )
    expect(render(template, {})).toBe('{"__proto__": 1, "constructor": 2, "toString": 3}')
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false)
  })
})

describe('what would take for ever, or all memory, is refused', () => {
  test.each([
    ["a text times a text's length", "{{ 'x' * 99999 * 99999 }}"],
    ['a list many times', '{{ [1] * 99999 * 99999 }}'],
    ['a number that is no count', "{{ 'x' * 1e308 }}"],
    ['each compared with each', '{{ range(100000) | unique }}'],
    ['each of one list with each of another', '{{ range(100000) | difference(range(100000)) }}'],
    ['loops in loops', '{% for i in range(99999) %}{% for j in range(99999) %}x{% endfor %}{% endfor %}'],
    ['a loop that prints a lot', "{% for i in range(9999) %}{{ 'x' * 99999 }}{% endfor %}"],
    ['a negative width', "{{ 'a' | indent(-1) }}"],
    ['a pattern that is a trap, as a test', "{{ ('a' * 40) is match('(a+)+$b') }}"],
    ['a pattern that is a trap, replaced', "{{ ('a' * 40) | regex_replace('(a|a)+$b', '') }}"],
    ['a pattern that is a trap, searched', "{{ ('a' * 40) | regex_search('(a+)+$b') }}"],
    ['a pattern that is a trap, collected', "{{ ('a' * 40) | regex_findall('(a+)+$b') }}"],
    ['a hash that is not there', "{{ 'a' | hash('md4') }}"],
    ['terms without end', `{{ ${'1 + '.repeat(30_000)}1 }}`],
    ['brackets without end', `{{ ${'['.repeat(30_000)}${']'.repeat(30_000)} }}`],
  ])('%s', (_, text) => {
    expectCalm(() => {
      const problems = fill(text)
      expect(problemCodes(problems)).toMatch(/^template-(?:broken|failed)$/)
      return problems
    })
  })
})
