import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseInventory } from '../../src/inventory/parse.ts'
import { Problem } from '../../src/model/problem.ts'
import { parseDialogue } from '../../src/playbook/dialogue.ts'
import { parsePlaybook } from '../../src/playbook/parse.ts'
import { formatProblems } from '../../src/text/excerpt.ts'
import { knownTasks } from './parse-files.ts'

/** Numbers that look random and are the same in every run. */
const numbers = (seed: number) => {
  let state = seed
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state % below
  }
}

const pieces = [
  '\t',
  '{{',
  '}}',
  '{% if',
  '"',
  "'",
  ': ',
  '- ',
  '[',
  '}',
  '*a',
  '&a ',
  '\n',
  '\\',
  '|',
  '!x ',
  '#',
  '\0',
  '…',
]

/** The text with a few slips of the hand. */
const mutate = (text: string, next: (below: number) => number): string => {
  let changed = text
  for (let left = 1 + next(3); left > 0; left -= 1) {
    const at = next(changed.length)
    const piece = next(2) === 0 ? '' : (pieces[next(pieces.length)] ?? '')
    changed = changed.slice(0, at) + piece + changed.slice(at + next(6))
  }
  return changed
}

const root = new URL('../../', import.meta.url)
const read = (path: string): string | undefined =>
  existsSync(new URL(path, root)) ? readFileSync(new URL(path, root), 'utf8') : undefined

describe('a text with slips of the hand never throws; each problem prints, has a place, and ends with 2', () => {
  test.each([
    ['inventory/lab.yml', (text: string) => parseInventory({ file: 'f.yml', text }).problems],
    ['playbooks/dialogues/messenger-2.2.yml', (text: string) => parseDialogue({ file: 'f.yml', text }).problems],
    [
      'playbooks/install.yml',
      (text: string) =>
        parsePlaybook('f.yml', { knownTasks, files: { readText: path => (path === 'f.yml' ? text : undefined) } })
          .problems,
    ],
  ])('%s', (file, parse) => {
    const text = read(file) ?? ''
    const next = numbers(7)
    let told = 0
    for (let round = 0; round < 150; round += 1) {
      const mutated = mutate(text, next)
      const problems = parse(mutated)
      told += problems.length
      for (const problem of problems) {
        const { span, summary } = problem.fields
        const line = mutated.split('\n')[(span?.line ?? 0) - 1]?.replace(/\r$/, '')
        expect(problem).toBeInstanceOf(Problem)
        expect([problem.exit, summary === '', line]).toEqual([2, false, span?.excerpt])
      }
      expect(formatProblems(problems).length > 0).toBe(problems.length > 0)
    }
    expect(told).toBeGreaterThan(100)
  })
})
