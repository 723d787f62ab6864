// What `run lint` tells of a playbook, rule by rule; and what it keeps quiet about.
import { describe, expect, it } from 'vitest'
import type { NamedFiles } from '../../../src/plan/arguments.ts'
import { lint, lintRules } from '../../../src/plan/lint/index.ts'
import { writtenFaults } from '../../../src/plan/lint/written-faults.ts'
import { createRegistry, knownTasks } from '../../../src/plan/registry.ts'
import { parsePlaybook } from '../../../src/playbook/parse.ts'
import { formatProblems } from '../../../src/text/excerpt.ts'
import byHand from '../../../tasks/by-hand.ts'
import command from '../../../tasks/command.ts'
import file from '../../../tasks/file.ts'
import installer from '../../../tasks/installer.ts'
import shell from '../../../tasks/shell.ts'
import template from '../../../tasks/template.ts'
import { readText } from '../../docs/pages.ts'

const { registry } = createRegistry([{ 'by-hand': byHand, command, file, installer, shell, template }])

const noFiles: NamedFiles = {
  dialogue: () => ({ known: [] }),
  template: () => ({ known: [] }),
  file: () => ({ known: [] }),
}

const lintText = (text: string, named: Partial<NamedFiles> = {}): readonly string[] => {
  const files = { readText: (path: string) => (path === 'site.yml' ? text : undefined) }
  const playbook = parsePlaybook('site.yml', { knownTasks: knownTasks(registry), files })
  expect(formatProblems(playbook.problems)).toBe('')
  return lint({ playbook, registry, files: { ...noFiles, ...named } }).map(({ code, fields: { span } }) => {
    const { excerpt = '', column = 1, width = 0 } = span ?? {}
    return `${code}: ${excerpt.slice(column - 1, column - 1 + width)}`
  })
}

const step = (text: string): string => `- hosts: all\n  tasks:\n    - ${text}\n`

describe('a value in a script', () => {
  it.each([
    ['bare', 'shell: make {{ path }}', ['value-unquoted: path']],
    ['in quotes, which a quote in it ends', `shell: make "{{ path }}"`, ['value-unquoted: path']],
    ['with another filter', 'shell: make {{ path | upper }}', ['value-unquoted: path | upper']],
    ['as an argument by its name', 'shell: { cmd: "make {{ path }}", chdir: /srv }', ['value-unquoted: path']],
    ['in a probe', 'by-hand: { text: x, probe: "test -d {{ path }}" }', ['value-unquoted: path']],
    ['the whole of it', 'shell: "{{ script }}"', ['script-from-value: {{ script }}']],
    ['in a branch', `shell: "make {% if a %}{{ a }}{% endif %}"`, ['value-unquoted: a']],
    ['in a loop', `shell: "take {% for f in files %}{{ f }} {% endfor %}"`, ['value-unquoted: f']],
    ['where it is cut at blanks', 'command: make {{ path }}', ['value-in-words: path']],
    ['that is called a secret', 'shell: login {{ db_password | quote }}', ['secret-in-script: db_password']],
  ])('%s', (_, text, told) => expect(lintText(step(text))).toEqual(told))

  it.each([
    ['quoted', 'shell: make {{ path | quote }}'],
    ['quoted after other filters', `shell: "make {{ path | default('/x') | quote }}"`],
    ['a number', 'shell: idle {{ seconds | int }}'],
    ['each of a list quoted', `shell: "take {{ files | map('quote') | join(' ') }}"`],
    ['one of two texts of the playbook', `shell: "ls {{ '-a' if all else '-l' }}"`],
    ['a block that is quoted', `shell: "echo {% filter quote %}{{ a }}{% endfilter %}"`],
    ['none at all', 'shell: ls | wc -l'],
    [
      'how a site starts its program',
      'installer: { command: "{{ start }}", dialogue: d, values: {}, system: /s, evidence: [/e] }',
    ],
    ['an argument by itself', 'command: { argv: [make, "{{ path }}"] }'],
    ['what is no script', 'file: { path: "{{ path }}", content: "{{ text }}" }'],
  ])('is quiet about a value: %s', (_, text) => expect(lintText(step(text))).toEqual([]))
})

describe('what is written and never named', () => {
  it('is told: a handler, a result, a variable', () => {
    const text = `
- hosts: all
  vars: { used: 1, unused: 2 }
  tasks:
    - name: Look
      shell: { cmd: ls, reads: true }
      register: seen
    - name: Look again
      shell: { cmd: ls, reads: true }
      register: named
      notify: Called
    - name: Write
      when: named.rc == used
      file: { path: /x }
  handlers:
    - name: Called
      shell: "true"
    - name: Forgotten
      shell: "true"
`
    expect(lintText(text)).toEqual(['handler-unused: Forgotten', 'register-unused: Look', 'variable-unused: unused'])
  })

  it('is no result that only another host asks for', () => {
    const text = `
- hosts: ada
  tasks: [{ shell: { cmd: ls, reads: true }, register: seen }]
- hosts: bob
  tasks: [{ file: { path: /x, content: "{{ hostvars['ada'].seen.stdout }}" } }]
`
    expect(lintText(text)).toEqual([])
  })

  it.each([
    ['a file that a step fills in', 'page.j2', []],
    ['a file whose name is known on the node alone', '"{{ which }}.j2"', []],
    ['no file that is read', 'other.j2', ['variable-unused: title']],
  ])('is named by %s, or is told', (_, src, told) => {
    const text = `- hosts: all\n  vars: { title: x }\n  tasks:\n    - template: { src: ${src}, dest: /srv/page }\n`
    const file: NamedFiles['file'] = name =>
      name === 'page.j2' ? { file: name, bytes: Buffer.from('<h1>{{ title }}</h1>') } : { known: ['page.j2'] }
    expect(lintText(text, { file })).toEqual(told)
  })
})

describe('a block', () => {
  it.each([
    ['without steps', 'block: []', ['block-empty: block']],
    ['with nothing behind it', '{ name: Later, block: }', ['block-empty: Later']],
    ['in another', 'block: [{ name: Inner, block: [] }]', ['block-empty: Inner']],
    ['where failures are caught by none', '{ block: [{ shell: "true" }], rescue: [] }', []],
    ['with a step', 'block: [{ shell: "true" }]', []],
  ])('%s', (_, block, told) => {
    expect(lintText(step(block))).toEqual(told)
  })

  it.each(['', '---\n', '# later\n'])('that an empty file of tasks makes is told by the file: %j', text => {
    const texts: Readonly<Record<string, string>> = {
      'site.yml': '- hosts: all\n  tasks: [import_tasks: more.yml]\n',
      'more.yml': text,
    }
    const files = { readText: (path: string) => texts[path] }
    const playbook = parsePlaybook('site.yml', { knownTasks: knownTasks(registry), files })
    expect(playbook.problems).toEqual([])
    const told = lint({ playbook, registry, files: noFiles }).filter(({ code }) => code === 'block-empty')
    expect(told.map(({ message }) => message)).toEqual(['more.yml has no steps'])
  })
})

describe('a program whose work a task does', () => {
  it.each([
    ['as a line', 'command: mkdir -p /srv/x', ['program-for-task: mkdir -p /srv/x']],
    ['as a list', 'command: { argv: [/bin/rm, -r, /srv/x] }', ['program-for-task: [/bin/rm, -r, /srv/x]']],
    ['as a script of one command', 'shell: chmod 0644 /srv/x', ['program-for-task: chmod 0644 /srv/x']],
    ['by another user', 'command: sudo id', ['program-for-task: sudo id']],
  ])('is told: %s', (_, text, told) => expect(lintText(step(text))).toEqual(told))

  it.each([
    ['that only looks', 'command: { cmd: touch --version, reads: true }'],
    ['among others in a script', 'shell: mkdir /srv/x && cd /srv/x && make-it'],
    ['that no task does', 'command: /opt/vendor/setup --quiet'],
    ['whose name goes on', 'command: mkdirs /srv/x'],
  ])('is not: one %s', (_, text) => expect(lintText(step(text))).toEqual([]))
})

describe('a script that not every sh reads', () => {
  it.each([
    ['[[ -f /x ]] && say', true],
    ['read line <<<word', true],
    ['. /etc/profile; source /etc/other', true],
    ['diff <(one) <(two)', true],
    ['say &>/dev/null', true],
    ['function f { say; }', true],
    ['say ${name/a/b}', true],
    ['words=(one two)', true],
    ['set -o pipefail; one | two', true],
    ['[ "$a" == b ] && say', true],
    ['echo -n word', true],
    ["awk '{ if ($1 == 2) print }' /x | grep '[[:alpha:]]'", false],
    ['[ "$a" = b ] && printf word 2>&1 >/x', false],
    ['case $a in b) say ;; esac; say ${a:-b}', false],
    ['say {{ a == b }}', false],
  ])('%s', (script, isTold) => {
    const text = step(`shell: { cmd: ${JSON.stringify(script.replace('{{ a == b }}', '{{ (a == b) | quote }}'))} }`)
    expect(lintText(text).map(each => each.split(':')[0])).toEqual(isTold ? ['script-not-posix'] : [])
  })

  it('says nothing of one that names its shell', () => {
    expect(lintText(step('shell: { cmd: "[[ -f /x ]] && say", executable: /bin/bash }'))).toEqual([])
  })
})

describe('what a step says of its outcome', () => {
  it.each([
    ['never a change, and no look', 'command: id\n      changed_when: false', ['look-not-declared: command']],
    ['never a change, and a look', 'command: { cmd: id, reads: true }\n      changed_when: false', []],
    ['never a change of a task that does not only look', 'file: { path: /x }\n      changed_when: false', []],
    ['a failure that nobody hears of', 'file: { path: /x }\n      ignore_errors: true', ['failure-unseen: file']],
    ['one that is none', 'file: { path: /x }\n      failed_when: false', ['failure-unseen: file']],
    [
      'one that the next step asks for',
      'file: { path: /x }\n      ignore_errors: true\n      register: r\n    - shell: say\n      when: r is failed',
      [],
    ],
    ['a condition that is no constant', 'file: { path: /x }\n      failed_when: x == 1', []],
    [
      'a handler that is never notified',
      'file: { path: /x }\n      changed_when: false\n      notify: H',
      ['notify-never: file'],
    ],
    [
      'one that another was changed',
      'file: { path: /x }\n      register: r\n    - shell: restart\n      when: r is changed',
      ['handler-in-steps: shell'],
    ],
    [
      'as a member',
      'file: { path: /x }\n      register: r\n    - shell: restart\n      when: r.changed',
      ['handler-in-steps: shell'],
    ],
    [
      'and something else',
      'file: { path: /x }\n      register: r\n    - shell: restart\n      when: [r is changed, x]',
      [],
    ],
  ])('%s', (_, text, told) => {
    const handlers = text.includes('notify') ? '  handlers:\n    - name: H\n      shell: restart\n' : ''
    expect(lintText(step(text) + handlers)).toEqual(told)
  })
})

describe('under whom, and for whom', () => {
  const asUser = 'become_user: web'
  it.each([
    ['a user, and nobody becomes it', step(`file: { path: /x }\n      ${asUser}`), ['user-without-become: file']],
    [
      'a user who is not to be become',
      step(`file: { path: /x }\n      ${asUser}\n      become: false`),
      ['user-without-become: file'],
    ],
    ['a user', step(`file: { path: /x }\n      ${asUser}\n      become: true`), []],
    ['where the block does', step(`block:\n        - file: { path: /x }\n          ${asUser}\n      become: true`), []],
    ['where the play does', `- hosts: all\n  become: true\n  tasks:\n    - file: { path: /x }\n      ${asUser}\n`, []],
    [
      'a play that does not',
      `- hosts: all\n  name: P\n  ${asUser}\n  tasks: [{ file: { path: /x } }]\n`,
      ['user-without-become: P'],
    ],
    ['a play whose steps do', `- hosts: all\n  ${asUser}\n  tasks: [{ file: { path: /x }, become: true }]\n`, []],
    ['a file for all', step('file: { path: /x, mode: "0666" }'), ['written-by-all: "0666"']],
    ['a directory for all', step('file: { path: /x, mode: "0777" }'), ['written-by-all: "0777"']],
    ['one with the sticky bit', step('file: { path: /x, mode: "1777" }'), []],
    ['in letters', step('file: { path: /x, mode: "u=rw,o+w" }'), ['written-by-all: "u=rw,o+w"']],
    ['for its group', step('file: { path: /x, mode: "u=rw,g=rw,o=r" }'), []],
    ['for its owner', step('file: { path: /x, mode: "0644" }'), []],
  ])('%s', (_, text, told) => expect(lintText(text)).toEqual(told))
})

describe('names', () => {
  it.each([
    [
      'registered that nobody can set',
      'shell: { cmd: id, reads: true }\n      register: hostvars\n    - file: { path: "{{ hostvars }}" }',
      ['name-taken: shell'],
    ],
    ['given that nobody can set', 'vars: { groups: 1 }\n      shell: say {{ groups | quote }}', ['name-taken: groups']],
    [
      'an item that nobody can set',
      'shell: say {{ groups | quote }}\n      loop: [1]\n      loop_control: { loop_var: groups }',
      ['name-taken: loop'],
    ],
    [
      'an item within another',
      'loop: [1]\n      block:\n        - shell: say {{ item | quote }}\n          loop: [2]',
      ['item-hidden: loop'],
    ],
    [
      'an item within another, of a name of its own',
      'loop: [1]\n      block:\n        - shell: say {{ item | quote }} {{ each | quote }}\n          loop: [2]\n          loop_control: { loop_var: each }',
      [],
    ],
    [
      'a variable beneath an item',
      'vars: { item: 1 }\n      shell: say {{ item | quote }}\n      loop: [1]',
      ['item-hidden: loop'],
    ],
    ['an item that is not named', 'shell: say\n      loop: [1, 2]', ['item-unused: loop']],
    ['an index that is', 'shell: say {{ at | quote }}\n      loop: [1, 2]\n      loop_control: { index_var: at }', []],
  ])('%s', (_, text, told) => expect(lintText(step(text))).toEqual(told))
})

describe('a file that a step names', () => {
  const faultsIn = (text: string, file: NamedFiles['file']): readonly string[] => {
    const files = { readText: (path: string) => (path === 'site.yml' ? step(text) : undefined) }
    const playbook = parsePlaybook('site.yml', { knownTasks: knownTasks(registry), files })
    return writtenFaults({ playbook, registry, files: { ...noFiles, file } }).map(({ code }) => code)
  }
  const holding =
    (text: string): NamedFiles['file'] =>
    name => ({ file: name, bytes: Buffer.from(text) })

  it.each([
    ['that is not there', () => ({ known: [] }), ['file-not-found']],
    ['that is a broken template', holding('{% if %}'), ['template-broken']],
    ['that is a template of what nobody knows yet', holding('{{ somewhere }}'), []],
  ])('%s', (_, file, codes) => {
    expect(faultsIn('template: { src: a.j2, dest: /srv/a }', file)).toEqual(codes)
  })

  it('whose name is filled in is looked for by each run', () => {
    expect(faultsIn('template: { src: "{{ a }}.j2", dest: /srv/a }', () => ({ known: [] }))).toEqual([])
  })
})

describe('the rules', () => {
  it('have a code of their own and a line in the documentation each', () => {
    const codes = lintRules.map(({ code }) => code)
    expect(new Set(codes).size).toBe(codes.length)
    const page = readText('docs/lint.md')
    expect(lintRules.filter(({ code, summary }) => !page.includes(`| \`${code}\` | ${summary} |`))).toEqual([])
  })
})
