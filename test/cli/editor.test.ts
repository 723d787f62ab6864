// In an editor: what the YAML language server proposes, tells and marks with the settings that are shipped.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { editorSettings, startLanguageServer } from '../kit/language-server.ts'

const textOf = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

let server: Awaited<ReturnType<typeof startLanguageServer>>
beforeAll(async () => {
  server = await startLanguageServer()
})
afterAll(() => server.close())

const step = (text: string): string => `- hosts: all\n  tasks:\n    - name: One\n      ${text}`

describe('proposed is', () => {
  it.each([
    ['a play', 'playbooks/new.yml', '- ¦', ['hosts', 'import_playbook']],
    ['what a play has', 'playbooks/new.yml', '- hosts: all\n  ¦', ['strategy', 'serial', 'tasks', 'handlers']],
    ['a strategy', 'playbooks/new.yml', '- hosts: all\n  strategy: ¦', ['linear', 'failover']],
    ['a task', 'playbooks/new.yml', step('¦'), ['copy', 'command', 'installer', 'when', 'block']],
    ['an argument', 'playbooks/new.yml', step('copy:\n        ¦'), ['dest', 'content', 'mode']],
    ['a value', 'playbooks/new.yml', step('file:\n        state: ¦'), ['directory', 'absent']],
    ['what a group has', 'inventory/new.yml', 'all:\n  ¦', ['hosts', 'children', 'vars']],
    ['a variable of a host', 'inventory/new.yml', 'all:\n  hosts:\n    a:\n      ¦', ['ansible_host', 'mount_point']],
    ['one of a group beside it', 'inventory/group_vars/all.yml', '¦', ['ansible_user', 'mount_point']],
    ['what a prompt has', 'dialogues/new.yml', 'prompts:\n  - ¦', ['expect', 'answer', 'secret']],
    ['a setting', 'run.yml', '¦', ['inventory', 'forks', 'vault_ids']],
  ])('%s', async (_, path, text, wanted) => {
    expect(await server.proposals(path, text)).toEqual(expect.arrayContaining(wanted))
  })
})

describe('told is', () => {
  it.each([
    ['what a task does', 'playbooks/new.yml', step('co¦py:\n        dest: /x\n'), /Keep one file there/],
    ['what a key means', 'playbooks/new.yml', '- hosts: all\n  seri¦al: 1\n', /hosts at a time/],
    [
      'what a variable is',
      'inventory/new.yml',
      'all:\n  vars:\n    mount_poi¦nt: /x\n',
      /where the partition is mounted/,
    ],
    ['what a setting is', 'run.yml', 'for¦ks: 3\n', /how many hosts work at the same time/],
  ])('%s', async (_, path, text, wanted) => {
    expect(await server.told(path, text)).toMatch(wanted)
  })
})

describe('marked is', () => {
  it.each([
    ['a misspelt task', 'playbooks/new.yml', step('cpy: { dest: /x }'), /^4: Property cpy is not allowed/],
    ['a misspelt argument', 'playbooks/new.yml', step('copy: { dst: /x }'), /^4: Property dst is not allowed/],
    ['a path that is none', 'playbooks/new.yml', step('file: { path: x, state: file }'), /^4: wanted: absolute path/],
    ['braces in a condition', 'playbooks/new.yml', step("debug:\n      when: '{{ a }}'"), /^5: a condition is an expr/],
    ['tries without an end', 'playbooks/new.yml', step('debug:\n      retries: 3'), /^3: .*until/],
    ['what Ansible has', 'playbooks/new.yml', step('debug:\n      with_items: [a]'), /^5: write `loop:`/],
    ['a slip in an inventory', 'inventory/new.yml', 'all:\n  host: { a: }\n', /^2: Property host is not allowed/],
    ['one in its variables', 'inventory/group_vars/all.yml', 'ansible_prot: 1\n', /^1: /],
    ['one in a dialogue', 'dialogues/new.yml', 'prompts:\n  - { expct: x }\n', /^2: Property expct is not allowed/],
    ['one in the settings', 'run.yml', 'inventry: x\n', /^1: Property inventry is not allowed/],
  ])('%s', async (_, path, text, wanted) => {
    expect(await server.marks(path, text)).toContainEqual(expect.stringMatching(wanted))
  })

  it.each([
    ['playbooks/site.yml', textOf('playbooks/install.yml')],
    ['inventory/other.yml', textOf('inventory/example.yml')],
    ['dialogues/other.yml', textOf('playbooks/dialogues/messenger-2.2.yml')],
    ['run.yml', textOf('run.yml')],
    [
      'inventory/host_vars/a.yml',
      'ansible_password: { secret: ask }\nword: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  33\n',
    ],
  ])('nothing in %s, which is right', async (path, text) => {
    expect(await server.marks(path, text)).toEqual([])
  })
})

it('docs/editor.md has the same settings, in the words of each editor', () => {
  const page = textOf('docs/editor.md')
  const [, json = ''] = /```json \.vscode\/settings\.json\n([\s\S]*?)```/.exec(page) ?? []
  const [, lua = ''] = /```lua \.nvim\.lua\n([\s\S]*?)```/.exec(page) ?? []
  expect(JSON.parse(json)).toEqual(editorSettings)
  for (const [schema, files] of Object.entries(editorSettings['yaml.schemas']))
    expect(lua).toContain(`['${schema}'] = { ${files.map(file => `'${file}'`).join(', ')} }`)
  for (const tag of editorSettings['yaml.customTags']) expect(lua).toContain(`'${tag}'`)
})
