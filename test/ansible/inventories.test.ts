// Inventories as ansible-core reads them, and as `run` does: the same groups, hosts and variables.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { textsBeside } from '../../src/cli/beside-inventory.ts'
import { readText } from '../../src/cli/read-text.ts'
import { isConnectionVariable } from '../../src/inventory/connection.ts'
import { parseInventory } from '../../src/inventory/parse.ts'
import { renderTree } from '../../src/template/render.ts'
import { folder } from './cases.ts'

type Listed = {
  readonly groups: Readonly<Record<string, { readonly hosts: readonly string[]; readonly children: readonly string[] }>>
  readonly hosts: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

const files = readdirSync(`${folder}inventories`, { recursive: true, encoding: 'utf8' })
  .filter(name => /^[^/]*\.(?:ini|yml)$|hosts\.(?:ini|yml)$/.test(name))
  .map(name => `${folder}inventories/${name}`)
  .sort()

const isThere = existsSync('/usr/bin/ansible-inventory')

const own = (file: string): Listed => {
  const besides = textsBeside(file, { cwd: folder } as never)
  const { groups, hosts, problems } = parseInventory({ file, text: readText(file, file), besides })
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'))
  const named = groups.filter(({ name }) => name !== 'failover_list')
  return {
    groups: Object.fromEntries(
      named.map(({ name, hosts: all, children }) => [name, { hosts: all.toSorted(), children: children.toSorted() }]),
    ),
    hosts: Object.fromEntries(
      hosts.map(({ name, variables }) => [
        name,
        Object.fromEntries(
          Object.entries(renderTree(variables, variables).value as object).filter(
            ([key]) => !isConnectionVariable(key),
          ),
        ),
      ]),
    ),
  }
}

/** Ansible has a group for who is in no other one; here they stand right below `all`. */
const withoutUngrouped = ({ groups: { ungrouped: _, ...groups }, hosts }: Listed): Listed => ({
  groups: Object.fromEntries(
    Object.entries(groups).map(([name, group]) => [
      name,
      { ...group, children: group.children.filter(child => child !== 'ungrouped') },
    ]),
  ),
  hosts,
})

describe.skipIf(!isThere)('as ansible-core reads it', () => {
  const theirs: Readonly<Record<string, Listed>> = isThere
    ? JSON.parse(execFileSync('/usr/bin/python3', [`${folder}list.py`, ...files], { encoding: 'utf8' }))
    : {}

  it.each(files)('%s', file => {
    const listed = theirs[file]
    expect(listed && withoutUngrouped(listed)).toEqual(own(file))
  })
})
