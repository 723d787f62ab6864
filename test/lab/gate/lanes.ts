// Labs side by side, each working through cells of its own, one after the other.
import { onceEach } from '../../kit/once-each.ts'
import { openSite } from '../e2e/site.ts'
import { allCells, begins, type Cell, cellName, needs } from './cells.ts'
import { chosenCells } from './chosen.ts'
import { type CellResult, runCell } from './run-cell.ts'
import { type States, statesOf } from './states.ts'

/** What becomes of each cell, by its name; all of them are under way. */
export type Results = ReadonlyMap<string, Promise<CellResult>>

/** Begins the chosen cells. */
export const beginChosen = async (): Promise<Results> => {
  const lanes = await Promise.all(chosenCells.map(async cells => beginCells(cells, await openLane())))
  return new Map(lanes.flatMap(lane => [...lane]))
}

/** Begins every cell of some playbooks, or those whose names have a text, half of them on each of two labs. */
export const beginAll = async (playbooks: readonly string[], withText = ''): Promise<Results> => {
  const lanes = await Promise.all([openLane(), openLane()])
  const [first] = lanes
  const cells: Cell[] = []
  for (const playbook of playbooks) cells.push(...allCells(playbook, await first.statesOf(playbook)))
  const chosen = cells.filter(cell => cellName(cell).includes(withText))
  const shares = lanes.map((lane, at) =>
    beginCells(
      chosen.filter((_, index) => index % lanes.length === at),
      lane,
    ),
  )
  return new Map(shares.flatMap(share => [...share]))
}

type Lane = {
  readonly site: Awaited<ReturnType<typeof openSite>>
  statesOf(playbook: string): Promise<States>
}

const openLane = async (): Promise<Lane> => {
  const site = await openSite()
  const of = onceEach((playbook: string): Promise<States> => {
    const after = needs[playbook]
    const { by, at } = begins[playbook] ?? { by: after, at: 'finished' }
    return statesOf(site, playbook, by === undefined ? undefined : async () => (await of(by)).restore(at))
  })
  return { site, statesOf: of }
}

const beginCells = (cells: readonly Cell[], { site, statesOf }: Lane): Results => {
  const results = new Map<string, Promise<CellResult>>()
  let before: Promise<unknown> = Promise.resolve()
  for (const cell of cells) {
    const result = before.then(async () => runCell(site, await statesOf(cell.after ?? cell.playbook), cell))
    before = result.catch(() => {})
    results.set(cellName(cell), result)
  }
  return results
}
