// What is not there goes nowhere, however deep it stands; and `null` is there.
import { describe, expect, test } from 'vitest'
import { Problem } from '../../src/model/problem.ts'
import { filters } from '../../src/template/evaluate.ts'
import { render } from '../../src/template/render.ts'
import { compileTemplate, placeInSource } from '../../src/template/template.ts'
import { Lookup, Undefined } from '../../src/template/values.ts'
import { source } from '../../src/text/source.ts'

/** As another host's variables are: what it cannot tell says why. */
const other = new Lookup(
  key => (key === 'a' ? 1 : new Undefined(key, { start: 0, end: 0 }, 'it is seen elsewhere')),
  () => ['a'],
)

const site = {
  lists: [[], [1]],
  some: [{ a: 1 }, { b: 2 }],
  nulls: [{ a: null }, { a: 1 }],
  hosts: { one: other },
}

const worth = (expression: string): unknown => {
  const text = `{{ ${expression} }}`
  return render(compileTemplate(text, placeInSource(source('t.j2', text))).template, site)
}

const faultOf = (expression: string): string => {
  try {
    return `no fault: ${JSON.stringify(worth(expression))}`
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return error.fields.summary
  }
}

describe('an item that is not there is left out or replaced, as in Ansible', () => {
  test.each([
    ["lists | map('first') | select('defined') | list", [1]],
    ["lists | map('first') | list | reject('undefined')", [1]],
    ["lists | map('first') | map('default', 9)", [9, 1]],
    ["lists | map('first') | first | default(4)", 4],
    ["lists | map('first') | last", 1],
    ["some | map(attribute='a') | select('defined')", [1]],
    ["some | map(attribute='a') | map('default', 9)", [1, 9]],
    ["some | map(attribute='a', default=9)", [1, 9]],
    ["['a', 'z'] | map('extract', {'a': 1}) | select('defined')", [1]],
    ['(lists if false) | list', []],
  ])('%s', (expression, wanted) => expect(worth(expression)).toEqual(wanted))
})

describe('whatever else needs it says what is missing', () => {
  test.each([
    ["lists | map('first') | join(',')", '`map`: the list is empty, it has no such item'],
    ["lists | map('last') | list", '`map`: the list is empty, it has no such item'],
    ["lists | map('min')", '`map`: the list is empty, it has no such item'],
    ["lists | map('first') | map('int')", '`map`: the list is empty, it has no such item'],
    ["lists | map('first') | select", '`select`: the list is empty, it has no such item'],
    ["lists | map('first') | first", '`map`: the list is empty, it has no such item'],
    ["[lists] | map('map', 'first') | list", '`map`: the list is empty, it has no such item'],
    ["{'x': lists | map('first')}", '`map`: the list is empty, it has no such item'],
    ["(lists | map('first') if true else 1) | to_json", '`map`: the list is empty, it has no such item'],
    ["(lists | map('first')) + [1]", '`map`: the list is empty, it has no such item'],
    ["['a', 'z'] | map('extract', {'a': 1}) | list", '`map`: there is no `z`'],
    ["some | map(attribute='a') | list", '`map`: a mapping with b has no `a`'],
    ["some | map(attribute='a', default=none) | list", '`map`: a mapping with b has no `a`'],
    ["some | groupby('a', default=none)", '`groupby`: a mapping with b has no `a`'],
    [
      "some | selectattr('a')",
      "`selectattr`: a mapping with b has no `a`: write `selectattr('a', 'defined')` before it",
    ],
  ])('%s', (expression, wanted) => expect(faultOf(expression)).toBe(wanted))

  test.each([
    ["['one'] | map('extract', hosts) | map(attribute='b') | list", '`map`: it is seen elsewhere'],
    ["['one'] | map('extract', hosts, 'b') | list", '`map`: it is seen elsewhere'],
    ["[hosts.one] | join(',', attribute='b')", '`join`: it is seen elsewhere'],
    ["[hosts.one] | groupby('b')", '`groupby`: it is seen elsewhere'],
    ["[hosts.one] | items2dict('a', 'b')", '`items2dict`: it is seen elsewhere'],
    ['hosts.one.b', 'It is seen elsewhere'],
    ['hosts.one.b.c.d', 'It is seen elsewhere'],
    ["hosts.one.b | default('x')", 'no fault: "x"'],
    ["['one'] | map('extract', hosts) | map(attribute='b', default='x')", 'no fault: ["x"]'],
    ["[hosts.one] | selectattr('b', 'defined')", 'no fault: []'],
  ])('what a lookup cannot tell: %s', (expression, wanted) => expect(faultOf(expression)).toBe(wanted))

  test('it says how to go on', () => {
    expect(() => worth("lists | map('first')")).toThrow(
      expect.objectContaining({
        fields: expect.objectContaining({ help: expect.stringContaining("`select('defined')`") }),
      }),
    )
  })
})

describe('null is a value that is there', () => {
  test.each([
    ["nulls | selectattr('a')", [{ a: 1 }]],
    ["nulls | rejectattr('a')", [{ a: null }]],
    ["nulls | selectattr('a', 'none')", [{ a: null }]],
    ["nulls | rejectattr('a', 'none')", [{ a: 1 }]],
    ["nulls | selectattr('a', 'defined')", [{ a: null }, { a: 1 }]],
    ["nulls | selectattr('a.b', 'defined')", []],
    ["nulls | map(attribute='a', default=5)", [null, 1]],
    ["nulls | map(attribute='a')", [null, 1]],
    ["nulls[:1] | groupby('a', default=5) | map('first')", [null]],
    ['(false | ternary(1, none)) is none', true],
    ['(missing | default(none)) is none', true],
    ["'x' | int(default=none)", null],
    ["'x' | float(none)", null],
    ['[1, none] | join(none)', '1NoneNone'],
    ["'abc' | replace('b', none)", 'aNonec'],
    ['[[1, none], [2]] | flatten(skip_nulls=none)', [1, null, 2]],
    ["['a', 'b', 'c'] | batch(2, none)", [['a', 'b'], ['c']]],
    [
      '[1, 2] | zip_longest([1], fillvalue=none)',
      [
        [1, 1],
        [2, null],
      ],
    ],
    ["[none, 2] | map('default', 3)", [null, 2]],
  ])('%s', (expression, wanted) => expect(worth(expression)).toEqual(wanted))
})

const holdsUndefined = (value: unknown): boolean =>
  value instanceof Undefined ||
  (typeof value === 'object' && value !== null && Object.values(value).some(holdsUndefined))

describe('no filter hands on something that is not there', () => {
  const given = ['lists', 'some', "lists | map('first')"]
  const words = ['', "('a')"]
  const forms = ['A | F | list', "A | map('F')"]

  test.each(Object.keys(filters))('%s', name => {
    const seen = given.flatMap(of =>
      words.flatMap(word =>
        forms.map(form => {
          const call = form.includes("'F'") ? word.replace(/^\(/, ', ').replace(/\)$/, '') : word
          const filled = form.includes("'F'")
            ? form.replace("'F')", `'${name}'${call})`)
            : form.replaceAll('F', name + word)
          const expression = filled.replaceAll('A', `(${of})`)
          return [expression, outcome(expression)] as const
        }),
      ),
    )
    expect(seen.filter(([, value]) => holdsUndefined(value))).toEqual([])
    expect(seen.filter(([, value]) => /'range'|"range"|object Object/.test(String(JSON.stringify(value))))).toEqual([])
  })
})

const outcome = (expression: string): unknown => {
  try {
    return worth(expression)
  } catch (error) {
    if (error instanceof Problem) return 'a problem'
    throw error
  }
}
