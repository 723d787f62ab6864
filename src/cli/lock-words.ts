// What `run lock` says of each place: for people, one line a place; for programs, JSON.
import { tellBeat, tellOwner } from '../engine/lock/judge.ts'
import type { PlaceState } from '../engine/lock/overview.ts'
import { beside, oneLine, padTo, type TableShape, widthOf } from '../report/index.ts'
import type { ClusterInputs } from './cluster-inputs.ts'

type About = Pick<ClusterInputs, 'cluster' | 'inventory'>

export const locksText = (
  { cluster, inventory }: About,
  states: readonly PlaceState[],
  { columns = Number.POSITIVE_INFINITY, isSpoken = false }: TableShape = {},
): string => {
  const width = isSpoken ? 0 : Math.max(...states.map(({ place }) => widthOf(place)))
  const lines = states.flatMap(state => {
    const told = oneLine(tellPlace(state))
    return isSpoken ? [`${state.place}: ${told}`] : beside(`  ${padTo(state.place, width)}  `, told, columns)
  })
  return `${[`cluster ${cluster} (${inventory})`, ...lines].join('\n')}\n`
}

export const tellPlace = (state: PlaceState): string => {
  if (state.type === 'free') return 'free'
  if (state.type === 'unknown') return `cannot be asked: ${state.problem.message}`
  const { owner } = state.lock
  if (!owner) return `locked, and nobody can read by whom; ${tellBeat(state.lock)}`
  const why = `for \`${owner.why}\``
  const words = [`${tellOwner(owner)} ${why}`, `since ${owner.since}`, tellBeat(state.lock), standings[state.standing]]
  return `locked by ${words.filter(Boolean).join(', ')}`
}

const standings = {
  alive: '',
  dead: 'its process is gone: the next run takes the lock over; `run resume` goes on with what it began',
  silent: 'seems dead',
  nobody: '',
} as const

export const locksJson = ({ cluster, inventory }: About, states: readonly PlaceState[]): string =>
  `${JSON.stringify({ cluster, inventory, places: states.map(placeJson) }, null, 2)}\n`

const placeJson = (state: PlaceState) => {
  const { place, type } = state
  if (state.type === 'free') return { place, state: type }
  if (state.type === 'unknown')
    return { place, state: type, problem: state.problem.code, because: state.problem.message }
  const { owner, silentForMs } = state.lock
  return { place, state: type, standing: state.standing, owner, silentForMs }
}
