// docs/coming-from-ansible.md has a row for each reason of a difference, and names only tasks and arguments that are there.
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Task } from '../../src/task/task.ts'
import { wantedKeys } from '../../src/text/zod-words.ts'
import { readText } from './pages.ts'

const page = readText('docs/coming-from-ansible.md')
const differences = parse(readText('test/ansible/differences.yml')) as readonly { readonly because: string }[]
const files = readdirSync(fileURLToPath(new URL('../../tasks/', import.meta.url))).filter(name => name.endsWith('.ts'))
const tasks = files.map(name => name.replace(/\.ts$/, ''))

const rowsBelow = (heading: string): readonly (readonly string[])[] =>
  (page.split(`## ${heading}`)[1]?.split('\n## ')[0] ?? '')
    .split('\n')
    .filter(line => line.startsWith('| `'))
    .map(line =>
      line
        .split('|')
        .slice(1, -1)
        .map(cell => cell.trim()),
    )

const codesIn = (text = ''): readonly string[] => [...text.matchAll(/`([\w-]+)`/g)].map(([, code = '']) => code)

it('has a row for each reason, and no reason that no playbook shows', () => {
  const rows = rowsBelow('What differs, and why').flatMap(([row]) => codesIn(row))
  expect(rows.toSorted()).toEqual([...new Set(differences.map(({ because }) => because))].toSorted())
})

describe.each(rowsBelow('Tasks'))('%s', (names, there = '') => {
  it('is there, with the arguments that the page names', async () => {
    for (const name of codesIn(names)) {
      expect(tasks).toContain(name)
      const { default: task } = (await import(`../../tasks/${name}.ts`)) as { readonly default: Task }
      const known = wantedKeys(task.args, [])
      if (!there.startsWith('all but'))
        for (const argument of codesIn(there)) expect([...known, 'copy']).toContain(argument)
    }
  })
})
