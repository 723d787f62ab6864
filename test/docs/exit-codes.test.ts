// docs/exit-codes.md tells the codes that there are, and which of them nothing ends with yet.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { exitCodes } from '../../src/model/problem.ts'
import { readText } from './pages.ts'

const rows = [...readText('docs/exit-codes.md').matchAll(/^\| +(\d+) \| (\w+) +\| (.+?) +\|$/gm)].map(
  ([, code = '', name = '', meaning = '']) => ({ name, code: Number(code), meaning }),
)

it('the page has each exit code once, by its name', () => {
  expect(rows.map(({ name, code }) => [name, code])).toEqual(Object.entries(exitCodes))
})

it('the page marks the codes that are not used yet', () => {
  const source = fileURLToPath(new URL('../../src/', import.meta.url))
  const text = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.ts'))
    .map(path => readFileSync(join(source, path), 'utf8'))
    .join('\n')
  const unused = Object.keys(exitCodes).filter(name => !text.includes(`exitCodes.${name}`))
  expect(rows.filter(({ meaning }) => meaning.endsWith('(not used yet)')).map(({ name }) => name)).toEqual(unused)
})
