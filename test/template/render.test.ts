import { describe, expect, test } from 'vitest'
import { Problem } from '../../src/model/problem.ts'
import { reveal, Secret } from '../../src/model/secret.ts'
import { evaluateCondition, render, renderTree, undefinedIn } from '../../src/template/render.ts'
import {
  compileCondition,
  compileTemplate,
  compileTemplateFile,
  placeInSource,
  type Template,
} from '../../src/template/template.ts'
import { compileTree } from '../../src/template/tree.ts'
import { formatProblems } from '../../src/text/excerpt.ts'
import { locate } from '../../src/text/located.ts'
import { source } from '../../src/text/source.ts'
import { parseYaml } from '../../src/text/yaml.ts'

const compile = (text: string): Template => {
  const { template, problems } = compileTemplate(text, placeInSource(source('t.j2', text)))
  expect(formatProblems(problems)).toBe('')
  return template
}

const condition = (text: string): Template => compileCondition(text, placeInSource(source('when', text))).template

/** Variables as a YAML file would have them. */
const variables = (yaml: string) => {
  const { node, problems } = parseYaml({ file: 'vars.yml', text: yaml })
  const compiled = node === undefined ? { tree: {}, problems: [] } : compileTree(node)
  expect(formatProblems([...problems, ...compiled.problems])).toBe('')
  return compiled.tree as Record<string, unknown>
}

const problemOf = (work: () => unknown): string => {
  try {
    return `no problem: ${JSON.stringify(work())}`
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return formatProblems([error])
  }
}

const site = variables(`
port: 8300
name: msgr1
nodes: [node1, node2, node3]
disk: { path: /mnt/messenger, kind: nss, sizes: [3, 1, 2] }
users: [{ name: ann, uid: 3 }, { name: Bob, uid: 1 }, { name: cid }]
empty: ""
none: null
yes: true
queue: "{{ disk.path }}/queue"
deep: { paths: ["{{ queue }}/a", b] }
`)

describe('a template gives the value that Jinja gives', () => {
  const cases: readonly (readonly [string, unknown])[] = [
    ['plain', 'plain'],
    ['{{ port }}', 8300],
    ['{{ nodes }}', ['node1', 'node2', 'node3']],
    ['{{ yes }}', true],
    ['{{ none }}', null],
    ['port {{ port }}!', 'port 8300!'],
    ['{{ yes }} {{ none }} {{ nodes }}', "True  ['node1', 'node2', 'node3']"],
    ['{{ disk }} ', "{'path': '/mnt/messenger', 'kind': 'nss', 'sizes': [3, 1, 2]} "],
    ['{{ 1 + 2 * 3 ** 2 }}', 19],
    ['{{ (1 + 2) * 3 }}', 9],
    ['{{ -7 // 2 }} {{ -7 % 3 }} {{ 7 / 2 }}', '-4 2 3.5'],
    ['{{ "a" ~ 1 ~ true }}', 'a1True'],
    ['{{ "it\'s" }}', "it's"],
    ["{{ '{{' }}", '{{'],
    ['{{ {"a": {"b": 1}} }}', { a: { b: 1 } }],
    ['{{ nodes[0] }}{{ nodes[-1] }}{{ nodes.1 }}', 'node1node3node2'],
    ['{{ nodes[1:] }}', ['node2', 'node3']],
    ['{{ nodes[::-1] }}', ['node3', 'node2', 'node1']],
    ['{{ name[:3] }}', 'msg'],
    ["{{ disk['path'] }}", '/mnt/messenger'],
    ['{{ queue }}', '/mnt/messenger/queue'],
    ['{{ deep }}', { paths: ['/mnt/messenger/queue/a', 'b'] }],
    ['{{ deep.paths[0] }}', '/mnt/messenger/queue/a'],
    ['{{ "on" if port > 8000 else "off" }}', 'on'],
    ['{{ 1 < 2 < 3 }}', true],
    ['{{ "node2" in nodes and "x" not in nodes }}', true],
    ['{{ not empty }}', true],
    ['{{ empty or name }}', 'msgr1'],
    ['{{ name.upper() }} {{ "a,b".split(",") }}', "MSGR1 ['a', 'b']"],
    ['{{ disk.items() | list | length }}', 3],
    [
      '{% for n in nodes %}{{ loop.index }}={{ n }}{% if not loop.last %},{% endif %}{% endfor %}',
      '1=node1,2=node2,3=node3',
    ],
    ['{% for n in nodes if n != "node2" %}{{ n }} {% else %}none{% endfor %}', 'node1 node3 '],
    ['{% for n in [] %}{{ n }}{% else %}none{% endfor %}', 'none'],
    ['{% for k, v in {"a": 1}.items() %}{{ k }}{{ v }}{% endfor %}', 'a1'],
    ['{% set x = port + 1 %}{{ x }}', '8301'],
    ['{% set x %}a{{ port }}{% endset %}[{{ x }}]', '[a8300]'],
    ['{% if port == 1 %}one{% elif port == 8300 %}yes{% else %}no{% endif %}', 'yes'],
    ['a\n{% if yes %}\nb\n{% endif %}\nc\n', 'a\nb\nc\n'],
    ['a {%- if yes -%} b {%- endif -%} c', 'abc'],
    ['{# note #}x', 'x'],
    ['{% raw %}{{ x }}{% endraw %}', '{{ x }}'],
    ['{% raw %}\n{{ x }}\n{% endraw %}\nend', '{{ x }}\nend'],
    ['{% filter upper %}a{{ name }}{% endfilter %}', 'AMSGR1'],
  ]
  test.each(cases)('%s', (text, wanted) => {
    expect(render(compile(text), site)).toEqual(wanted)
  })
})

describe('a filter gives what it gives in Ansible', () => {
  const cases: readonly (readonly [string, unknown])[] = [
    ['missing | default("x")', 'x'],
    ['missing.deep.down | d(3)', 3],
    ['empty | default("x")', ''],
    ['empty | default("x", true)', 'x'],
    ['missing | default', ''],
    ['missing | default(also_missing) | default("z")', 'z'],
    ['name | mandatory', 'msgr1'],
    ['" A b " | trim | lower', 'a b'],
    ['"a-b-a" | replace("a", "$&")', '$&-b-$&'],
    ['nodes | join(" → ")', 'node1 → node2 → node3'],
    ['"a b  c" | split', ['a', 'b', 'c']],
    ['nodes | first ~ nodes | last', 'node1node3'],
    ['nodes | length', 3],
    ['disk.sizes | sort', [1, 2, 3]],
    ['disk.sizes | sort(reverse=true) | first', 3],
    ['users | map(attribute="name") | sort | list', ['ann', 'Bob', 'cid']],
    ['users | map(attribute="uid", default=0) | list', [3, 1, 0]],
    ['users | selectattr("uid", "defined") | map(attribute="name") | list', ['ann', 'Bob']],
    ['users | selectattr("name", "equalto", "cid") | list | length', 1],
    ['users | rejectattr("uid", "defined") | map(attribute="name") | first', 'cid'],
    ['nodes | select("match", "node[12]") | list', ['node1', 'node2']],
    ['nodes | reject("eq", "node1") | map("upper") | list', ['NODE2', 'NODE3']],
    ['[3, 1, 3] | unique', [3, 1]],
    ['nodes | difference(["node2"])', ['node1', 'node3']],
    ['nodes | intersect(["node3", "x"])', ['node3']],
    ['[1] | union([1, 2])', [1, 2]],
    ['"42" | int + 1', 43],
    ['[6 / 2, "6" | float, 2 | pow(2), 4 | root, 8 | log(2)] | join(" ")', '3 6 4 2 3'],
    ['9007199254740993 ~ ""', '9007199254740992'],
    ['"x" | int(7)', 7],
    ['port | string', '8300'],
    ['"Yes" | bool', true],
    ['disk | to_json', '{"path": "/mnt/messenger", "kind": "nss", "sizes": [3, 1, 2]}'],
    ['{"b": [1], "a": "yes"} | to_yaml', "a: 'yes'\nb: [1]\n"],
    [
      '{"b": [{"d": 1, "c": ["x: y"]}], "a": "1\n"} | to_nice_yaml',
      "a: '1\n\n    '\nb:\n-   c:\n    - 'x: y'\n    d: 1\n",
    ],
    ['{"b": "é", "a": {}} | to_nice_json(indent=2)', '{\n  "a": {},\n  "b": "\\u00e9"\n}'],
    ['[2.5 | round, 3.5 | round, -1.25 | round(1), 1.2 | round(0, "ceil"), -2 | abs]', [2, 4, -1.2, 2, 2]],
    ['[-2 ** 2, 2 ** 3 ** 2, -1 ~ "x", 1 - -2 | abs]', [4, 64, '-1x', -1]],
    ['"%s is %d%%" | format("a", 7.9)', 'a is 7%'],
    ['"/a.b/c.tar.gz" | splitext', ['/a.b/c.tar', '.gz']],
    ['"/a.b/.c" | splitext', ['/a.b/.c', '']],
    ['[1, 2] | zip(["a"])', [[1, 'a']]],
    ['[1, 2, 2] | symmetric_difference([2, 3])', [1, 3]],
    ['\'{"a": 1}\' | from_json', { a: 1 }],
    ['{"a": [1, {"b": 2}]} | to_json(separators=(",", ":"))', '{"a":[1,{"b":2}]}'],
    ['"é" | b64encode | b64decode', 'é'],
    ['"/a/b.c" | basename ~ "/a/b.c" | dirname', 'b.c/a'],
    ['"it\'s" | quote', `'it'"'"'s'`],
    ['"a1b2" | regex_replace("([a-z])(\\d)", "\\2\\1")', '1a2b'],
    ['"version 2.2.1" | regex_search("\\d+\\.\\d+")', '2.2'],
    ['"none here" | regex_search("\\d")', null],
    ['"abc" | regex_replace("(?P<x>b)|(z)", "[\\g<x>\\g<1>\\2$1]")', 'a[bb$1]c'],
    ['"abc" | regex_replace("(?:b)(?=c)[(]?(c)", "\\g<0>\\1")', 'abcc'],
    ['"ab" | regex_findall("(a)(z)?")', [['a', '']]],
    ['"ab" | regex_findall("a(z)?")', ['']],
    ['"ab" | regex_search(regex="(a)(z)?")', 'a'],
    ['"ab" | regex_search("(a)(z)?", "\\1", "\\2")', ['a', null]],
    ['"ab" | regex_findall(regex="[ab]")', ['a', 'b']],
    ['"aaa" | regex_search("a{,2}")', 'aa'],
    ['"a{,2}" | regex_search("[a{,2}]+")', 'a{,2}'],
    ['"a{,2}" | regex_search("a\\{,2}")', 'a{,2}'],
    ['"foo_bar baz.qux a-b (c" | title', 'Foo_bar Baz.qux A-B (C'],
    ['"foo_bar it\'s 3rd".title()', "Foo_Bar It'S 3Rd"],
    ['"".splitlines() + "a\n\nb\rc".splitlines()', ['a', '', 'b', 'c']],
    ['"a\r\nb".splitlines(true)', ['a\r\n', 'b']],
    ['{"a": 1, "b": {"c": 1}} | combine({"b": {"d": 2}}, recursive=true)', { a: 1, b: { c: 1, d: 2 } }],
    ['{"a": 1} | combine({"a": 2})', { a: 2 }],
    ['{"a": 1} | dict2items', [{ key: 'a', value: 1 }]],
    ['"a" | hash("sha256")', 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'],
    ['yes | ternary("on", "off")', 'on'],
    ['"a\nb" | indent(2)', 'a\n  b'],
  ]
  test.each(cases)('%s', (text, wanted) => {
    expect(render(compile(`{{ ${text} }}`), site)).toEqual(wanted)
  })
})

describe('a condition holds', () => {
  const result = { changed: true, failed: false, stdout: 'inst {{ not a template }}', rc: 0 }
  const cases: readonly (readonly [string, boolean])[] = [
    ['port is defined', true],
    ['missing is not defined', true],
    ['disk.nothing is undefined', true],
    ['name is string and port is number and disk is mapping and nodes is sequence', true],
    ['none is none', true],
    ['name is match("msgr")', true],
    ['name is match("sgr")', false],
    ['name is search("gr\\d")', true],
    ['[1, true] is all and [0, 1] is any and [1, 0] is not all and [] is not any', true],
    ['"node1" is in nodes', true],
    ['4 is divisibleby 2', true],
    ['"12" is lower or "12" is upper or "" is lower or 5 is upper', false],
    ['"a1" is lower and "A1" is upper and "Aa" is not lower', true],
    ['"ab" is regex("a|ab", match_type="fullmatch")', true],
    ['"Ab" is regex("(?i)b|ab", match_type="fullmatch")', true],
    ['"ab\n" is regex("ab", match_type="fullmatch")', false],
    ['result is changed', true],
    ['result is failed or result is skipped', false],
    ['result is succeeded and result.rc == 0', true],
    ['"not a template" in result.stdout', true],
    ['empty', false],
    ['disk.kind == "nss" and (port > 1 or missing is defined)', true],
  ]
  test.each(cases)('%s: %s', (text, wanted) => {
    expect(evaluateCondition(condition(text), { ...site, result })).toBe(wanted)
  })
})

describe('what is wrong in a template is told with its place', () => {
  const cases: readonly (readonly [string, string])[] = [
    [
      '{{ port',
      'error[template-broken] {{ is not closed\n  t.j2:1:1\n    1 | {{ port\n      | ^^\n  help    close it with }}',
    ],
    [
      'a {{ port | uper }} b',
      'error[template-broken] There is no filter `uper`\n  t.j2:1:13\n    1 | a {{ port | uper }} b\n      |             ^^^^\n  help    did you mean `upper`?',
    ],
    [
      '{{ a is defned }}',
      'error[template-broken] There is no test `defned`\n  t.j2:1:9\n    1 | {{ a is defned }}\n      |         ^^^^^^\n  help    did you mean `defined`?',
    ],
    [
      '{% if a %}\nb',
      'error[template-broken] {% if %} is not closed\n  t.j2:1:1\n    1 | {% if a %}\n      | ^^\n  help    close it with {% endif %}',
    ],
    [
      '{{ a b }}',
      'error[template-broken] There should be `}}` here, and there is `b`\n  t.j2:1:6\n    1 | {{ a b }}\n      |      ^',
    ],
    [
      '{% include "x" %}',
      'error[template-broken] The statement `include` is not supported\n  t.j2:1:4\n    1 | {% include "x" %}\n      |    ^^^^^^^\n  help    write all of it into one template, or fill a part in with a `template:` step of its own',
    ],
    [
      '{{ a && b }}',
      'error[template-broken] The sign & has no meaning in an expression\n  t.j2:1:6\n    1 | {{ a && b }}\n      |      ^\n  help    write `and`',
    ],
    [
      "{{ lookup('evn', 'HOME') }}",
      "error[template-broken] There is no lookup `evn`\n  t.j2:1:11\n    1 | {{ lookup('evn', 'HOME') }}\n      |           ^^^^^\n  help    did you mean `env`?",
    ],
    [
      '{{ list | sum(begin=1) }}',
      'error[template-broken] `sum` takes no argument `begin`\n  t.j2:1:21\n    1 | {{ list | sum(begin=1) }}\n      |                     ^\n  help    it takes: attribute, start',
    ],
    [
      "{{ 'x' | lower(1) }}",
      "error[template-broken] `lower` takes no argument number 1\n  t.j2:1:16\n    1 | {{ 'x' | lower(1) }}\n      |                ^",
    ],
    [
      "{{ list | map('uper') | select('odd', 1) }}",
      "error[template-broken] There is no filter `uper`\n  t.j2:1:15\n    1 | {{ list | map('uper') | select('odd', 1) }}\n      |               ^^^^^^\n  help    did you mean `upper`?\n\nerror[template-broken] `odd` takes no argument number 1\n  t.j2:1:39\n    1 | {{ list | map('uper') | select('odd', 1) }}\n      |                                       ^\n\n2 problems",
    ],
    [
      "{{ lookup('file', 'a', strict=true) }}",
      "error[template-broken] `lookup('file')` takes no argument `strict`\n  t.j2:1:31\n    1 | {{ lookup('file', 'a', strict=true) }}\n      |                               ^^^^\n  help    it takes: lstrip, rstrip, wantlist, errors",
    ],
  ]
  test.each(cases)('%s', (text, wanted) => {
    expect(formatProblems(compileTemplate(text, placeInSource(source('t.j2', text))).problems)).toBe(wanted)
  })
})

describe('the file of a template is read as Jinja reads it, a text of a playbook as Ansible does', () => {
  const file = (text: string) => compileTemplateFile(source('t.j2', text))
  const filled = (text: string) => render(file(text).template, site)

  test('backslashes between quotes', () => {
    expect(render(compile("{{ 'a\\tb' }}"), site)).toBe('a\\tb')
    expect(filled("{{ 'a\\tb' }}")).toBe('a\tb')
    expect(evaluateCondition(condition("name is match('\\\\w+$')"), site)).toBe(true)
  })

  test('the first line may say how', () => {
    expect(filled('#jinja2: lstrip_blocks: True, trim_blocks: False\n  {% if yes %}\nx\n  {% endif %}\n')).toBe(
      '\nx\n\n',
    )
    expect(formatProblems(file('#jinja2: lstrip_block: True, trim_blocks: yes\n').problems)).toBe(
      'error[template-broken] `lstrip_block` of a template is not supported\n  t.j2:1:10\n    1 | #jinja2: lstrip_block: True, trim_blocks: yes\n      |          ^^^^^^^^^^^^\n  help    did you mean `lstrip_blocks`?\n\n' +
        'error[template-broken] `trim_blocks` must be True or False, and is yes\n  t.j2:1:30\n    1 | #jinja2: lstrip_block: True, trim_blocks: yes\n      |                              ^^^^^^^^^^^\n\n2 problems',
    )
  })

  test('places are those of the file, below that line too', () => {
    const { template } = file('#jinja2: trim_blocks: True\n{{ prot }}')
    expect(undefinedIn(template, site).map(({ fields }) => fields.span)).toMatchObject([{ line: 2, column: 4 }])
  })

  test('it ends with no fewer line breaks than the text', () => {
    expect(filled('{% if yes %}x{% endif %}\n\n')).toBe('x\n\n')
    expect(filled('{% if not yes %}x{% endif %}')).toBe('')
  })
})

describe('macros and what a template makes itself', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['{% macro m(a, b=2) %}{{ a }}{{ b }}{% endmacro %}{{ m(1) }} {{ m(b=3, a=4) }}', '12 43'],
    ['{% set ns = namespace(n=0) %}{% for i in nodes %}{% set ns.n = ns.n + 1 %}{% endfor %}{{ ns.n }}', '3'],
    ['{% set l = [] %}{% for i in nodes %}{% set _ = l.append(i) %}{% endfor %}{{ l | length }}', '3'],
    ["{{ 'x' if empty }}.", '.'],
  ]
  test.each(cases)('%s', (text, wanted) => {
    expect(render(compile(text), site)).toBe(wanted)
  })

  test('what others see too stays as it is', () => {
    expect(problemOf(() => render(compile('{% set _ = nodes.append(1) %}x'), site))).toContain(
      'The list is not written in this template, so it stays as it is: write `+ [ … ]`',
    )
    expect(problemOf(() => render(compile('{% set disk.path = 1 %}x'), site))).toContain(
      'write `{% set disk = namespace(path=…) %}` before',
    )
    expect(site.nodes).toEqual(['node1', 'node2', 'node3'])
  })

  test('what a macro needs is known before anything is filled in', () => {
    const template = compile('{% macro m(a) %}{{ a }}{{ prot }}{% endmacro %}{{ m(1) }}')
    expect(undefinedIn(template, site)).toMatchObject([{ fields: { help: 'did you mean `port`?' } }])
  })

  test('it refuses what no parameter takes', () => {
    expect(problemOf(() => render(compile('{% macro m(a) %}{{ a }}{% endmacro %}{{ m(b=1) }}'), site))).toContain(
      'The macro `m` takes a, and not `b`',
    )
  })
})

describe('what cannot be filled in is told with its place', () => {
  const cases: readonly (readonly [string, string])[] = [
    [
      'x\n  {{ prot }}',
      'error[variable-undefined] The variable `prot` is not defined\n  t.j2:2:6\n    2 |   {{ prot }}\n      |      ^^^^\n  help    did you mean `port`?',
    ],
    [
      '{{ disk.paht }}',
      'error[variable-undefined] The variable `disk.paht` is not defined\n  t.j2:1:4\n    1 | {{ disk.paht }}\n      |    ^^^^^^^^^\n  help    did you mean `disk.path`?',
    ],
    [
      '{{ whatever }}',
      'error[variable-undefined] The variable `whatever` is not defined\n  t.j2:1:4\n    1 | {{ whatever }}\n      |    ^^^^^^^^\n  help    set `whatever` in `vars:` of the inventory or the play, or write `whatever | default(…)`',
    ],
    [
      '{{ port + "1" }}',
      'error[template-failed] `+` does not work on the number 8300 and the text "1"\n  t.j2:1:4\n    1 | {{ port + "1" }}\n      |    ^^^^^^^^^^\n  help    write `| int` behind what is a text, or `| float`',
    ],
    [
      '{{ "7" < port }}',
      'error[template-failed] The text "7" and the number 8300 have no order\n  t.j2:1:4\n    1 | {{ "7" < port }}\n      |    ^^^^^^^^^^\n  help    write `| int` behind what is a text, or `| float`',
    ],
    [
      '{{ "abc" | regex_replace("(b)", "\\12") }}',
      'error[template-failed] `regex_replace`: `\\12` in the replacement is no group of the pattern\n  t.j2:1:12\n    1 | {{ "abc" | regex_replace("(b)", "\\12") }}\n      |            ^^^^^^^^^^^^^',
    ],
    [
      '{{ "abc" | regex_replace("z", "\\g<x>") }}',
      'error[template-failed] `regex_replace`: `\\g<x>` in the replacement is no group of the pattern\n  t.j2:1:12\n    1 | {{ "abc" | regex_replace("z", "\\g<x>") }}\n      |            ^^^^^^^^^^^^^',
    ],
    [
      '{{ "abc" | regex_replace("b", "\\0") }}',
      'error[template-failed] `regex_replace`: `\\0` is no group: all that was found is `\\g<0>`\n  t.j2:1:12\n    1 | {{ "abc" | regex_replace("b", "\\0") }}\n      |            ^^^^^^^^^^^^^',
    ],
    [
      '{{ "abc" | regex_search("b", "\\1") }}',
      'error[template-failed] `regex_search`: `\\1` is no group of the pattern\n  t.j2:1:12\n    1 | {{ "abc" | regex_search("b", "\\1") }}\n      |            ^^^^^^^^^^^^',
    ],
    [
      '{{ nodes | lower }}',
      'error[template-failed] `lower`: it works on a text, and this is a list of 3\n  t.j2:1:12\n    1 | {{ nodes | lower }}\n      |            ^^^^^',
    ],
  ]
  test.each(cases)('%s', (text, wanted) => {
    expect(problemOf(() => render(compile(text), site))).toBe(wanted)
  })

  test('a cycle of variables names all of them', () => {
    const cyclic = variables('a: "{{ b }}"\nb: "x {{ c.d }}"\nc: { d: "{{ a }}" }\n')
    expect(problemOf(() => render(compile('{{ a }}'), cyclic))).toBe(
      'error[variable-cycle] The variable `a` needs itself\n  vars.yml:1:5\n    1 | a: "{{ b }}"\n      |     ^^^^^^^\n  seen    a → b → c.d → a\n  help    give one of them a value that needs none of the others',
    )
  })

  test('a variable that needs one that is missing is told where it was written', () => {
    const broken = variables('path: >\n  /a/{{ nme }}/{{ name }}\nname: x\n')
    expect(problemOf(() => render(compile('{{ path }}'), broken))).toBe(
      'error[variable-undefined] The variable `nme` is not defined\n  vars.yml:2:9\n    2 |   /a/{{ nme }}/{{ name }}\n      |         ^^^\n  help    did you mean `name`?',
    )
  })
})

describe('secrets stay secret', () => {
  const secrets = { password: new Secret('password', 's3cret'), user: 'ann', pair: { inner: new Secret('inner', 'x') } }

  test('one that is passed through alone is the same one', () => {
    expect(render(compile('{{ password }}'), secrets)).toBe(secrets.password)
    expect(render(compile('{{ pair.inner }}'), secrets)).toBe(secrets.pair.inner)
    expect(render(compile('{{ password | default("x") }}'), secrets)).toBe(secrets.password)
  })

  test.each([
    ['user={{ user }} password={{ password }}', 'user=ann password=s3cret'],
    ['{{ user ~ password }}', 'anns3cret'],
    ['{{ password | b64encode }}', 'czNjcmV0'],
    ['{{ [user, password] | join(":") }}', 'ann:s3cret'],
    ['{{ {"p": password} | to_json }}', '{"p": "s3cret"}'],
    ['{% for x in [1] %}{{ password }}{% endfor %}', 's3cret'],
    ['{{ password.upper() }}', 'S3CRET'],
    ['{{ password[0:2] }}', 's3'],
    ['{% set x = password %}{{ x }}', 's3cret'],
    ['{{ [password] }}!', "['s3cret']!"],
    ['{{ "%s" | replace("%s", password) }}', 's3cret'],
    ['{{ password | hash("md5") }}', '33e1b232a4e6fa0028a6670753749a17'],
  ])('what is made of one is one: %s', (text, wanted) => {
    const value = render(compile(text), secrets)
    expect(value).toBeInstanceOf(Secret)
    expect(value instanceof Secret && [value.label, reveal(value)]).toEqual(['password', wanted])
  })

  test('it can be compared and asked for', () => {
    expect(evaluateCondition(condition('password == "s3cret" and password is defined and password'), secrets)).toBe(
      true,
    )
    expect(render(compile('{{ password | length }}'), secrets)).toBe(6)
  })

  test('a problem never shows it', () => {
    expect(problemOf(() => render(compile('{{ password + 1 }}'), secrets))).not.toContain('s3cret')
    expect(problemOf(() => render(compile('{{ [password] | int | lower | from_json }}'), secrets))).not.toContain(
      's3cret',
    )
  })
})

describe('what a template needs from outside', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['{{ a.b[c] }}', ['a', 'c']],
    ['{{ a | default(b) }}', ['b']],
    ['{{ a.b | default(1) }}', []],
    ['{% for x in xs %}{{ x }}{{ loop.index }}{{ y }}{% endfor %}{{ x }}', ['xs', 'y', 'x']],
    ['{% set x = a %}{{ x }}', ['a']],
    ['{% if a is defined %}{{ a }}{% endif %}', []],
    ['{{ range(3) | list }}{{ {"k": v} }}{{ f if c else g }}', ['v', 'f', 'c', 'g']],
    ['{{ x | default(omit) }}', []],
    ['{{ xs | map(attribute="name") | join(sep) }}', ['xs', 'sep']],
  ]
  test.each(cases)('%s', (text, wanted) => {
    expect(
      compile(text)
        .needs.filter(need => need.isRequired)
        .map(need => need.name),
    ).toEqual(wanted)
  })

  test('missing ones are found without any value, through other variables', () => {
    const vars = variables('a: "{{ b }}"\nb: "{{ nope }}/{{ later }}"\n')
    const problems = undefinedIn([compile('{{ a }} {{ wrong }}')], vars, new Set(['later']))
    expect(
      problems.map(problem => `${problem.message} ${problem.fields.span?.file}:${problem.fields.span?.line}`),
    ).toEqual(['The variable `nope` is not defined vars.yml:2', 'The variable `wrong` is not defined t.j2:1'])
  })
})

test('a tree is filled in as a whole, and all its problems come at once', () => {
  const { tree } = compileTree(
    locate({ a: '{{ port }}', b: ['{{ x }}', 'c'], mode: '{{ m | default(omit) }}', d: '{{ y }}' }, 'p.ts'),
  )
  const { value, problems } = renderTree(tree, site)
  expect(value).toEqual({ a: 8300, b: ['c'] })
  expect(problems.map(problem => [problem.message, problem.fields.span?.excerpt])).toEqual([
    ['The variable `x` is not defined', 'b[0]'],
    ['The variable `y` is not defined', 'd'],
  ])
})

test('what a program printed is never taken as a template', () => {
  expect(render(compile('{{ out }}'), { out: '{{ port }}', port: 1 })).toBe('{{ port }}')
})
