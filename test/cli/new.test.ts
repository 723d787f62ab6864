// `run new`: what it writes passes the checks as it is, and nothing that is there is written over.
import { expect, it } from 'vitest'
import { refusal, siteOf } from './scratch-site.ts'

it.each([
  ['task', 'motd', 'tasks/motd.ts'],
  ['playbook', 'logs', 'playbooks/logs.yml'],
  ['playbook', 'typed.ts', 'playbooks/typed.ts'],
  ['inventory', 'berlin', 'berlin.yml'],
])('run new %s %s', async (kind, name, file) => {
  const run = siteOf()
  const { status, stdout } = await run('new', kind, name)
  expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining(`${file} is there. `) })
  expect(refusal(await run('new', kind, name))).toMatch(/is there already[\s\S]*nothing was written/)
})

it('passes lint without a doubt, and its values are found', async () => {
  const run = siteOf()
  await run('new', 'playbook', 'logs')
  await run('new', 'inventory', 'berlin')
  const [lint, step, order] = await Promise.all([
    run('lint', '--strict', 'logs'),
    run('explain', 'step', 'logs/notice', '--host', 'node2', '-i', 'berlin.yml'),
    run('inventory', 'order', '-i', 'berlin.yml'),
  ])
  expect(lint).toEqual({ status: 0, stdout: '0 faults, 0 warnings\n', stderr: '' })
  expect(step.stdout).toContain('Logs of the agents on node2')
  expect(order.stdout).toBe('1  node1\n2  node2\n')
})

it('begins a playbook in TypeScript, and an inventory of the lab, that pass the checks too', async () => {
  const run = siteOf()
  await run('new', 'playbook', 'typed.ts')
  await run('new', 'inventory', 'lab', '--lab')
  expect(await run('lint', '--strict', 'typed')).toEqual({ status: 0, stdout: '0 faults, 0 warnings\n', stderr: '' })
  expect((await run('inventory', 'order', '-i', 'lab.yml')).stdout).toBe('1  node1\n2  node2\n3  node3\n')
})

it.each([
  ['task', 'copy', /`copy` means something already\n {2}seen {4}there is a task of this name/],
  ['task', 'when', /`when` means something already\n {2}seen {4}this is a key of playbooks/],
  ['inventory', 'hosts.ini', /An inventory is begun in YAML[\s\S]*run new inventory hosts/],
])('run new %s %s is refused', async (kind, name, said) => {
  expect(refusal(await siteOf()('new', kind, name))).toMatch(said)
})

it('says which names can be used', async () => {
  expect(refusal(await siteOf()('new', 'playbook', 'Two words'))).toMatch(/cannot be the name of a playbook/)
})
