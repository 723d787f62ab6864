// The same playbooks, by ansible-core and by `run`, on fresh equal nodes: what they leave, and what they say changed.
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type Lab, labDown, labStatus } from '../../lab/index.ts'
import { atThisPace } from '../kit/pace.ts'
import { beginCommand } from '../lab/e2e/command.ts'
import { byAnsible } from './by-ansible.ts'
import { byRun, hosts } from './by-run.ts'
import { batchesOf, type CaseRun, cases, folder } from './cases.ts'
import { differences } from './compare.ts'

type Difference = { readonly case: string; readonly because: string; readonly seen: readonly string[] }

const reviewed = parse(readFileSync(`${folder}/differences.yml`, 'utf8')) as readonly Difference[]

/** Some cases by the first letters of their names, while one writes them. */
const chosen = cases.filter(({ name }) => name.startsWith(process.env.CASES ?? ''))

/** A lane each, so two of those that go together. */
const batches = batchesOf(chosen, 2)

const isThere = existsSync('/usr/bin/ansible-playbook')

describe.skipIf(!isThere)('side by side with ansible-core', () => {
  let lab: Lab | undefined
  let ansible: ReadonlyMap<string, readonly CaseRun[]> = new Map()
  let own: ReadonlyMap<string, readonly CaseRun[]> = new Map()

  beforeAll(async () => {
    const site = mkdtempSync(`${tmpdir()}/run-ansible-`)
    writeFileSync(`${site}/run.yml`, '')
    await beginCommand({ dir: site }, ['lab', 'up', '--nodes', `${hosts.length + 1}`]).end
    lab = await labStatus(`${site}/.run/lab`)
    if (!lab) throw new Error('the lab did not come up')
    const [theirs, ours] = await Promise.all([
      byAnsible(lab, `node${hosts.length + 1}`, { batches, scratch: site }),
      byRun(lab, site, batches),
    ])
    ansible = theirs
    own = ours
  }, atThisPace(600_000))

  afterAll(async () => {
    if (lab) await labDown(lab.dir)
  })

  it.each(chosen)('$name', ({ name }) => {
    const [theirs, ours] = [ansible.get(name) ?? [], own.get(name) ?? []]
    const known = reviewed.filter(one => one.case === name).flatMap(({ seen }) => seen)
    const seen = differences(theirs, ours)
    const said = [...theirs, ...ours].map(one => one.said).join('\n')
    expect(seen.toSorted(), said).toEqual(known.toSorted())
  })

  it('knows no difference of a case that is gone', () => {
    const names = cases.map(({ name }) => name)
    expect(reviewed.filter(one => !names.includes(one.case))).toEqual([])
  })
})
