// The inventory of a measured cluster is the lab's own, but for its size.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { inventoryOf } from '../../bench/install/site.ts'
import { parseInventory } from '../../src/inventory/parse.ts'

const lab = readFileSync(new URL('../../inventory/lab.yml', import.meta.url), 'utf8')
const read = (text: string) => parseInventory({ file: 'inventory/lab.yml', text })

describe('the inventory of the measured cluster', () => {
  it.each([2, 10, 32])('has %i nodes, in the order of their numbers', size => {
    const { cluster, hosts } = read(inventoryOf(size, lab))
    const names = Array.from({ length: size }, (_, at) => `node${at + 1}`)
    expect(cluster.failoverList).toEqual(names)
    expect(hosts.map(host => host.name)).toEqual(names)
  })
})
