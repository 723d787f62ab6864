// The JSON Schemas: what a site writes is right by them, what the checks refuse by its form is wrong by them too.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv, type ValidateFunction } from 'ajv'
import { describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import preflight from '../../playbooks/preflight.ts'
import messenger from '../../playbooks/worksheets/messenger.ts'
import { settingsSchema } from '../../src/cli/settings.ts'
import { parseInventory } from '../../src/inventory/parse.ts'
import {
  dialogueSchema,
  inventorySchema,
  playbookSchema,
  settingsSchemaOf,
  variablesSchema,
} from '../../src/plan/json-schema/index.ts'
import { knownTasks } from '../../src/plan/registry.ts'
import { parseDialogue } from '../../src/playbook/dialogue.ts'
import { blockForms, importForms, playForms, stepForms, taskForms } from '../../src/playbook/key-forms.ts'
import { parsePlaybook } from '../../src/playbook/parse.ts'
import { shippedTasks } from '../kit/shipped-tasks.ts'

const root = new URL('../../', import.meta.url)
const textOf = (path: string): string => readFileSync(new URL(path, root), 'utf8')
const filesIn = (folder: string, ending = '.yml'): readonly string[] =>
  readdirSync(fileURLToPath(new URL(folder, root)))
    .filter(name => name.endsWith(ending))
    .map(name => `${folder}/${name}`)

const kinds = ['playbook', 'inventory', 'variables', 'dialogue', 'settings'] as const
type Kind = (typeof kinds)[number]

const registry = await shippedTasks()
const schemas: Readonly<Record<Kind, object>> = {
  playbook: playbookSchema(registry),
  inventory: inventorySchema([messenger]),
  variables: variablesSchema([messenger]),
  dialogue: dialogueSchema(),
  settings: settingsSchemaOf(settingsSchema),
}

/** Words that editors read, and no more. */
const forEditors = ['patternErrorMessage', 'deprecationMessage', 'doNotSuggest']

const validators = new Map<Kind, ValidateFunction>()
const ajv = new Ajv({ strict: true, allowUnionTypes: true, strictTypes: false, strictRequired: false })
for (const word of forEditors) ajv.addKeyword(word)
for (const format of ['ipv4', 'ipv6']) ajv.addFormat(format, true)

/** Where a value is wrong; nothing where it is right. */
const faultsOf = (kind: Kind, value: unknown): readonly string[] => {
  const validate = validators.get(kind) ?? ajv.compile(schemas[kind])
  validators.set(kind, validate)
  return validate(value) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

const read = (text: string): unknown => parse(text, { merge: true, logLevel: 'silent' })

it.each(kinds)('schemas/%s.json is what the definitions say', kind => {
  const path = `schemas/${kind}.json`
  const made = `${JSON.stringify(schemas[kind], null, 2)}\n`
  if (process.env.SCHEMAS === 'write') writeFileSync(new URL(path, root), made)
  expect(textOf(path), 'SCHEMAS=write npx vitest run --project unit test/plan/json-schema.test.ts writes it').toBe(made)
})

describe('what is shipped, and what the tests carry out, is right', () => {
  it.each<[Kind, readonly string[]]>([
    ['playbook', [...filesIn('playbooks'), ...filesIn('test/ansible/cases')]],
    ['inventory', [...filesIn('inventory'), ...filesIn('test/ansible/inventories')]],
    ['dialogue', filesIn('playbooks/dialogues')],
    ['settings', ['run.yml']],
  ])('each %s', (kind, files) => {
    expect(files.length).toBeGreaterThan(0)
    for (const file of files) expect([file, ...faultsOf(kind, read(textOf(file)))]).toEqual([file])
  })

  it('a playbook in TypeScript, and each example of a task', () => {
    expect(faultsOf('playbook', preflight.plays)).toEqual([])
    for (const { name, example = '' } of registry.values())
      expect([name, ...faultsOf('playbook', [{ hosts: 'all', tasks: read(example) }])]).toEqual([name])
  })
})

const values: readonly unknown[] = [
  ...['word', 'two words', '', '-x', '30%', '0', '4', '-1', 'yes', 'No', 'linear', 'sorted', '{{ x }}'],
  ...[true, false, null, 0, 1, 2.5, -3],
  ...[[], ['a'], ['a', 1], [true], [{ debug: null }], [[1]], {}, { a: 1 }, { 'a b': 1 }],
  ...[{ shelf: {} }, { loop_var: 'x' }, { loop_var: 'x y' }, { nothing: 1 }],
]

/** What is wrong with the form of a value; the rest cannot be said without the other files. */
const ofForm: ReadonlySet<string> = new Set([
  ...['value-wrong', 'variable-name', 'check-mode-off', 'no-facts', 'order-shuffle', 'strategy-unsupported'],
  ...['hold-wrong', 'key-unknown', 'key-unsupported', 'hold-unknown', 'when-braces', 'no-until'],
])

const isRefused = (plays: unknown): boolean => {
  const [file, text] = ['playbooks/p.yml', JSON.stringify(plays)]
  const { problems } = parsePlaybook(file, {
    knownTasks: knownTasks(registry),
    files: {
      readText: path => (path === file ? text : text.includes('"vars_files"') ? '{}' : '[]'),
      namesIn: () => [],
    },
  })
  return problems.some(({ code }) => ofForm.has(code))
}

/** Keys whose words mean other files, handlers or hosts are held to their form alone by the parser as well. */
describe('a value is right where the parser takes it, and wrong where it does not', () => {
  const step = { debug: { msg: 'x' } }
  const inPlay = (key: string, value: unknown) => [{ hosts: 'all', tasks: [step], [key]: value }]
  const inStep = (key: string, value: unknown) => [{ hosts: 'all', tasks: [{ ...step, loop: [1], [key]: value }] }]
  const inBlock = (key: string, value: unknown) => [{ hosts: 'all', tasks: [{ block: [step], [key]: value }] }]
  const inImport = (key: string, value: unknown) => [{ import_playbook: 'other.yml', [key]: value }]

  it.each<[string, object, (key: string, value: unknown) => unknown]>([
    ['a play', playForms, inPlay],
    ['an import', importForms, inImport],
    ['a step', stepForms, inStep],
    ['a task', taskForms, inStep],
    ['a block', blockForms, inBlock],
  ])('behind each key of %s', (_, forms, put) => {
    const told = Object.keys(forms).flatMap(key =>
      values.flatMap(value => {
        const plays = put(key, value)
        const [byParser, bySchema] = [isRefused(plays), faultsOf('playbook', plays).length > 0]
        return byParser === bySchema ? [] : [`${key}: ${JSON.stringify(value)} is ${byParser ? 'refused' : 'taken'}`]
      }),
    )
    expect(told).toEqual([])
  })

  it('behind each key of a dialogue', () => {
    const prompt = { expect: 'Password:' }
    const keys = ['name', 'answer', 'press', 'secret', 'optional', 'repeat', 'within', 'when']
    const told = keys.flatMap(key =>
      [...values, '30s', '10'].flatMap(value => {
        const dialogue = { prompts: [{ ...prompt, [key]: value }] }
        const { problems } = parseDialogue({ file: 'd.yml', text: JSON.stringify(dialogue) })
        const byParser = problems.some(({ code }) => ofForm.has(code))
        const bySchema = faultsOf('dialogue', dialogue).length > 0
        return byParser === bySchema ? [] : [`${key}: ${JSON.stringify(value)} is ${byParser ? 'refused' : 'taken'}`]
      }),
    )
    expect(told).toEqual([])
  })

  it('at each place of an inventory', () => {
    const right = { all: { hosts: { node1: null } } }
    const places: readonly ((value: unknown) => object)[] = [
      value => ({ all: { hosts: { node1: value } } }),
      value => ({ all: { ...right.all, vars: value } }),
      value => ({ all: { ...right.all, children: value } }),
      value => ({ ...right, cluster: value }),
      value => ({ ...right, cluster: { name: value } }),
      value => ({ ...right, provider: value }),
    ]
    const told = places.flatMap((place, at) =>
      values.flatMap(value => {
        const { problems } = parseInventory({ file: 'i.yml', text: JSON.stringify(place(value)) })
        const byParser = problems.some(({ code }) => ofForm.has(code))
        const bySchema = faultsOf('inventory', place(value)).length > 0
        return byParser === bySchema ? [] : [`${at}: ${JSON.stringify(value)} is ${byParser ? 'refused' : 'taken'}`]
      }),
    )
    expect(told).toEqual([])
  })
})

/** What people do wrong, with the code that they are told. */
describe('what people do wrong in the form of a file is wrong', () => {
  const codes: Readonly<Record<string, RegExp>> = {
    playbooks: /^error\[(?:key-unknown|key-unsupported|argument-unknown|argument-missing|task-unknown|hold-as-task)\]/,
    inventories: /^error\[key-unknown\]/,
    dialogues: /^error\[(?:key-unknown|no-prompts|key-missing)\]/,
  }
  it.each<[Kind, string]>([
    ['playbook', 'playbooks'],
    ['inventory', 'inventories'],
    ['dialogue', 'dialogues'],
  ])('%s', (kind, folder) => {
    const found = filesIn(`test/corpus/${folder}`).filter(file =>
      codes[folder]?.test(textOf(file.replace(/\.yml$/, '.txt'))),
    )
    expect(found.length).toBeGreaterThan(1)
    const taken = found.filter(file => faultsOf(kind, parseAllDocuments(textOf(file))[0]?.toJS()).length === 0)
    expect(taken).toEqual([])
  })

  it.each([
    ['a word too much', { copy: { dest: '/a', content: 'x', mood: '0644' } }],
    ['a path that is none', { file: { path: 'a', state: 'directory' } }],
    ['what is missing', { file: { state: 'directory' } }],
    ['a word that is none of those', { file: { path: '/a', state: 'present' } }],
    ['a mode without quotes', { copy: { dest: '/a', content: 'x', mode: 644 } }],
    ['what Ansible has and is not here', { copy: { dest: '/a', content: 'x', follow: true } }],
    ['a loop of before', { debug: { msg: 'x' }, with_items: [1] }],
    ['no task', { delegate_to: 'node1', debug: { msg: 'x' } }],
    ['a task in another’s name', { 'ansible.builtin.copy': { dest: 1, content: 'x' } }],
  ])('%s', (_, step) => {
    expect(faultsOf('playbook', [{ hosts: 'all', tasks: [step] }])).not.toEqual([])
  })

  it('a variable of the connection that means nothing', () => {
    const withVariable = (name: string) => ({ all: { hosts: { node1: { [name]: 'x' } } } })
    expect(faultsOf('inventory', withVariable('ansible_hots'))).not.toEqual([])
    expect(faultsOf('variables', { ansible_hots: 'x' })).not.toEqual([])
    expect(faultsOf('variables', { ansible_host: 'x', whatever: ['x'] })).toEqual([])
    expect(faultsOf('inventory', withVariable('ansible_host'))).toEqual([])
    expect(faultsOf('inventory', { all: { vars: { ansible_become_password: { secret: 'ask' } } } })).toEqual([])
  })
})
