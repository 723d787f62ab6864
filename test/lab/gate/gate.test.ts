// The gate: what a dry run foretells is what the run makes, for every shipped playbook on a cluster in many states.
//
// The tests carry out the chosen cells; `npm run gate` carries out all of them and writes the table of docs/gate.md.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { shippedPlaybooks } from './cells.ts'
import { beginAll, beginChosen } from './lanes.ts'
import type { CellResult } from './run-cell.ts'
import { gateTable, lies } from './table.ts'
import { touches } from './touches.ts'

const isWhole = process.env.GATE === 'all'
const longest = isWhole ? 3_600_000 : 600_000

/** The only program of others that a shipped playbook starts. */
const foreign = ['install/installer']

describe('the gate', { timeout: longest }, async () => {
  const results = await (isWhole ? beginAll() : beginChosen())
  const done: CellResult[] = []

  it.each([...results.keys()])('%s', async name => {
    const result = await results.get(name)
    if (!result) throw new Error(`no cell ${name}`)
    done.push(result)
    const { missed, invented, left, undecided, mayBeUndecided } = result
    expect({ missed, invented, left }).toEqual({ missed: [], invented: [], left: [] })
    if (!mayBeUndecided) expect(undecided).toEqual([])
  })

  it('has cells of every shipped playbook', () => {
    for (const playbook of shippedPlaybooks)
      expect(done.filter(({ name }) => name.startsWith(`${playbook}, `)).length).toBeGreaterThan(1)
  })

  it('has a cell for each kind of thing that is looked at, in which such a thing was changed by hand', () => {
    const kindOf = (name: string) => name.split(' ')[0]
    const looked = new Set(done.flatMap(({ looks }) => looks.map(kindOf)))
    const changed = new Set(Object.values(touches).flatMap(({ of }) => of.map(kindOf)))
    // A process of the installer is looked for by its command line; it is tried where runs are interrupted.
    expect([...looked].filter(kind => !changed.has(kind) && kind !== 'commands')).toEqual([])
  })

  it('finds no program of others but the installer', () => {
    expect([...new Set(done.flatMap(({ opaque }) => opaque))]).toEqual(foreign)
  })

  afterAll(() => {
    process.stdout.write(`${gateTable(done)}\n${lies(done)}\n`)
    if (isWhole) writePage(gateTable(done))
  })
})

const page = fileURLToPath(new URL('../../../docs/gate.md', import.meta.url))

const writePage = (table: string): void => {
  const between = /(<!-- table: begin[^\n]*-->\n)[\s\S]*(<!-- table: end -->)/
  writeFileSync(
    page,
    readFileSync(page, 'utf8').replace(between, (_, begin: string, end: string) => `${begin}\n${table}\n\n${end}`),
  )
}
