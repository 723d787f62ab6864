import { expect, it } from 'vitest'
import { z } from 'zod'
import { parseInventory } from '../../src/inventory/parse.ts'
import { strayVariables } from '../../src/plan/stray-variables.ts'
import { parsePlaybook } from '../../src/playbook/parse.ts'

const schema = z.looseObject({
  mount_point: z.string(),
  agents_user: z.string().optional(),
  archive: z.boolean().optional(),
})

const playbook = (vars: string) =>
  parsePlaybook('site.yml', {
    knownTasks: new Map([['shell', { type: 'task', freeForm: 'cmd' }]]),
    files: {
      readText: () =>
        `- hosts: all\n  worksheet: sheet.ts\n  vars: ${vars}\n  tasks: [{ name: a, shell: "echo {{ agent_user }}" }]\n`,
    },
  })

const straysIn = (vars: string, ofPlay = '{}') => {
  const inventory = parseInventory({ file: 'i.yml', text: `all: { hosts: { a: , b: }, vars: ${vars} }` })
  const worksheets = new Map([['sheet.ts', schema]])
  return strayVariables(playbook(ofPlay), { inventory, worksheets }).map(
    ({ message, fields }) => `${message}; ${fields.help}`,
  )
}

it.each<readonly [string, string, readonly string[]]>([
  [
    'nearly a name of the worksheet',
    '{ mount_piont: /a }',
    ['Nothing names the variable `mount_piont`; did you mean `mount_point`?'],
  ],
  ['far from each', '{ colour: red }', []],
  ['a name of the worksheet', '{ mount_point: /a }', []],
  ['named by a step', '{ agent_user: a }', []],
  ['named by another variable', '{ archives: true, other: "{{ archives }}" }', []],
  ['beside the one that it is near to', '{ mount_point: /a, mount_points: [/a] }', []],
  ['about the connection', '{ ansible_archive: x }', []],
])('%s', (_, vars, wanted) => {
  expect(straysIn(vars)).toEqual(wanted)
})

it('in the variables of the play too, once for all hosts', () => {
  expect(straysIn('{}', '{ agents_usr: x }')).toEqual([
    'Nothing names the variable `agents_usr`; did you mean `agents_user`?',
  ])
})
