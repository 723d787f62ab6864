// What lies beside an inventory: the variables of its groups and hosts, slips that anybody can mend, and what is nobody's.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { textsBeside } from '../../src/cli/beside-inventory.ts'
import type { Surroundings } from '../../src/cli/surroundings.ts'
import { parseInventory } from '../../src/inventory/parse.ts'
import { Problem } from '../../src/model/problem.ts'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(`${tmpdir()}/run-beside-`)
})
afterEach(() => rmSync(dir, { recursive: true }))

const text = 'all: { children: { web: { hosts: { node1.example.org: } } } }'

const read = () => {
  const around = { cwd: dir } as Surroundings // nothing else of it is asked for
  try {
    const { hosts, problems } = parseInventory({ file: 'i.yml', text, besides: textsBeside(`${dir}/i.yml`, around) })
    return [problems.map(({ code }) => code), hosts[0]?.variables]
  } catch (error) {
    return error instanceof Problem ? [error.code, error.fields.seen] : ['bug', error]
  }
}

it('has variables by the names of groups and hosts, dots and all', () => {
  for (const folder of ['group_vars', 'group_vars/web', 'host_vars']) mkdirSync(`${dir}/${folder}`)
  writeFileSync(`${dir}/group_vars/all.yml`, 'a: 1')
  writeFileSync(`${dir}/group_vars/web/b.yml`, 'b: 2')
  writeFileSync(`${dir}/host_vars/node1.example.org`, 'c: 3')
  expect(read()).toEqual([[], { a: 1, b: 2, c: 3 }])
})

it('may have notes, copies and links beside them', () => {
  mkdirSync(`${dir}/group_vars`)
  writeFileSync(`${dir}/group_vars/README.md`, '# Not: [yaml')
  writeFileSync(`${dir}/group_vars/web.yml.bak`, 'a: [')
  symlinkSync('nowhere', `${dir}/group_vars/elsewhere.yml`)
  symlinkSync('loop', `${dir}/group_vars/loop`)
  expect(read()).toEqual([[], {}])
})

it('is refused where it cannot be read', () => {
  writeFileSync(`${dir}/group_vars`, 'a: 1')
  expect(read()).toEqual(['file-unreadable', 'it is no folder'])
  rmSync(`${dir}/group_vars`)
  symlinkSync('nowhere', `${dir}/group_vars`)
  expect(read()).toEqual(['file-unreadable', 'ENOENT'])
  rmSync(`${dir}/group_vars`)
  mkdirSync(`${dir}/group_vars`)
  symlinkSync('nowhere', `${dir}/group_vars/web.yml`)
  expect(read()).toEqual(['file-unreadable', 'ENOENT'])
})
