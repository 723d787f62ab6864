// What `run lint` tells of a playbook, rule by rule; and what it keeps quiet about.
import { describe, expect, it } from 'vitest'
import type { NamedFiles } from '../../../src/plan/arguments.ts'
import { lint, lintRules } from '../../../src/plan/lint/index.ts'
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
    ['bare', 'shell: mkdir {{ path }}', ['value-unquoted: path']],
    ['in quotes, which a quote in it ends', `shell: mkdir "{{ path }}"`, ['value-unquoted: path']],
    ['with another filter', 'shell: mkdir {{ path | upper }}', ['value-unquoted: path | upper']],
    ['as an argument by its name', 'shell: { cmd: "mkdir {{ path }}", chdir: /srv }', ['value-unquoted: path']],
    ['in a probe', 'by-hand: { text: x, probe: "test -d {{ path }}" }', ['value-unquoted: path']],
    ['the whole of it', 'shell: "{{ script }}"', ['script-from-value: {{ script }}']],
    ['in a branch', `shell: "mkdir {% if a %}{{ a }}{% endif %}"`, ['value-unquoted: a']],
    ['in a loop', `shell: "rm {% for f in files %}{{ f }} {% endfor %}"`, ['value-unquoted: f']],
    ['where it is cut at blanks', 'command: mkdir {{ path }}', ['value-in-words: path']],
    ['that is called a secret', 'shell: login {{ db_password | quote }}', ['secret-in-script: db_password']],
  ])('%s', (_, text, told) => expect(lintText(step(text))).toEqual(told))

  it.each([
    ['quoted', 'shell: mkdir {{ path | quote }}'],
    ['quoted after other filters', `shell: "mkdir {{ path | default('/x') | quote }}"`],
    ['a number', 'shell: sleep {{ seconds | int }}'],
    ['each of a list quoted', `shell: "rm {{ files | map('quote') | join(' ') }}"`],
    ['one of two texts of the playbook', `shell: "ls {{ '-a' if all else '-l' }}"`],
    ['a block that is quoted', `shell: "echo {% filter quote %}{{ a }}{% endfilter %}"`],
    ['none at all', 'shell: ls | wc -l'],
    ['an argument by itself', 'command: { argv: [mkdir, "{{ path }}"] }'],
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
})

describe('the rules', () => {
  it('have a code of their own and a line in the documentation each', () => {
    const codes = lintRules.map(({ code }) => code)
    expect(new Set(codes).size).toBe(codes.length)
    const page = readText('docs/lint.md')
    expect(lintRules.filter(({ code, summary }) => !page.includes(`| \`${code}\` | ${summary} |`))).toEqual([])
  })
})
