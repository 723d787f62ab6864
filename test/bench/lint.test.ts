// The playbook that a lint is measured with is as long as is said, and nothing is wrong with it.
import { expect, it } from 'vitest'
import { longPlaybook, wideInventory } from '../../bench/lint/long-playbook.ts'
import { parseInventory } from '../../src/inventory/parse.ts'
import { knownTasks } from '../../src/plan/registry.ts'
import { parsePlaybook } from '../../src/playbook/parse.ts'
import { shippedTasks } from '../kit/shipped-tasks.ts'

const registry = await shippedTasks()

it('has 10,000 lines, and 200 hosts beside it', () => {
  const text = longPlaybook(10_000)
  expect(Math.abs(text.split('\n').length - 10_000)).toBeLessThan(10)
  const { problems, plays } = parsePlaybook('long.yml', {
    knownTasks: knownTasks(registry),
    files: { readText: () => text, namesIn: () => [] },
  })
  expect(problems).toEqual([])
  expect(plays[0]?.steps.length).toBeGreaterThan(1500)
  const inventory = parseInventory({ file: 'inventory.yml', text: wideInventory(200) })
  expect([inventory.hosts.length, ...inventory.problems]).toEqual([200])
})
