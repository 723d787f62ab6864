// What a form writes: over the text that it was opened with, through a link, and never over what came meanwhile.
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { writeSheet } from '../../src/cli/worksheet/write-sheet.ts'
import { Problem } from '../../src/model/problem.ts'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(`${tmpdir()}/run-write-sheet-`)
})
afterEach(() => rmSync(dir, { recursive: true }))

const sheet = () => ({ file: `${dir}/site.yml`, name: 'site.yml' })
const read = () => readFileSync(`${dir}/site.yml`, 'utf8')
const refusal = (before: string | undefined): unknown => {
  try {
    writeSheet(sheet(), { before, text: 'mine' })
  } catch (error) {
    return error instanceof Problem && [error.code, error.fields.seen]
  }
  return 'written'
}

it('writes over what it was opened with, and where nothing was', () => {
  expect([refusal(undefined), read()]).toEqual(['written', 'mine'])
  expect([refusal('mine'), read()]).toEqual(['written', 'mine'])
})

it('leaves what somebody else wrote meanwhile', () => {
  writeFileSync(sheet().file, 'theirs')
  expect(refusal('old')).toEqual(['inventory-changed', 'another text than the form was filled in from'])
  expect(refusal(undefined)).toEqual(['inventory-changed', 'it was not there then'])
  expect([read(), readdirSync(dir)]).toEqual(['theirs', ['site.yml']])
})

it('brings nothing back that somebody took away', () => {
  expect(refusal('old')).toEqual(['inventory-changed', 'it is not there any more'])
  expect(readdirSync(dir)).toEqual([])
})

it('writes through a link', () => {
  writeFileSync(`${dir}/real.yml`, 'old')
  symlinkSync('real.yml', sheet().file)
  expect(refusal('old')).toBe('written')
  expect([lstatSync(sheet().file).isSymbolicLink(), readFileSync(`${dir}/real.yml`, 'utf8')]).toEqual([true, 'mine'])
})
