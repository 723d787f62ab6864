// docs/tasks/: a page for each task, made from its definition; what it shows for an example passes the checks of a playbook.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import type { NamedFiles } from '../../src/plan/arguments.ts'
import { lint } from '../../src/plan/lint/index.ts'
import { writtenFaults } from '../../src/plan/lint/written-faults.ts'
import { knownTasks } from '../../src/plan/registry.ts'
import { parsePlaybook } from '../../src/playbook/parse.ts'
import { taskIndexMarkdown, taskMarkdown, taskPageOf, taskText } from '../../src/report/index.ts'
import { shippedTasks } from '../kit/shipped-tasks.ts'
import { readText } from './pages.ts'

const folder = 'docs/tasks'
const path = (name: string) => fileURLToPath(new URL(`../../${folder}/${name}`, import.meta.url))

const registry = await shippedTasks()

const pages = () =>
  [...registry.values()].toSorted((one, other) => (one.name < other.name ? -1 : 1)).map(each => taskPageOf(each))

const made = (): ReadonlyMap<string, string> =>
  new Map([
    ['README.md', taskIndexMarkdown(pages())],
    ...pages().map(page => [`${page.name}.md`, taskMarkdown(page)] as const),
  ])

it('is what the definitions say, and nothing else', () => {
  if (process.env.TASKS === 'write') {
    rmSync(path(''), { recursive: true, force: true })
    mkdirSync(path(''))
    for (const [name, text] of made()) writeFileSync(path(name), text)
  }
  const why = 'TASKS=write npx vitest run --project unit test/docs/tasks.test.ts writes them'
  expect(readdirSync(path('')).toSorted(), why).toEqual([...made().keys()].toSorted())
  for (const [name, text] of made()) expect(readText(`${folder}/${name}`), why).toBe(text)
})

it('shows each task in use, by steps that pass the checks and leave nothing to doubt', () => {
  expect(registry.size).toBeGreaterThan(30)
  for (const { name, example = '' } of registry.values()) {
    expect([name, example.includes(`${name}:`)]).toEqual([name, true])
    const text = `- hosts: all\n  tasks:\n${example.replaceAll(/^(?=.)/gm, '    ')}`
    const file = `playbooks/${name}.yml`
    const playbook = parsePlaybook(file, {
      knownTasks: knownTasks(registry),
      files: { readText: asked => (asked === file ? text : undefined), namesIn: () => [] },
    })
    const given = { dialogue: { prompts: [] }, templates: [], problems: [], secrets: [], warnings: [] }
    const files: NamedFiles = {
      dialogue: name => ({ ...given, name, file: name, start: undefined, end: { expect: undefined, exit: [0] } }),
      template: () => ({ template: { text: '', fill: () => '' }, problems: [] }),
      file: file => ({ file, bytes: Buffer.from('x') }),
    }
    const linted = { playbook, registry, files }
    const faults = writtenFaults(linted)
    const doubts = lint(linted).filter(({ code }) => code !== 'register-unused')
    expect([name, ...[...playbook.problems, ...faults, ...doubts].map(({ message }) => message)]).toEqual([name])
  }
})

it('tells what is needed, what is usual, what goes by other names, and what is Ansible’s alone', () => {
  const page = readText(`${folder}/copy.md`)
  expect(page).toContain('| `dest` | absolute path | needed | where it is kept;')
  expect(page).toContain('| `force` | true or false | `true` | where it is false')
  expect(page).toContain('| `checksum` | remove it: what is written is looked at again |')
  expect(readText(`${folder}/file.md`)).toContain('| `path` | absolute path | needed | also `dest`, `name` |')
  expect(readText(`${folder}/agents-test.md`)).toContain('| `agents[].queue` | absolute path | needed |')
})

it('keeps to the width of a terminal', () => {
  // A word that is wider than the screen stands alone.
  for (const page of pages())
    for (const line of taskText({ ...page, example: '' }, { columns: 60 }).split('\n'))
      expect(
        line.length <= 60 ||
          !line
            .trim()
            .replaceAll(/`[^`]*`/g, '')
            .includes(' '),
        line,
      ).toBe(true)
})
