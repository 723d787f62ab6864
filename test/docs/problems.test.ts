// docs/problems.md: made from where the source defines its problems, so that it cannot be stale; none is left out.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { problemDefinitions, writtenCodes } from '../kit/problem-definitions.ts'
import { problemPage } from '../kit/problem-page.ts'
import { readText } from './pages.ts'

const page = 'docs/problems.md'

it('is what the definitions say', () => {
  const made = problemPage()
  if (process.env.PROBLEMS === 'write') writeFileSync(fileURLToPath(new URL(`../../${page}`, import.meta.url)), made)
  expect(readText(page), 'PROBLEMS=write npx vitest run --project unit test/docs/problems.test.ts writes it').toBe(made)
})

it('has every code that stands anywhere in the source', () => {
  const known = new Set(problemDefinitions().map(({ code }) => code))
  expect([...writtenCodes()].filter(code => !known.has(code))).toEqual([])
  expect(known.size).toBeGreaterThan(300)
  // Of each way in which one is raised.
  for (const code of ['host-unknown', 'argument-missing', 'held-by-another-node', 'no-way-back', 'value-unquoted'])
    expect([code, readText(page).includes(`\n| \`${code}\` | `)]).toEqual([code, true])
})

it('says of each what is wrong, and the way on', () => {
  const rows = readText(page)
    .split('\n')
    .filter(line => line.startsWith('| `'))
    .map(line => line.split(/(?<!\\) \| /))
  expect(rows.length).toBe(new Set(problemDefinitions().map(({ code }) => code)).size)
  expect(rows.filter(cells => cells.length !== 3 || cells.some(text => /^[\s|]*$/.test(text)))).toEqual([])
})
