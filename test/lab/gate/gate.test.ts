// The gate: what a dry run foretells is what the run makes, for every shipped playbook on a cluster in many states.
//
// The tests carry out the chosen cells; `npm run gate` carries out all of them and writes the table of docs/gate.md, with
// PLAYBOOK=cluster,verify the rows of these, with CELL=text those of the cells
// whose names have that text.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { shippedPlaybooks } from './cells.ts'
import { beginAll, beginChosen } from './lanes.ts'
import type { CellResult } from './run-cell.ts'
import { gateTable, lies, playbookOf, withRows } from './table.ts'
import { touches } from './touches.ts'

const isWhole = process.env.GATE === 'all'
const longest = isWhole ? 3_600_000 : 600_000
const asked = process.env.PLAYBOOK?.split(',')
const text = process.env.CELL ?? ''

/** The only program of others that a shipped playbook starts. */
const foreign = ['install/installer']

describe('the gate', { timeout: longest }, async () => {
  const results = await (isWhole ? beginAll(asked ?? shippedPlaybooks, text) : beginChosen())
  const done: CellResult[] = []

  it.each([...results.keys()])('%s', async name => {
    const result = await results.get(name)
    if (!result) throw new Error(`no cell ${name}`)
    done.push(result)
    const { missed, invented, left, undecided, mayBeUndecided } = result
    expect({ missed, invented, left }).toEqual({ missed: [], invented: [], left: [] })
    if (!mayBeUndecided) expect(undecided).toEqual([])
  })

  it.skipIf(text !== '')('has cells of every playbook', () => {
    for (const playbook of asked ?? shippedPlaybooks)
      expect(done.filter(({ name }) => name.startsWith(`${playbook}, `)).length).toBeGreaterThan(1)
  })

  it('has a cell for each kind of thing that is looked at, in which such a thing was changed by hand', () => {
    const kindOf = (name: string) => name.split(' ')[0]
    const looked = new Set(done.flatMap(({ looks }) => looks.map(kindOf)))
    const changed = new Set(Object.values(touches).flatMap(({ of }) => of.map(kindOf)))
    // A process of the installer is looked for by its command line; it is tried where runs are interrupted. No step
    // changes who commands run as.
    expect([...looked].filter(kind => !changed.has(kind) && kind !== 'commands' && kind !== 'self')).toEqual([])
  })

  it('finds no program of others but the installer', () => {
    const found = [...new Set(done.flatMap(({ opaque }) => opaque))]
    const isPart = asked !== undefined || text !== ''
    expect(isPart ? found.filter(step => !foreign.includes(step)) : found).toEqual(isPart ? [] : foreign)
  })

  afterAll(() => {
    process.stdout.write(`${gateTable(done)}\n${lies(done)}\n`)
    if (isWhole) writePage(done)
  })
})

const page = fileURLToPath(new URL('../../../docs/gate.md', import.meta.url))

const writePage = (done: readonly CellResult[]): void => {
  const between = /(<!-- table: begin[^\n]*-->\n)([\s\S]*)(<!-- table: end -->)/
  const isAnew = (cell: string) => (asked ?? shippedPlaybooks).includes(playbookOf(cell)) && cell.includes(text)
  const anew = (table: string) => withRows(table, done, isAnew)
  writeFileSync(
    page,
    readFileSync(page, 'utf8').replace(
      between,
      (_, begin: string, table: string, end: string) => `${begin}\n${anew(table)}\n\n${end}`,
    ),
  )
}
