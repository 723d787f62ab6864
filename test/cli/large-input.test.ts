// What a run says of a large file that it was read from, and what is made of it when it is gone on with.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { unreachableSite } from './unreachable-site.ts'

const copy = '- hosts: all\n  tasks: [{ name: Large, copy: { src: large, dest: /srv/large } }]\n'
const content = 'x'.repeat(2_000_000)
const site = unreachableSite({ 'large.yml': copy, large: content })
afterAll(() => rmSync(site.dir, { recursive: true }))

it('tells its sum after the run has begun; a later command knows whether it still reads the same', async () => {
  expect((await site.run('playbook large.yml --yes')).status).toBe(6)
  const [begun, ...events] = site
    .journal()
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  const sha256 = createHash('sha256').update(content).digest('hex')
  expect(begun.inputs.map(({ file }: { file: string }) => file)).not.toContain('large')
  expect(events.filter(({ type }) => type === 'input-summed')).toMatchObject([{ file: 'large', sha256 }])
  expect((await site.run('report --format md')).stdout).toContain(sha256)
  expect((await site.run('resume --yes')).status).toBe(6)
  writeFileSync(join(site.dir, 'large'), `${content}y`)
  const { status, stderr } = await site.run('resume --yes')
  expect([status, stderr]).toEqual([5, expect.stringContaining('seen    large')])
})

it('tells it as not known where the run was cut off before', async () => {
  writeFileSync(join(site.dir, 'large'), content)
  expect((await site.run('playbook large.yml --yes')).status).toBe(6)
  const [run = ''] = readdirSync(join(site.dir, '.run/runs'))
    .filter(name => /^\d/.test(name))
    .sort()
    .reverse()
  const file = join(site.dir, '.run/runs', run, 'events.jsonl')
  const [begun] = readFileSync(file, 'utf8').split('\n')
  writeFileSync(file, `${begun}\n`)
  const { status, stderr } = await site.run(`resume ${run} --yes`)
  expect([status, stderr]).toEqual([5, expect.stringContaining('seen    large (not known')])
  expect((await site.run(`resume ${run} --yes --accept-changes`)).status).toBe(6)
})
