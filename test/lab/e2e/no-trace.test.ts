// A dry run and a doctor leave no trace (P3), and the means by which that is told see every kind of trace.
import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import worksheet from '../../../playbooks/worksheets/messenger.ts'
import { fieldsFor } from '../../../src/inventory/form/field.ts'
import { answersIn } from '../../../src/inventory/form/read-answers.ts'
import { newInventory } from '../../../src/inventory/form/write-inventory.ts'
import { differences, fingerprint } from './fingerprint.ts'
import { openSite, type Site } from './site.ts'

let site: Site
beforeAll(async () => {
  site = await openSite()
})
afterAll(() => site?.close())

describe('the fingerprint of a lab', () => {
  it('is the same when nothing happens', async () => {
    const before = await fingerprint(site.lab)
    expect(before.size).toBeGreaterThan(100)
    expect(differences(before, await fingerprint(site.lab))).toEqual([])
  })

  it.each([
    ['a file', 'echo planted >/etc/planted', 'node2 file /etc/planted'],
    ['another text of the same length', 'echo PLANTED >/etc/planted', 'node2 file /etc/planted'],
    ['another mode', 'chmod 600 /etc/planted', 'node2 file /etc/planted'],
    ['another time', 'touch -d 2001-01-01 /etc/planted', 'node2 file /etc/planted'],
    ['a file of the machine that is written to', 'echo planted >>/etc/services', 'node2 file /etc/services'],
    ['a file that is gone', 'rm /etc/planted', 'node2 file /etc/planted'],
    ['a directory that came and went', 'mkdir /mnt/planted; rmdir /mnt/planted', 'node2 file /mnt'],
    ['a file in volatile storage', 'mkdir /run/lock/planted', 'node2 file /run/lock/planted'],
    ['a process', 'setsid sleep 600 >/dev/null 2>&1 </dev/null &', 'node2 process'],
    ['an address', 'ip addr add 10.88.1.77/24 dev eth0', 'node2 addresses'],
    ['a mount, read-only', 'mkdir /mnt/m && mount -r /dev/messenger/data /mnt/m', 'node2 mount /dev/messenger/data'],
    [
      'a write to the partition',
      'umount /mnt/m; mount /dev/messenger/data /mnt/m; touch /mnt/m/it; umount /mnt/m',
      'disk',
    ],
  ])('sees %s', async (_what, command, fact) => {
    const before = await fingerprint(site.lab)
    await site.on('node2', command)
    const seen = differences(before, await fingerprint(site.lab))
    expect(seen.filter(name => name.startsWith(fact))).not.toEqual([])
    expect(seen.filter(name => name.startsWith('node1'))).toEqual([])
  })

  it('sees a change in the directory', async () => {
    const before = await fingerprint(site.lab)
    await site.changePassword('another')
    expect(differences(before, await fingerprint(site.lab)).map(name => name.split(':')[0])).toEqual(['directory'])
  })
})

describe('run doctor on a cluster that nobody has touched', () => {
  it('finds nothing wrong, leaves no trace; its lines, and what the form makes, are as good as the inventory', async () => {
    await site.refresh()
    const text = readFileSync(`${site.dir}/inventory.yml`, 'utf8')
    writeFileSync(`${site.dir}/lacking.yml`, stringify(without(parse(text))))
    const before = await fingerprint(site.lab)
    const run = await site.run('doctor', '-i', 'lacking.yml', '--format', 'json')
    expect(differences(before, await fingerprint(site.lab))).toEqual([])
    const doctor = JSON.parse(run.stdout)
    expect([doctor.findings, doctor.notAsked, run.status]).toEqual([[], [], 0])
    expect(doctor).toMatchObject({ version: 1, hosts: ['node1', 'node2'], unreachable: [] })
    writeFileSync(`${site.dir}/pasted.yml`, stringify(merged(without(parse(text)), parse(doctor.inventory))))
    const answers = answersIn(text, worksheet)
    const formed = newInventory({ fields: fieldsFor(worksheet, answers), answers, head: [] })
    writeFileSync(`${site.dir}/formed.yml`, `provider: lab\n${formed}`)
    const asWas = await site.dryRun()
    for (const file of ['pasted.yml', 'formed.yml']) {
      const now = await site.run(...dryRunOf(file))
      expect([now.status, JSON.parse(now.stdout).hosts]).toEqual([asWas.status, JSON.parse(asWas.stdout).hosts])
    }
  })
})

const dryRunOf = (inventory: string) => [
  'playbook',
  'install',
  '-i',
  inventory,
  '--dry-run',
  '--detailed-exitcode',
  '--format',
  'json',
]

type Tree = { readonly [key: string]: unknown }

/** What a site may not know, and a doctor finds. */
const without = (inventory: {
  all: { vars: Record<string, unknown> & { partition: Tree; secondary_address: Tree } }
}): Tree => {
  const { agents_uid: _, agents_group: __, partition, secondary_address, ...vars } = inventory.all.vars
  const { fstype: ___, ...storage } = partition
  const { ip } = secondary_address
  return { ...inventory, all: { ...inventory.all, vars: { ...vars, partition: storage, secondary_address: { ip } } } }
}

/** As a person pastes: what is there below the same names stays. */
const merged = (into: Tree, lines: Tree): Tree => {
  const both = (there: unknown, value: unknown) => (isTree(there) && isTree(value) ? merged(there, value) : value)
  return { ...into, ...Object.fromEntries(Object.entries(lines).map(([key, value]) => [key, both(into[key], value)])) }
}

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value)
