// docs/not-supported.md: made from the tables that the parser refuses by; each row is written into a playbook and refused.
import { readdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { createRegistry, knownTasks } from '../../src/plan/registry.ts'
import { parsePlaybook } from '../../src/playbook/parse.ts'
import { unsupported } from '../../src/playbook/unsupported.ts'
import { undefinedIn } from '../../src/template/render.ts'
import { compileTemplate } from '../../src/template/template.ts'
import {
  unsupportedArguments,
  unsupportedFilters,
  unsupportedFunctions,
  unsupportedLookups,
  unsupportedStatements,
  unsupportedTests,
  unsupportedVariables,
} from '../../src/template/unsupported.ts'
import { readText } from './pages.ts'

const page = 'docs/not-supported.md'

const tasks = new URL('../../tasks/', import.meta.url)
const modules = await Promise.all(
  readdirSync(tasks)
    .filter(file => file.endsWith('.ts'))
    .map(async file => [file.slice(0, -'.ts'.length), (await import(`${tasks}${file}`)).default] as const),
)
const known = knownTasks(createRegistry([Object.fromEntries(modules)]).registry)

type Names = Readonly<Record<string, string>>

const otherTasks: Names = Object.assign({}, ...[...known.values()].map(({ inPlaceOf = {} }) => inPlaceOf))

type Part = {
  readonly title: string
  readonly names: Names
  /** A playbook that has the name in its place; or an expression. */
  write(name: string): string
  readonly isExpression?: true
}

const play = (steps: string, more = ''): string => `- hosts: all\n${more}  tasks:\n${steps}`

const printed = (expression: string): string => play(`    - debug: { msg: "{{ ${expression} }}" }\n`)

const parts: readonly Part[] = [
  {
    title: 'Keys of a play',
    names: unsupported.plays,
    write: name => play('    - debug: { msg: x }\n', `  ${name}: x\n`),
  },
  {
    title: 'Keys of a step or a block',
    names: unsupported.steps,
    write: name => play(`    - debug: { msg: x }\n      ${name}: x\n    - block: [{ fail: }]\n      ${name}: x\n`),
  },
  { title: 'In the place of a task', names: unsupported.actions, write: name => play(`    - ${name}: x\n`) },
  { title: 'Tasks', names: otherTasks, write: name => play(`    - ansible.builtin.${name}: { name: x }\n`) },
  {
    title: 'Keys beside `import_tasks`',
    names: { loop: unsupported.import_tasks.loop ?? '' },
    write: name => play(`    - import_tasks: more.yml\n      ${name}: [1]\n`),
  },
  {
    title: 'Keys beside `import_playbook`',
    names: unsupported.import_playbook,
    write: name => `- import_playbook: other.yml\n  ${name}: x\n`,
  },
  { title: 'Words of `meta`', names: unsupported.meta, write: name => play(`    - meta: ${name}\n`) },
  {
    title: 'Words of `strategy`',
    names: unsupported.strategy,
    write: name => play('    - debug: { msg: x }\n', `  strategy: ${name}\n`),
  },
  {
    title: 'Keys of `loop_control`',
    names: unsupported.loop_control,
    write: name => play(`    - debug: { msg: x }\n      loop: [1]\n      loop_control: { ${name}: 1 }\n`),
  },
  {
    title: 'Lookups',
    names: unsupportedLookups,
    write: name => play(`    - debug: { msg: "{{ lookup('${name}', 'x') }}" }\n`),
  },
  { title: 'Filters', names: unsupportedFilters, write: name => printed(`'x' | ${name}`) },
  { title: 'Tests', names: unsupportedTests, write: name => printed(`'x' is ${name}`) },
  {
    title: 'Arguments of filters and tests',
    names: unsupportedArguments,
    write: name => printed(`'x' ${name.startsWith('version') ? 'is' : '|'} ${name.replace(')', '=1)')}`),
  },
  { title: 'Functions of templates', names: unsupportedFunctions, write: name => printed(`${name}('x')`) },
  {
    title: 'Statements of templates',
    names: unsupportedStatements,
    write: name => play(`    - debug: { msg: "{% ${name} %}" }\n`),
  },
  { title: 'Variables', names: unsupportedVariables, write: name => name, isExpression: true },
]

const files: Names = {
  'more.yml': '- debug: { msg: more }\n',
  'other.yml': play('    - debug: { msg: other }\n'),
}

/** The ways out of all that is refused. */
const refusals = ({ write, isExpression }: Part, name: string): readonly (string | undefined)[] => {
  const text = write(name)
  const { problems } = isExpression ? inExpression(text) : inPlaybook(text)
  return problems.map(({ fields }) => fields.help)
}

const inExpression = (text: string) => {
  const span = { file: 'site.yml', line: 1, column: 1, width: 1, excerpt: text }
  return { problems: undefinedIn(compileTemplate(`{{ ${text} }}`, span).template, {}) }
}

const inPlaybook = (text: string) =>
  parsePlaybook('site.yml', {
    knownTasks: known,
    files: { readText: path => (path === 'site.yml' ? text : files[path]) },
  })

const made = (): string =>
  [
    '# What is not supported',
    '',
    '<!-- Made from the tables that the parser refuses by: NOT_SUPPORTED=write npx vitest run --project unit test/docs/not-supported.test.ts -->',
    '',
    'What Ansible has and this language has not is refused by its name, before anything connects, with what to write instead.',
    'Arguments of tasks that are not here are refused in the same way. What is there is in [language.md](language.md).',
    '',
    ...parts.flatMap(({ title, names }) => [
      `## ${title}`,
      '',
      '| name | instead |',
      '| --- | --- |',
      ...Object.entries(names)
        .toSorted(([one], [other]) => (one < other ? -1 : 1))
        .map(([name, help]) => `| \`${name}\` | ${help.replaceAll('|', '\\|')} |`),
      '',
    ]),
  ].join('\n')

it('is what the tables say', () => {
  if (process.env.NOT_SUPPORTED === 'write')
    writeFileSync(fileURLToPath(new URL(`../../${page}`, import.meta.url)), made())
  expect(readText(page)).toBe(made())
})

describe.each(parts)('$title', part => {
  it.each(Object.entries(part.names))('%s is refused', (name, help) => {
    expect(refusals(part, name)).toContain(help)
  })

  it('refuses nothing else of what is written around them', () => {
    const all = Object.entries(part.names).flatMap(([name, help]) => refusals(part, name).filter(said => said !== help))
    expect(all).toEqual([])
  })
})
