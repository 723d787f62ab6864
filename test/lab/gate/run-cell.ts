// One cell of the gate: a dry run, the run, a dry run; and what became of what was foretold.
import { nameOf } from '../../../src/model/change.ts'
import type { Look } from '../../../src/model/look.ts'
import { byEvidence, eventsOf, foretold, made } from '../e2e/changes.ts'
import type { Ran } from '../e2e/command.ts'
import type { Site } from '../e2e/site.ts'
import { type Cell, cellName, isExercise } from './cells.ts'
import { type Comparison, compare, type Foretold, factsOf, type Side, tell } from './compare.ts'
import type { States } from './states.ts'
import { type Touch, touches } from './touches.ts'

export type CellResult = Comparison & {
  readonly name: string
  /** How many steps of the dry run rest on which evidence. */
  readonly evidence: Readonly<Record<string, number>>
  /** Names of the things that the dry run looked at. */
  readonly looks: readonly string[]
  /** Steps that rest on a foreign program. */
  readonly opaque: readonly string[]
  /** Whether a step that cannot be told before is expected. */
  readonly mayBeUndecided: boolean
  /** Why the run was refused, by the step's address; empty when it was not. */
  readonly refused: readonly string[]
  /** What a dry run after the run still foretells. */
  readonly left: readonly string[]
  readonly ms: number
}

export const runCell = async (site: Site, states: States, cell: Cell): Promise<CellResult> => {
  const begin = performance.now()
  const touched: readonly Touch[] = cell.by.map(name => touches[name])
  await states.restore(cell.from)
  // On a cluster that is half done some things are not there to be touched.
  for (const { node, does } of touched)
    if (cell.from === 'finished') await site.on(node, does)
    else await site.statusOn(node, does)
  const dry = foretoldBy(await site.run('playbook', cell.playbook, '--dry-run', '--format', 'json'))
  const run = madeBy(await site.run('playbook', cell.playbook))
  const again = foretoldBy(await site.run('playbook', cell.playbook, '--dry-run', '--format', 'json'))
  return {
    name: cellName(cell),
    ...compare(
      dry,
      run,
      touched.flatMap(({ hides = [] }) => hides),
    ),
    evidence: byEvidence(dry.told),
    looks: [...new Set([...dry.looks.values()].flat().map(nameOf))],
    opaque: dry.told.filter(({ evidence }) => evidence === 'opaque').map(({ step }) => step),
    mayBeUndecided: touched.some(({ isUndecided }) => isUndecided === true),
    refused: refusalsOf(run),
    left: isExercise(cell.playbook) ? changedBetween(dry, again) : leftOf(again, { dry, run }),
    ms: performance.now() - begin,
  }
}

const foretoldBy = (ran: Ran): Foretold => ({
  told: foretold(ran),
  refusals: problemsOf(ran),
  looks: looksOf(ran),
})

const madeBy = (ran: Ran): Side => ({ told: made(ran), refusals: problemsOf(ran) })

const problemsOf = ({ events, stderr }: Ran): ReadonlyMap<string, string> => {
  const ended = eventsOf(events, 'run-ended')
  if (ended.length === 0) throw new Error(`the command did not come to an end:\n${stderr}`)
  const ofSteps = eventsOf(events, 'step-ended').flatMap(({ step, host, problem }) =>
    problem ? [[`${step}@${host}`, `${problem.code}: ${problem.summary}`] as const] : [],
  )
  const ofRun = ended.flatMap(({ problem }) =>
    problem && ofSteps.length === 0 ? [['run', `${problem.code}: ${problem.summary}`] as const] : [],
  )
  return new Map([...ofSteps, ...ofRun])
}

const looksOf = ({ events }: Ran): ReadonlyMap<string, readonly Look[]> => {
  const looks = new Map<string, readonly Look[]>()
  for (const { step, host, looks: seen } of eventsOf(events, 'step-checked')) {
    const at = `${step}@${host}`
    looks.set(at, [...(looks.get(at) ?? []), ...seen])
  }
  return looks
}

const refusalsOf = ({ refusals }: Side): readonly string[] => [...refusals].map(([at, code]) => `${at}: ${code}`)

/** What one of two dry runs tells, and the other does not. */
const changedBetween = (one: Side, other: Side): readonly string[] => {
  const [before, after] = [one, other].map(side => factsOf(side).map(tell))
  return [
    ...(before ?? []).filter(fact => !after?.includes(fact)),
    ...(after ?? []).filter(fact => !before?.includes(fact)),
  ]
}

/** After a run that is done nothing is left; after one that was refused, as was foretold, it still would be. */
const leftOf = (again: Foretold, { dry, run }: { readonly dry: Side; readonly run: Side }): readonly string[] => {
  if (run.refusals.size === 0) return factsOf(again).map(tell)
  const told = refusalsOf(dry).filter(refusal => refusalsOf(run).includes(refusal))
  return told.filter(refusal => !refusalsOf(again).includes(refusal)).map(refusal => `no more refused: ${refusal}`)
}
