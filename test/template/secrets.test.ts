// What is made of a secret is one: whatever an expression does with it, nothing of it comes out in clear.
import { describe, expect, it } from 'vitest'
import { Problem } from '../../src/model/problem.ts'
import { reveal, Secret } from '../../src/model/secret.ts'
import { render } from '../../src/template/render.ts'
import { compileTemplate } from '../../src/template/template.ts'
import { source } from '../../src/text/source.ts'

const variables = {
  pw: new Secret('pw', 'Wort-4711'),
  site: { user: 'admin', password: new Secret('password', 'Pass-0815') },
  users: [
    { name: 'ada', key: new Secret('key', 'Ada-4711') },
    { name: 'bob', key: new Secret('key', 'Bob-0815') },
  ],
  pws: [new Secret('a', 'Eins-4711'), 'plain'],
}

const work = (text: string): unknown => {
  const { template, problems } = compileTemplate(text, source('t', text).span(0))
  if (problems[0]) throw problems[0]
  return render(template, variables)
}

/** All that somebody would see of a value: its texts and keys, and of a problem every word. */
const seen = (text: string): string => {
  try {
    return JSON.stringify(work(text))
  } catch (error) {
    if (error instanceof Problem) return `${error.message} ${JSON.stringify(error.fields)}`
    throw error
  }
}

/** Pieces of the secrets, one letter after the other too. */
const clear = /Wort|Pass|Ada-|Bob-|Eins|4711|0815|"W"|"o","r"|troW|V29y|572d|c2f2/

const expressions = [
  'pw',
  'pw ~ "x"',
  '"a" ~ [pw]',
  'pw + "x"',
  'pw * 2',
  '[pw] + ["x"]',
  'pw[0]',
  'pw[1:]',
  'pw[::-1]',
  'pw.upper()',
  'pw.split("-")',
  '",".join([pw, "x"])',
  '"x".replace("x", pw)',
  'pws | join(",")',
  '["x"] | join(pw)',
  '"x" | replace("x", pw)',
  '"x" | replace(old="x", new=pw)',
  '"x" | regex_replace("x", pw)',
  'pw | list',
  'pw | reverse',
  'pw | first',
  'pw | last',
  'pw | min',
  'pw | sort',
  'pw | unique',
  'pw | map("upper")',
  'pw | map("upper") | list',
  '[] | union(pw)',
  'pw | upper',
  'pw | b64encode',
  'pw | hash("sha256")',
  'pw | to_json',
  'site | to_json',
  'site | to_nice_yaml',
  'site | string',
  'site.password',
  'site | dict2items',
  'site | items',
  'site | combine({"password": pw})',
  'site.items()',
  'site.values()',
  'site.get("password")',
  'users | map(attribute="key")',
  'users | map(attribute="key") | join(" ")',
  'users | map(attribute="key") | map("b64encode")',
  'users | selectattr("key", "eq", "Ada-4711") | map(attribute="key")',
  'users | items2dict(key_name="key", value_name="name")',
  'users | items2dict(key_name="name", value_name="key")',
  '{"x": pw}',
  '{pw: 1}',
  'dict(x=pw)',
  'pw | default("x")',
  'nothing | default(pw)',
  'pw if true else "x"',
  'pw or "x"',
  'true | ternary(pw, "x")',
  'site[pw]',
  'site[pw].more',
  'pw.more',
  'pw | int',
  'pw | int(pw)',
  'pw | from_json',
  'pw | regex_search("[a-z]+")',
  'pw | regex_findall(".")',
  'pw | quote',
  'pw | indent',
  'pw - 1',
  'pw < 1',
  'pw is divisibleby(pw)',
  '"x" is match(pw)',
]

describe('an expression', () => {
  it.each(expressions)('%s', text => {
    expect(seen(`{{ ${text} }}`)).not.toMatch(clear)
    expect(seen(`<{{ ${text} }}>`)).not.toMatch(clear)
  })
})

describe('a statement', () => {
  it.each([
    '{% for each in pws %}{{ each }}{% endfor %}',
    '{% for user in users %}{{ user.name }}={{ user.key }};{% endfor %}',
    '{% for key, value in site.items() %}{{ value }}{% endfor %}',
    '{% set other = pw %}{{ other }}',
    '{% set other %}{{ pw }}{% endset %}{{ other }}',
    '{% set a, b = "xy" %}{{ a }}{{ pw }}',
    '{% filter upper %}{{ pw }}{% endfilter %}',
    '{% if pw %}{{ pw }}{% endif %}',
  ])('%s', text => {
    expect(work(text)).toBeInstanceOf(Secret)
    expect(seen(text)).not.toMatch(clear)
  })
})

it.each<readonly [string, string]>([
  ['pw | reverse', '1174-troW'],
  ['pw | first', 'W'],
  ['",".join([pw, "x"])', 'Wort-4711,x'],
  ['"x" | replace(old="x", new=pw)', 'Wort-4711'],
  ['users | map(attribute="key") | join(" ")', 'Ada-4711 Bob-0815'],
])('%s is the secret that it should be', (text, wanted) => {
  const value = work(`{{ ${text} }}`)
  expect(value instanceof Secret && reveal(value)).toBe(wanted)
})

it.each<readonly [string, unknown]>([
  ['site.get("user")', 'admin'],
  ['site.keys()', ['user', 'password']],
  ['users | map(attribute="name") | join(" ")', 'ada bob'],
  ['pws[1]', 'plain'],
  ['pw | length', 9],
  ['pw == "Wort-4711"', true],
  ['"4711" in pw', true],
])('%s is no secret', (text, wanted) => {
  expect(work(`{{ ${text} }}`)).toEqual(wanted)
})
